#!/usr/bin/env bash
# Lets frozen nodes go on.
#   resume.sh [WHICH...]    numbers; default: all
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
[ $# -gt 0 ] || set -- all
for number in $(for word in "$@"; do nodes_of "$word"; done); do
  if pid=$(pid_of "$number"); then
    kill -CONT "$pid"
    echo "node$number: goes on"
  fi
done
