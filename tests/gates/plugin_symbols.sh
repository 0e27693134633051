#!/usr/bin/env bash
# A plugin exports one symbol, needs nothing at run time but libc and the loader, and leaves no symbol of the C++ runtime
# to others.   plugin_symbols.sh [--sanitized] PLUGIN.so... | FOLDER
# --sanitized: the sanitizers' own libraries and symbols are there, so only what is exported is looked at.
set -euo pipefail

sanitized=no
if [ "${1:-}" = --sanitized ]; then
  sanitized=yes
  shift
fi
if [ $# -eq 1 ] && [ -d "$1" ]; then
  set -- "$1"/*.so
fi
if [ $# -eq 0 ]; then
  echo "usage: plugin_symbols.sh [--sanitized] PLUGIN.so... | FOLDER" >&2
  exit 2
fi

status=0
complain() {
  echo "$1"
  status=1
}

for plugin in "$@"; do
  if ! symbols=$(readelf --dyn-syms --wide "$plugin"); then
    complain "$plugin cannot be read"
    continue
  fi
  # Columns: number, value, size, type, binding, visibility, section, name.
  exported=$(awk '$1 ~ /^[0-9]+:$/ && $7 != "UND" && $5 != "LOCAL" { print $8 }' <<<"$symbols")
  if [ "$exported" != safe_docker_plugin_v1 ]; then
    complain "$plugin exports: ${exported:-nothing}"
  fi
  if [ "$sanitized" = yes ]; then
    continue
  fi
  runtime=$(awk '$1 ~ /^[0-9]+:$/ && $7 == "UND" && $5 != "WEAK" && $8 ~ /^(_Z|__cxa_|__gxx_)/ && $8 !~ /^__cxa_(finalize|atexit|thread_atexit_impl)(@|$)/ { print $8 }' <<<"$symbols")
  if [ -n "$runtime" ]; then
    complain "$plugin leaves to others: $runtime"
  fi
  while read -r library; do
    case $library in
      libc.so.6 | ld-linux*.so.*) ;;
      *) complain "$plugin needs $library" ;;
    esac
  done < <(readelf --dynamic --wide "$plugin" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
done
exit $status
