#!/usr/bin/env bash
# Lets bad things happen to the test cluster under load, then checks the recorded history (run/history.ndjson). Ends with 0 when all was good.
#   chaos.sh [--minutes N] [--seed S] [--scenario NAME,...] [--writers N] [--readers N] [--pause MS] [--big N]
# Scenarios (default: all that the cluster allows): kill-leader kill-follower kill-two kill-all pause-2s pause-5s pause-15s leader-alone
# follower-alone leader-in-minority bridge flapping cut-80s slow-link disk-full disk-read-only fsync-fails chunk-bit-flipped
# log-bit-flipped folder-lost rolling-restart leader-ends-gently; none: just load.
# --pause: mean milliseconds between two operations of a client (20). --big: one put in so many has 20,000 rows (100; 0: none).
# Without a cluster it makes one of three nodes: as root with namespaces and small disks, and removes it when all was good.
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
seed=$((RANDOM * 32768 + RANDOM))
words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seed) seed=${2:?--seed wants a number} ;;
    --minutes | --scenario | --writers | --readers | --pause | --big) words+=("${1#--}=${2:?$1 wants a value}") ;;
    *) fail "'$1': see the head of this script" ;;
  esac
  shift 2
done
made=0
if [ ! -f "$run/cluster.env" ]; then
  made=1
  if [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null && command -v iptables >/dev/null; then
    "$here/up.sh" 3 --netns --disk 512m
  else
    "$here/up.sh" 3
  fi
fi
load_cluster
"$here/heal.sh" >/dev/null
"$here/up.sh" >/dev/null
# Runs where clients are; its child scripts find the namespaces from there too.
code=0
tool_tier=4 tool_heap=1g java_tool org.mesohub.chaos.Chaos run="$run" scripts="$here" seed="$seed" netns="$netns" disk="$disk" "${words[@]}" || code=$?
if [ "$made" = 1 ] && [ "$code" = 0 ]; then
  "$here/down.sh" --delete
fi
exit "$code"
