#!/usr/bin/env bash
# Measures what it costs to ask a cluster that does not hold what is asked for: the same reads at the cluster that holds the rows and at
# one that forwards them, in turns in one run; writes bench/out/federation.md. One node each, on loopback.
# Environment: ROUNDS (5; the one before them warms up), ROWS (1000000), JAR: another jar of the product.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
out=$root/bench/out
jar=${JAR:-$root/target/mesohub.jar}
[ -f "$jar" ] || mvn -q -Pfast package -DskipTests
mkdir -p "$out/federation-classes"
rm -rf "$out/federation" && mkdir -p "$out/federation"
javac -nowarn -proc:none -cp "$jar" -d "$out/federation-classes" bench/java/org/mesohub/cli/FederationBench.java
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap finish EXIT
serve() {
  local name=$1 port=$2 peer=$3 peer_port=$4
  cat >"$out/federation/$name.yaml" <<YAML
cluster: {id: $name}
data: $out/federation/$name
listen: 127.0.0.1:$port
compaction: {enabled: false}
peers:
  - {cluster: $peer, endpoints: ["127.0.0.1:$peer_port"]}
YAML
  java -Xmx1g -jar "$jar" serve --config "$out/federation/$name.yaml" >"$out/federation/$name.log" 2>&1 &
  pids+=($!)
}
serve here 28181 there 28182
serve there 28182 here 28181
java -jar "$jar" generate --rows "${ROWS:-1000000}" --rows-per-file 50000 -o "$out/federation/files" >/dev/null
for _ in $(seq 60); do
  java -jar "$jar" status --node 127.0.0.1:28182 >/dev/null 2>&1 && java -jar "$jar" status --node 127.0.0.1:28181 >/dev/null 2>&1 && break
  sleep 0.5
done
java -jar "$jar" put --node 127.0.0.1:28182 "$out/federation/files"/* >/dev/null
java -jar "$jar" compact --node 127.0.0.1:28182 >/dev/null
java -Xmx1g -cp "$out/federation-classes:$jar" -Dbench.rounds="${ROUNDS:-5}" -Dbench.there=28182 -Dbench.here=28181 \
  org.mesohub.cli.FederationBench | tee "$out/federation.md"
java -jar "$jar" peer status --node 127.0.0.1:28181
