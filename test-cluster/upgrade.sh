#!/usr/bin/env bash
# Rehearses a rolling upgrade under load: three nodes of an older release, ended gently and started with this one by turns, the leader last;
# the history of all clients is checked at the end. Ends with 0 when nothing was wrong.
#   upgrade.sh OLD_JAR [--minutes N] [--seed S]
# The new release is MESOHUB_JAR, or target/mesohub.jar. The cluster is of its own and removed when all was good.
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
old=${1:?upgrade.sh wants the jar of the older release}
shift
minutes=3 seed=1
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) minutes=${2:?--minutes wants a number} ;;
    --seed) seed=${2:?--seed wants a number} ;;
    *) fail "'$1': expected --minutes N or --seed S" ;;
  esac
  shift 2
done
new=${MESOHUB_JAR:-$root/target/mesohub.jar}
[ -f "$old" ] && [ -f "$new" ] || fail "there is no $old or no $new"
[ ! -f "$run/cluster.env" ] || fail "a cluster is there already; down.sh --delete first"

MESOHUB_JAR=$old "$here/up.sh" 3
load_cluster
"$here/load.sh" "$minutes" --seed "$seed" &
load=$!
sleep 15
lead=$(leader) || fail "no leader is known now"
# Beside the old one, which the nodes that run have open.
cp "$new" "$run/mesohub.jar.part"
mv "$run/mesohub.jar.part" "$run/mesohub.jar"
for number in $(nodes_of all | grep -vx "$lead") "$lead"; do
  echo "node$number: $(date +%T) from the older release to this one"
  "$here/kill.sh" --gently "$number"
  "$here/up.sh" --wait 60
  sleep 10
done
code=0
wait "$load" || code=$?
for number in $(nodes_of all); do
  members=$run/node$number/data/raft/members
  [ ! -f "$members" ] || echo "node$number knows $(grep -c '^members' "$members") members"
done
[ "$code" != 0 ] || "$here/down.sh" --delete
exit "$code"
