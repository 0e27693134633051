#!/usr/bin/env bash
# Prints the path of a real docker compose to compare with: the one that SAFE_DOCKER_TEST_COMPOSE names, one that is
# installed, or else that of Debian unstable, unpacked below FOLDER without being installed. Nothing of the system is
# touched: apt gets lists, caches and a package state of its own.
#   fetch_compose.sh FOLDER
set -euo pipefail

folder=$1
suite=sid
mirror=${SAFE_DOCKER_TEST_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
program=$folder/root/usr/libexec/docker/cli-plugins/docker-compose

# Prints the path of a program that works, as plugin or by itself.
works() {
  [ -x "$1" ] && "$1" version >&2
}

for candidate in "${SAFE_DOCKER_TEST_COMPOSE:-}" "$(command -v docker-compose || true)" \
  /usr/libexec/docker/cli-plugins/docker-compose /usr/lib/docker/cli-plugins/docker-compose "$program"; do
  if [ -n "$candidate" ] && works "$candidate"; then
    echo "$candidate"
    exit 0
  fi
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null || [ ! -r "$keyring" ]; then
  echo "fetch_compose: this is no Debian, so there is no docker compose to fetch" >&2
  exit 1
fi
rm -rf "$folder"
mkdir -p "$folder"/{etc,lists/partial,cache/archives/partial,root}
folder=$(cd "$folder" && pwd)
program=$folder/root/usr/libexec/docker/cli-plugins/docker-compose
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" >"$folder/etc/$suite.list"
apt=(apt-get -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/etc"
  -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Dir::State::status=/dev/null
  -o APT::Sandbox::User=root -o Acquire::Languages=none)
"${apt[@]}" update >&2
(cd "$folder/cache" && "${apt[@]}" download docker-compose >&2)
dpkg-deb -x "$folder"/cache/docker-compose_*.deb "$folder/root"
rm -rf "$folder/lists" "$folder/cache"
works "$program"
echo "$program"
