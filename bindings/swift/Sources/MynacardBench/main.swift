import Foundation
import Mynacard
import MynacardSim

// What a call across the boundary costs, and what a whole read costs.

/// Nanoseconds of one of `count` repetitions, the best of five rounds.
func cost(_ count: Int, _ body: () async throws -> Void) async rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<5 {
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<count { try await body() }
        best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / Double(count))
    }
    return best
}

func row(_ what: String, _ nanoseconds: Double) {
    let (value, unit) = nanoseconds < 10_000 ? (nanoseconds, "ns") : (nanoseconds / 1000, "us")
    print(what.padding(toLength: 60, withPad: " ", startingAt: 0) + String(format: "%10.1f ", value) + unit)
}

guard let card = SimulatedCard("adult"), let digits = card.digits else { fatalError("no virtual card") }
let number = try VerificationNumberB(digits: digits)
let reading = try await MyNumberCard(over: card).read(with: number)
let face = try reading.face

row("swift: a call that gives a number", await cost(20_000) { _ = try? reading.triesSpent })
row("swift: a call that gives a record", await cost(20_000) { _ = face.birthDate })
row("swift: a call that gives text", await cost(20_000) { _ = MynacardError(.linkLost).fault.adviceJa })
row("swift: the photo, decoded", try await cost(20) { _ = try face.pixels(of: .photo) })
let photo = try face.pixels(of: .photo)
row("swift: all pixels of the photo, in place", await cost(1_000) { photo.withUnsafeBytes { precondition($0.count > 0) } })

// The same plan as in Rust.
var plan = ReadingPlan.everything
plan.challenge = .none
let inRust = try await cost(20) {
    card.takeOff()
    try card.readInRust()
}
row("rust:  a whole read, the virtual card's part included", inRust)
let inSwift = try await cost(20) {
    card.takeOff()
    _ = try await MyNumberCard(over: card).read(plan, with: number)
}
row("swift: a whole read, the virtual card's part included", inSwift)
card.takeOff()
let exchanges = try await MyNumberCard(over: card).read(plan, with: number).statistics.exchanges
card.takeOff()
print("exchanges: \(try card.readInRust()) in Rust, \(exchanges) in Swift")
