#!/bin/sh
# What can be checked of Apple's side without Apple's systems; the rest is named.
#
#   check.sh                   scripts and property lists
#   check.sh --swift BUILT     sources, with Swift; BUILT is the package's build folder
set -eu
cd "$(dirname "$0")/../.."
if [ "${1-}" = --swift ]; then
    stubs=$2/apple
    mkdir -p "$stubs"
    for pair in CoreNFC:MynacardNFC CryptoTokenKit:MynacardReader; do
        framework=${pair%:*} module=${pair#*:}
        swiftc -emit-module -parse-as-library -module-name "$framework" -swift-version 5 \
            -o "$stubs/$framework.swiftmodule" "Tests/apple/$framework.swift"
        swiftc -typecheck -swift-version 6 -warnings-as-errors -module-name "$module" -I "$stubs" \
            -I "$2/debug/Modules" -Xcc -fmodule-map-file=Sources/MynacardFFI/module.modulemap "Sources/$module"/*.swift
        echo "$module: type-checked against declarations of $framework written after Apple's documentation"
    done
    swiftc -parse ../../examples/ios/App/*.swift
    echo "examples/ios/App: parsed"
    exit
fi
sh -n make-xcframework.sh
./make-xcframework.sh --check
python3 - <<'CHECK'
import pathlib, plistlib, re

info = plistlib.loads(pathlib.Path("AppFiles/Info.plist").read_bytes())
aids = info["com.apple.developer.nfc.readersession.iso7816.select-identifiers"]
# Which they are is a matter of the Rust tests, which make the list from the library's own.
assert aids and all(re.fullmatch("(?:[0-9A-F]{2}){5,16}", aid) for aid in aids), aids
assert info["NFCReaderUsageDescription"]
app = plistlib.loads(pathlib.Path("AppFiles/App.entitlements").read_bytes())
assert app["com.apple.developer.nfc.readersession.formats"] == ["TAG"]
privacy = plistlib.loads(pathlib.Path("Sources/Mynacard/PrivacyInfo.xcprivacy").read_bytes())
assert privacy["NSPrivacyTracking"] is False and privacy["NSPrivacyCollectedDataTypes"] == []
print(f"AppFiles: {len(aids)} application identifiers; the property lists are well-formed")
CHECK
cat <<'SAID'
NOT RUN HERE, for want of Apple's systems:
  make-xcframework.sh beyond its checks (Xcode: lipo, xcodebuild)
  Sources/MynacardNFC/CoreNFCSession.swift, beyond its types (Core NFC, and an iPhone with a card)
  Sources/MynacardReader/SlotTransport.swift, beyond its types (CryptoTokenKit, and an iPad with a reader)
  Pixels.cgImage() in Sources/Mynacard/CardFace.swift (Core Graphics)
  the protection class of the log's file in Sources/Mynacard/FileLogStore.swift (an iPhone that is locked)
  examples/ios/App, beyond its syntax (SwiftUI, Security)
SAID
