#!/usr/bin/env bash
# From a fresh clone to a working safe-docker: installs what is missing, builds, installs below ~/.local (or the folder
# given), and shows two verdicts of the installed program.
#   packaging/bootstrap.sh [--prefix DIR]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prefix=${PREFIX:-${HOME:-}/.local}
umask 022 # what others can write is not loaded

usage() {
  echo "usage: $0 [--prefix DIR]   (default: ~/.local)"
}

while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      prefix=$2
      shift 2
      ;;
    --prefix=*)
      prefix=${1#--prefix=}
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done

# A relative prefix counts from where the user stands, not from the build folder.
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac

build_and_install() {
  "$root/packaging/install-packages.sh" build
  cd "$root"
  cmake --preset release -DCMAKE_INSTALL_PREFIX="$prefix" -DSAFE_DOCKER_TESTS=OFF
  cmake --build --preset release
  cmake --install build/release
}

# What Claude Code would hand to the hook for the shell command $1. The commands below need no JSON escapes.
hook_input() {
  printf '{"hook_event_name":"PreToolUse","cwd":"%s","tool_name":"Bash","tool_input":{"command":"%s"}}' "$HOME" "$1"
}

show_verdict() {
  local answer
  answer=$(hook_input "$1" | "$program" hook)
  echo
  echo "  \$ $1"
  echo "  ${answer:-(no output: no objection)}"
}

build_and_install
program=$prefix/bin/safe-docker

echo
echo "safe-docker is installed: $program"
echo "This is what an agent's hook would now be told:"
show_verdict 'docker run --rm -v /etc:/host-etc alpine'
show_verdict 'docker run --rm -v ~/projects:/app -w /app node:20 npm test'

cat <<EOF

To let Claude Code ask it before each command:     $program setup claude-code
To put it in front of docker for yourself:         $program setup
To see whether all of it works:                    $program doctor
EOF
case :$PATH: in
  *:"$prefix/bin":*) ;;
  *) printf '\n%s is not in your PATH yet.\n' "$prefix/bin" ;;
esac
