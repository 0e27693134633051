#!/usr/bin/env bash
# Installs what is missing of the named groups of debian-packages.txt:  install-packages.sh build test
# Does nothing, and needs no root, on a machine that has it all.
set -euo pipefail

list=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/debian-packages.txt
[ $# -gt 0 ] || { echo "usage: $0 GROUP... (build, test, lint, fuzz, bench, package)" >&2; exit 2; }

# The names in column $1 of the rows whose group was asked for.
names() {
  local column=$1
  shift
  awk -v column="$column" -v groups=" $* " '
    /^[a-z]/ && index(groups, " " $1 " ") && $column != "-" && !seen[$column]++ { print $column }' "$list"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_debian() {
  local missing=() name
  while read -r name; do
    installed "$name" || missing+=("$name")
  done < <(names 2 "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    return
  fi
  echo "Installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

install_homebrew() {
  local missing=() name
  while read -r name; do
    brew list --versions "$name" >/dev/null 2>&1 || missing+=("$name")
  done < <(names 3 "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    return
  fi
  echo "Installing: ${missing[*]}"
  brew install "${missing[@]}"
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
  install_debian "$@"
elif command -v brew >/dev/null; then
  install_homebrew "$@"
else
  echo "Neither apt-get nor brew is here. Please install by hand what gives you:" >&2
  names 2 "$@" | sed 's/^/  /' >&2
  exit 1
fi
