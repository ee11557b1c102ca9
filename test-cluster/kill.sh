#!/usr/bin/env bash
# kill -9 of nodes; up.sh starts them again.
#   kill.sh WHICH...    leader, followers, all, or numbers;   kill.sh --gently WHICH...: SIGTERM, and waits for the end
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
signal=KILL
[ "${1:-}" != --gently ] || { signal=TERM; shift; }
[ $# -gt 0 ] || fail "which node? leader, followers, all, or numbers"
numbers=$(for word in "$@"; do nodes_of "$word"; done)
pids=()
for number in $numbers; do
  if pid=$(pid_of "$number"); then
    # A stopped process would not hear SIGTERM.
    kill "-$signal" "$pid"
    pids+=("$pid")
    echo "node$number: SIG$signal to process $pid at $EPOCHREALTIME"
  else
    echo "node$number: does not run"
  fi
done
for pid in "${pids[@]}"; do
  end_process "$pid" "$signal" 30 || fail "process $pid does not end"
done
