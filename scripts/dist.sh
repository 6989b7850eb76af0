#!/usr/bin/env bash
# dist.sh [PROGRAM [FOLDER]]: puts what is shipped into build/dist: the program without its debug information, the
# configuration files, and in lib/ the libraries that no Debian package brings (the program looks for them there).
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/cluster/bytebasket}
folder=${2:-build/dist}

rm -rf "$folder"
mkdir -p "$folder/lib"
install -m 755 "$program" "$folder/bytebasket"
strip --strip-debug "$folder/bytebasket"
cp -r config deploy/systemd/bytebasket.service "$folder/"
# ldd: "libarrow.so.2600 => /path/libarrow.so.2600 (0x…)"
ldd "$program" | sed -n 's/^\t\(\S*\) => \(\S*\) .*/\1 \2/p' | while read -r name path; do
  case $path in
    /lib/* | /lib64/* | /usr/*) ;;
    *) cp -L "$path" "$folder/lib/$name" ;;
  esac
done
printf '== %s is complete: copy it, and install the packages of scripts/packages-run.txt\n' "$folder" >&2
