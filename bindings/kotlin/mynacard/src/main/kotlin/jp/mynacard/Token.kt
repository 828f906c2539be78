// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.time.LocalDate
import jp.mynacard.ffi.Availability
import jp.mynacard.ffi.Identified as RawIdentified
import jp.mynacard.ffi.KeyTries
import jp.mynacard.ffi.TokenKind

/** What lies on the reader. Only [Token.CARD] is what this service takes. */
public typealias Token = TokenKind

/** What lies on the reader ([RawIdentified.kind]), and what else is on it. */
public typealias Identified = RawIdentified

/** Which certificates there are. Holders under 15 never have one for signatures. */
public typealias Certificates = Availability

/** The tries left of one key. */
public sealed interface TriesLeft {
    /** So many; 0 means blocked. */
    public data class Count(val left: Int) : TriesLeft

    /** The card answered, but told no number. */
    public data object NotTold : TriesLeft

    /** Nothing is known, for this reason. */
    public data class Unknown(val fault: Fault) : TriesLeft
}

private fun KeyTries.toKotlin(): TriesLeft {
    val (fault, left) = this
    return when {
        fault != null -> TriesLeft.Unknown(Fault.of(fault.toInt()))
        left != null -> TriesLeft.Count(left.toInt())
        else -> TriesLeft.NotTold
    }
}

/** The tries left of every key that is known, each for itself. */
public data class AllTries(
    /** 照合番号B of the card-face application. */
    val faceB: TriesLeft,
    /** 照合番号B of the text application. */
    val textB: TriesLeft,
    /** PIN of the text application. */
    val textPin: TriesLeft,
    /** PIN of the authentication key. */
    val authenticationPin: TriesLeft,
    /** Password of the signature key. */
    val signaturePassword: TriesLeft,
) {
    internal constructor(raw: jp.mynacard.ffi.AllTries) : this(
        raw.faceB.toKotlin(),
        raw.textB.toKotlin(),
        raw.textPin.toKotlin(),
        raw.authenticationPin.toKotlin(),
        raw.signaturePassword.toKotlin(),
    )
}

/** The card's own record; null for what is not understood. */
public data class CardRecord(
    /** The card's last day (有効期限). */
    val expiry: LocalDate?,
    /** The issuing municipality (市区町村コード), five digits. */
    val municipality: String?,
)

/** What a card says of itself without any number. Nothing of it is signed. */
public class CardFacts internal constructor(raw: jp.mynacard.ffi.CardFacts) {
    /** The card's own record. */
    public val record: Part<CardRecord> = part(raw.cardFault) {
        CardRecord(raw.expiry?.toLocalDate(), raw.municipality)
    }

    /** Which certificates there are. */
    public val certificates: Part<Certificates> = part(raw.certificatesFault) { raw.certificates }

    private fun <T : Any> part(fault: UShort?, value: () -> T?): Part<T> = when (fault) {
        null -> value()?.let { Part.Read(it) } ?: Part.NotAttempted
        else -> Fault.of(fault.toInt()).let { Part.NotRead(it, it.toString()) }
    }
}
