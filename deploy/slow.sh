#!/usr/bin/env bash
# The slow suite: real kills, huge inputs, five minutes of faults in a test cluster, five clusters
# that ask each other in every topology, and every fuzz target for 15 s. About half an hour;
# deploy/test.sh does not include it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. deploy/tools.sh

install_missing
mvn -B -ntp verify -Pslow "$@"
MESOHUB_TEST_RUN=$PWD/target/test-cluster test-cluster/chaos.sh --minutes 5
MESOHUB_TEST_RUN=$PWD/target/test-cluster test-cluster/federation.sh
exec mvn -B -ntp test -Pfuzz
