#!/usr/bin/env bash
# The host and the plugins may need nothing at run time but libc and the loader: each further shared library costs more
# than all the rest of the work.   needed.sh HOST PLUGIN-FOLDER
set -euo pipefail

status=0
count=0
for file in "$1" "$2"/*.so; do
  count=$((count + 1))
  while read -r library; do
    case $library in
      libc.so.6 | ld-linux*.so.* | linux-vdso.so.*) ;;
      *)
        echo "$file needs $library"
        status=1
        ;;
    esac
  done < <(readelf --dynamic --wide "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
done
if [ "$count" -lt 7 ]; then
  echo "expected the host and six plugins, found $count files"
  status=1
fi
exit $status
