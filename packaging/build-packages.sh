#!/usr/bin/env bash
# Makes what is released for Linux out of a build folder: two debs, two rpms, a tar.gz that can lie anywhere, the list of
# what is in them (SBOM), and SHA256SUMS.   build-packages.sh [--build-dir DIR] [--output DIR]
#
# The build folder may be fresh, or the one that tests/run.sh has filled: compiled is what is missing, and one small file
# for each layout. Afterwards the folder is configured as it was. The same commit gives the same bytes, wherever it lies
# (check-reproducible.sh); SOURCE_DATE_EPOCH may name another moment than that of the commit.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release
output=$root/dist

usage() {
  echo "usage: $0 [--build-dir DIR] [--output DIR]   (default: build/release, dist)"
}

while [ $# -gt 0 ]; do
  case $1 in
    --build-dir | --output)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      mkdir -p "$2"
      folder=$(cd "$2" && pwd)
      if [ "$1" = --output ]; then output=$folder; else build=$folder; fi
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done

# shellcheck source=packaging/release-environment.sh
. "$root/packaging/release-environment.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# cached NAME DEFAULT: what the build folder was configured with.
cached() {
  local value
  value=$(sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt" 2>/dev/null || true)
  echo "${value:-$2}"
}

configure() { # LAYOUT PREFIX LIBRARY-FOLDER
  cmake -S "$root" -B "$build" "${fresh[@]}" -DSAFE_DOCKER_PACKAGE="$1" -DCMAKE_INSTALL_PREFIX="$2" \
    -DCMAKE_INSTALL_LIBDIR="$3" >"$work/configure.log" || { cat "$work/configure.log" >&2; return 1; }
}

fresh=()
if [ ! -e "$build/CMakeCache.txt" ]; then
  fresh=(-G Ninja -DCMAKE_BUILD_TYPE=Release -DSAFE_DOCKER_TESTS=OFF)
fi
[ "$(cached CMAKE_BUILD_TYPE Release)" = Release ] || { echo "$build is no release build" >&2; exit 1; }
before=("$(cached SAFE_DOCKER_PACKAGE '')" "$(cached CMAKE_INSTALL_PREFIX /usr/local)" "$(cached CMAKE_INSTALL_LIBDIR lib)")
# shellcheck disable=SC2154 # version: of release-environment.sh
trap 'configure "${before[@]}"; rm -rf "$work"' EXIT

layout() { # NAME PREFIX LIBRARY-FOLDER
  echo "-- $1"
  configure "$@"
  cmake --build "$build" --target packaged
}

cpack_packages() { # GENERATOR ENDING
  (cd "$work" && cpack -G "$1" --config "$build/CPackConfig.cmake" -B "$work/cpack" >"$work/cpack.log" 2>&1) || {
    cat "$work/cpack.log" >&2
    return 1
  }
  cp "$work/cpack/"*".$2" "$output/"
}

tarball() {
  local name
  name=safe-docker-$version-linux-$(uname -m)
  cmake --install "$build" --strip --prefix "$work/$name" >"$work/install.log"
  find "$work/$name" -type d -exec chmod 755 {} +
  reproducible_tar "$work" "$name" | gzip -9n >"$output/$name.tar.gz"
}

rm -f "$output"/safe-docker* "$output/SHA256SUMS"
layout deb /usr "lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)"
cpack_packages DEB deb
layout rpm /usr lib64
cpack_packages RPM rpm
layout tgz /usr/local lib
tarball
python3 -B "$root/packaging/sbom.py" "$build" "$output/safe-docker.cdx.json"
write_checksums "$output"
cat "$output/SHA256SUMS"
