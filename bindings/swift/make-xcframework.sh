#!/bin/sh
# Makes MynacardFFI.xcframework, and the Swift sources that go with it, for apps on iPhone and iPad, their
# simulators, and the Mac. Runs on a Mac with Xcode and rustup. On any other system only --check runs.
#
#   make-xcframework.sh            a release
#   make-xcframework.sh --sim      with the virtual card in it; not for a release
#   make-xcframework.sh --check    says what is missing here, builds nothing
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
features=uniffi
bindings=
check=
for argument; do
    case $argument in
    --sim) features=uniffi,sim bindings=--sim ;;
    --check) check=yes ;;
    *)
        echo "usage: make-xcframework.sh [--sim] [--check]" >&2
        exit 2
        ;;
    esac
done

# A device, both kinds of simulator, both kinds of Mac.
device=aarch64-apple-ios
simulators="aarch64-apple-ios-sim x86_64-apple-ios"
macs="aarch64-apple-darwin x86_64-apple-darwin"

missing=
for tool in cargo rustc xcodebuild lipo; do
    command -v "$tool" > /dev/null || missing="$missing $tool"
done
for target in $device $simulators $macs; do
    ls "$(rustc --print target-libdir --target "$target")"/libstd-*.rlib > /dev/null 2>&1 ||
        missing="$missing rust-std-for-$target"
done
if [ -n "$missing" ]; then
    echo "make-xcframework.sh cannot run here; missing:$missing" >&2
    echo "on a Mac with Xcode: rustup target add $device $simulators $macs" >&2
fi
test -z "$check" || exit 0
test -z "$missing"

target=${CARGO_TARGET_DIR:-$root/target}
made=$target/xcframework
rm -rf "$made" "$here/MynacardFFI.xcframework"
mkdir -p "$made/headers/MynacardFFI" "$made/simulator" "$made/mac"

# As old a system as the package allows.
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0
cd "$root"
for one in $device $simulators $macs; do
    cargo rustc --release --package mynacard-ffi --lib --features "$features" --target "$one" --crate-type staticlib
done
library() {
    echo "$target/$1/release/libmynacard.a"
}
for group in simulator mac; do
    case $group in
    simulator) names=$simulators ;;
    mac) names=$macs ;;
    esac
    set --
    for one in $names; do set -- "$@" "$(library "$one")"; done
    lipo -create "$@" -output "$made/$group/libmynacard.a"
done

# The sources are made from a library of this machine with the same features: what is exported is the same.
# shellcheck disable=SC2086 # nothing, or one word
generated=$(cargo xtask bindings --release $bindings | tail -n 1)
cp "$generated/swift/MynacardRaw.swift" "$here/Sources/MynacardRaw/"
cp "$generated/swift/MynacardFFI.h" "$made/headers/MynacardFFI/"
# An XCFramework brings its library along: no `link` line. A folder of its own, since Xcode puts the headers of all
# frameworks into one.
printf 'module MynacardFFI {\n    header "MynacardFFI.h"\n    export *\n}\n' > "$made/headers/MynacardFFI/module.modulemap"

xcodebuild -create-xcframework \
    -library "$(library "$device")" -headers "$made/headers" \
    -library "$made/simulator/libmynacard.a" -headers "$made/headers" \
    -library "$made/mac/libmynacard.a" -headers "$made/headers" \
    -output "$here/MynacardFFI.xcframework"
echo "$here/MynacardFFI.xcframework"
