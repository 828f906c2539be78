import Mynacard

extension CardScanner {
    /// Opens the sheet, reads a card, and closes the sheet. When the card moves away, asks for it again and goes on where
    /// the reading was, at most `taps` times in all. Effect on the card: as `MyNumberCard.read`.
    ///
    /// It goes on only after the chip has proved that it is the same card. Where that cannot be (the answer to a VERIFY was
    /// lost, or the card left before its key was read), it does not begin anew by itself: another card might lie there, and
    /// the number would cost that one a try. The reading then says what is missing, and the crew decides.
    ///
    /// Errors: why no card was read at all.
    public func read(
        _ plan: ReadingPlan = .everything, with number: VerificationNumberB, taps: Int = 3,
        onEvent: @escaping @Sendable (ReadingEvent) -> Void = { _ in }
    ) async throws(MynacardError) -> CardReading {
        let told: @Sendable (ReadingEvent) -> Void = { event in
            onEvent(event)
            if case .progress(let progress) = event { self.show(progress) }
        }
        do throws(MynacardError) {
            var reading = try await MyNumberCard(over: nextCard()).read(plan, with: number, onEvent: told)
            for _ in 1..<max(taps, 1) {
                guard
                    try reading.isTorn(in: plan), let next = await goOn(reading, plan, number, told)
                else { break }
                reading = next
            }
            finish(try reading.firstFailure(in: plan))
            return reading
        } catch {
            finish(error)
            throw error
        }
    }

    /// One more tap. Nil if the reading is as it was and another tap would not help.
    private func goOn(
        _ reading: CardReading, _ plan: ReadingPlan, _ number: VerificationNumberB,
        _ told: @escaping @Sendable (ReadingEvent) -> Void
    ) async -> CardReading? {
        do throws(MynacardError) {
            let card = MyNumberCard(over: try await nextCard())
            return try await card.resume(reading, plan, with: number, onEvent: told).reading
        } catch {
            return nil
        }
    }
}

extension CardReading {
    /// Whether the card was lost on the way, so that another tap may help. A reading that was cancelled is not torn.
    func isTorn(in plan: ReadingPlan) throws(MynacardError) -> Bool {
        switch try firstFailure(in: plan)?.code {
        case .linkLost?, .linkReset?, .linkTimeout?, .linkMute?: true
        default: false
        }
    }

    /// Why the first part that is not there is not there.
    func firstFailure(in plan: ReadingPlan) throws(MynacardError) -> MynacardError? {
        let parts: [(Bool, ReadingPart)] = [
            (plan.face, .face), (plan.attributes, .attributes), (plan.certificate, .certificate),
        ]
        for (wanted, part) in parts where wanted {
            // What is merely absent has its reason in an earlier part.
            if let failure = try failure(of: part), failure.code != .boundaryAbsent { return failure }
        }
        return nil
    }
}
