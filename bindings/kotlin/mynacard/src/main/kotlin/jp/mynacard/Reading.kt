// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.time.LocalDate
import jp.mynacard.ffi.MynacardFault
import jp.mynacard.ffi.ReadingPart

/** What became of a part of a reading. */
public sealed interface Part<out T> {
    /** It was read. */
    public class Read<out T>(
        /** What was read. */
        public val value: T,
    ) : Part<T> {
        override fun toString(): String = "Read"
    }

    /** It was not read. */
    public class NotRead(
        /** Why, and who must act. */
        public val fault: Fault,
        /** A sentence for the log, with the operation and the card's status word. Nothing personal is in it. */
        public val logLine: String,
    ) : Part<Nothing> {
        override fun toString(): String = "NotRead($fault)"
    }

    /** It was not in the plan, or an earlier part made it pointless. */
    public data object NotAttempted : Part<Nothing>

    /** The value, or null. */
    public fun orNull(): T? = (this as? Read)?.value

    /** The value. Errors: the fault that kept it; `BoundaryFault::Absent` for what was not attempted. */
    public fun orThrow(): T = when (this) {
        is Read -> value
        is NotRead -> throw MynacardException.of(fault)
        NotAttempted -> throw MynacardException.of(FaultCode.BOUNDARY_ABSENT)
    }
}

/** The four attributes (基本4情報), exactly as on the card. Its strings cannot be wiped: let them go with the screen. */
public class Attributes internal constructor(
    /** Name (氏名). May hold characters that a font lacks: then show the picture of the name, as where it is null. */
    public val name: String?,
    /** Address (住所); null if it is no text that is understood. */
    public val address: String?,
    /** Birth date (生年月日); null if the chip has none that is a day of the calendar. */
    public val birthDate: LocalDate?,
    /** Sex (性別); null if the chip has another code. */
    public val sex: Sex?,
    /** Those that were not understood. */
    public val notUnderstood: List<NotUnderstood>,
) {
    override fun toString(): String = "Attributes"
}

/** What a reading has cost. */
public data class Statistics(
    /** Commands handed out. */
    val exchanges: Long,
    /** Bytes of those commands. */
    val bytesSent: Long,
    /** Bytes of the answers, status bytes included. */
    val bytesReceived: Long,
)

/**
 * What was read from one card, part by part. Close it when nothing shows it any more: the library then wipes it. An
 * encounter or a reading that goes on takes out what was read; every part then throws `BoundaryFault::Absent`.
 */
public class Reading internal constructor(reading: jp.mynacard.ffi.Reading) : AutoCloseable {
    internal val native = Native(reading)

    /** The card face. Each call gives an object to close. */
    public fun face(): Part<CardFace> = part(ReadingPart.FACE) { CardFace(it.face()) }

    /** The four attributes. */
    public fun attributes(): Part<Attributes> = part(ReadingPart.ATTRIBUTES) {
        val others = it.notUnderstood().map(::NotUnderstood)
        Attributes(it.name(), it.address(), it.birthDate()?.toLocalDate(), it.sex(), others)
    }

    /** The authentication certificate, X.509 DER. */
    public fun certificate(): Part<ByteArray> = part(ReadingPart.CERTIFICATE) { it.certificate() }

    /** The chip's answer to the nonce, which [examine] judges. */
    public fun proof(): Part<Unit> = part(ReadingPart.PROOF) {}

    /** The text application's answer to it. */
    public fun textProof(): Part<Unit> = part(ReadingPart.TEXT_PROOF) {}

    /** The VERIFY for the face; null if there was none, or its answer was lost. */
    public val faceVerification: Verification? get() = verification(ReadingPart.FACE)

    /** The VERIFY for the attributes; null if there was none, or its answer was lost. */
    public val attributesVerification: Verification? get() = verification(ReadingPart.ATTRIBUTES)

    /** Tries that the reading has spent, over both counters, as far as the card has answered. */
    public val triesSpent: Int get() = native.call { it.triesSpent().toInt() }

    /** What the reading has cost, over all taps. */
    public val statistics: Statistics get() = native.call { it.statistics().toKotlin() }

    /**
     * Checks everything that was read, and keeps what came of it with the reading: an encounter goes by that and by nothing else.
     * The report is for looking at; close it after use. Examining again replaces it. Effect on the card: none.
     */
    public fun examine(roots: Roots, clock: HostClock): TrustReport = native.call { reading ->
        roots.native.call { TrustReport(reading.examine(it, clock.raw)) }
    }

    /** Wipes it. A second time does nothing. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "Reading"

    private fun <T> part(part: ReadingPart, read: (jp.mynacard.ffi.Reading) -> T): Part<T> =
        native.call {
            when (val code = it.status(part)?.toInt()) {
                null -> Part.Read(read(it))
                FaultCode.BOUNDARY_ABSENT.code -> Part.NotAttempted
                else -> Part.NotRead(Fault.of(code), it.logLine(part))
            }
        }

    private fun verification(part: ReadingPart): Verification? = native.call {
        try {
            Verification(it.verification(part))
        } catch (fault: MynacardFault.Failed) {
            if (fault.code.toInt() != FaultCode.BOUNDARY_ABSENT.code || it.status(part) == null) throw fault
            null
        }
    }
}

internal fun jp.mynacard.ffi.Statistics.toKotlin(): Statistics =
    Statistics(exchanges.toLong(), bytesSent.toLong(), bytesReceived.toLong())
