#!/usr/bin/env bash
# Whether the packages are what they should be: makes them (release.sh), looks at them with the distributions' own tools,
# installs them into a fresh Debian and asks the installed program, upgrades, removes and purges them.
#   test-packages.sh [--packages DIR]   (DIR: as release.sh made it; nothing is built then)
# Installing takes root, and mmdebstrap fetches the fresh Debian once into build/.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in
  '')
    packages=$root/dist
    "$root/packaging/release.sh" --output "$packages" || exit
    ;;
  --packages) packages=$(cd "$2" && pwd) || exit ;;
  *)
    echo "usage: $0 [--packages DIR]" >&2
    exit 2
    ;;
esac
# shellcheck source=packaging/release-environment.sh
. "$root/packaging/release-environment.sh"
oracles=$("$root/packaging/install-oracles.sh") || exit
export PYTHONPATH=$oracles${PYTHONPATH:+:$PYTHONPATH}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
count=0

deb=$packages/safe-docker_$version-1_$(dpkg --print-architecture).deb
dev_deb=$packages/safe-docker-plugin-dev_$version-1_all.deb
rpm=$packages/safe-docker-$version-1.$(uname -m).rpm
dev_rpm=$packages/safe-docker-plugin-devel-$version-1.noarch.rpm
tarball=$packages/safe-docker-$version-linux-$(uname -m).tar.gz
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
plugins="bake compose destroy devcontainer flags images kube mounts rootless rules"

# ---- How a case reads: what should be, and the command that shows it --------------------------------------------------

report() { # RESULT WHAT [OUTPUT]
  count=$((count + 1))
  if [ "$1" = 0 ]; then
    echo "ok      $2"
  else
    failed=$((failed + 1))
    echo "FAILED  $2"
    [ -z "${3:-}" ] || printf '        | %s\n' "${3//$'\n'/$'\n'        | }"
  fi
}

holds() { # WHAT COMMAND...: it ends well
  local what=$1 output
  shift
  output=$("$@" 2>&1)
  report $? "$what" "$output"
}

prints() { # WHAT PATTERN COMMAND...: its output has a line that matches; how it ends is no matter
  local what=$1 pattern=$2 output
  shift 2
  output=$("$@" 2>&1)
  grep -qE -e "$pattern" <<<"$output"
  report $? "$what" "expected: $pattern"$'\n'"$output"
}

silent() { # WHAT COMMAND...: it ends well and prints nothing
  local what=$1 output result
  shift
  output=$("$@" 2>&1)
  result=$?
  [ "$result" = 0 ] && [ -z "$output" ]
  report $? "$what" "expected no output and success, got $result:"$'\n'"$output"
}

section() {
  echo "-- $*"
}

# ---- What can be seen without installing ------------------------------------------------------------------------------

no_debian_complaint() {
  lintian --allow-root --fail-on warning,error "$deb" "$dev_deb"
}

no_rpm_complaint() {
  local output
  output=$(rpmlint --config "$root/packaging/rpm/rpmlint.toml" "$rpm" "$dev_rpm" 2>&1)
  echo "$output"
  grep -q ' 0 errors, 0 warnings,' <<<"$output"
}

programs_in() { # FOLDER: what the loader would look at
  find "$1" -type f \( -name '*.so' -o -perm -100 \) ! -name '*.sh' | sort
}

needs_libc_alone() { # FOLDER
  local file status=0
  while read -r file; do
    if readelf --dynamic --wide "$file" | grep -E '\((RPATH|RUNPATH)\)' ||
      readelf --dynamic --wide "$file" | grep NEEDED | grep -vE '\[(libc\.so\.6|libm\.so\.6|ld-linux.*)\]'; then
      echo "$file"
      status=1
    fi
  done < <(programs_in "$1")
  return $status
}

hardened() { # FOLDER: programs in all respects; what plugins lack has nothing to protect in some of them
  local file status=0
  while read -r file; do
    case $file in
      *.so)
        hardening-check --nocfprotection "$file" >"$work/hardening" || true
        for line in 'Read-only relocations: yes' 'Immediate binding: yes'; do
          grep -q "^ *$line" "$work/hardening" || { cat "$work/hardening"; status=1; }
        done
        ;;
      *) hardening-check --nocfprotection "$file" || status=1 ;;
    esac
  done < <(programs_in "$1")
  return $status
}

