#!/usr/bin/env bash
# From a fresh Debian or Ubuntu to a running node with data in it: installs a JDK (17 or newer) and Maven (3.8 or newer) where they are
# missing, builds the jar, starts a node, puts a generated sample, asks for two hours of it, and keeps the node running until Ctrl-C.
#   MESOHUB_PORT   port of the node (default 8080)
#   MESOHUB_DATA   its data folder (default ./data of the repository); what is there is kept
#   MESOHUB_ONCE   set: end after the query instead of waiting for Ctrl-C
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/tools.sh

port="${MESOHUB_PORT:-8080}"
data="${MESOHUB_DATA:-$PWD/data}"
jar=target/mesohub.jar
start_seconds_max=120

say() { echo "quickstart: $*" >&2; }
fail() { say "$*"; exit 1; }

# The jar is built again only when something it is made of is newer.
build() {
  if [ -f "$jar" ] && [ -z "$(find pom.xml src/main -newer "$jar" -type f -print -quit)" ]; then
    return 0
  fi
  say "building $jar (the first time Maven fetches what it needs)"
  mvn -B -ntp -q package -DskipTests -Dspotless.check.skip ${MAVEN_ARGS:-}
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

node=
work="$(mktemp -d)"
finish() {
  if [ -n "$node" ] && kill -TERM "$node" 2>/dev/null; then
    say "stopping the node"
    wait "$node" || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

case "$port" in
  '' | *[!0-9]*) fail "MESOHUB_PORT=$port is no port number" ;;
esac
! port_taken || fail "port $port is in use: end what listens there, or choose another, MESOHUB_PORT=8090 deploy/quickstart.sh"

install_missing
build
mesohub() { java -jar "$jar" "$@"; }

printf 'listen: 127.0.0.1:%s\ndata: "%s"\n' "$port" "$data" >"$work/node.yaml"
# In a process group of its own, so that Ctrl-C reaches this script first and the node is ended in order.
set -m
java -jar "$jar" serve --config "$work/node.yaml" &
node=$!
set +m

waited=0
until curl_ready="$(exec 2>/dev/null; exec 3<>"/dev/tcp/127.0.0.1/$port" &&
  printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && head -n 1 <&3)" &&
  [[ "$curl_ready" == *" 200 "* ]]; do
  kill -0 "$node" 2>/dev/null || { node=; fail "the node did not start; the lines above say why"; }
  [ "$waited" -lt "$start_seconds_max" ] || fail "the node is not ready after $start_seconds_max s"
  sleep 1
  waited=$((waited + 1))
done

export MESOHUB_NODE="127.0.0.1:$port"
say "generating and storing a day of 200 stations"
mesohub generate --quiet --stations 200 --interval 60 --daily --output "$work/sample"
mesohub put "$work"/sample/*
say "temperature and humidity of the warmest reports between 12 and 13 UTC:"
mesohub get --from 2018-03-16T12:00 --to 2018-03-16T13:00 --var TMPF,RELH --where 'TMPF>75'
mesohub status
say "the node listens on $MESOHUB_NODE (gRPC and HTTP: try http://$MESOHUB_NODE/), data in $data"
say "in another terminal: java -jar $PWD/$jar get --node $MESOHUB_NODE --help"
[ -z "${MESOHUB_ONCE:-}" ] || exit 0
say "Ctrl-C ends it"
wait "$node" && code=0 || code=$?
node=
exit "$code"
