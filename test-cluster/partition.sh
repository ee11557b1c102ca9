#!/usr/bin/env bash
# Cuts the network between nodes, both ways, until heal.sh. Clients still reach every node, unless --clients is given.
#   partition.sh [--clients] A [B]    A and B: lists of nodes such as 1,2; without B: all others.
#   partition.sh leader               the leader alone
#   partition.sh 1 2                  a bridge: 1 and 2 do not see each other, both see 3
# Needs a cluster made with up.sh --netns: what pause.sh does is no partition.
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
[ "$netns" = 1 ] || fail "the nodes share the machine's network; make the cluster with up.sh --netns (root)"
clients=0
[ "${1:-}" != --clients ] || { clients=1; shift; }
[ $# -ge 1 ] && [ $# -le 2 ] || fail "expected one or two lists of nodes"
list() { local word; for word in ${1//,/ }; do nodes_of "$word"; done; }
ones=$(list "$1")
if [ $# -eq 2 ]; then others=$(list "$2"); else others=$(seq 1 "$count" | grep -vxF "$ones" || true); fi

# Drops, in node $1's namespace, what goes to and comes from address $2.
cut_off() {
  ip netns exec "mh-n$1" iptables -w -C INPUT -s "$2" -j DROP 2>/dev/null ||
    { ip netns exec "mh-n$1" iptables -w -A INPUT -s "$2" -j DROP; ip netns exec "mh-n$1" iptables -w -A OUTPUT -d "$2" -j DROP; }
}
for one in $ones; do
  for other in $others; do
    cut_off "$one" "$prefix.$other"
  done
  [ "$clients" = 0 ] || cut_off "$one" "$prefix.254"
done
echo "cut:" $ones "|" $others "at $EPOCHREALTIME"
