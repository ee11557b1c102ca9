# shellcheck shell=bash disable=SC2034,SC2120,SC1091
# Sourced by the scripts beside it. What a test cluster is lies in run/: cluster.env (how it was made), nodes.tsv (number, id, address,
# folder of each node), and a folder for each node with node.yaml, data, node.log and pid.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
run=${MESOHUB_TEST_RUN:-$here/run}
read -ra jvm <<<"${MESOHUB_TEST_JVM:--Xmx384m -XX:MaxMetaspaceSize=160m -XX:ReservedCodeCacheSize=64m}"
prefix=10.77.0

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

need_root() { [ "$(id -u)" -eq 0 ] || fail "$1 needs root"; }

# How the cluster was made; netns is 0 or 1, disk a size or empty.
count=0 netns=0 disk='' token=''

# Reads it.
load_cluster() {
  [ -f "$run/cluster.env" ] || fail "there is no test cluster; up.sh makes one"
  . "$run/cluster.env"
  # Nodes with addresses that are not loopback want tokens; without, nobody asks for this one.
  export MESOHUB_TOKEN=${token:-}
}

# Numbers of the nodes that a word means: a number, an id (node2), leader, followers, all.
nodes_of() {
  case "$1" in
    all) seq 1 "$count" ;;
    leader | followers)
      local lead
      lead=$(leader) || fail "no leader is known now"
      if [ "$1" = leader ]; then echo "$lead"; else seq 1 "$count" | grep -vx "$lead"; fi ;;
    *)
      local number=${1#node}
      [[ $number =~ ^[0-9]+$ ]] && [ "$number" -ge 1 ] && [ "$number" -le "$count" ] ||
        fail "'$1': expected leader, followers, all, or a number from 1 to $count"
      echo "$number" ;;
  esac
}

# Number of the node that leads.
leader() { java_tool org.mesohub.chaos.StatusTable "$run/nodes.tsv" 5 | awk '$3 != "" && $1 == $5 { sub(/^node/, "", $1); print $1; found = 1 } END { exit !found }'; }

address() { awk -F'\t' -v n="$1" '$1 == n { print $3 }' "$run/nodes.tsv"; }

# When a process started, in a form that no later process of that id has; empty when there is none, or a dead one nobody waited for.
started() {
  if [ -d /proc/self ]; then
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" && $1 != "X" { print $20 }' || true
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' _ || true
  fi
}

# Process of a file written by remember_pid, if that very process still runs.
pid_in() {
  local pid start
  [ -f "$1" ] || return 1
  read -r pid start <"$1" || return 1
  [ -n "$start" ] && [ "$(started "$pid")" = "$start" ] || return 1
  echo "$pid"
}

remember_pid() { echo "$2 $(started "$2")" >"$1"; }

pid_of() { pid_in "$run/node$1/pid"; }

# Sends a signal and waits up to so many seconds until the process is gone.
end_process() {
  local pid=$1 signal=$2 seconds=$3 start
  start=$(started "$pid")
  [ -n "$start" ] || return 0
  kill -CONT "$pid" 2>/dev/null || return 0
  kill "-$signal" "$pid" 2>/dev/null || return 0
  for ((i = 0; i < seconds * 20; i++)); do
    [ "$(started "$pid")" = "$start" ] || return 0
    sleep 0.05
  done
  return 1
}

# Runs a command where nodes can be reached.
inside() { if [ "${netns:-0}" = 1 ]; then ip netns exec mh-hub "$@"; else "$@"; fi; }

# Compiles the tools beside the tests when they are older than their sources, then runs one.
java_tool() {
  build_tools
  inside java -XX:TieredStopAtLevel=${tool_tier:-1} -Xmx${tool_heap:-256m} -XX:+UseSerialGC -cp "$run/classes:$run/mesohub.jar" "$@"
}

build_tools() {
  local sources=("$root/src/test/java/org/mesohub/cli/NodeConnection.java") file
  for file in "$root"/src/test/java/org/mesohub/chaos/*.java; do
    case "$file" in *Test.java | *IT.java) ;; *) sources+=("$file") ;; esac
  done
  mkdir -p "$run/classes"
  take_jar
  if [ ! -f "$run/classes/.built" ] || [ -n "$(find "${sources[@]}" "$run/mesohub.jar" -newer "$run/classes/.built" -print -quit)" ]; then
    javac -nowarn -proc:none -cp "$run/mesohub.jar" -d "$run/classes" "${sources[@]}"
    touch "$run/classes/.built"
  fi
}

# A copy of the product of its own, so that building anew does not pull it from under nodes that run.
take_jar() {
  local jar=${MESOHUB_JAR:-$root/target/mesohub.jar}
  [ -f "$run/mesohub.jar" ] && [ -z "${1:-}" ] && return
  [ -f "$jar" ] || (cd "$root" && mvn -q -Pfast package -DskipTests) || fail "there is no $jar and it cannot be built"
  cp "$jar" "$run/mesohub.jar.part"
  mv "$run/mesohub.jar.part" "$run/mesohub.jar"
}
