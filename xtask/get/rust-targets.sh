#!/bin/sh
# Rust's standard library for other systems. What `rustup target add` has installed is used as it is. For
# the rest cargo builds it from its source, which Debian has at the compiler's own version (in the
# backports); it is kept outside the repository.
#
#   rust-targets.sh                  gets the source
#   rust-targets.sh --source         prints the folder of the source; fails if it is not there
#   rust-targets.sh --has TARGET…    succeeds if every one of these is installed
set -eu
release=$(rustc --version | cut -d' ' -f2)
kept=${XDG_CACHE_HOME:-$HOME/.cache}/mynacard/rust-src-$release
source=$kept/usr/src/rustc-$release/library

installed() {
    for target; do
        ls "$(rustc --print target-libdir --target "$target")"/libstd-*.rlib > /dev/null 2>&1 || return 1
    done
}

# From the mirror that this machine uses itself, without touching its lists.
from_debian() {
    site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
    test -n "$site" || { echo "no Debian mirror is known here; use: rustup target add" >&2; return 1; }
    rm -rf "$kept"
    mkdir -p "$kept/apt/lists/partial" "$kept/apt/cache/archives/partial"
    : > "$kept/apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site trixie-backports main" > "$kept/apt/sources"
    apt() {
        apt-get --quiet --quiet -o APT::Sandbox::User= -o Dir::Etc::SourceList="$kept/apt/sources" \
            -o Dir::Etc::SourceParts=- -o Dir::State="$kept/apt" -o Dir::State::status="$kept/apt/status" \
            -o Dir::Cache="$kept/apt/cache" "$@"
    }
    apt update
    (cd "$kept/apt" && apt download "rust-src=$release+*")
    dpkg-deb --fsys-tarfile "$kept/apt"/rust-src_*.deb |
        tar --extract --directory "$kept" --wildcards "./usr/src/rustc-$release/library/*"
    rm -rf "$kept/apt"
}

case ${1-} in
--source)
    test -e "$source/Cargo.lock"
    echo "$source"
    ;;
--has)
    shift
    installed "$@"
    ;;
*)
    from_debian
    ;;
esac
