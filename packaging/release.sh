#!/usr/bin/env bash
# All files of a release: packages, SBOM, sources, the formula for Homebrew, and SHA256SUMS over them.
#   release.sh [--build-dir DIR] [--output DIR]   (default: build/release, dist)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/release-environment.sh
. "$root/packaging/release-environment.sh"
output=$root/dist
for ((at = 1; at < $#; ++at)); do
  [ "${!at}" != --output ] || { next=$((at + 1)); output=${!next}; }
done

"$root/packaging/build-packages.sh" "$@"
sources=$("$root/packaging/source-tarball.sh" "$output")
sum=$(sha256sum "$sources" | cut -d ' ' -f 1)
sed -e "s|^  url \".*|  url \"https://github.com/nekoruri/safe-docker/releases/download/v$version/${sources##*/}\"|" \
  -e "s|^  sha256 \".*|  sha256 \"$sum\"|" "$root/packaging/homebrew/safe-docker.rb" >"$output/safe-docker.rb"
write_checksums "$output"
echo "-- $output"
cat "$output/SHA256SUMS"
