#!/usr/bin/env bash
# Five clusters of one node each on this machine, with overlapping days and different networks in each; asks at every one of them, in
# three topologies, and prints whether the answer is the union of all. Ends with 0 when all is as it should be.
#   federation.sh [TOPOLOGY...]   mesh: all know each other. ring: each knows the next, queries are passed on. hub: all know a hub, and
#                                 the hub all. foreign: a hub, and the last cluster knows nobody and is asked by the contract of 2018.
#                                 private: a hub, and the last cluster is behind a translator of addresses and has no port
#                                 that others reach (root; network namespaces mh-fed, mh-nat and mh-lab). Default: all that are possible
# Folder: MESOHUB_TEST_RUN (run) with federation/; jar: MESOHUB_JAR (target/mesohub.jar).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run=${MESOHUB_TEST_RUN:-$here/run}/federation
jar=${MESOHUB_JAR:-$here/../target/mesohub.jar}
[ -f "$jar" ] || { echo "federation.sh: no $jar; mvn -q -Pfast package -DskipTests makes it" >&2; exit 1; }
names=(a b c d e)
declare -A port pid
bad=0
private=0 # whether clusters are in namespaces

# Where a cluster is, and how something is run there.
host() { if [ $private = 0 ]; then echo 127.0.0.1; elif [ "$1" = e ]; then echo 10.79.0.2; else echo 10.78.0.1; fi; }
space() { if [ $private = 1 ]; then echo "ip netns exec $([ "$1" = e ] && echo mh-lab || echo mh-fed)"; fi; }
at() {
  local prefix
  read -ra prefix < <(space "$1") || true
  "${prefix[@]}" "${@:2}"
}

# mh-fed 10.78.0.1 ── 10.78.0.254 mh-nat 10.79.0.254 ── 10.79.0.2 mh-lab: what leaves the laboratory comes from 10.78.0.254, and no
# packet finds its way in that does not belong to a connection made from there.
make_spaces() {
  local space
  for space in mh-fed mh-nat mh-lab; do ip netns add $space && ip -n $space link set lo up; done
  ip -n mh-nat link add fed type veth peer name nat netns mh-fed
  ip -n mh-nat link add lab type veth peer name nat netns mh-lab
  ip -n mh-fed addr add 10.78.0.1/24 dev nat && ip -n mh-fed link set nat up
  ip -n mh-lab addr add 10.79.0.2/24 dev nat && ip -n mh-lab link set nat up
  ip -n mh-nat addr add 10.78.0.254/24 dev fed && ip -n mh-nat link set fed up
  ip -n mh-nat addr add 10.79.0.254/24 dev lab && ip -n mh-nat link set lab up
  ip -n mh-lab route add default via 10.79.0.254
  ip netns exec mh-nat sysctl -qw net.ipv4.ip_forward=1
  ip netns exec mh-nat iptables -t nat -A POSTROUTING -o fed -j MASQUERADE
  ip netns exec mh-nat iptables -P FORWARD DROP
  ip netns exec mh-nat iptables -A FORWARD -i lab -o fed -j ACCEPT
  ip netns exec mh-nat iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
}

drop_spaces() {
  local space
  for space in mh-fed mh-nat mh-lab; do ip netns del $space 2>/dev/null || true; done
}

can_private() { [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null && command -v iptables >/dev/null; }

finish() {
  local name
  for name in "${!pid[@]}"; do kill -TERM "${pid[$name]}" 2>/dev/null || true; done
  for name in "${!pid[@]}"; do wait "${pid[$name]}" 2>/dev/null || true; done
  pid=()
  [ $private = 0 ] || drop_spaces
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
    foreign) case $name in a) printf '%s\n' b c d e ;; e) ;; *) echo a ;; esac ;;
    hub | private) if [ "$name" = a ]; then printf '%s\n' b c d e; else echo a; fi ;;
    *) echo "federation.sh: '$topology': expected mesh, ring, hub, foreign or private" >&2; exit 1 ;;
  esac
}

