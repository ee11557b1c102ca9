#!/usr/bin/env bash
# Checks a recorded history again.
#   check.sh [FILE]    default: that of the last load.sh or chaos.sh
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$run"
tool_tier=4 tool_heap=2g java_tool org.mesohub.chaos.CheckTool "${1:-$run/history.ndjson}"
