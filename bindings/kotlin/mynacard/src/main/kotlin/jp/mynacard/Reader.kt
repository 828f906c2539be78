// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.Action
import jp.mynacard.ffi.Driver
import jp.mynacard.ffi.Link as RawLink
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** What a reading tells while it runs. */
public sealed interface ReadingEvent {
    /** How far one phase has come. [bytesExpected] is 0 while unknown. */
    public data class Progress(
        val phase: Phase,
        val bytesDone: Long,
        val bytesExpected: Long,
    ) : ReadingEvent

    /** The card face is there before the rest: show it, and close it when the screen no longer does. */
    public class Face(
        /** The card face. */
        public val face: CardFace,
    ) : ReadingEvent

    /** The end, also when the link was lost on the way: the parts say how far it came. */
    public class Done(
        /** What was read: close it. */
        public val reading: Reading,
    ) : ReadingEvent
}

/**
 * Reads a card by a plan with its 照合番号B. [watch] is told progress and the early face; it closes the face.
 *
 * Cancelling the coroutine cancels the reading: nothing is sent afterwards. Effect on the card: at most one VERIFY to
 * each of the two applications that the plan opens; a wrong number spends one try and ends the use of the number.
 *
 * Errors: what the transport or [watch] throws, except [LinkException], which ends the reading with what it has;
 * `Misuse::LinkBusy` while another reading has the link.
 */
public suspend fun CardTransport.read(
    number: VerificationNumberB,
    plan: Plan = Plan.ALL,
    watch: suspend (ReadingEvent) -> Unit = ::closeFace,
): Reading = through({ link -> number.native.call { Driver.read(link, it, plan.forOneTap()) } }, watch) { Reading(it.reading()) }

/**
 * The same as a flow: progress, the card face, and last [ReadingEvent.Done]. Each collector reads the card anew. Whoever
 * stops collecting cancels.
 */
public fun CardTransport.reading(
    number: VerificationNumberB,
    plan: Plan = Plan.ALL,
): Flow<ReadingEvent> = flow {
    emit(ReadingEvent.Done(read(number, plan) { emit(it) }))
}

/** How it went to go on with a torn reading. */
public sealed interface Resumed {
    /** The reading, whole or as it was before: close it. */
    public val reading: Reading

    /** It went on. */
    public class WentOn internal constructor(override val reading: Reading) : Resumed

    /** It did not, for example because another card lies there; the reading is as it was. */
    public class DidNot internal constructor(
        override val reading: Reading,
        /** Why not. */
        public val fault: Fault,
    ) : Resumed
}

/**
 * Goes on with a reading that was torn by a lost link (かざし直し), on the next tap. First the chip proves that it is the same
 * card; no number is presented before that. What is in [torn] moves to the result, and [torn] is closed.
 *
 * Errors: `CredentialFault::OutcomeUnknown` when a VERIFY may or may not have counted: look at [readTries] first;
 * `LinkFault::BeginAnew` when it was not torn, or so early that nothing tells the card; `Misuse::OutOfRange` for a plan
 * without a nonce; `Misuse::LinkBusy`. [torn] is then as it was. Otherwise as [read].
 */
public suspend fun CardTransport.resume(
    torn: Reading,
    number: VerificationNumberB,
    plan: Plan = Plan.ALL,
    watch: suspend (ReadingEvent) -> Unit = ::closeFace,
): Resumed {
    val make = { link: RawLink ->
        val driver = number.native.call { b -> torn.native.call { Driver.resume(link, b, plan.forOneTap(), it) } }
        torn.close()
        driver
    }
    return through(make, watch) {
        val fault = try {
            it.resumed()
            null
        } catch (stopped: jp.mynacard.ffi.MynacardFault.Failed) {
            Fault.of(stopped.code.toInt())
        }
        val reading = Reading(it.reading())
        if (fault == null) Resumed.WentOn(reading) else Resumed.DidNot(reading, fault)
    }
}

/** Finds out what lies on the reader, and what else is on it. Effect on the card: selects applications; no VERIFY. */
public suspend fun CardTransport.identify(): Identified =
    through(Driver::identify, {}) { it.token() }

/** Asks for the tries left of every key. Effect on the card: none that lasts; the question is free. */
public suspend fun CardTransport.readTries(): AllTries =
    through(Driver::tries, {}) { AllTries(it.allTries()) }

/** Reads what the card says of itself without any number. Effect on the card: no VERIFY. */
public suspend fun CardTransport.readFacts(): CardFacts =
    through(Driver::facts, {}) { CardFacts(it.cardFacts()) }

private fun closeFace(event: ReadingEvent) {
    if (event is ReadingEvent.Face) event.face.close()
}

/** Makes a driver, which has the link to itself, steps it to its end, takes its result, and lets it go. */
private suspend fun <R> CardTransport.through(
    make: (RawLink) -> Driver,
    watch: suspend (ReadingEvent) -> Unit,
    result: (Driver) -> R,
): R {
    val driver = Native(link.native.call(make))
    try {
        driver.run(this, watch)
        return driver.call(result)
    } finally {
        driver.close()
    }
}

private suspend fun Native<Driver>.run(transport: CardTransport, watch: suspend (ReadingEvent) -> Unit) {
    var action = call { it.start() }
    while (action !is Action.Done) {
        try {
            // Here, and not only inside the transport, which may know nothing of coroutines.
            currentCoroutineContext().ensureActive()
        } catch (cancelled: CancellationException) {
            action.drop()
            throw cancelled
        }
        action = when (action) {
            is Action.Transmit -> exchange(transport, action.command)
            is Action.Progress -> {
                val (phase, done, expected) = action.progress
                watch(ReadingEvent.Progress(phase, done.toLong(), expected.toLong()))
                call { it.proceed() }
            }
            is Action.Face -> {
                watch(ReadingEvent.Face(CardFace(action.face)))
                call { it.proceed() }
            }
            is Action.Done -> action
        }
    }
}

/** Wipes what nobody will take. */
private fun Action.drop() {
    when (this) {
        is Action.Transmit -> command.fill(0)
        is Action.Face -> face.close()
        else -> Unit
    }
}

/** One exchange. A lost link goes to the driver; whatever else the transport throws goes to its owner. */
private suspend fun Native<Driver>.exchange(transport: CardTransport, command: ByteArray): Action {
    val answer = try {
        transport.transmit(command)
    } catch (lost: LinkException) {
        return call { it.linkLost(lost.fault.code.toUShort()) }
    } finally {
        command.fill(0)
    }
    return wiping(answer) { call { it.respond(answer) } }
}
