#!/usr/bin/env bash
# Puts SIZE of invented MesoWest text through a node and a client with small heaps, gets it back and compares sums.
#   bench/big.sh SIZE [full|years|day] [PUTS]
# SIZE: 500M, 10G. full (the default): 19,397 stations, as many days as it takes; years: few stations over ten years; day: all in
# one UTC day. PUTS (1): the text goes in that many puts, and is compacted and got again.
# Environment: HEAP (512m) of node and client, each; NODE_JVM: more options for the node; JAR: another build.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=$root/bench/out
jar=${JAR:-$root/target/mesohub.jar}
size=$(numfmt --from=iec "${1:?size, such as 500M or 10G}")
work=${WORK:-$out/big}
mkdir -p "$out"
[ -f "$jar" ] || mvn -q package -DskipTests -Dspotless.check.skip

# Encoded rows need about a tenth of the text, sorted runs on the way as much again, and garbage before it is collected.
free=$(($(df --output=avail -k "$out" | tail -1) * 1024))
if [ "$free" -lt $((size / 2 + (1 << 30))) ]; then
  echo "$out has $free bytes free; $1 needs about $((size / 2 + (1 << 30)))" >&2
  exit 1
fi

rm -rf "$work" && mkdir -p "$work" "$out/classes"
trap 'rm -rf "$work/data"' EXIT
javac -nowarn -proc:none -cp "$jar" -d "$out/classes" \
  bench/java/org/mesohub/cli/{Big,BenchFiles,Figures,MeteredProcess,RecordSums}.java
java -Xmx3g -cp "$out/classes:$jar" -Dbench.jar="$jar" -Dbench.work="$work" -Dbench.heap="${HEAP:-512m}" \
  -Dbench.jvm="${NODE_JVM:-}" org.mesohub.cli.Big "$size" "${2:-full}" "${3:-1}"