names_no_build_folder() { # FOLDER
  ! grep -rlF "$root" "$1"
}

section "the files"
holds "SHA256SUMS names what is there" bash -c "cd '$packages' && sha256sum --check --strict SHA256SUMS &&
  [ \"\$(wc -l <SHA256SUMS)\" = \"\$(find . -type f ! -name SHA256SUMS | wc -l)\" ]"
holds "lintian: no error, no warning" no_debian_complaint
holds "rpmlint: no error, no warning" no_rpm_complaint
mkdir "$work/deb" "$work/dev" && dpkg-deb -x "$deb" "$work/deb" && dpkg-deb -x "$dev_deb" "$work/dev"
holds "programs and plugins need libc alone" needs_libc_alone "$work/deb"
holds "programs are hardened" hardened "$work/deb"
holds "nothing names the folder it was built in" names_no_build_folder "$work/deb"
holds "docker itself is not among the files" test ! -e "$work/deb/usr/bin/docker"
holds "the SBOM is sound and says what the copyright file says" \
  python3 -B "$root/tests/packages/check_sbom.py" "$packages/safe-docker.cdx.json" "$root/packaging/deb/copyright"
holds "the formula follows Homebrew's rules" \
  ruby "$root/tests/packages/check_formula.rb" "$packages/safe-docker.rb" "$packages/safe-docker-$version.tar.xz" \
  "$work/deb/usr/bin"

# ---- A fresh Debian ---------------------------------------------------------------------------------------------------

fresh_debian=$root/build/fresh-debian.tar
debian=$work/debian

# inside COMMAND...: run as root of the fresh Debian, in root's home, where docker would look for nothing.
inside() {
  # shellcheck disable=SC2016 # $0 and $@ are the inner shell's
  unshare --mount bash -c 'mount --bind /proc "$0/proc" && cd / && exec chroot "$0" /usr/bin/env -i \
    HOME=/root PATH="${SEARCH:-/usr/sbin:/usr/bin:/sbin:/bin}" LC_ALL=C.UTF-8 "$@"' "$debian" "$@"
}

hook() { # PROGRAM SHELL-COMMAND: what an agent would be told
  printf '{"hook_event_name":"PreToolUse","cwd":"/root","tool_name":"Bash","tool_input":{"command":"%s"}}' "$2" |
    inside "$1" hook
}

files_inside() {
  (cd "$debian" && find . -xdev ! -path './proc/*' ! -path './var/lib/dpkg/*' ! -path './var/lib/rpm/*' \
    ! -path './var/log/*' ! -path './var/cache/*' | sort)
}

verdicts_of() { # PROGRAM
  prints "  denied: a folder of the system" '"permissionDecision": ?"deny".*mounts/' hook "$1" 'docker run -v /etc:/x alpine'
  prints "  denied: --privileged" '"permissionDecision": ?"deny".*flags/' hook "$1" 'docker run --privileged alpine'
  silent "  silent: an ordinary run" hook "$1" 'docker run --rm alpine true'
  silent "  silent: no docker at all" hook "$1" 'git status && make test'
  prints "  asked: a volume that would be gone" '"permissionDecision": ?"ask".*destroy/' hook "$1" 'docker volume rm data'
  prints "  it says its version" "^safe-docker $version" inside "$1" --version
  prints "  its helpers are found" '^services:' inside "$1" compose -f /root/compose.yaml resolve
  local name
  inside "$1" plugins >"$work/plugins" 2>&1
  for name in $plugins; do
    prints "  plugin $name is loaded" "^$name [0-9.]+ " cat "$work/plugins"
  done
}

# The folder in front of PATH: docker is safe-docker there, and behind it is the real one.
wrapper_of() { # PREFIX
  local SEARCH=$1/lib/safe-docker/bin:/usr/local/bin:/usr/bin:/bin
  export SEARCH
  prints "  docker in $1/lib/safe-docker/bin finds the real docker" '^real docker: ps -a$' inside docker ps -a
  prints "  and denies before it" '^\[safe-docker\] Blocked: .*mounts/outside-home' inside docker run -v /etc:/x alpine
  prints "  docker-compose as well" '^real docker-compose: ps$' inside docker-compose -f /root/compose.yaml ps
}

prepare_debian() {
  if [ ! -e "$fresh_debian" ]; then
    mkdir -p "$root/build"
    # shellcheck disable=SC1091
    (. /etc/os-release && mmdebstrap --quiet --format=tar --variant=essential "$VERSION_CODENAME" "$fresh_debian.new") &&
      mv "$fresh_debian.new" "$fresh_debian" || return
  fi
  mkdir "$debian" && tar -xf "$fresh_debian" -C "$debian" && mkdir -p "$debian/proc" || return
  printf 'services:\n  web:\n    image: nginx\n' >"$debian/root/compose.yaml"
  local name
  for name in docker docker-compose; do
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho "real %s: ${*#-f /root/compose.yaml }"\n' "$name" >"$debian/usr/local/bin/$name"
    chmod 755 "$debian/usr/local/bin/$name"
  done
}

if [ "$(id -u)" != 0 ]; then
  echo "not root: what is installed is not tested"
  [ -z "${CI:-}" ] || exit 1
  [ "$failed" = 0 ] && exit 77
  exit 1
fi
holds "a fresh Debian is there" prepare_debian
files_inside >"$work/before"

# ---- deb --------------------------------------------------------------------------------------------------------------

manual_pages() { # ROOT ZSH-FOLDER
  local file
  for file in share/man/man1/safe-docker.1.gz share/man/man5/safe-docker-config.5.gz share/man/man7/safe-docker-rules.7.gz \
    share/bash-completion/completions/safe-docker "$2/_safe-docker" \
    share/fish/vendor_completions.d/safe-docker.fish; do
    holds "  $file" test -s "$1/$file"
  done
}

next_version() { # of the package, with another configuration
  dpkg-deb -R "$deb" "$work/next" && sed -i "s/^Version: .*/Version: $version-2/" "$work/next/DEBIAN/control" &&
    echo '# The next version has more to say.' >>"$work/next/etc/safe-docker/config.toml" &&
    rm -f "$work/next/DEBIAN/md5sums" && dpkg-deb --root-owner-group -b "$work/next" "$debian/root/next.deb"
}

section "deb"
cp "$deb" "$dev_deb" "$debian/root/"
holds "dpkg installs both, with nothing missing" \
  inside dpkg --install "/root/${deb##*/}" "/root/${dev_deb##*/}"
rm "$debian"/root/*.deb
holds "plugins are in the multiarch folder" test -e "$debian/usr/lib/$multiarch/safe-docker/plugins/mounts.so"
prints "the machine's configuration is sound" 'ok$' inside safe-docker check-config --config /etc/safe-docker/config.toml
silent "and sets nothing" bash -c "grep -v '^#' '$debian/etc/safe-docker/config.toml' | grep ."" && exit 1 || exit 0"
verdicts_of /usr/bin/safe-docker
wrapper_of /usr
manual_pages "$debian/usr" share/zsh/vendor-completions

# ---- A plugin, with nothing but the dev package -------------------------------------------------------------------------

build_example() { # with CMake
  cp -r "$work/dev/usr/share/doc/safe-docker-plugin-dev/examples/registry" "$work/registry" &&
    cmake -S "$work/registry" -B "$work/registry/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/dev/usr" &&
    cmake --build "$work/registry/build" && grep -q "^SafeDockerPluginApi_DIR:PATH=$work/dev/" "$work/registry/build/CMakeCache.txt"
}

build_example_by_hand() { # with the command of its README
  (cd "$work/registry" && export PKG_CONFIG_PATH=$work/dev/usr/share/pkgconfig &&
    eval "$(sed -n '/^    c++ /,$p' README.md)" && test -s registry.so)
}

use_example() { # LIBRARY
  mkdir -p "$debian/usr/local/lib/safe-docker/plugins" "$debian/root/.config/safe-docker" &&
    install -m 644 "$1" "$debian/usr/local/lib/safe-docker/plugins/registry.so" &&
    printf '[plugins.%s]\n%s\n' registry 'path = "/usr/local/lib/safe-docker/plugins/registry.so"' \
      registry.settings 'registry = "registry.example.com"' >"$debian/root/.config/safe-docker/config.toml"
}

section "a plugin of one's own"
for way in "build_example $work/registry/build/registry.so CMake" "build_example_by_hand $work/registry/registry.so pkg-config"; do
  read -r build library name <<<"$way"
  holds "the example builds with $name" "$build"
  holds "  it can be declared" use_example "$library"
  prints "  the installed program loads it" '^registry 1\.0\.0 ' inside safe-docker plugins
  prints "  and it denies" '"permissionDecision": ?"deny".*registry/foreign-registry' hook safe-docker 'docker run alpine'
  silent "  and lets its own registry be" hook safe-docker 'docker run registry.example.com/alpine'
done
rm -rf "$debian/usr/local/lib/safe-docker" "$debian/root/.config"

# ---- Upgrade and removal ------------------------------------------------------------------------------------------------

section "upgrade, removal, purge"
echo 'blocked_flags = ["--tty"]' >>"$debian/etc/safe-docker/config.toml"
prints "an edited configuration is in force" '"deny".*flags/' hook safe-docker 'docker run --tty alpine'
holds "the next version" next_version
holds "  is installed" inside dpkg --force-confdef --force-confold --install /root/next.deb
prints "  and is that one" "^$version-2\$" inside dpkg-query --show --showformat "\${Version}\n" safe-docker
prints "  the edited configuration is still in force" '"deny".*flags/' hook safe-docker 'docker run --tty alpine'
rm "$debian/root/next.deb"
holds "removed" inside dpkg --remove safe-docker safe-docker-plugin-dev
holds "  the programs are gone" test ! -e "$debian/usr/bin/safe-docker"
holds "  the edited configuration is not" grep -q tty "$debian/etc/safe-docker/config.toml"
holds "purged" inside dpkg --purge safe-docker safe-docker-plugin-dev
files_inside >"$work/after"
silent "  nothing is left" diff "$work/before" "$work/after"

# ---- rpm ----------------------------------------------------------------------------------------------------------------

section "rpm"
# Folders that are the distribution's own where rpm is at home.
mkdir -p "$debian"/usr/{include,lib64} "$debian"/usr/share/{cmake,doc,licenses,pkgconfig,man/man1,man/man5,man/man7} \
  "$debian"/usr/share/{bash-completion/completions,fish/vendor_completions.d,zsh/site-functions}
files_inside >"$work/before"
# libc comes from the Debian that it is put into; what else it needs would be missing in the verdicts below.
prints "needs libc and nothing else" '^0$' bash -c \
  "rpm -qp --requires '$rpm' | grep -cvE '^(lib[cm]\.so\.6|ld-linux|rtld|rpmlib|config\(safe-docker\))'"
holds "rpm installs both" rpm --root "$debian" --install --nodeps "$rpm" "$dev_rpm"
holds "plugins are in lib64" test -e "$debian/usr/lib64/safe-docker/plugins/mounts.so"
prints "an edited configuration would be kept" '^/etc/safe-docker/config.toml cn$' \
  rpm --root "$debian" -q --queryformat '[%{FILENAMES} %{FILEFLAGS:fflags}\n]' safe-docker
silent "rpm finds all as it should be" rpm --root "$debian" --verify --nodeps safe-docker safe-docker-plugin-devel
verdicts_of /usr/bin/safe-docker
wrapper_of /usr
manual_pages "$debian/usr" share/zsh/site-functions
holds "rpm removes both" rpm --root "$debian" --erase safe-docker safe-docker-plugin-devel
rm -rf "$debian/var/lib/rpm" "$debian/root/.rpmdb" # rpm's own
files_inside >"$work/after"
silent "  nothing is left" diff "$work/before" "$work/after"

# ---- tar.gz -------------------------------------------------------------------------------------------------------------

section "tar.gz"
holds "one folder is in it" bash -c "[ \"\$(tar -tzf '$tarball' | cut -d / -f 1 | sort -u)\" = '$(basename "$tarball" .tar.gz)' ]"
holds "it unpacks" tar -xzf "$tarball" -C "$debian/opt"
holds "it may be moved" mv "$debian/opt/$(basename "$tarball" .tar.gz)" "$debian/opt/moved"
verdicts_of /opt/moved/bin/safe-docker
wrapper_of /opt/moved
manual_pages "$debian/opt/moved" share/zsh/site-functions

echo "$count cases, $failed failed"
[ "$failed" = 0 ]
