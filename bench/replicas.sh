#!/usr/bin/env bash
# Measures what replication costs: the same rows put to a node alone and to a cluster of three, in turns in one run, and how fast a node
# that comes back with an empty disk gets its chunks again; writes bench/out/replicas.md. All on this machine.
# Environment: ROUNDS (3; the one before them warms up), ROWS (1000000) of each put, JAR: another jar of the product, HEAP (1g) of each node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
out=$root/bench/out
jar=${JAR:-$root/target/mesohub.jar}
rounds=${ROUNDS:-3} rows=${ROWS:-1000000}
[ -f "$jar" ] || mvn -q -Pfast package -DskipTests
work=$out/replicas
export MESOHUB_JAR=$jar MESOHUB_TEST_JVM="-Xmx${HEAP:-1g}" MESOHUB_TEST_CONFIG='compaction: {enabled: false}'
run() { MESOHUB_TEST_RUN=$work/$1 "$root/test-cluster/$2.sh" "${@:3}"; }
mesohub() { java -XX:+UseSerialGC -Xmx512m -jar "$jar" "$@"; }
nodes() { cut -f3 "$work/$1/nodes.tsv" | paste -sd,; }
now() { date +%s%N; }
seconds() { awk "BEGIN { printf \"%.3f\", ($2 - $1) / 1e9 }"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
rm -rf "$work"
mkdir -p "$work"
trap 'run one down --delete >/dev/null 2>&1 || true; run three down --delete >/dev/null 2>&1 || true' EXIT
run one up 1 >/dev/null
run three up 3 >/dev/null
for round in $(seq 0 "$rounds"); do
  mesohub generate --rows "$rows" --rows-per-file 50000 --seed "$round" --from "2018-0$((round % 9 + 1))-01" -q -o "$work/files" >/dev/null
  for kind in one three; do
    start=$(now)
    mesohub put -q --node "$(nodes $kind)" "$work/files"/* >"$work/put.log"
    took=$(seconds "$start" "$(now)")
    echo "round $round: $rows rows to $kind in $took s"
    [ "$round" = 0 ] || echo "$took" >>"$work/$kind.times"
  done
  rm -rf "$work/files"
done
one=$(median <"$work/one.times") three=$(median <"$work/three.times")

# A node that has lost its disk; of the two others one leads. Starting and being taken in again are not part of the rate.
lost=$(run three status | awk '$3 == "FOLLOWER" { sub(/^node/, "", $1); print $1; exit }')
held() { du -sb "$work/three/node$lost/data" 2>/dev/null | cut -f1; }
bytes=$(held)
run three kill "$lost" >/dev/null
run three disk lose "$lost" >/dev/null
start=$(now)
(run three up --quiet --wait 1 >/dev/null 2>&1 || true) &
first=0
until [ "$(held || echo 0)" -ge $((bytes * 90 / 100)) ]; do
  [ "$first" != 0 ] || [ "$(held || echo 0)" -lt $((bytes / 10)) ] || { first=$(now); from=$(held); }
  sleep 0.02
  [ "$(seconds "$start" "$(now)" | cut -d. -f1)" -lt 300 ] || { echo "node $lost has $(held) of $bytes bytes after 300 s" >&2; exit 1; }
done
end=$(now) to=$(held)
wait
{
  echo "| what | median of $rounds |"
  echo "|---|---|"
  awk "BEGIN { printf \"| %d rows to a node alone | %.2f s, %d rows/s |\n\", $rows, $one, $rows / $one }"
  awk "BEGIN { printf \"| the same to three nodes | %.2f s, %d rows/s: %.2f of the node alone |\n\", $three, $rows / $three, $one / $three }"
  awk "BEGIN { printf \"| a node with an empty disk, until it has 90 %% of %.1f MB again | %.1f s from its start; %.1f MB/s once it is taken in |\\n\", $bytes / 1e6, ($end - $start) / 1e9, ($to - $from) / 1e6 / (($end - $first) / 1e9) }"
} | tee "$out/replicas.md"
