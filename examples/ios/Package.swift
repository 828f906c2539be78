// swift-tools-version: 6.0
import PackageDescription

// What the app decides, without its views: it runs and is tested on any system. The app itself is project.yml.
let withSim = Context.environment["MYNACARD_SIM"] == "1"
let sdk = { (product: String) in Target.Dependency.product(name: product, package: "swift") }

let package = Package(
    name: "EncounterApp",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "EncounterModel", targets: ["EncounterModel"])],
    dependencies: [.package(path: "../../bindings/swift")],
    targets: [
        .target(name: "EncounterModel", dependencies: [sdk("Mynacard"), sdk("MynacardNFC")])
    ]
        + (withSim
            ? [
                .testTarget(
                    name: "EncounterModelTests",
                    dependencies: ["EncounterModel", sdk("Mynacard"), sdk("MynacardSim")])
            ] : []),
    swiftLanguageModes: [.v6]
)
