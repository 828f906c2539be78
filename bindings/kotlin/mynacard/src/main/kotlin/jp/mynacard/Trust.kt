// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.CardValue
import jp.mynacard.ffi.CardVerdict
import kotlin.time.Clock
import kotlin.time.Instant

/** Roots of trust. Make them once: making them parses every certificate. */
public class Roots private constructor(roots: jp.mynacard.ffi.Roots) : AutoCloseable {
    internal val native = Native(roots)

    /** Lets them go. A second time does nothing. */
    override fun close(): Unit = native.close()

    public companion object {
        /**
         * The roots of cards issued to the public. Those of the card's own certificates are community-sourced: the issuer has
         * never published them.
         */
        public fun production(): Roots = Roots(translated { jp.mynacard.ffi.Roots.production() })

        /** The roots of test cards, which are nobody's. For tests and demonstrations only. */
        public fun testCards(): Roots = Roots(translated { jp.mynacard.ffi.Roots.testCards() })

        /** Your own roots from a JSON file. Errors: [MynacardException.Operator] of kind [FaultKind.ROOTS]. */
        public fun fromJson(json: ByteArray): Roots =
            Roots(translated { jp.mynacard.ffi.Roots.fromJson(json) })
    }
}

/** What the host knows about the time. */
public sealed interface HostClock {
    /** Nothing: dates are not judged. */
    public data object Unknown : HostClock

    /** The time, from a clock that the host vouches for. */
    public data class Trusted(val now: Instant) : HostClock

    /** The time, from a clock that may be wrong: dates are judged by it, and the report says so. */
    public data class Untrusted(val now: Instant) : HostClock

    public companion object {
        /** The tablet's own clock, which anybody can set. */
        public fun ofThisDevice(): HostClock = Untrusted(Clock.System.now())
    }
}

internal val HostClock.raw: jp.mynacard.ffi.HostClock
    get() = when (this) {
        HostClock.Unknown -> jp.mynacard.ffi.HostClock.Unknown
        is HostClock.Trusted -> jp.mynacard.ffi.HostClock.Trusted(now.unixMillis())
        is HostClock.Untrusted -> jp.mynacard.ffi.HostClock.Untrusted(now.unixMillis())
    }

/** Milliseconds since 1970. Errors: `Misuse::OutOfRange` for a moment before. */
internal fun Instant.unixMillis(): ULong {
    val millis = toEpochMilliseconds()
    if (millis < 0) throw MynacardException.of(FaultCode.MISUSE_OUT_OF_RANGE)
    return millis.toULong()
}

/** The verdict on a card. */
public sealed interface Verdict {
    /** Genuine records. [live]: this chip proved that they are its own; without it, they may have been copied. */
    public data class Genuine(val live: Boolean) : Verdict

    /** A test card, never a person's. */
    public data class Test(val live: Boolean) : Verdict

    /** Nothing failed, but too little was checked to say more. */
    public data object Unverified : Verdict

    /** An issuer is not among the roots. */
    public data object IssuerUnknown : Verdict

    /** The authentication certificate has been revoked. */
    public data object Revoked : Verdict

    /** Parts contradict each other. */
    public data object Contradictory : Verdict

    /** Something was altered or made up. */
    public data object Forged : Verdict

    public companion object {
        internal fun of(raw: CardVerdict): Verdict = when (raw) {
            CardVerdict.GENUINE_LIVE -> Genuine(live = true)
            CardVerdict.GENUINE_NOT_LIVE -> Genuine(live = false)
            CardVerdict.TEST_LIVE -> Test(live = true)
            CardVerdict.TEST_NOT_LIVE -> Test(live = false)
            CardVerdict.UNVERIFIED -> Unverified
            CardVerdict.ISSUER_UNKNOWN -> IssuerUnknown
            CardVerdict.REVOKED -> Revoked
            CardVerdict.CONTRADICTORY -> Contradictory
            CardVerdict.FORGED -> Forged
        }
    }
}

/** Something to tell the crew: in Japanese and English, with a stable name for machines. */
public typealias Statement = jp.mynacard.ffi.Statement

/** A value on a card, to ask a report about. */
public typealias Value = CardValue

/** How a value was authenticated, and why, as a stable name; what is genuine names its roots. */
public typealias Authenticity = jp.mynacard.ffi.Authenticity

/** How a value was authenticated. Genuine: signed, and the signature leads to a root. Not: that this chip is present. */
public typealias AuthenticityStatus = jp.mynacard.ffi.AuthenticityStatus

/** What is known about the trust in one card. Nothing is called genuine by default. */
public class TrustReport internal constructor(report: jp.mynacard.ffi.TrustReport) : AutoCloseable {
    internal val native = Native(report)

    /** The verdict. */
    public val verdict: Verdict get() = native.call { Verdict.of(it.verdict()) }

    /** The verdict in words. */
    public val verdictStatement: Statement get() = native.call { it.verdictStatement() }

    /** Why the chip did not prove itself live; null if it did. */
    public val notLive: Statement? get() = native.call { it.notLive() }

    /** What else is to be known. */
    public val findings: List<Statement> get() = native.call { it.findings() }

    /** How a value was authenticated. */
    public operator fun get(value: Value): Authenticity = native.call { it.of(value) }

    /** Lets it go. A second time does nothing. */
    override fun close(): Unit = native.close()
}
