#!/usr/bin/env bash
# Makes the link of a node slow, uneven or lossy, both ways, or as it was.
#   delay.sh NODE MILLISECONDS [JITTER_MS [LOSS_PERCENT]]     delay.sh NODE off
# Needs a cluster made with up.sh --netns. The kernel's netem is not needed: slowlink.py forwards the frames.
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
[ "$netns" = 1 ] || fail "the nodes share the machine's network; make the cluster with up.sh --netns (root)"
[ $# -ge 2 ] || fail "expected a node and milliseconds, or off"
number=$(nodes_of "$1")
pidfile=$run/node$number/slowlink.pid
if pid=$(pid_in "$pidfile"); then
  end_process "$pid" TERM 5 || fail "process $pid does not end"
fi
rm -f "$pidfile"
if [ "$2" = off ]; then
  ip -n mh-hub link del "s$number" 2>/dev/null || true
  ip -n mh-hub link set "p$number" master br0
  exit
fi
# Frames that the kernel left without checksum, or longer than the link carries, cannot be passed on by a program.
command -v ethtool >/dev/null || fail "ethtool is missing"
whole() { "${@:2}" ethtool -K "$1" tx off tso off gso off gro off >/dev/null; }
for each in $(seq 1 "$count"); do
  whole eth0 ip netns exec "mh-n$each"
done
whole br0 ip netns exec mh-hub
# The node's end p moves from the bridge to the tool, which passes frames on to s; s is the other end of b in the bridge.
ip -n mh-hub link set "p$number" nomaster
if ! ip -n mh-hub link show "s$number" >/dev/null 2>&1; then
  ip -n mh-hub link add "s$number" type veth peer name "b$number"
  ip -n mh-hub link set "b$number" master br0 up
  ip -n mh-hub link set "s$number" up
fi
: >"$run/node$number/slowlink.log"
setsid ip netns exec mh-hub python3 "$here/slowlink.py" "p$number" "s$number" "$2" "${3:-0}" "${4:-0}" </dev/null >"$run/node$number/slowlink.log" 2>&1 &
sleep 0.05
remember_pid "$pidfile" $!
for ((i = 0; i < 100; i++)); do
  ! grep -q ready "$run/node$number/slowlink.log" || exit 0
  sleep 0.05
done
fail "slowlink.py did not start; see $run/node$number/slowlink.log"
