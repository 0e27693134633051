# shellcheck shell=bash
# Sourced by the scripts that make what is released: the version, and surroundings that leave no trace in it.
# shellcheck disable=SC2154 # root: set by whoever sources this
version=$(sed -n 's/^  VERSION \([0-9.]*\)$/\1/p' "$root/CMakeLists.txt")
[ -n "$version" ] || { echo "no version in $root/CMakeLists.txt" >&2; exit 1; }

umask 022
export LC_ALL=C TZ=UTC
# The time of the commit; of the file in a source tarball, which has that time.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CMakeLists.txt")}
export SOURCE_DATE_EPOCH

# reproducible_tar FOLDER NAME...: of these, to the standard output.
reproducible_tar() {
  local folder=$1
  shift
  tar --create --directory="$folder" --sort=name --format=gnu --owner=root:0 --group=root:0 --mtime="@$SOURCE_DATE_EPOCH" "$@"
}

# write_checksums FOLDER: of all that lies in it.
write_checksums() {
  (
    cd "$1" || exit
    rm -f SHA256SUMS
    sums=$(sha256sum -- *)
    echo "$sums" >SHA256SUMS
  )
}