config() {
  local topology=$1 name=$2 peer transit=true
  [ "$topology" != mesh ] || transit=false
  printf 'cluster: {id: %s}\ndata: %s/%s/data\nlisten: %s:%s\nfederation: {transit: %s, hops: 5, patience: 5s}\n' \
    "$name" "$run" "$name" "$(host "$name")" "${port[$name]}" "$transit"
  printf 'security:\n  tokens:\n    - {principal: user, token: token-of-user, rights: [read, put, admin]}\n'
  for peer in "${names[@]}"; do
    [ "$peer" = "$name" ] ||
      printf '    - {principal: %s, token: token-of-%s, rights: [%s]}\n' "$peer" "$peer" "$([ "$topology$name" = foreigne ] && echo read || echo peer)"
  done
  printf 'peers: %s\n' "$([ -n "$(peers_of "$topology" "$name")" ] || echo '[]')"
  for peer in $(peers_of "$topology" "$name"); do
    if [ "$topology" = private ] && [ "$peer" = e ]; then
      printf '  - {cluster: e, dial: in, token: token-of-%s}\n' "$name"
    else
      printf '  - {cluster: %s, endpoints: ["%s:%s"], token: token-of-%s%s}\n' "$peer" "$(host "$peer")" "${port[$peer]}" "$name" \
        "$(case $topology$name$peer in privatee*) echo ', dial: out' ;; foreignae) echo ', dial: contract' ;; esac)"
    fi
  done
}

start() {
  local name=$1 prefix
  read -ra prefix < <(space "$name") || true
  "${prefix[@]}" java -Xmx192m -jar "$jar" serve --config "$run/$name/node.yaml" >>"$run/$name/node.log" 2>&1 &
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
      on "$name" status >/dev/null 2>&1 && break
      sleep 0.25
    done
  done
}

verdict() { # WHAT OK
  printf '%-6s %-34s %s\n' "$topology" "$1" "$2"
  [ "$2" = yes ] || bad=1
}

# The command line as a user of a cluster has it.
on() { at "$1" env MESOHUB_TOKEN=token-of-user java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" "$2" --node "$(host "$1"):${port[$1]}" "${@:3}"; }

asked() { on "$1" get --from 2018-03-01 --to 2018-04-01 --var TMPF --quiet "${@:2}" 2>"$run/$1/get.err"; }

same() { if diff <(tail -n +2 <<<"$1") "$run/union" >"$run/diff"; then echo yes; else echo "NO, see $run/diff"; fi; }

topologies=("$@")
if [ $# -eq 0 ]; then
  topologies=(mesh ring hub foreign)
  if can_private; then topologies+=(private); else echo "federation.sh: private is left out: it needs root, ip and iptables"; fi
fi
for topology in "${topologies[@]}"; do
  finish
  private=0
  if [ "$topology" = private ]; then
    can_private || { echo "federation.sh: private needs root, ip and iptables" >&2; exit 1; }
    private=1
    drop_spaces
    make_spaces
  fi
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
    on "$name" put "$run/$name/rows.csv" >/dev/null
  done
  in_order <"$run/all" >"$run/union"
  sleep 3 # what a peer has got is known to others within two seconds
  for name in "${names[@]}"; do
    [ "$topology$name" != foreigne ] || continue # it asks nobody
    # Network 8 of a day that is held here is told as it is here: copies elsewhere are asked for by all.
    verdict "union at $name" "$(same "$(asked "$name" --scope all)")"
    verdict "count at $name" "$([ "$(asked "$name" --scope all --count)" = "$(wc -l <"$run/union")" ] && echo yes || echo NO)"
  done
  if [ "$topology" = private ]; then
    code=0
    at a timeout 5 bash -c "exec 3<>/dev/tcp/10.79.0.2/${port[e]}" 2>/dev/null || code=$?
    verdict "nobody can call e" "$([ "$code" != 0 ] && echo yes || echo NO)"
  fi
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
  on a peer status
done
exit "$bad"
