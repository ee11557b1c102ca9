#!/usr/bin/env bash
# Measures small puts, linearizable reads, failover and memory of a cluster of three, a single node and etcd 3.4, in turns in one run, all
# with fsync on this machine's disk; writes bench/out/cluster.md. Wants etcd: apt-get install etcd-server etcd-client.
# Environment: ROUNDS (3; the one before them warms up), DURATION (5 s of each series), KILLS (20 of the leader), STORES
# (one,three,etcd,etcd-quick: those to measure; etcd-quick has a heartbeat of 30 ms and elections after 300 ms), JAR: another jar of the product.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
out=$root/bench/out
jar=${JAR:-$root/target/mesohub.jar}
stores=${STORES:-one,three,etcd,etcd-quick}
[[ $stores != *etcd* ]] || command -v etcd >/dev/null || { echo "cluster.sh: there is no etcd; apt-get install etcd-server etcd-client, or STORES=one,three" >&2; exit 1; }
[ -f "$jar" ] || mvn -q -Pfast package -DskipTests
mkdir -p "$out/cluster-classes"
rm -rf "$out/etcd" "$out/etcd-quick"
bench=bench/java/org/mesohub/cli
javac -nowarn -proc:none -cp "$jar" -d "$out/cluster-classes" "$bench"/{SmallOps,SmallNodes,EtcdNodes,ClusterBench}.java
export MESOHUB_JAR=$jar
exec java -Xmx1g -cp "$out/cluster-classes:$jar" -Dbench.out="$out" -Dbench.root="$root" -Dbench.rounds="${ROUNDS:-3}" \
  -Dbench.seconds="${DURATION:-5}" -Dbench.kills="${KILLS:-20}" -Dbench.stores="$stores" org.mesohub.cli.ClusterBench
