#!/usr/bin/env bash
# How many lines of the rooms that judge are reached by the tests that ran before in BUILD-FOLDER, which was configured with
# SAFE_DOCKER_COVERAGE (clang):  tests/coverage.sh BUILD-FOLDER
# Prints a line a room; fails if one is below its limit. BUILD-FOLDER/coverage/lines.txt has the files.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -eq 1 ] || { echo "usage: $0 BUILD-FOLDER" >&2; exit 2; }
build=$(cd "$1" && pwd)
folder=$build/coverage
if ! compgen -G "$folder/*.profraw" >/dev/null; then
  echo "$folder has no counters: configure with -DSAFE_DOCKER_COVERAGE=ON and run the tests there" >&2
  exit 1
fi

# Programs, plugins and unit tests: whatever has counters in it.
objects=()
while read -r file; do
  objects+=(-object "$file")
done < <(find "$build" -type f -perm -u+x -not -path '*/CMakeFiles/*' -not -path '*/tests/fuzz/*' -print0 |
  xargs -0 grep -l __llvm_covmap | LC_ALL=C sort)

llvm-profdata merge --sparse "$folder"/*.profraw -o "$folder/all.profdata"
llvm-cov export --summary-only --instr-profile "$folder/all.profdata" "${objects[@]}" >"$folder/summary.json"
python3 -B "$root/tests/coverage_report.py" "$root" "$build" "$folder/summary.json" "$folder/lines.txt"
