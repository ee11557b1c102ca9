#!/usr/bin/env bash
# Installs a JDK (17 or newer) and Maven where they are missing, then builds and tests everything.
# Arguments go to Maven:  deploy/test.sh -Pslow
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

java_major() {
  command -v javac >/dev/null 2>&1 || { echo 0; return; }
  # "javac 17.0.15" -> 17, "javac 1.8.0_402" -> 1, which is just as much too old
  javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p' | head -n 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    echo "deploy/test.sh: not root and no sudo: install a JDK >= 17 and Maven >= 3.8 by hand" >&2
    exit 1
  fi
}

install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "deploy/test.sh: no apt-get: install a JDK >= 17 and Maven >= 3.8 by hand" >&2
    exit 1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

jdk_major="$(java_major)"
need_jdk=false
need_maven=false
[ "${jdk_major:-0}" -ge 17 ] || need_jdk=true
command -v mvn >/dev/null 2>&1 || need_maven=true

if $need_jdk || $need_maven; then
  if command -v apt-get >/dev/null 2>&1; then as_root apt-get update; fi
  if $need_jdk; then
    install_packages openjdk-17-jdk-headless || install_packages default-jdk-headless
  fi
  if $need_maven; then install_packages maven; fi
fi

exec mvn -B -ntp verify "$@"
