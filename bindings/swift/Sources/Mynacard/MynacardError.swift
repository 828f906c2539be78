import Foundation
import MynacardRaw

/// What went wrong: a code of the error table (docs/errors.md), and nothing of what was given or read.
public struct Fault: Sendable, Hashable {
    /// The stable number.
    public let number: UInt16

    /// A fault by its number; also one that this version does not know.
    public init(number: UInt16) {
        self.number = number
    }

    /// A fault by its code.
    public init(_ code: FaultCode) {
        self.init(number: code.rawValue)
    }

    /// The code; nil for one that this version does not know: treat it as a failure, show the advice.
    public var code: FaultCode? { FaultCode(rawValue: number) }

    /// A technical sentence in English, for logs. Nothing personal is in it.
    public var technicalText: String { row?.text ?? "fault \(number)" }

    /// What to tell the person, in Japanese.
    public var adviceJa: String { row?.adviceJa ?? "エラーが発生しました(\(number))。" }

    /// What to tell the person, in English.
    public var adviceEn: String { row?.adviceEn ?? "Something failed (\(number))." }

    private var row: FaultRow? { faultRow(code: number) }

    fileprivate var actor: FaultActor { row?.actor ?? .integrator }
}

/// A failure, by who can do something about it.
public enum MynacardError: Error, Sendable, Hashable {
    /// The ambulance crew (救急隊員), now: `fault.adviceJa` says what.
    case crew(Fault)
    /// The card's holder (本人), later, at a municipal office.
    case holder(Fault)
    /// Whoever runs the tablet (運用者), its reader and its data files.
    case `operator`(Fault)
    /// Whoever wrote the program that calls this library (開発者).
    case integrator(Fault)

    /// The error of a fault: the table says who must act.
    public init(_ fault: Fault) {
        self = switch fault.actor {
        case .crew: .crew(fault)
        case .holder: .holder(fault)
        case .operator: .operator(fault)
        case .integrator: .integrator(fault)
        }
    }

    /// The error of a code.
    public init(_ code: FaultCode) {
        self.init(Fault(code))
    }

    /// What went wrong.
    public var fault: Fault {
        switch self {
        case .crew(let fault), .holder(let fault), .operator(let fault), .integrator(let fault): fault
        }
    }

    /// The code; nil for one that this version does not know.
    public var code: FaultCode? { fault.code }
}

extension MynacardError: LocalizedError, CustomStringConvertible {
    /// What to tell the person, in the language of the device: Japanese or English.
    public var errorDescription: String? {
        Locale.current.identifier.hasPrefix("ja") ? fault.adviceJa : fault.adviceEn
    }

    /// The number and a technical sentence, for logs.
    public var description: String { "\(fault.number): \(fault.technicalText)" }
}

/// Calls the library and gives its failure as what it is. A panic in the library is `.boundaryPanicked`.
func calling<T>(_ body: () throws -> T) throws(MynacardError) -> T {
    do {
        return try body()
    } catch MynacardFault.Failed(let code) {
        throw MynacardError(Fault(number: code))
    } catch let error as MynacardError {
        throw error
    } catch {
        throw MynacardError(.boundaryPanicked)
    }
}

extension UInt16? {
    /// The error of a code that the library gave as a value.
    var asError: MynacardError? { map { MynacardError(Fault(number: $0)) } }
}
