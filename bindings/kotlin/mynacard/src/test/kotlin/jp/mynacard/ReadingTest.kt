// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.time.LocalDate
import kotlin.text.Charsets.ISO_8859_1
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ReadingTest {
    @Test
    fun `a whole card is read, and proves itself`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                card.read(number).use { reading ->
                    val patient = reading.attributes().orThrow()
                    assertTrue(patient.name!!.isNotEmpty() && patient.address!!.isNotEmpty())
                    assertTrue(patient.notUnderstood.isEmpty())
                    reading.face().orThrow().use { face ->
                        assertEquals(patient.birthDate, face.birthDate)
                        assertEquals(patient.sex, face.sex)
                        assertTrue(face.expiry!! > LocalDate.of(2026, 1, 1))
                        assertTrue(face.notUnderstood.isEmpty())
                    }
                    assertTrue(reading.certificate().orThrow().size > 500)
                    reading.proof().orThrow()
                    assertEquals(VerifyOutcome.ACCEPTED, reading.faceVerification?.outcome)
                    assertEquals(VerifyOutcome.ACCEPTED, reading.attributesVerification?.outcome)
                    assertEquals(2, card.presentations)
                    assertEquals(0, reading.triesSpent)
                    VirtualCard.roots().use { roots ->
                        reading.examine(roots, HostClock.Trusted(NOON)).use { report ->
                            assertEquals(Verdict.Genuine(live = true), report.verdict)
                            assertNull(report.notLive)
                            assertTrue(report.verdictStatement.ja.isNotEmpty())
                            assertEquals(AuthenticityStatus.GENUINE, report[Value.PHOTO].status)
                            assertEquals(AuthenticityStatus.UNSIGNED, report[Value.EXPIRY].status)
                        }
                    }
                    Roots.production().use { roots ->
                        reading.examine(roots, HostClock.Unknown).use {
                            assertEquals(Verdict.IssuerUnknown, it.verdict)
                        }
                    }
                }
            }
        }
    }

    @Test
    fun `as a flow it tells progress, the face before the rest, and the end once`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val events = card.number().use { card.reading(it).toList() }
            val done = assertInstanceOf(ReadingEvent.Done::class.java, events.last())
            done.reading.close()
            assertEquals(1, events.count { it is ReadingEvent.Done })
            val face = events.indexOfFirst { it is ReadingEvent.Face }
            val text = events.indexOfFirst { it is ReadingEvent.Progress && it.phase == Phase.ATTRIBUTES }
            assertTrue(face in 1..<text, "$face, $text")
            (events[face] as ReadingEvent.Face).face.use { assertTrue(it.has(Picture.PHOTO)) }
            val progress = events.filterIsInstance<ReadingEvent.Progress>()
            assertTrue(progress.all { it.bytesExpected == 0L || it.bytesDone <= it.bytesExpected })
            assertTrue(progress.all { it.phase.adviceJa.isNotEmpty() && it.phase.adviceEn.isNotEmpty() })
        }
    }

    @Test
    fun `whoever stops collecting at the face has sent nothing more`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val counted = Meddling(card)
            card.number().use { number ->
                val face = counted.reading(number).first { it is ReadingEvent.Face } as ReadingEvent.Face
                val sent = counted.sent
                face.face.use { assertTrue(it.has(Picture.PHOTO)) }
                assertTrue(sent < exchangesOf("adult"))
                assertEquals(1, card.presentations)
                // What was cancelled does not touch the next reading of the same transport.
                card.powerOff()
                counted.reading(number).takeWhile { it !is ReadingEvent.Done }.collect {}
                counted.read(number).use { it.attributes().orThrow() }
            }
        }
    }

    @Test
    fun `what a watcher throws ends the reading and comes back as it is`(): Unit = runBlocking {
        VirtualCard().use { card ->
            val counted = Meddling(card)
            val mine = IllegalArgumentException("mine")
            val thrown = card.number().use { number ->
                runCatching { counted.read(number) { if (it is ReadingEvent.Face) throw mine } }.exceptionOrNull()
            }
            assertSame(mine, thrown)
            assertEquals(1, card.presentations)
        }
    }

    @Test
    fun `the text application proves itself too, and where it may not, nothing is called live`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                VirtualCard.roots().use { roots ->
                    card.read(number).use { reading ->
                        reading.textProof().orThrow()
                        reading.examine(roots, HostClock.Trusted(NOON)).use {
                            assertEquals(Verdict.Genuine(live = true), it.verdict)
                            assertEquals(emptyList<Statement>(), it.findings)
                        }
                    }
                    card.powerOff()
                    card.read(number, Plan(withoutTextProof = true)).use { reading ->
                        assertEquals(Part.NotAttempted, reading.textProof())
                        reading.proof().orThrow()
                        reading.examine(roots, HostClock.Trusted(NOON)).use {
                            assertEquals(Verdict.Genuine(live = false), it.verdict)
                            assertTrue("text-not-live" in it.findings.map(Statement::key), "${it.findings}")
                        }
                    }
                }
            }
        }
    }

    @Test
    fun `a value that is not understood is null and named, with what the chip has, and costs no other`(): Unit = runBlocking {
        VirtualCard().use { card ->
            card.number().use { number ->
                val name = card.read(number).use { it.attributes().orThrow().name!!.toByteArray().toString(ISO_8859_1) }
                card.powerOff()
                val odd = altered(
                    card,
                    "19850503" to "19850500",
                    "20350503" to "        ",
                    "\u00df\u0025\u00011" to "\u00df\u0025\u00013",
                    name to "\u00ff".repeat(name.length),
                )
                odd.read(number).use { reading ->
                    val patient = reading.attributes().orThrow()
                    assertEquals(listOf(null, null, null), listOf(patient.name, patient.birthDate, patient.sex))
                    assertTrue(patient.address!!.isNotEmpty())
                    val others = patient.notUnderstood
                    assertEquals(listOf("text/DF22 name", "text/DF24 birth date", "text/DF25 sex"), others.map { it.item })
                    val whys = listOf(FaultCode.MALFORMED_BAD_TEXT, FaultCode.MALFORMED_BAD_DATE, FaultCode.MALFORMED_BAD_VALUE)
                    assertEquals(whys, others.map { it.why.constant })
                    assertEquals("FF".repeat(name.length), others[0].shown)
                    assertEquals(listOf("19850500", "3"), others.drop(1).map { it.shown })
                    assertEquals("不詳(カードの記載 19850500)", others[1].ja)
                    assertEquals("NotUnderstood(text/DF24 birth date)", "${others[1]}")
                    reading.face().orThrow().use { face ->
                        assertEquals(listOf(null, null), listOf(face.birthDate, face.expiry))
                        assertEquals(listOf("face/DF22 birth date", "face/DF29 expiry"), face.notUnderstood.map { it.item })
                        assertEquals(Sex.MALE, face.sex)
                        face.pixels(Picture.PHOTO)!!.close()
                    }
                }
            }
        }
    }

    @Test
    fun `short commands and long ones give the same`(): Unit = runBlocking {
        val photos = listOf(Capabilities.SHORT, Capabilities.EXTENDED).map { link ->
            VirtualCard("adult", link).use { card ->
                card.number().use { number ->
                    card.read(number, Plan.FACE_ONLY).use { read ->
                        assertEquals(Part.NotAttempted, read.attributes())
                        refused<MynacardException.Integrator>(FaultCode.BOUNDARY_ABSENT) { read.certificate().orThrow() }
                        read.face().orThrow().use { it.file(Picture.PHOTO)!!.toList() to read.statistics.exchanges }
                    }
                }
            }
        }
        assertEquals(photos[0].first, photos[1].first)
        assertTrue(photos[0].second > photos[1].second)
    }

    @Test
    fun `what lies on the reader, tries and facts are had without any number`(): Unit = runBlocking {
        VirtualCard().use { card ->
            assertEquals(Identified(Token.CARD, residencePermit = false, drivingLicence = false), card.identify())
            val tries = card.readTries()
            assertEquals(TriesLeft.Count(10), tries.faceB)
            assertEquals(TriesLeft.Count(10), tries.textB)
            val facts = card.readFacts()
            assertTrue(facts.record.orThrow().municipality!!.length >= 5)
            assertTrue(facts.certificates.orThrow().authentication)
            assertEquals(0, card.presentations)
        }
        VirtualCard("phone").use { phone ->
            assertEquals(Token.ANDROID_PHONE, phone.identify().kind)
            refused<MynacardException.Integrator>(FaultCode.BOUNDARY_ABSENT) { phone.number() }
        }
    }

    @Test
    fun `a small child has no photo, which is no error`(): Unit = runBlocking {
        VirtualCard("child").use { card ->
            card.number().use { number ->
                card.read(number).use { reading ->
                    reading.face().orThrow().use { face ->
                        assertTrue(!face.has(Picture.PHOTO))
                        assertNull(face.pixels(Picture.PHOTO))
                        assertNull(face.file(Picture.PHOTO))
                    }
                }
            }
        }
    }
}
