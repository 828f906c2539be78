import Foundation
import MynacardRaw

/// What a medical source is asked.
public struct MedicalQuery: Sendable, Hashable {
    /// What is wanted. A source may give more: only this is kept.
    public let scope: ViewScope
    /// The moment of asking.
    public let at: Date
}

/// A place that medical data come from. It is asked only under a permit whose line is in the log.
public protocol MedicalSource: Sendable {
    /// Invented patients, or the eligibility system.
    var kind: SourceKind { get }

    /// Asks for everything that is known. What is to be expected, such as no signal, is an answer.
    ///
    /// Errors: the asking failed (`.medicalSourceFailed`); what was thrown goes no further, it could say anything.
    func ask(_ query: MedicalQuery) async throws -> MedicalAnswer
}

/// A permit whose line is in the log, so that it is in force.
public struct Permit: Sendable, Hashable {
    /// What it opens.
    public let scope: ViewScope
    /// When it ends by itself. A fact that is taken away ends it before.
    public let until: Date
}

/// An encounter (救急活動): one card, one patient, one permit.
///
/// Each function that makes a line of the log returns after the line is stored: recorded before seen. Errors are
/// `MynacardError`, or `LogNotStored` when the store failed; the event has then happened, and `store()` tries again. What is personal in it is wiped when nothing allows it any more, and at the latest with its last reference.
public actor Encounter {
    private let held: MynacardRaw.Encounter
    private let log: AuditLog
    private let crew: String
    private let now: @Sendable () -> Date
    // From before a source is asked until its answer is taken.
    private var isFetching = false

    /// Begins an encounter; a drill if the log is one of drills, which takes test cards.
    ///
    /// `crew` is who records: a staff number, 1 to 24 characters of `A-Z a-z 0-9 . _ -`, never a name. A permit lasts one
    /// hour, or `permitLasts` seconds, at most six hours. The first line is stored on the caller's thread.
    ///
    /// Errors: `.misuseOutOfRange` for such a name or time.
    public init(
        log: AuditLog, crew: String, permitLasts: TimeInterval? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.log = log
        self.crew = crew
        self.now = now
        let random = { SecretBytes.random(count: $0).withUnsafeBytes { Data($0) } }
        let permitMillis = try permitLasts.map { seconds in
            guard let millis = UInt64(exactly: (seconds * 1000).rounded(.down)) else {
                throw MynacardError(.misuseOutOfRange)
            }
            return millis
        }
        let start = EncounterStart(
            drill: log.isDrill, id: random(16), salt: random(32), permitMillis: permitMillis, crew: crew)
        let raw = try calling {
            try MynacardRaw.Encounter.open(start: start, nowUnixMillis: now().unixMillis)
        }
        held = raw
        _ = try log.record(raw)
    }

    /// Takes what was read from a card and examined (`CardReading.examine`), and gives the event that was recorded. A
    /// reading without a face is recorded as the failure that it is, and stays with the caller. Another card than before
    /// takes the place of the first: the wrong-patient guard.
    ///
    /// Errors, with reading and encounter as they were: `.boundaryNotExamined`; `.refusalCardUnclear` when nothing that was
    /// read of this card and the one before can be compared: ask the crew, and say what it saw with `sameCard`.
    @discardableResult
    public func take(_ reading: CardReading, sameCard: SameCard = .chipsTell) throws -> EncounterEvent {
        let event = try calling {
            try raw.cardRead(reading: reading.raw, sameCard: sameCard, crew: crew, nowUnixMillis: millis)
        }
        _ = try log.record(raw)
        return try known(event)
    }

    /// Records an event that is a crew's to record. `.clockCorrected`, after the device's clock was put right, lets the
    /// encounter go on and ends its permits.
    ///
    /// Errors: a refusal when it cannot be in the present state; nothing has changed then.
    public func record(_ event: EncounterEvent) throws {
        try calling { try raw.record(event: event.rawValue, crew: crew, nowUnixMillis: millis) }
        _ = try log.record(raw)
    }

    /// What a crew could record now: the buttons of a screen.
    public var allowedEvents: [EncounterEvent] {
        get throws {
            try calling { try raw.allowedEvents(nowUnixMillis: millis) }
                .compactMap(EncounterEvent.init(rawValue:))
        }
    }

    /// Why a permit would not be granted now; nil if it would.
    public var permitRefusal: MynacardError? {
        get throws { try calling { try raw.permitRefusal(nowUnixMillis: millis) }.asError }
    }

    /// Asks for a permit, and gives it when its line is in the log.
    ///
    /// Errors: the fact that is missing.
    public func permit(_ scope: ViewScope) throws -> Permit {
        try calling { try raw.requestPermit(scope: scope, crew: crew, nowUnixMillis: millis) }
        if let refusal = try log.record(raw) { throw refusal }
        guard let until = try permitUntil else { throw MynacardError(.refusalPermitEnded) }
        return Permit(scope: scope, until: until)
    }

    /// When the permit that is in force ends; nil if none is.
    public var permitUntil: Date? {
        get throws {
            try calling { try raw.permitUntil(nowUnixMillis: millis) }.map(Date.init(unixMillis:))
        }
    }

    /// Asks a source, if the permit in force covers it, also when its answer is there. Nil if there is something to show, else the event that was
    /// recorded: why the source gave nothing. Meanwhile the encounter is in use: what is called on it, also by the source,
    /// is refused with `.boundaryHandleBusy`. Cancelling the task cancels the source's.
    ///
    /// Errors: a refusal, with nothing asked; `.medicalSourceFailed` and its like.
    public func fetch(_ scope: ViewScope, from source: any MedicalSource) async throws -> EncounterEvent? {
        let asked = AskedSource(source, now)
        let (raw, crew, millis) = (try raw, crew, millis)
        // The library's own lock comes only with the thread below: until then something could be recorded half.
        isFetching = true
        let event: Result<UInt16?, MynacardError> = await withTaskCancellationHandler {
            await withCheckedContinuation { answered in
                // A thread that may wait: the library asks the source by a call that does.
                DispatchQueue.global().async {
                    let fetched = Result { () throws(MynacardError) in
                        try calling {
                            try raw.fetch(
                                scope: scope, kind: source.kind, source: asked, crew: crew,
                                nowUnixMillis: millis)
                        }
                    }
                    answered.resume(returning: fetched)
                }
            }
        } onCancel: {
            asked.cancel()
        }
        isFetching = false
        let number = try event.get()
        _ = try log.record(raw)
        return try number.map(known)
    }

    /// Notes the crew's findings for the hand-over, in the place of what was noted before.
    public func note(_ notes: CrewNotes) throws {
        try calling { try raw.noteCrewFacts(notes: notes) }
    }

    /// What the hospital is told (引き継ぎ). Ask for it before `.handedOver` is recorded, which ends the encounter. Medical
    /// information is in it only while its permit is in force. A Swift string cannot be wiped: let go of it early.
    public func handover(_ form: HandoverForm) throws -> String {
        try calling { try raw.handover(form: form, nowUnixMillis: millis) }
    }

    /// How the encounter ended; nil while it goes on.
    public var wayOut: EncounterEvent? {
        get throws { try calling { try raw.wayOut() }.map(known) }
    }

    /// How many lines wait for the log.
    public var unrecorded: Int {
        get throws { Int(try calling { try raw.unrecorded() }) }
    }

    /// Stores what waits for the log, after a store that failed.
    ///
    /// Errors: the refusal of a permit whose line came last, and which has become void meanwhile; nothing waits then.
    public func store() throws {
        if let refusal = try log.record(raw) { throw refusal }
    }

    /// Errors: `.boundaryHandleBusy` while a source is asked.
    private var raw: MynacardRaw.Encounter {
        get throws(MynacardError) {
            guard !isFetching else { throw MynacardError(.boundaryHandleBusy) }
            return held
        }
    }

    private var millis: UInt64 { now().unixMillis }

    private func known(_ number: UInt16) throws -> EncounterEvent {
        guard let event = EncounterEvent(rawValue: number) else { throw MynacardError(.misuseOutOfRange) }
        return event
    }
}

