# shellcheck shell=bash
# Sourced by the scripts beside it: finds a JDK (17 or newer) and Maven (3.8 or newer), or installs them by apt.
# Afterwards JAVA_HOME and PATH name them.

tool_fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

by_hand="install a JDK >= 17 and Maven >= 3.8 by hand, then run this again"
maven_fetched=3.9.9

# Major version of a javac: "javac 17.0.15" -> 17; "javac 1.8.0_402" -> 1, which is just as much too old.
java_major() { "$1" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p' | head -n 1; }

# Whether there is a JDK; takes that of JAVA_HOME, else that of PATH, else any installed one.
find_jdk() {
  local javac major
  for javac in "${JAVA_HOME:-/nonexistent}/bin/javac" "$(command -v javac || true)" /usr/lib/jvm/*/bin/javac; do
    [ -x "$javac" ] || continue
    major="$(java_major "$javac")"
    if [ "${major:-0}" -ge 17 ]; then
      JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$javac")")")"
      export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"
      return 0
    fi
  done
  return 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    tool_fail "not root and no sudo: $by_hand"
  fi
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; }

# Whether Maven is new enough.
maven_fits() {
  local version
  version="$(mvn -v 2>/dev/null | grep -o 'Apache Maven [0-9]*\.[0-9]*' | head -n 1)"
  case "$version" in
    '') return 1 ;;
    'Apache Maven '[012].* | 'Apache Maven 3.'[0-7]) return 1 ;;
  esac
}

# Some releases have an older Maven; it can fetch a newer one, which stays below target/.
fetch_maven() {
  local home="$PWD/target/tools"
  if [ ! -x "$home/apache-maven-$maven_fetched/bin/mvn" ]; then
    echo "$(basename "$0"): fetching Maven $maven_fetched" >&2
    mkdir -p "$home"
    (cd "$home" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
      -Dartifact="org.apache.maven:apache-maven:$maven_fetched:tar.gz:bin" -DoutputDirectory=. &&
      tar -xzf "apache-maven-$maven_fetched-bin.tar.gz") || tool_fail "Maven is too old and a newer one cannot be fetched: $by_hand"
  fi
  export PATH="$home/apache-maven-$maven_fetched/bin:$PATH"
}

install_missing() {
  local wanted=()
  find_jdk || wanted+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null 2>&1 || wanted+=(maven)
  if [ "${#wanted[@]}" -gt 0 ]; then
    command -v apt-get >/dev/null 2>&1 || tool_fail "no apt-get here: $by_hand"
    echo "$(basename "$0"): installing ${wanted[*]}" >&2
    as_root apt-get update -q
    # Releases without version 17 have a newer one as their default.
    apt_install "${wanted[@]}" || apt_install "${wanted[@]/openjdk-17-jdk-headless/default-jdk-headless}" ||
      tool_fail "apt-get could not install ${wanted[*]}; the lines above say why, or $by_hand"
    find_jdk || tool_fail "there is no JDK >= 17 even now: $by_hand"
    command -v mvn >/dev/null 2>&1 || tool_fail "there is no Maven even now: $by_hand"
  fi
  maven_fits || fetch_maven
}
