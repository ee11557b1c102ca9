#!/usr/bin/env bash
# What can happen to a node's disk, and its end.
#   disk.sh full|free NODE             fills the tmpfs of the data (up.sh --disk)
#   disk.sh readonly|writable NODE     the same tmpfs
#   disk.sh failfsync|okfsync NODE     every fsync fails with EIO (strace)
#   disk.sh flip-chunk|flip-log NODE   one bit of the stored chunks, of the log; the node must be down. unflip: as it was
#   disk.sh lose|find NODE             the data folder is gone, comes back; the node must be down
#   disk.sh keep NODE                  forgets how to unflip or find
set -euo pipefail
# shellcheck source=test-cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_cluster
[ $# -eq 2 ] || fail "expected what and a node"
number=$(nodes_of "$2")
folder=$run/node$number
data=$folder/data
need_tmpfs() { mountpoint -q "$data" || fail "the data is not on a disk of its own; make the cluster with up.sh --disk 200m (root)"; }
need_down() { ! pid_of "$number" >/dev/null || fail "node $number runs; kill.sh $number first"; }

# Turns over one bit in the middle of a file that matches, and tells where. The newest file is the one in use.
flip() {
  local file size offset
  file=$(find "$data" -type f "$@" -size +1k -printf '%T@ %p\n' | sort -rn | head -n 1 | cut -d' ' -f2-)
  [ -n "$file" ] || fail "node $number has no such file"
  size=$(stat -c %s "$file")
  offset=$((size / 4 + (RANDOM * 32768 + RANDOM) % (size / 2)))
  printf '%s\t%s\n' "$file" "$offset" >"$folder/flipped"
  flip_bit "$file" "$offset"
  echo "bit 0 of byte $offset of $size in ${file#"$folder"/}"
}

flip_bit() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
  printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

case "$1" in
  full)
    need_tmpfs
    # What dd cannot write is what is left.
    dd if=/dev/zero of="$data/filler" bs=64k status=none 2>/dev/null || true
    echo "full at $EPOCHREALTIME" ;;
  free) rm -f "$data/filler" ;;
  readonly)
    need_tmpfs
    # Files open for writing keep a file system from turning; so the bytes stay readable and nothing more fits.
    mount -o remount,ro "$data" 2>/dev/null || mount -o "remount,size=4k" "$data" 2>/dev/null ||
      dd if=/dev/zero of="$data/filler" bs=64k status=none 2>/dev/null || true
    echo "cannot be written at $EPOCHREALTIME" ;;
  writable) need_tmpfs; mount -o "remount,rw,size=$disk" "$data"; rm -f "$data/filler" ;;
  failfsync)
    need_root failfsync
    pid=$(pid_of "$number") || fail "node $number does not run"
    ! pid_in "$folder/strace.pid" >/dev/null || exit 0
    setsid strace -f -qq -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO -o /dev/null -p "$pid" </dev/null >>"$folder/strace.log" 2>&1 &
    sleep 0.3
    remember_pid "$folder/strace.pid" $!
    echo "fails at $EPOCHREALTIME" ;;
  okfsync)
    ! pid=$(pid_in "$folder/strace.pid") || end_process "$pid" INT 5 || end_process "$pid" KILL 5
    rm -f "$folder/strace.pid" ;;
  flip-chunk) need_down; flip -not -path '*/raft/*' -name '*.mv*' ;;
  flip-log) need_down; flip -name 'log_*' ;;
  unflip)
    need_down
    [ -f "$folder/flipped" ] || exit 0
    IFS=$'\t' read -r file offset <"$folder/flipped"
    flip_bit "$file" "$offset"
    rm "$folder/flipped" ;;
  lose)
    need_down
    mkdir "$folder/lost"
    find "$data" -mindepth 1 -maxdepth 1 -exec mv -t "$folder/lost" {} +
    echo "the data folder is empty" ;;
  find)
    need_down
    [ -d "$folder/lost" ] || exit 0
    find "$data" -mindepth 1 -delete
    find "$folder/lost" -mindepth 1 -maxdepth 1 -exec mv -t "$data" {} +
    rmdir "$folder/lost" ;;
  keep) rm -rf "$folder/flipped" "$folder/lost" ;;
  *) fail "'$1': see the head of this script" ;;
esac
