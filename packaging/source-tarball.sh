#!/usr/bin/env bash
# The sources of the commit that is checked out, as they are released:  source-tarball.sh FOLDER
# Prints the path of what it made. The same commit gives the same bytes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
# shellcheck source=packaging/release-environment.sh
. "$root/packaging/release-environment.sh"
name=safe-docker-$version
git -C "$root" -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | xz -9 --threads=1 --check=crc64 >"$1/$name.tar.xz"
echo "$1/$name.tar.xz"
