import Mynacard

/// What stands on the system's sheet, which has room for one or two short lines.
public struct ScanTexts: Sendable, Hashable {
    /// Before a card is there.
    public var hold: String
    /// After more than one was there.
    public var onlyOne: String
    /// After something else was there.
    public var otherTag: String
    /// After the card moved away.
    public var again: String
    /// At the end.
    public var done: String
    /// Whether advice comes in Japanese.
    public var japanese: Bool

    /// Japanese.
    public static let ja = ScanTexts(
        hold: "マイナンバーカードを端末の上部に当ててください。",
        onlyOne: "カードを1枚だけ当ててください。",
        otherTag: "マイナンバーカードを当ててください。",
        again: "カードが離れました。もう一度当て、動かさないでください。",
        done: "読み取りました。",
        japanese: true)

    /// English.
    public static let en = ScanTexts(
        hold: "Hold the My Number Card to the top of the device.",
        onlyOne: "Hold one card only.",
        otherTag: "Hold a My Number Card.",
        again: "The card moved away. Hold it again, and hold still.",
        done: "Done.",
        japanese: false)

    /// During a reading: what to do, and how far the present part has come.
    func reading(_ progress: ReadingProgress) -> String {
        let advice = japanese ? progress.phase.adviceJa : progress.phase.adviceEn
        guard progress.bytesExpected > 0 else { return advice }
        let tenths = min(10, Int(progress.bytesDone * 10 / progress.bytesExpected))
        return advice + "\n" + String(repeating: "●", count: tenths)
            + String(repeating: "○", count: 10 - tenths)
    }

    /// Why it failed.
    func failed(_ error: MynacardError) -> String {
        japanese ? error.fault.adviceJa : error.fault.adviceEn
    }
}
