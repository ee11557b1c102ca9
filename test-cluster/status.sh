#!/usr/bin/env bash
# What every node says of itself. Ends with 1 when they do not agree on a leader.
#   status.sh [--wait SECONDS]
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
seconds=0
[ "${1:-}" != --wait ] || seconds=${2:?--wait wants seconds}
java_tool org.mesohub.chaos.StatusTable "$run/nodes.tsv" "$seconds"
