#!/usr/bin/env bash
# Ends the nodes of the test cluster, the last to lead last, and removes its namespaces and mounts; up.sh starts them again with their data.
#   down.sh [--delete]    --delete: the data too
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
delete=0
case "${1:-}" in '') ;; --delete) delete=1 ;; *) fail "'$1': expected nothing or --delete" ;; esac
[ -f "$run/cluster.env" ] || exit 0
load_cluster
"$here/heal.sh" >/dev/null || true
for number in $(seq 1 "$count"); do
  if pid=$(pid_of "$number"); then
    end_process "$pid" TERM 20 || end_process "$pid" KILL 5 || fail "process $pid of node $number does not end"
  fi
  rm -f "$run/node$number/pid"
done
for number in $(seq 1 "$count"); do
  if [ "$delete" = 1 ] && [ -n "$disk" ] && mountpoint -q "$run/node$number/data"; then umount "$run/node$number/data"; fi
  [ "$netns" = 0 ] || ! ip netns list | grep -qw "mh-n$number" || ip netns del "mh-n$number"
done
[ "$netns" = 0 ] || ! ip netns list | grep -qw mh-hub || ip netns del mh-hub
[ "$delete" = 0 ] || rm -rf "$run"
