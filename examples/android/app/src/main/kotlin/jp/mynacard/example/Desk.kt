// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.example

import java.io.IOException
import java.security.GeneralSecurityException
import jp.mynacard.AuditLog
import jp.mynacard.CardFace
import jp.mynacard.CardTransport
import jp.mynacard.Encounter
import jp.mynacard.EncounterEvent
import jp.mynacard.FaultCode
import jp.mynacard.Fetched
import jp.mynacard.HandoverForm
import jp.mynacard.HostClock
import jp.mynacard.LinkFault
import jp.mynacard.MedicalSource
import jp.mynacard.MynacardException
import jp.mynacard.Part
import jp.mynacard.Pixels
import jp.mynacard.Picture
import jp.mynacard.Reading
import jp.mynacard.ReadingEvent
import jp.mynacard.Resumed
import jp.mynacard.Roots
import jp.mynacard.SameCard
import jp.mynacard.VerificationNumberB
import jp.mynacard.adviceJa
import jp.mynacard.read
import jp.mynacard.resume
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** What stands on the screen. */
data class Screen(
    /** What the crew should do. */
    val message: String = "照合番号Bを入力し、カードをかざしてください。",
    /** Why there is no photo, of a card that was read: a small child's has none, and one may not decode. */
    val withoutPhoto: String = "",
    /** What the card says of its holder. */
    val holder: String = "",
    /** What is known about the trust in the card. */
    val verdict: String = "",
    /** What the crew could record now: one button each. */
    val events: List<EncounterEvent> = emptyList(),
    /** Where the chips cannot tell whether it is the card of before: the crew's answers, one button each. */
    val cards: List<Pair<String, SameCard>> = emptyList(),
    /** Whether the button for the medical information is there. */
    val mayView: Boolean = false,
    /** The page for the hospital. */
    val page: String = "",
)