/// A source as the library calls it: it waits, on a thread that may.
private final class AskedSource: MynacardRaw.MedicalSource, @unchecked Sendable {
    private let source: any MedicalSource
    private let now: @Sendable () -> Date
    private let lock = NSLock()
    private var task: Task<Void, any Error>?
    private var cancelled = false

    init(_ source: any MedicalSource, _ now: @escaping @Sendable () -> Date) {
        self.source = source
        self.now = now
    }

    func ask(query: MynacardRaw.MedicalQuery) throws -> TimedAnswer {
        let query = MedicalQuery(scope: query.scope, at: Date(unixMillis: query.unixMillis))
        let done = DispatchSemaphore(value: 0)
        let answer = Answer()
        let task = Task { [source] in
            defer { done.signal() }
            answer.put(try await source.ask(query))
        }
        lock.withLock {
            self.task = task
            if cancelled { task.cancel() }
        }
        done.wait()
        guard let given = answer.take() else { throw SourceFailure.Failed }
        return TimedAnswer(answer: given, unixMillis: now().unixMillis)
    }

    func cancel() {
        lock.withLock {
            cancelled = true
            task?.cancel()
        }
    }

    /// An answer on its way from the source's task.
    private final class Answer: @unchecked Sendable {
        private let lock = NSLock()
        private var given: MedicalAnswer?

        func put(_ answer: MedicalAnswer) { lock.withLock { given = answer } }
        func take() -> MedicalAnswer? {
            lock.withLock {
                defer { given = nil }
                return given
            }
        }
    }
}
