#!/bin/sh
# Debian 13 (trixie) in a folder, for what Debian 12 has not: Swift, a Wine that knows PC/SC. It is kept
# outside the repository. Needs debootstrap, and root or sudo. Whatever is mounted is mounted in a namespace
# of its own: it is gone when the command ends, however it ends.
#
#   trixie.sh PACKAGE…                    makes it if it is not there, and installs packages in it
#   trixie.sh --has PROGRAM…              succeeds if every program is in it and commands can be run there
#   trixie.sh --run FOLDER… -- COMMAND…   runs a command in it, as the caller, in the present folder, which
#                                         must be within one of the folders that it is to see. It gets no
#                                         environment; put `env NAME=VALUE` before it
set -eu
root=${XDG_CACHE_HOME:-$HOME/.cache}/mynacard/trixie
case $(id -u) in
0) sudo= ;;
*) sudo="sudo --non-interactive" ;;
esac

# From the mirror that this machine uses itself.
make() {
    test ! -e "$root" || return 0
    site=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
    test -n "$site" || { echo "no Debian mirror is known here" >&2; return 1; }
    mkdir -p "${root%/*}"
    # A half-made one is made anew.
    $sudo rm -rf --one-file-system "$root.part"
    $sudo unshare --mount debootstrap --variant=minbase trixie "$root.part" "$site" > "$root.log" 2>&1 || {
        tail "$root.log" >&2
        return 1
    }
    $sudo mv "$root.part" "$root"
}

within() {
    as=$1
    shift
    $sudo unshare --mount sh "$0" --within "$root" "$as" "$PWD" "$@"
}

case ${1-} in
--has)
    shift
    test -e "$root"
    within 0:0 "$PWD" -- sh -ec 'for program; do command -v "$program"; done' sh "$@"
    ;;
--run)
    shift
    within "$(id -u):$(id -g)" "$@"
    ;;
--within)
    root=$2 as=$3 folder=$4
    shift 4
    mount --bind /proc "$root/proc"
    mount --rbind /dev "$root/dev"
    while [ "$1" != -- ]; do
        mkdir -p "$root$1"
        mount --rbind "$1" "$root$1"
        shift
    done
    shift
    # What programs look for at home, nobody else can have put there.
    home=/home/${as%:*}
    install --directory --mode=700 --owner="${as%:*}" --group="${as#*:}" "$root$home"
    exec chroot --userspec="$as" "$root" /usr/bin/env --ignore-environment --chdir="$folder" \
        HOME="$home" XDG_RUNTIME_DIR="$home" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
    ;;
*)
    make
    apt() {
        within 0:0 "$PWD" -- env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet "$@"
    }
    apt update
    apt install --yes --no-install-recommends "$@" > "$root.log"
    apt clean
    ;;
esac
