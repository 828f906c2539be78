// swift-tools-version: 6.0
import PackageDescription

// Two ways to have the library:
// - MynacardFFI.xcframework in this folder, made by make-xcframework.sh on a Mac: for apps.
// - a shared library whose folder is given to the linker: for the tests, on Linux. `cargo xtask test --only swift`
//   does all that is needed.
// MYNACARD_SIM=1: the library was built with the virtual card in it.
let environment = Context.environment
let withSim = environment["MYNACARD_SIM"] == "1"
let library: Target =
    environment["MYNACARD_SHARED"] == "1"
    ? .systemLibrary(name: "MynacardFFI")
    : .binaryTarget(name: "MynacardFFI", path: "MynacardFFI.xcframework")

var targets: [Target] = [
    library,
    // Made by UniFFI, not checked in.
    .target(name: "MynacardRaw", dependencies: ["MynacardFFI"]),
    .target(name: "Mynacard", dependencies: ["MynacardRaw"], resources: [.copy("PrivacyInfo.xcprivacy")]),
    .target(name: "MynacardNFC", dependencies: ["Mynacard"]),
    .target(name: "MynacardReader", dependencies: ["Mynacard"]),
]
var products: [Product] = [
    .library(name: "Mynacard", targets: ["Mynacard"]),
    .library(name: "MynacardNFC", targets: ["MynacardNFC"]),
    .library(name: "MynacardReader", targets: ["MynacardReader"]),
]
if withSim {
    products.append(.library(name: "MynacardSim", targets: ["MynacardSim"]))
    targets += [
        .target(name: "MynacardSim", dependencies: ["Mynacard", "MynacardRaw"]),
        .executableTarget(name: "MynacardBench", dependencies: ["Mynacard", "MynacardSim"]),
        // The program in README.md, put there by xtask.
        .executableTarget(name: "HelloCard", dependencies: ["Mynacard", "MynacardSim"]),
        .testTarget(name: "MynacardTests", dependencies: ["Mynacard", "MynacardSim"]),
        .testTarget(name: "MynacardNFCTests", dependencies: ["MynacardNFC", "MynacardSim"]),
        .testTarget(name: "MynacardReaderTests", dependencies: ["MynacardReader"]),
    ]
}

let package = Package(
    name: "mynacard",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: products,
    targets: targets,
    swiftLanguageModes: [.v6]
)
