#!/usr/bin/env bash
# Measures Mesohub, PostgreSQL and DuckDB on the same rows in one run; writes bench/out/table.md. Needs no attention.
# Environment: ROUNDS (3) of the heavy measures after WARMUP (4) that do not count, CALLS (51) of each query, FILES (20) hourly files,
# PARTS (put,get,queries,again,heap,disk,real): those to run, STORES (node,postgresql,duckdb): those that take part,
# JAR: another jar of the product, JFR=1: a flight recording of each node, MESOHUB_SHARED_DATA: folder with 1.mesowest.out.gz, for the row about the real snapshot.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=$root/bench/out
jar=${JAR:-$root/target/mesohub.jar}
rounds=${ROUNDS:-3} warmup=${WARMUP:-4} calls=${CALLS:-51} files=${FILES:-20}
parts=${PARTS:-put,get,queries,again,heap,disk,real} stores=${STORES:-node,postgresql,duckdb}
shared=${MESOHUB_SHARED_DATA:-$root/../shared/data}
mkdir -p "$out"

[ -f "$jar" ] || mvn -q package -DskipTests -Dspotless.check.skip
if [ -z "$(ls "$out"/lib/*.jar 2>/dev/null)" ]; then
  mvn -q -f bench/pom.xml dependency:copy-dependencies -DoutputDirectory="$out/lib"
fi
days=$((rounds + warmup))
if [ "$(cat "$out/generated/days" 2>/dev/null)" != $days ]; then
  rm -rf "$out/generated"
  java -jar "$jar" generate -q --days=$days -o "$out/generated.part"
  echo $days >"$out/generated.part/days"
  mv "$out/generated.part" "$out/generated"
fi

pgdata='' port=0
if [[ ,$stores, = *,postgresql,* ]]; then
  . bench/postgres.sh
fi

mkdir -p "$out/classes"
javac -nowarn -proc:none -cp "$jar:$out/lib/*" -d "$out/classes" bench/java/org/mesohub/cli/*.java
java -cp "$out/classes:$jar:$out/lib/*" \
  -Dbench.jar="$jar" -Dbench.out="$out" -Dbench.pg="jdbc:postgresql://127.0.0.1:$port/postgres?user=bench" \
  -Dbench.pgdata="$pgdata" -Dbench.rounds="$rounds" -Dbench.warmup="$warmup" -Dbench.calls="$calls" -Dbench.files="$files" \
  -Dbench.parts="$parts" -Dbench.stores="$stores" -Dbench.shared="$shared" -Dbench.jfr="${JFR:-}" org.mesohub.cli.EndToEnd