/** One encounter at a time, without anything of Android: what the screen shows, and what its buttons do. */
class Desk(
    private val log: AuditLog,
    private val roots: Roots,
    private val source: MedicalSource,
    private val crew: String,
    /** Shows a photo, or none. It closes the pixels. */
    private val showPhoto: (Pixels?) -> Unit,
    /** Takes from the screen what the crew has typed, at the end of an encounter. */
    private val forgetTyped: () -> Unit,
) : AutoCloseable {
    private val shown = MutableStateFlow(Screen())
    private var encounter: Encounter? = null
    private var torn: Reading? = null
    private var unclear: Reading? = null

    val screen: StateFlow<Screen> = shown.asStateFlow()

    /** Whether a card has moved away before its end: the next tap goes on with it, by the same number. */
    val isTorn: Boolean get() = torn != null

    /** Reads a card that is held to the tablet, or goes on with the one that moved away. */
    suspend fun tap(card: CardTransport, number: VerificationNumberB): Unit = told {
        val earlier = torn
        torn = null
        val reading = when (earlier) {
            null -> card.read(number, watch = ::watch)
            else -> again(card, earlier, number)
        }
        val face = reading.face()
        if (face is Part.Read) face.value.close()
        val lost = (reading.certificate() as? Part.NotRead)?.fault?.code == LinkFault.LOST.code
        if (lost && face is Part.Read) {
            torn = reading
            shown.value = shown.value.copy(message = "カードが離れました。もう一度かざしてください。")
            return@told
        }
        take(reading)
    }

    private suspend fun again(card: CardTransport, earlier: Reading, number: VerificationNumberB): Reading = earlier.use {
        when (val resumed = card.resume(it, number, watch = ::watch)) {
            is Resumed.WentOn -> resumed.reading
            is Resumed.DidNot -> {
                resumed.reading.close()
                throw MynacardException.of(resumed.fault)
            }
        }
    }

    private fun watch(event: ReadingEvent) {
        when (event) {
            is ReadingEvent.Progress -> shown.value = shown.value.copy(message = event.phase.adviceJa)
            is ReadingEvent.Face -> event.face.use(::showPhotoOf)
            is ReadingEvent.Done -> Unit
        }
    }

    /** A photo that is missing or does not decode costs nothing else of the card. */
    private fun showPhotoOf(face: CardFace) {
        val pixels = try {
            face.pixels(Picture.PHOTO)
        } catch (_: MynacardException) {
            null
        }
        showPhoto(pixels)
        val without = if (face.has(Picture.PHOTO)) "顔写真を表示できません" else "顔写真なし"
        // What another card has said does not stand beside this one's face.
        shown.value = shown.value.copy(withoutPhoto = if (pixels == null) without else "", holder = "", verdict = "")
    }

    /** Gives the reading to the encounter, which begins with the first card. */
    private suspend fun take(reading: Reading, same: SameCard = SameCard.CHIPS_TELL) {
        forgetUnclear()
        var kept = false
        try {
            val it = encounter ?: log.begin(crew).also { begun -> encounter = begun }
            // Before the encounter takes it out.
            val holder = holderOf(reading)
            reading.examine(roots, HostClock.ofThisDevice()).use { report ->
                val event = it.cardRead(reading, same)
                shown.value =
                    shown.value.copy(message = event.labelJa, holder = holder, verdict = report.verdictStatement.ja)
            }
        } catch (why: MynacardException) {
            if (why.fault.constant == FaultCode.REFUSAL_CARD_UNCLEAR) {
                kept = true
                unclear = reading
                shown.value = shown.value.copy(cards = CARDS)
            }
            throw why
        } finally {
            if (!kept) reading.close()
        }
    }

    /** Goes by the word of the crew, who looked at the card. */
    suspend fun cardIs(same: SameCard): Unit = told {
        val it = unclear ?: return@told
        unclear = null
        take(it, same)
    }

    private fun forgetUnclear() {
        unclear?.close()
        unclear = null
        shown.value = shown.value.copy(cards = emptyList())
    }

    /** Records what a button says. */
    suspend fun record(event: EncounterEvent): Unit = told {
        encounter?.record(event)
        shown.value = shown.value.copy(message = event.labelJa)
    }

    /** Asks for a permit, and with it for the medical information. */
    suspend fun view(): Unit = told {
        val it = encounter ?: return@told
        it.requestPermit()
        when (val fetched = it.fetch(source)) {
            Fetched.Records -> shown.value = shown.value.copy(page = it.handover(HandoverForm.PAGE))
            is Fetched.Nothing -> shown.value = shown.value.copy(message = fetched.event.labelJa)
        }
    }

    /** Does something and shows what can be done next; a failure is its advice. */
    private suspend fun told(act: suspend () -> Unit) {
        try {
            act()
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (failure: MynacardException) {
            shown.value = shown.value.copy(message = failure.adviceJa)
        } catch (_: IOException) {
            shown.value = shown.value.copy(message = NOT_STORED)
        } catch (_: GeneralSecurityException) {
            shown.value = shown.value.copy(message = NOT_STORED)
        }
        val ended = encounter?.takeIf { it.wayOut != null }
        if (ended != null) {
            ended.close()
            encounter = null
            forgetUnclear()
            showPhoto(null)
            forgetTyped()
            shown.value = Screen(message = "終了しました。次のカードをかざしてください。")
            return
        }
        val now = encounter ?: return
        shown.value = shown.value.copy(
            events = now.allowedEvents(),
            mayView = now.permitUntil == null && now.permitRefusal() == null,
            page = if (now.permitUntil == null) "" else shown.value.page,
        )
    }

    /** Waits until the permit behind the page has ended, if there is a page, and takes it from the screen. */
    suspend fun hidePageInTime() {
        if (shown.value.page.isEmpty()) return
        while (encounter?.permitUntil != null) delay(1.seconds)
        shown.value = shown.value.copy(page = "")
    }

    override fun close() {
        torn?.close()
        unclear?.close()
        encounter?.close()
        log.close()
        roots.close()
    }

    private companion object {
        val CARDS = listOf("同じカード" to SameCard.CREW_SAYS_SAME, "別のカード" to SameCard.CREW_SAYS_OTHER)
        const val NOT_STORED = "記録を保存できません。端末の管理者に連絡してください。"
    }
}
