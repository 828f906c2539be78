import Foundation
import MynacardRaw

/// Something that happens during a reading.
public enum ReadingEvent: Sendable {
    /// How far it has come: show `progress.phase.adviceJa`.
    case progress(ReadingProgress)
    /// The card face, which is there before the rest: show it.
    case face(CardFace)
    /// The end: what was read, part by part.
    case finished(CardReading)
}

/// A reading that was to go on after a torn tap (かざし直し).
public struct Resumption: Sendable {
    /// What there is now; the reading that was given is empty.
    public let reading: CardReading
    /// Why it did not go on, for example another card; nil if it did. The reading is then as it was.
    public let stopped: MynacardError?
}

/// A My Number Card on a reader.
///
/// Cancelling the task that reads ends it in order: nothing is sent after that, and what was read is given back. A
/// VERIFY whose answer is lost then counts as `.credentialOutcomeUnknown`, and the next reading looks at the tries
/// before it presents anything.
///
/// One at a time: while anything here is under way on a reader, also on another `MyNumberCard`, the next call is refused
/// with `.misuseLinkBusy`, and nothing is sent for it.
public struct MyNumberCard: Sendable {
    private let transport: any CardTransport

    /// The card that this transport reaches.
    public init(over transport: any CardTransport) {
        self.transport = transport
    }

    /// Finds out what lies on the reader, and what else is on it. Effect on the card: selects applications; no
    /// VERIFY.
    public func identify() async throws(MynacardError) -> Identified {
        let driver = try await pump { try Driver.identify(link: $0) }
        return try calling { try driver.token() }
    }

    /// The tries left of every key. Effect on the card: none; spends nothing.
    public func allTries() async throws(MynacardError) -> AllTries {
        let driver = try await pump { try Driver.tries(link: $0) }
        return try calling { try driver.allTries() }
    }

    /// What the card says of itself without any number. Effect on the card: no VERIFY.
    public func facts() async throws(MynacardError) -> CardFacts {
        let driver = try await pump { try Driver.facts(link: $0) }
        return try calling { try driver.cardFacts() }
    }

    /// Reads the card. Effect on the card: at most one VERIFY to each of the two applications that the plan opens;
    /// a wrong number spends one try and ends the use of the number.
    ///
    /// A card that moves away or refuses is no failure of this function: each part of the reading says why it is not
    /// there. Events come on the caller's task; do not block in them, the card is being held.
    ///
    /// Errors: `.misuseOutOfRange` for a challenge that cannot be a random one.
    public func read(
        _ plan: ReadingPlan = .everything, with number: VerificationNumberB,
        onEvent: @Sendable (ReadingEvent) -> Void = { _ in }
    ) async throws(MynacardError) -> CardReading {
        let driver = try await pump(onEvent) {
            try Driver.read(link: $0, number: number.raw, plan: plan.drawn())
        }
        return CardReading(raw: try calling { try driver.reading() })
    }

    /// Goes on with a torn reading. First the chip proves that it is the same card; no number is presented before that.
    ///
    /// Errors: `.credentialOutcomeUnknown` when a VERIFY may or may not have counted, `.linkBeginAnew` when there is
    /// nothing to go on with, `.misuseOutOfRange` without a challenge; the reading is then as it was.
    public func resume(
        _ reading: CardReading, _ plan: ReadingPlan = .everything, with number: VerificationNumberB,
        onEvent: @Sendable (ReadingEvent) -> Void = { _ in }
    ) async throws(MynacardError) -> Resumption {
        let driver = try await pump(onEvent) {
            try Driver.resume(link: $0, number: number.raw, plan: plan.drawn(), reading: reading.raw)
        }
        var stopped: MynacardError?
        do throws(MynacardError) {
            try calling { try driver.resumed() }
        } catch {
            stopped = error
        }
        return Resumption(reading: CardReading(raw: try calling { try driver.reading() }), stopped: stopped)
    }

    /// As `read`, as a sequence that ends with `.finished`. Leaving the loop, or cancelling the task around it, cancels
    /// the reading; the reader is free once the exchange that is under way has ended.
    public func events(
        _ plan: ReadingPlan = .everything, with number: VerificationNumberB
    ) -> AsyncThrowingStream<ReadingEvent, any Error> {
        AsyncThrowingStream { stream in
            let task = Task {
                do {
                    let reading = try await read(plan, with: number) { stream.yield($0) }
                    stream.yield(.finished(reading))
                    stream.finish()
                } catch {
                    stream.finish(throwing: error)
                }
            }
            stream.onTermination = { _ in task.cancel() }
        }
    }

    /// Makes a driver, which has the reader's link alone, and steps it to its end.
    private func pump(
        _ onEvent: @Sendable (ReadingEvent) -> Void = { _ in }, _ make: (Link) throws -> Driver
    ) async throws(MynacardError) -> Driver {
        let driver = try ReaderLinks.lend(transport, make)
        // The handler's function has no typed errors yet.
        let ended: Result<Void, MynacardError> = await withTaskCancellationHandler {
            do throws(MynacardError) {
                var action = try calling { try driver.start() }
                while let next = try await step(driver, &action, onEvent) { action = next }
                return .success(())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            driver.cancel()
        }
        try ended.get()
        return driver
    }

    private func step(
        _ driver: Driver, _ action: inout Action, _ onEvent: @Sendable (ReadingEvent) -> Void
    ) async throws(MynacardError) -> Action? {
        switch action {
        case .done:
            return nil
        case .progress(let progress):
            onEvent(.progress(progress))
            return try calling { try driver.proceed() }
        case .face(let face):
            onEvent(.face(CardFace(raw: face)))
            return try calling { try driver.proceed() }
        case .transmit:
            var command = action.takeCommand()
            defer { command.wipe() }
            var answer: Data
            do {
                try Task.checkCancellation()
                answer = try await transport.transmit(command)
            } catch {
                let failure = LinkFailure(thrown: error)
                return try calling { try driver.linkLost(code: failure.code.rawValue) }
            }
            defer { answer.wipe() }
            return try calling { try driver.respond(response: answer) }
        }
    }
}

extension Action {
    /// Takes the command out, so that nobody else holds its bytes and they can be wiped.
    mutating func takeCommand() -> Data {
        guard case .transmit(let command) = self else { return Data() }
        self = .done
        return command
    }
}
