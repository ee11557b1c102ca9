#!/usr/bin/env bash
# Freezes nodes (SIGSTOP) until resume.sh. To the others this looks like a hung machine, not like a partition: connections stay open, and
# after it the node goes on as if no time had passed.
#   pause.sh WHICH...    leader, followers, all, or numbers
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
[ $# -gt 0 ] || fail "which node? leader, followers, all, or numbers"
for number in $(for word in "$@"; do nodes_of "$word"; done); do
  pid=$(pid_of "$number") || fail "node $number does not run"
  kill -STOP "$pid"
  echo "node$number: frozen at $EPOCHREALTIME"
done
