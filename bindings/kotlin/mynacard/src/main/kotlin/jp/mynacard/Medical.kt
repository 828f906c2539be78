// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.MedicalAnswer
import jp.mynacard.ffi.ViewScope
import kotlin.time.Instant

/** What a permit opens: the emergency summary (救急用サマリー), or the full view (全量版), which includes it. */
public typealias Scope = ViewScope

/**
 * What kind of medical source a host has. A drill may ask none but invented patients (架空の傷病者). The layout of what the
 * eligibility system (オンライン資格確認等システム) replies was read off public code and never verified, and every hand-over says so.
 */
public typealias SourceKind = jp.mynacard.ffi.SourceKind

/** Why there is no medical information, though everything worked as it should. */
public typealias NoRecordsReason = jp.mynacard.ffi.NoRecordsReason

/** A permit in force: its line stands in the log. */
public data class Permit(
    /** What it opens. */
    val scope: Scope,
    /** When it ends, unless something ends it before. */
    val until: Instant,
)

/** What a medical source is asked. */
public data class Query(
    /** What is wanted. A source may give more: only this is kept. */
    val scope: Scope,
    /** The moment of asking. */
    val at: Instant,
)

/** A place that medical information comes from. It is asked only under a permit. */
public interface MedicalSource {
    /** What kind of source it is. A drill asks no real one. */
    public val kind: SourceKind

    /** Asks for everything that is known. What it throws goes to whoever fetches, and nothing is shown. */
    public suspend fun ask(query: Query): Answer

    /** What a source answers. Its bytes are overwritten after use. */
    public sealed interface Answer {
        /** One patient file, of a synthetic source. */
        public class PatientFile(internal val json: ByteArray) : Answer {
            override fun toString(): String = "PatientFile"
        }

        /** Replies of the eligibility system in XML, about the holder of the card that was read. */
        public class Replies(internal val xml: List<ByteArray>) : Answer {
            override fun toString(): String = "Replies"
        }

        /** Nothing, for this reason. */
        public class Nothing(internal val reason: NoRecordsReason) : Answer
    }
}

internal fun MedicalSource.Answer.raw(): MedicalAnswer = when (this) {
    is MedicalSource.Answer.PatientFile -> MedicalAnswer.PatientFile(json)
    is MedicalSource.Answer.Replies -> MedicalAnswer.Replies(xml)
    is MedicalSource.Answer.Nothing -> MedicalAnswer.Nothing(reason)
}

internal fun MedicalSource.Answer.wipe(): Unit = when (this) {
    is MedicalSource.Answer.PatientFile -> json.fill(0)
    is MedicalSource.Answer.Replies -> xml.forEach { it.fill(0) }
    is MedicalSource.Answer.Nothing -> Unit
}

/** What came of asking a source. */
public sealed interface Fetched {
    /** There is something to show: it is in the hand-over while the permit is in force. */
    public data object Records : Fetched

    /** The source gave nothing, for this reason, which is in the log. */
    public data class Nothing(val event: EncounterEvent) : Fetched
}

/** A form of the hand-over (引き継ぎ): to be read aloud, one page, both in Japanese; or one JSON object, complete. */
public typealias HandoverForm = jp.mynacard.ffi.HandoverForm

/**
 * Whether a card is the one that the encounter has already: as far as the chips tell, or, where they cannot, by the word
 * of the crew, who looked.
 */
public typealias SameCard = jp.mynacard.ffi.SameCard

/** What the crew has found. What was not measured is null. */
public class CrewNotes(
    /** Who calls: the name of the unit (救急隊名). */
    public val unit: String = "",
    /** Chief complaint (主訴). */
    public val complaint: String = "",
    /** Consciousness (意識), `JCS 2`. */
    public val consciousness: String = "",
    /** Systolic blood pressure, mmHg. */
    public val systolic: Int? = null,
    /** Diastolic blood pressure, mmHg. */
    public val diastolic: Int? = null,
    /** Pulse, a minute. */
    public val pulse: Int? = null,
    /** Breaths, a minute. */
    public val breaths: Int? = null,
    /** Oxygen saturation, percent. */
    public val oxygen: Int? = null,
    /** Body temperature in tenths of a degree Celsius. */
    public val temperatureTenths: Int? = null,
) {
    internal fun raw(): jp.mynacard.ffi.CrewNotes = jp.mynacard.ffi.CrewNotes(
        unit,
        complaint,
        consciousness,
        measured(systolic),
        measured(diastolic),
        measured(pulse),
        measured(breaths),
        measured(oxygen, UByte.MAX_VALUE.toInt())?.toUByte(),
        measured(temperatureTenths),
    )

    override fun toString(): String = "CrewNotes"

    private fun measured(value: Int?, greatest: Int = UShort.MAX_VALUE.toInt()): UShort? {
        if (value != null && value !in 0..greatest) throw MynacardException.of(FaultCode.MISUSE_OUT_OF_RANGE)
        return value?.toUShort()
    }
}
