// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.FaultActor
import jp.mynacard.ffi.faultRow

/** Who can do something about a fault. */
public typealias Actor = FaultActor

/** What kind of thing went wrong: the ranges of the error table. */
public enum class FaultKind(internal val codes: IntRange) {
    /** Between reader and card. */
    LINK(1000..1999),

    /** The card's own answers. */
    CARD(2000..2999),

    /** 照合番号B, or the tries left for it. */
    CREDENTIAL(3000..3999),

    /** What stands on the card cannot be understood. */
    MALFORMED(4000..4999),

    /** Consent or a permit is missing, or another rule of the encounter. */
    REFUSAL(5100..5149),

    /** A consent receipt of the service. */
    RECEIPT(5150..5199),

    /** A bound on bytes, exchanges or pixels. */
    LIMIT(6000..6999),

    /** The audit log, being written or verified. */
    AUDIT(7000..7999),

    /** The medical source and its answers. */
    MEDICAL(8000..8999),

    /** Calls in the wrong order, or with arguments that cannot be. */
    MISUSE(9000..9099),

    /** Between this language and the library. */
    BOUNDARY(9100..9199),

    /** The roots of trust. */
    ROOTS(10000..10999),

    /** A later version's, which this one does not know. */
    UNKNOWN(IntRange.EMPTY),
}

/**
 * One row of the error table, as a value: what went wrong, who must act, what to tell them. Nothing that was given or
 * read is in it. Two faults with the same code are equal.
 */
public class Fault internal constructor(
    /** The stable code (docs/errors.md). */
    public val code: Int,
    /** Its name, such as `LinkFault::Lost`. */
    public val name: String,
    /** Who can do something about it. */
    public val actor: Actor,
    /** A technical sentence in English, for logs. */
    public val text: String,
    /** What to tell the person, in Japanese. */
    public val adviceJa: String,
    /** What to tell the person, in English. */
    public val adviceEn: String,
) {
    /** The code as a constant; null for one that this version does not know. */
    public val constant: FaultCode? get() = FaultCode.of(code)

    /** What kind of thing went wrong. */
    public val kind: FaultKind
        get() = FaultKind.entries.find { code in it.codes } ?: FaultKind.UNKNOWN

    override fun equals(other: Any?): Boolean = other is Fault && other.code == code

    override fun hashCode(): Int = code

    override fun toString(): String = "$code $name: $text"

    public companion object {
        /** The row of a code; for one that this version does not know, a row that says so. */
        public fun of(code: Int): Fault {
            Mynacard.check()
            val row = faultRow(code.toUShort())
                ?: return Fault(code, "unknown", Actor.INTEGRATOR, "unknown fault", "", "")
            return Fault(code, row.name, row.actor, row.text, row.adviceJa, row.adviceEn)
        }

        internal fun of(code: FaultCode): Fault = of(code.code)
    }
}
