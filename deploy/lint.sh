#!/usr/bin/env bash
# Checks what cannot be run everywhere: shell scripts, YAML of compose and Kubernetes, the systemd unit. Checkers that are not installed are
# named and skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

checked=0
skipped=0
check() { # name command…
  if command -v "$2" >/dev/null 2>&1; then
    "${@:2}"
    checked=$((checked + 1))
    echo "lint: $1: fine"
  else
    skipped=$((skipped + 1))
    echo "lint: $1: skipped, there is no $2"
  fi
}

mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
check "shell scripts" shellcheck -x -S warning -e SC1091 "${scripts[@]}"
check "YAML" yamllint -d '{extends: default, rules: {line-length: {max: 220}, document-start: disable, braces: disable, comments: disable,
  comments-indentation: disable, truthy: disable, octal-values: disable}}' deploy conf
check "systemd unit" systemd-analyze verify deploy/systemd/mesohub.service
check "Dockerfile" hadolint deploy/docker/Dockerfile
check "Kubernetes manifests" kubeconform -strict deploy/kubernetes/mesohub.yaml
echo "lint: $checked checked, $skipped skipped"
