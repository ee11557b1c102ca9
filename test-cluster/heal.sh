#!/usr/bin/env bash
# Undoes what partition.sh, delay.sh and pause.sh did.
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
if [ "$netns" = 1 ]; then
  for number in $(seq 1 "$count"); do
    ip netns list | grep -qw "mh-n$number" || continue
    ip netns exec "mh-n$number" iptables -w -F
    "$here/delay.sh" "$number" off
  done
fi
"$here/resume.sh" all >/dev/null
echo healed
