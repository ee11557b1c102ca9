#!/usr/bin/env bash
# Measures Mesohub, PostgreSQL and DuckDB on the same rows in one run; writes bench/out/table.md. Needs no attention.
# Environment: ROUNDS (3) of the heavy measures, CALLS (25) of each query, FILES (20) hourly files,
# MESOHUB_SHARED_DATA: folder with 1.mesowest.out.gz, for the row about the real snapshot.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=$root/bench/out
jar=$root/target/mesohub.jar
rounds=${ROUNDS:-3} calls=${CALLS:-25} files=${FILES:-20}
shared=${MESOHUB_SHARED_DATA:-$root/../shared/data}
mkdir -p "$out"

[ -f "$jar" ] || mvn -q package -DskipTests -Dspotless.check.skip
if [ -z "$(ls "$out"/lib/*.jar 2>/dev/null)" ]; then
  mvn -q -f bench/pom.xml dependency:copy-dependencies -DoutputDirectory="$out/lib"
fi
if [ ! -d "$out/generated" ]; then
  java -jar "$jar" generate -q --days=$((rounds + 1)) -o "$out/generated.part"
  mv "$out/generated.part" "$out/generated"
fi

pgbin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$pgbin" ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql
  pgbin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
fi

# PostgreSQL refuses to run as root. Its folder lies under /tmp when bench/out is closed to the other user.
as() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
pgdata=$out/postgres
rm -rf "$pgdata" && mkdir -p "$pgdata"
if [ "$(id -u)" = 0 ]; then
  chown nobody "$pgdata"
  as test -w "$pgdata" || { rm -rf "$pgdata"; pgdata=$(mktemp -d); chown nobody "$pgdata"; }
fi
port=$(java "$root/bench/FreePort.java")
as "$pgbin/initdb" -D "$pgdata" -A trust -U bench --no-sync -E UTF8 --locale=C >"$out/postgres.log" 2>&1
cat >>"$pgdata/postgresql.conf" <<CONF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$pgdata'
fsync = on
synchronous_commit = on
shared_buffers = 512MB
max_wal_size = 4GB
timezone = 'UTC'
CONF
(cd "$pgdata" && as "$pgbin/pg_ctl" -D "$pgdata" -l "$pgdata/server.log" -w start) >>"$out/postgres.log" 2>&1
stop() {
  (cd "$pgdata" && as "$pgbin/pg_ctl" -D "$pgdata" -m immediate stop) >>"$out/postgres.log" 2>&1 || true
  rm -rf "$pgdata"
}
trap stop EXIT

mkdir -p "$out/classes"
javac -nowarn -proc:none -cp "$jar:$out/lib/*" -d "$out/classes" bench/java/org/mesohub/cli/*.java
java -cp "$out/classes:$jar:$out/lib/*" \
  -Dbench.jar="$jar" -Dbench.out="$out" -Dbench.pg="jdbc:postgresql://127.0.0.1:$port/postgres?user=bench" \
  -Dbench.pgdata="$pgdata" -Dbench.rounds="$rounds" -Dbench.calls="$calls" -Dbench.files="$files" \
  -Dbench.shared="$shared" -Dbench.jfr="${JFR:-}" org.mesohub.cli.EndToEnd
