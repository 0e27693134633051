#!/usr/bin/env bash
# What a third party needs works without this source tree: the installed headers compile as every standard that they
# promise, the example plugin builds against the installed CMake and pkg-config packages, and the host that was built
# takes its verdict. out_of_tree.sh SOURCE BUILD
set -euo pipefail

source_dir=$(cd "$1" && pwd)
build_dir=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

fail() {
  echo "out_of_tree.sh: $*" >&2
  exit 1
}

# Exactly the one symbol: each further one is a promise that nobody made, and costs time at every start.
check_symbols() {
  [ "$(uname -s)" = Linux ] || return 0
  local found
  found=$(nm -D --defined-only --format=posix "$1" | cut -d ' ' -f 1)
  [ "$found" = safe_docker_plugin_v1 ] || fail "$1 exports: $found"
}

compile() {
  echo "$@"
  "$@" -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I "$prefix/include" -fsyntax-only
}

check_headers() {
  local compiler standard count=0
  echo '#include <safe_docker/plugin.h>' >"$work/contract.c"
  cp "$work/contract.c" "$work/contract.cpp"
  echo '#include <safe_docker/checker.hpp>' >"$work/sdk.cpp"
  for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || continue
    for standard in c11 c17; do
      compile "$compiler" -std=$standard "$work/contract.c"
    done
    for standard in c++11 c++14 c++17 c++20; do
      compile "$compiler" -std=$standard "$work/contract.cpp"
    done
    compile "$compiler" -std=c++20 "$work/sdk.cpp"
    compile "$compiler" -std=c++20 -fno-exceptions -fno-rtti "$work/sdk.cpp"
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || fail "neither gcc nor clang is here"
}

build_with_cmake() {
  local compiler
  compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build_dir/CMakeCache.txt")
  cmake -S "$work/registry" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler"
  cmake --build "$work/build"
  check_symbols "$work/build/registry.so"
  # A later minor than this one promises more than it has.
  sed -i.old 's/SafeDockerPluginApi 1.0/SafeDockerPluginApi 1.99/' "$work/registry/CMakeLists.txt"
  if cmake -S "$work/registry" -B "$work/newer" -DCMAKE_PREFIX_PATH="$prefix" >"$work/newer.log" 2>&1; then
    fail "a package of ABI 1.99 was found"
  fi
  grep -q 'SafeDockerPluginApi' "$work/newer.log" || fail "looking for ABI 1.99 failed for another reason"
}

# The command of the example's README.
build_with_pkg_config() {
  command -v pkg-config >/dev/null || return 0
  [ "$(uname -s)" = Linux ] || return 0
  export PKG_CONFIG_PATH=$prefix/share/pkgconfig
  local command
  command=$(sed -n '/^    c++ /,$p' "$source_dir/plugin-api/examples/registry/README.md")
  (cd "$work/registry" && eval "$command")
  check_symbols "$work/registry/registry.so"
}

# Judges `docker run IMAGE` with the example plugin; nothing is run.
judge() {
  SAFE_DOCKER_CONFIG=$work/config.toml "$build_dir/bin/safe-docker" --dry-run --docker-path "$work/docker" run "$1" || true
}

check_verdict() {
  printf '#!/bin/sh\n' >"$work/docker"
  chmod +x "$work/docker"
  cat >"$work/config.toml" <<CONFIG
[plugins.registry]
path = "$work/build/registry.so"
[plugins.registry.settings]
registry = "registry.example.com"
CONFIG
  chmod -R go-w "$work"
  local verdict
  verdict=$(judge docker.io/library/alpine)
  grep -q '^\[safe-docker\] Decision: deny$' <<<"$verdict" || fail "an image from elsewhere is not denied: $verdict"
  grep -q '(registry/foreign-registry)' <<<"$verdict" || fail "the rule is not named: $verdict"
  verdict=$(judge registry.example.com/alpine)
  grep -q '^\[safe-docker\] Decision: allow$' <<<"$verdict" || fail "an image of the registry is not allowed: $verdict"
  SAFE_DOCKER_CONFIG=$work/config.toml "$build_dir/bin/safe-docker" plugins >"$work/plugins.txt"
  grep -q '^registry 1\.0\.0 ' "$work/plugins.txt" || fail "the plugin is not listed: $(cat "$work/plugins.txt")"
}

cmake --install "$build_dir" --component dev --prefix "$prefix"
if grep -rlF "$source_dir" "$prefix"; then
  fail "these installed files name the source tree"
fi
cp -r "$source_dir/plugin-api/examples/registry" "$work/registry"
check_headers
build_with_cmake
build_with_pkg_config
check_verdict
echo "out_of_tree.sh: passed"
