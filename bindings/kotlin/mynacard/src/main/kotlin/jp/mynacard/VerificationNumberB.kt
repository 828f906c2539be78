// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.nio.ByteBuffer
import java.nio.CharBuffer
import jp.mynacard.ffi.BirthYearForm
import jp.mynacard.ffi.NumberB

/**
 * Which year of the birth date stands in the first two digits of 照合番号B. As printed, a Gregorian date is refused, since a
 * guess could cost a try; that foreign residents have the Gregorian year there is presumed and not verified.
 */
public typealias BirthYear = BirthYearForm

/**
 * 照合番号B: the fourteen digits printed on the card. It comes as characters or bytes that are overwritten here, and has
 * no way back to text. Close it when the reading is done: the library then wipes it.
 */
public class VerificationNumberB private constructor(number: NumberB) : AutoCloseable {
    internal val native = Native(number)

    /** Wipes it. A second time does nothing. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "VerificationNumberB"

    public companion object {
        /**
         * The fourteen digits as typed, ASCII or full width, with spaces and hyphens or without; [digits] is overwritten. Effect
         * on the card: none.
         *
         * Errors: [MynacardException.Crew] of kind [FaultKind.CREDENTIAL] with what is missing or impossible.
         */
        public fun of(digits: CharArray): VerificationNumberB = of(utf8(digits))

        /** As the other, from UTF-8; [digits] is overwritten. */
        public fun of(digits: ByteArray): VerificationNumberB = wiping(digits) {
            VerificationNumberB(translated { NumberB.fromDigits(digits) })
        }

        /**
         * From what is printed on the card: birth date (`昭和60年5月3日`), last day of the card (`2035年5月3日まで有効` or the
         * year), security code. All three are overwritten. Effect on the card: none.
         *
         * Errors: as [of].
         */
        public fun ofPrinted(
            birthDate: CharArray,
            expiry: CharArray,
            securityCode: CharArray,
            birthYear: BirthYear = BirthYear.AS_PRINTED,
        ): VerificationNumberB {
            val parts = listOf(birthDate, expiry, securityCode).map(::utf8)
            return wiping(*parts.toTypedArray()) {
                val (first, second, third) = parts
                VerificationNumberB(translated { NumberB.fromPrinted(first, second, third, birthYear) })
            }
        }

        /**
         * Finds it among lines of text that an OCR engine read from the front of the card, in any order; they are overwritten.
         * Rather finds nothing than guesses. Effect on the card: none.
         *
         * Errors: as [of], also when two readings of one part disagree.
         */
        public fun ofOcrLines(
            lines: List<CharArray>,
            birthYear: BirthYear = BirthYear.AS_PRINTED,
        ): VerificationNumberB {
            val bytes = lines.map(::utf8)
            return wiping(*bytes.toTypedArray()) {
                VerificationNumberB(translated { NumberB.fromOcrLines(bytes, birthYear) })
            }
        }
    }
}

/** Characters as UTF-8; the characters are overwritten, and so is what was in between. */
internal fun utf8(chars: CharArray): ByteArray {
    val encoded: ByteBuffer = Charsets.UTF_8.encode(CharBuffer.wrap(chars))
    val bytes = ByteArray(encoded.remaining())
    encoded.get(bytes)
    encoded.array().fill(0)
    chars.fill('\u0000')
    return bytes
}

/** Overwrites bytes when the body has ended. */
internal inline fun <R> wiping(vararg secrets: ByteArray, body: () -> R): R = try {
    body()
} finally {
    secrets.forEach { it.fill(0) }
}
