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
# What others read, to be asked how they read it.
oracles=$(packaging/install-oracles.sh)
export PYTHONPATH=$oracles${PYTHONPATH:+:$PYTHONPATH}

# bootstrap.sh may have configured the same folder without tests.
cmake --preset "$preset" -DSAFE_DOCKER_TESTS=ON
cmake --build --preset "$preset"
ctest --preset "$preset" --parallel "$(getconf _NPROCESSORS_ONLN)"
