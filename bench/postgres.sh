# shellcheck shell=bash disable=SC2154,SC2012
# Sourced by run.sh: starts a PostgreSQL of its own, sets port and pgdata, stops it at the end.
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
