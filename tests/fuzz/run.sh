#!/usr/bin/env bash
# Builds the fuzz targets and runs all of them, SECONDS of fuzzing in all (600 if nothing is said), shared out evenly:
#   tests/fuzz/run.sh [SECONDS [BUILD-FOLDER]]
#   tests/fuzz/run.sh --each SECONDS [BUILD-FOLDER]   so long each program, always with the same inputs, as many as fit; the
#                                                     options' values are one program
#   tests/fuzz/run.sh --runs N [BUILD-FOLDER]         N inputs a target, the same ones each time
# Fails if one finds something, and prints the input, which is also below BUILD-FOLDER/findings; run the target with it as
# its argument. BUILD-FOLDER may be that of the sanitized tests, build/asan: most of the objects are the same.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=600
runs=0
each=0
if [ "${1:-}" = --runs ]; then
  runs=$2
  shift 2
elif [ "${1:-}" = --each ]; then
  each=$2
  shift 2
elif [ $# -gt 0 ]; then
  seconds=$1
  shift
fi
build=${1:-$root/build/fuzz}
jobs=$(getconf _NPROCESSORS_ONLN)
cd "$root"

cmake --preset fuzz -B "$build"
cmake --build "$build" --target fuzzers
folder=$build/tests/fuzz
python3 -B tests/fuzz/make_inputs.py "$root" "$folder/targets.txt" "$build/inputs"
mkdir -p "$build/findings" "$build/logs"
rm -f "$build"/logs/*.log

targets=$(cut -d ' ' -f 1 "$folder/targets.txt")
if [ "$each" -gt 0 ]; then
  targets=$(awk '$2 == "-" { print $1 }' "$folder/targets.txt")
fi
count=$(wc -l <<<"$targets")
bound="-max_total_time=$((seconds / count > 0 ? seconds / count : 1))"
if [ "$each" -gt 0 ]; then
  bound="-max_total_time=$each -seed=1"
elif [ "$runs" -gt 0 ]; then
  bound="-runs=$runs -seed=1"
fi
echo "$count targets, $bound each, $jobs at a time"

run_one() {
  local name=$1 dictionary=values.dict length=512
  if [ "$name" = fuzz_arguments ]; then
    dictionary=arguments.dict
    length=4096
  elif [ "$name" = fuzz_syntax ]; then
    dictionary=syntax.dict
    length=1024
  elif [ "$name" = fuzz_evaluator ]; then
    dictionary=evaluator.dict
    length=4096
  elif [ "$name" = fuzz_rules ]; then
    dictionary=values.dict
    length=2048
  elif [ "$name" = fuzz_compose ]; then
    dictionary=compose.dict
    length=4096
  fi
  # shellcheck disable=SC2086 # the bound is one word or two
  "$folder/$name" $bound -max_len="$length" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -dict="$build/inputs/$dictionary" -artifact_prefix="$build/findings/$name-" "$build/inputs/$name/corpus" \
    >"$build/logs/$name.log" 2>&1 || echo "$name" >>"$build/logs/failed.log"
}
export -f run_one
export folder build bound
xargs -P "$jobs" -I{} bash -c 'run_one {}' <<<"$targets"

# What the target $1 found: the rule that was broken, and the input.
report() {
  local log=$build/logs/$1.log input
  echo "==== $1"
  grep -m 1 -A 8 -e '^broken:' -e 'ERROR:' -e 'runtime error:' "$log" || tail -n 20 "$log"
  grep -m 1 '^SUMMARY:' "$log" || true
  input=$(sed -n 's/.*Test unit written to //p' "$log" | head -n 1)
  if [ -n "$input" ]; then
    echo "input: $input"
    echo "input (base64): $(base64 <"$input" | tr -d '\n')"
  fi
}

awk '/stat::number_of_executed_units/ { units += $2 } END { printf "%d inputs tried\n", units }' "$build"/logs/*.log
if [ -e "$build/logs/failed.log" ]; then
  while read -r name; do
    report "$name"
  done <"$build/logs/failed.log"
  exit 1
fi
