#!/usr/bin/env bash
# The slow suite: real kills, huge inputs, and every fuzz target for 15 s. About half an hour; deploy/test.sh does not include it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. deploy/tools.sh

install_missing
mvn -B -ntp verify -Pslow "$@"
exec mvn -B -ntp test -Pfuzz
