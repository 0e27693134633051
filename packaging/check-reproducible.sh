#!/usr/bin/env bash
# Whether the commit that is checked out gives the same bytes again: builds it from nothing in another folder, with another
# umask, time zone and language and without a compiler cache, and compares with what is there.
#   check-reproducible.sh [PACKAGES]   (default: dist, as build-packages.sh or release.sh made it)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -le 1 ] || { echo "usage: $0 [PACKAGES]" >&2; exit 2; }
first=$(cd "${1:-$root/dist}" && pwd)
if [ -n "$(git -C "$root" status --porcelain)" ]; then
  echo "what is not committed cannot be built again: commit it first" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(
  umask 077
  git clone --quiet "$root" "$work/a folder of another length/sources"
)
export CCACHE_DISABLE=1 TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANGUAGE=ja
unset CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
script=build-packages.sh
if compgen -G "$first/*.tar.xz" >/dev/null; then
  script=release.sh
fi
"$work/a folder of another length/sources/packaging/$script" --build-dir "$work/build" --output "$work/second" >"$work/log" 2>&1 || {
  tail -50 "$work/log" >&2
  exit 1
}

if ! cmp --quiet "$first/SHA256SUMS" "$work/second/SHA256SUMS"; then
  diff "$first/SHA256SUMS" "$work/second/SHA256SUMS" || true
  if command -v diffoscope >/dev/null; then
    diffoscope --max-report-size 20000 "$first" "$work/second" || true
  fi
  echo "check-reproducible.sh: the second build differs" >&2
  exit 1
fi
(cd "$first" && sha256sum --check --quiet SHA256SUMS)
echo "check-reproducible.sh: $(wc -l <"$first/SHA256SUMS") files, all the same in the second build"
