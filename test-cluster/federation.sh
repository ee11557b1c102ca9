#!/usr/bin/env bash
# Five clusters of one node each on this machine, with overlapping days and different networks in each; asks at every one of them, in
# three topologies, and prints whether the answer is the union of all. Ends with 0 when all is as it should be.
#   federation.sh [TOPOLOGY...]   mesh: all know each other. ring: each knows the next, queries are passed on. hub: all know a hub, and
#                                 the hub all (default: all three)
# Folder: MESOHUB_TEST_RUN (run) with federation/; jar: MESOHUB_JAR (target/mesohub.jar).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run=${MESOHUB_TEST_RUN:-$here/run}/federation
jar=${MESOHUB_JAR:-$here/../target/mesohub.jar}
[ -f "$jar" ] || { echo "federation.sh: no $jar; mvn -q -Pfast package -DskipTests makes it" >&2; exit 1; }
names=(a b c d e)
declare -A port pid
bad=0

mesohub() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" "$@"; }

finish() {
  local name
  for name in "${!pid[@]}"; do kill -TERM "${pid[$name]}" 2>/dev/null || true; done
  for name in "${!pid[@]}"; do wait "${pid[$name]}" 2>/dev/null || true; done
  pid=()
}
trap finish EXIT

free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { echo "$candidate"; return; }
  done
}

# Names of the clusters that one knows.
peers_of() {
  local topology=$1 name=$2 i
  case $topology in
    mesh) for i in "${names[@]}"; do [ "$i" = "$name" ] || echo "$i"; done ;;
    ring) for i in "${!names[@]}"; do [ "${names[$i]}" != "$name" ] || echo "${names[$(((i + 1) % ${#names[@]}))]}"; done ;;
    hub) if [ "$name" = a ]; then printf '%s\n' b c d e; else echo a; fi ;;
    *) echo "federation.sh: '$topology': expected mesh, ring or hub" >&2; exit 1 ;;
  esac
}

config() {
  local topology=$1 name=$2 peer transit=true
  [ "$topology" != mesh ] || transit=false
  printf 'cluster: {id: %s}\ndata: %s/%s/data\nlisten: 127.0.0.1:%s\nfederation: {transit: %s, hops: 5, patience: 5s}\npeers:\n' \
    "$name" "$run" "$name" "${port[$name]}" "$transit"
  for peer in $(peers_of "$topology" "$name"); do
    printf '  - {cluster: %s, endpoints: ["127.0.0.1:%s"]}\n' "$peer" "${port[$peer]}"
  done
}

start() {
  local name=$1
  java -Xmx192m -jar "$jar" serve --config "$run/$name/node.yaml" >>"$run/$name/node.log" 2>&1 &
  pid[$name]=$!
}

# Rows of a cluster: a network that all have, on other days and with one day in common, and one of its own on the same days.
rows_of() {
  local name=$1 number=$2 day
  echo network,station,time,TMPF
  for day in "$number" $((number + 1)); do
    echo "8,$name$day,2018-03-1${day}T12:00:00Z,$day.5"
    echo "2$number,own,2018-03-1${day}T06:00:00Z,-$day.25"
  done
}

# Key order: day, network, station, time.
in_order() { sort -t, -k3.1,3.10 -k1,1 -k2,2 -k3,3; }

await() {
  local name
  for name in "${names[@]}"; do
    for _ in $(seq 120); do
      mesohub status --node "127.0.0.1:${port[$name]}" >/dev/null 2>&1 && break
      sleep 0.25
    done
  done
}

verdict() { # WHAT OK
  printf '%-6s %-34s %s\n' "$topology" "$1" "$2"
  [ "$2" = yes ] || bad=1
}

asked() { mesohub get --node "127.0.0.1:${port[$1]}" --from 2018-03-01 --to 2018-04-01 --var TMPF --quiet "${@:2}" 2>"$run/$1/get.err"; }

same() { if diff <(tail -n +2 <<<"$1") "$run/union" >"$run/diff"; then echo yes; else echo "NO, see $run/diff"; fi; }

topologies=("$@")
[ $# -gt 0 ] || topologies=(mesh ring hub)
for topology in "${topologies[@]}"; do
  finish
  rm -rf "$run"
  mkdir -p "$run"
  for name in "${names[@]}"; do port[$name]=$(free_port); done
  for i in "${!names[@]}"; do
    name=${names[$i]}
    mkdir -p "$run/$name"
    config "$topology" "$name" >"$run/$name/node.yaml"
    start "$name"
  done
  await
  : >"$run/all"
  for i in "${!names[@]}"; do
    name=${names[$i]}
    rows_of "$name" "$i" >"$run/$name/rows.csv"
    tail -n +2 "$run/$name/rows.csv" >>"$run/all"
    mesohub put --node "127.0.0.1:${port[$name]}" "$run/$name/rows.csv" >/dev/null
  done
  in_order <"$run/all" >"$run/union"
  sleep 3 # what a peer has got is known to others within two seconds
  for name in "${names[@]}"; do
    # Network 8 of a day that is held here is told as it is here: copies elsewhere are asked for by all.
    verdict "union at $name" "$(same "$(asked "$name" --scope all)")"
    verdict "count at $name" "$([ "$(asked "$name" --scope all --count)" = "$(wc -l <"$run/union")" ] && echo yes || echo NO)"
  done
  if [ "$topology" != ring ]; then
    kill -9 "${pid[e]}"
    wait "${pid[e]}" 2>/dev/null || true
    unset 'pid[e]'
    code=0
    asked b --scope all >/dev/null || code=$?
    verdict "b tells that e is missing" "$([ "$code" = 1 ] && grep -q INCOMPLETE "$run/b/get.err" && echo yes || echo "NO, exit code $code")"
    start e
    await
    sleep 6
    verdict "union at b when e is back" "$(same "$(asked b --scope all)")"
  fi
  mesohub peer status --node "127.0.0.1:${port[a]}"
done
exit "$bad"
