#!/usr/bin/env bash
# Puts and reads without faults of its own, for as many minutes (default 1), and checks the history; break things meanwhile by hand.
#   load.sh [MINUTES] [--seed S] [--writers N] [--readers N] [--pause MS] [--big N]
set -euo pipefail
minutes=1
[[ ! ${1:-} =~ ^[0-9.]+$ ]] || { minutes=$1; shift; }
exec "$(dirname "${BASH_SOURCE[0]}")/chaos.sh" --minutes "$minutes" --scenario none "$@"
