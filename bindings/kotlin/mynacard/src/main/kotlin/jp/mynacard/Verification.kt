// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

/** What became of a VERIFY. */
public typealias VerifyOutcome = jp.mynacard.ffi.VerifyOutcome

/** A VERIFY of 照合番号B: what became of it and what it cost. */
public data class Verification(
    /** What became of it. Of a wrong number show how many tries are left, and the digits that were typed. */
    val outcome: VerifyOutcome,
    /** Tries left before it; null if the card told no number. */
    val leftBefore: Int?,
    /** Tries left after it, the last number the card gave; null if it gave none. */
    val left: Int?,
    /** Tries that it cost: 0 or 1. */
    val spent: Int,
    /** The floor in force. */
    val floor: Int,
    /** Whether the plan had allowed even the last try to be spent. */
    val allowedLastTries: Boolean,
) {
    internal constructor(raw: jp.mynacard.ffi.Verification) : this(
        raw.outcome,
        raw.leftBefore?.toInt(),
        raw.left?.toInt(),
        raw.spent.toInt(),
        raw.floor.toInt(),
        raw.allowedLastTries,
    )
}
