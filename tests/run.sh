#!/usr/bin/env bash
# Builds safe-docker and runs all of its tests:  tests/run.sh [release|debug|asan|clang]
# Installs what is missing first. The last lines are ctest's own summary.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:-release}
case $preset in
  release | debug | asan | clang) ;;
  *)
    echo "usage: $0 [release|debug|asan|clang]" >&2
    exit 2
    ;;
esac

groups=(build test)
case $preset in
  clang) groups+=(lint) ;;
  asan) groups+=(fuzz) ;; # clang and its sanitizers
esac
"$root/packaging/install-packages.sh" "${groups[@]}"

cd "$root"
# What others read, to be asked how they read it. Into the build's own folder: the machine's Python stays as it is.
oracles=$root/build/oracles
export PYTHONPATH=$oracles${PYTHONPATH:+:$PYTHONPATH}
if ! cmp -s packaging/oracles.txt "$oracles/installed.txt"; then
  if python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target "$oracles" \
    -r packaging/oracles.txt; then
    cp packaging/oracles.txt "$oracles/installed.txt"
  else
    echo "packaging/oracles.txt cannot be installed; the tests that need it are skipped, or fail in CI" >&2
  fi
fi

# bootstrap.sh may have configured the same folder without tests.
cmake --preset "$preset" -DSAFE_DOCKER_TESTS=ON
cmake --build --preset "$preset"
ctest --preset "$preset" --parallel "$(getconf _NPROCESSORS_ONLN)"
