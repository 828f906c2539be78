#!/bin/sh
# Runs a Windows program under the Wine of Debian 13, whose winscard.dll takes cards from a pcscd (Debian
# 12's does not). The program sees the repository, the build folder and the folder of temporary files.
#
#   wine.sh PROGRAM ARGUMENT…
set -eu
repository=$(cd "$(dirname "$0")/.." && pwd)
built=$(cd "$repository" && realpath "${CARGO_TARGET_DIR:-target}")

# The daemon here takes no newer client library than its own.
client=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n 's/.*libpcsclite\.so\.1 .* => //p' | head -n 1)
if [ -n "$client" ]; then
    mkdir -p "$built/wine-pcsc"
    cp -u "$client" "$built/wine-pcsc/libpcsclite.so.1"
fi

socket=${PCSCLITE_CSOCK_NAME:+PCSCLITE_CSOCK_NAME=$PCSCLITE_CSOCK_NAME}
exec sh "$repository/xtask/get/trixie.sh" --run "$repository" "$built" "${TMPDIR:-/tmp}" -- \
    env WINEPREFIX="$built/wine" WINEDEBUG=-all LD_LIBRARY_PATH="$built/wine-pcsc" \
    ${socket:+"$socket"} wine "$@"
