// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.VerifyOutcome

/** A VERIFY of 照合番号B: what became of it and what it cost. */
public sealed class Verification(
    /** Tries left before it; null if the card told no number. */
    public val leftBefore: Int?,
    /** Tries left after it, the last number the card gave; null if it gave none. */
    public val left: Int?,
    /** Tries that it cost: 0 or 1. */
    public val spent: Int,
    /** The floor in force. */
    public val floor: Int,
) {
    private constructor(raw: jp.mynacard.ffi.Verification) :
        this(raw.leftBefore?.toInt(), raw.left?.toInt(), raw.spent.toInt(), raw.floor.toInt())

    /** Right. The counter is back at its maximum. */
    public class Accepted internal constructor(raw: jp.mynacard.ffi.Verification) : Verification(raw)

    /** The key was open already; nothing was sent. */
    public class AlreadyOpen internal constructor(raw: jp.mynacard.ffi.Verification) : Verification(raw)

    /** Wrong. One try is spent: show how many are left, and the digits that were typed. */
    public class Rejected internal constructor(raw: jp.mynacard.ffi.Verification) : Verification(raw)

    /** Blocked, before or by this try. Only a municipal office unlocks it. */
    public class Blocked internal constructor(raw: jp.mynacard.ffi.Verification) : Verification(raw)

    /** Not tried, because fewer tries are left than the floor. Nothing is spent. */
    public class RefusedByFloor internal constructor(raw: jp.mynacard.ffi.Verification) :
        Verification(raw)

    override fun toString(): String =
        "${this::class.java.simpleName}(leftBefore=$leftBefore, left=$left, spent=$spent, floor=$floor)"

    internal companion object {
        fun of(raw: jp.mynacard.ffi.Verification): Verification = when (raw.outcome) {
            VerifyOutcome.ACCEPTED -> Accepted(raw)
            VerifyOutcome.ALREADY_OPEN -> AlreadyOpen(raw)
            VerifyOutcome.REJECTED -> Rejected(raw)
            VerifyOutcome.BLOCKED -> Blocked(raw)
            VerifyOutcome.REFUSED_BY_FLOOR -> RefusedByFloor(raw)
        }
    }
}
