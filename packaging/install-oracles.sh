#!/usr/bin/env bash
# Puts the packages of oracles.txt into build/oracles, where the tests that need them look; the machine's own Python stays
# as it is. Prints that folder, for PYTHONPATH. Without a network it says so: those tests are skipped, or fail in CI.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
list=$root/packaging/oracles.txt
oracles=$root/build/oracles
if ! cmp -s "$list" "$oracles/installed.txt"; then
  if python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target "$oracles" \
    -r "$list" >&2; then
    cp "$list" "$oracles/installed.txt"
  else
    echo "packaging/oracles.txt cannot be installed; the tests that need it are skipped, or fail in CI" >&2
  fi
fi
echo "$oracles"
