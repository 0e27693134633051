#!/usr/bin/env bash
# What a third party needs works without this source tree: the installed headers compile as every standard that they
# promise, the example plugin and what `plugin new` writes build against the installed CMake and pkg-config packages, and
# the host that was built takes their verdict. out_of_tree.sh SOURCE BUILD
set -euo pipefail

source_dir=$(cd "$1" && pwd)
build_dir=$(cd "$2" && pwd)
work=$(realpath "$(mktemp -d)")
safe_docker=$build_dir/bin/safe-docker
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
  [ "$(pkg-config --modversion safe-docker-plugin-api)" = "$(pkg-config --variable=abi_version safe-docker-plugin-api)" ] ||
    fail "the version of the pkg-config package is not that of the ABI"
  local folder
  folder=$(pkg-config --variable=plugindir safe-docker-plugin-api)
  [ "$(realpath -m "$folder")" = "$prefix/lib/safe-docker/plugins" ] || fail "plugindir is $folder"
}

# What `plugin new` writes builds without a warning, passes its own tests, and is obeyed.
build_from_template() {
  local compiler build
  "$safe_docker" plugin new house-rule --target "$work/house-rule"
  for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    build=$work/house-rule/build-$compiler
    cmake -S "$work/house-rule" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
      -DCMAKE_CXX_COMPILER="$compiler" -DSAFE_DOCKER_EXECUTABLE="$safe_docker" \
      -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
    cmake --build "$build"
    check_symbols "$build/house-rule.so"
    chmod -R go-w "$work/house-rule"
    ctest --test-dir "$build" --output-on-failure
    cmake --install "$build" --prefix "$work/installed-$compiler"
    [ -f "$work/installed-$compiler/lib/safe-docker/plugins/house-rule.so" ] || fail "house-rule.so is not installed"
  done
  [ -n "${build:-}" ] || fail "neither g++ nor clang++ is here"
  command -v pkg-config >/dev/null && [ "$(uname -s)" = Linux ] || return 0
  (
    PATH=$(dirname "$safe_docker"):$PATH
    cd "$work/house-rule"
    umask 022
    eval "$(sed -n '/^    c++ /,$p' README.md)"
  )
  check_symbols "$work/house-rule/house-rule.so"
}

# Judges `docker run IMAGE` with the example plugin; nothing is run.
judge() {
  SAFE_DOCKER_CONFIG=$work/config.toml "$safe_docker" --dry-run --docker-path "$work/docker" run "$1" || true
}

check_verdict() {
  printf '#!/bin/sh\n' >"$work/docker"
  chmod +x "$work/docker"
  cat >"$work/config.toml" <<CONFIG
[plugins.registry]
path = "$work/build/registry.so"
[plugins.registry.settings]
registry = "registry.example.com"
[plugins.house-rule]
path = "$work/installed-$(command -v g++ >/dev/null && echo g++ || echo clang++)/lib/safe-docker/plugins/house-rule.so"
CONFIG
  chmod -R go-w "$work"
  local verdict
  verdict=$(judge docker.io/library/alpine)
  grep -q '^\[safe-docker\] Decision: deny$' <<<"$verdict" || fail "an image from elsewhere is not denied: $verdict"
  grep -q '(registry/foreign-registry)' <<<"$verdict" || fail "the rule is not named: $verdict"
  verdict=$(judge registry.example.com/alpine)
  grep -q '^\[safe-docker\] Decision: ask$' <<<"$verdict" || fail "an image without a version is not asked about: $verdict"
  grep -q '(house-rule/no-version)' <<<"$verdict" || fail "the rule is not named: $verdict"
  verdict=$(judge registry.example.com/alpine:3.20)
  grep -q '^\[safe-docker\] Decision: allow$' <<<"$verdict" || fail "an image of the registry is not allowed: $verdict"
  SAFE_DOCKER_CONFIG=$work/config.toml "$safe_docker" plugins >"$work/plugins.txt"
  grep -q '^registry 1\.0\.0 ' "$work/plugins.txt" || fail "the plugin is not listed: $(cat "$work/plugins.txt")"
  "$safe_docker" plugin check --strict "$work/build/registry.so"
}

cmake --install "$build_dir" --component dev --prefix "$prefix"
if grep -rlF "$source_dir" "$prefix"; then
  fail "these installed files name the source tree"
fi
cp -r "$source_dir/plugin-api/examples/registry" "$work/registry"
check_headers
build_with_cmake
build_with_pkg_config
build_from_template
check_verdict
echo "out_of_tree.sh: passed"
