#!/usr/bin/env bash
# Builds the preset bench and prints what docs/performance.md shows: whole processes above the floor, instructions, and
# the parts.   bench/run.sh [ROUNDS]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=${1:-300}
build=$root/build/bench
"$root/packaging/install-packages.sh" build bench

cd "$root"
cmake --preset bench >/dev/null
cmake --build --preset bench >/dev/null

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
home=$(cd "$home" && pwd -P)

# Each case has a project folder of its own, and a file with what the agent would say.
# add_case NAME TARGET-IN-MICROSECONDS COMMAND [SERVICES]
names=()
declare -A targets
add_case() {
  local name=$1 project=$home/$1
  names+=("$name")
  targets[$name]=$2
  mkdir -p "$project"
  if [ $# -gt 3 ]; then
    python3 -B bench/process/compose_file.py "$4" >"$project/compose.yaml"
  fi
  printf '{"hook_event_name":"PreToolUse","cwd":"%s","tool_name":"Bash","tool_input":{"command":"%s"}}' \
    "$project" "$3" >"$home/$name.json"
}

add_case no-docker 360 'git status && npm test'
add_case docker-ps 700 'docker ps'
add_case docker-run 700 'docker run --rm -v ~/p:/app -e A=b -p 127.0.0.1:80:80 alpine sh -c ls'
add_case docker-run-all-checkers 700 'docker run --rm -v ~/p:/app --gpus all --network host -v /etc:/x alpine ls'
add_case compose-5 1000 'docker compose up -d' 5
add_case compose-50 3000 'docker compose up -d' 50
add_case compose-500 25000 'docker compose up -d' 500

environment=(env -i HOME="$home" PATH=/usr/bin:/bin)
inputs=()
for name in "${names[@]}"; do
  inputs+=("$name=$home/$name.json")
done

instructions() {
  "${environment[@]}" valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/bin/safe-docker" hook \
    <"$1" 2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

measured=$("${environment[@]}" "$build/bench/process_bench" "$rounds" "$build/bench/process_floor" \
  "$build/bin/safe-docker" "${inputs[@]}")

echo "## Whole process, median of $rounds rounds, above a static program that does nothing"
echo
echo "| case | target | above the floor | instructions |"
echo "|---|---|---|---|"
while read -r name above _; do
  [ "$name" = floor ] && continue
  awk -v name="$name" -v target="${targets[$name]}" -v above="$above" -v count="$(instructions "$home/$name.json")" \
    'BEGIN { printf "| %s | %.2f ms | %.2f ms%s | %.2f M |\n", name, target / 1000, above / 1000,
             ((above > target) ? " (missed)" : ""), count / 1e6 }'
done <<<"$measured"
echo
awk '$1 == "floor" { printf "The floor itself took %.2f ms.\n", $3 / 1000 }' <<<"$measured"

for part in shell docker policy plugins; do
  echo
  echo "## Part: $part"
  echo
  "$build/bench/${part}_bench" --benchmark_min_time=0.2 2>/dev/null
done
