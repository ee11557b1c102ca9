#!/usr/bin/env bash
# Starts a test cluster of N nodes (default 3; 1 is a single node without a cluster) in run/, or those nodes of it that do not run.
#   up.sh [N] [--netns] [--disk SIZE] [--wait SECONDS] [--quiet]
# --netns: each node in a network namespace of its own (root), so that partition.sh and delay.sh work.
# --disk: each node's data on a tmpfs of that size, such as 200m (root), so that disk.sh can fill it.
# --quiet: not to see every node well in time is no failure.
# Environment: MESOHUB_JAR (another jar), MESOHUB_TEST_JVM (options of the nodes), MESOHUB_TEST_CONFIG (lines to add to the configuration
# of a new cluster), MESOHUB_TEST_RUN (another folder than run/).
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=test-cluster/make.sh
. "$here/make.sh"

wanted='' want_netns=0 want_disk='' seconds=60 quiet=0
while [ $# -gt 0 ]; do
  case "$1" in
    --netns) want_netns=1 ;;
    --disk) want_disk=${2:?--disk wants a size}; shift ;;
    --quiet) quiet=1 ;;
    --wait) seconds=${2:?--wait wants seconds}; shift ;;
    [1-9]) wanted=$1 ;;
    *) fail "'$1': expected a number of nodes from 1 to 9, --netns, --disk SIZE, --wait SECONDS or --quiet" ;;
  esac
  shift
done

if [ -f "$run/cluster.env" ]; then
  load_cluster
  [ -z "$wanted" ] || [ "$wanted" = "$count" ] || fail "a cluster of $count is there already; down.sh --delete first"
  [ "$want_netns" = 0 ] || [ "$netns" = 1 ] || fail "the cluster is there without namespaces; down.sh --delete first"
else
  [ "$want_netns" = 0 ] || need_root --netns
  [ -z "$want_disk" ] || need_root --disk
  mkdir -p "$run"
  take_jar anew
  make_cluster "${wanted:-3}" "$want_netns" "$want_disk"
  load_cluster
fi

[ "$netns" = 0 ] || make_network
for number in $(seq 1 "$count"); do
  folder=$run/node$number
  pid_of "$number" >/dev/null && continue
  [ -z "$disk" ] || mountpoint -q "$folder/data" || mount -t tmpfs -o "size=$disk" "mesohub$number" "$folder/data"
  command=(java "${jvm[@]}" -jar "$run/mesohub.jar" serve --config "$folder/node.yaml")
  [ "$netns" = 0 ] || command=(ip netns exec "mh-n$number" "${command[@]}")
  (cd "$folder" && exec setsid "${command[@]}" </dev/null >>node.log 2>&1) &
  sleep 0.1
  remember_pid "$folder/pid" $!
done
java_tool org.mesohub.chaos.StatusTable "$run/nodes.tsv" "$seconds" || [ "$quiet" = 1 ] || {
  for number in $(seq 1 "$count"); do
    pid_of "$number" >/dev/null || echo "node$number ended: $(tail -n 1 "$run/node$number/node.log")" >&2
  done
  fail "the nodes did not agree on a leader within $seconds s; see $run/node*/node.log"
}
