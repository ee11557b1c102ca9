#!/usr/bin/env bash
# Installs a JDK (17 or newer) and Maven (3.8 or newer) where they are missing, then builds and tests everything.
# Arguments go to Maven:  deploy/test.sh -Pslow
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. deploy/tools.sh

install_missing
exec mvn -B -ntp verify "$@"
