#!/bin/sh
# A C compiler and a linker for any system, with headers: PyPI's `ziglang`, kept outside the repository.
#
#   zig.sh            gets it
#   zig.sh --where    prints its folder; fails if it is not there
set -eu
version=0.17.1
kept=${XDG_CACHE_HOME:-$HOME/.cache}/mynacard/ziglang-$version

if [ "${1-}" != --where ]; then
    rm -rf "$kept"
    python3 -m venv "$kept"
    "$kept/bin/pip" install --quiet --disable-pip-version-check "ziglang==$version"
fi
for folder in "$kept"/lib/python3*/site-packages/ziglang; do
    "$folder/zig" version > /dev/null
    echo "$folder"
done
