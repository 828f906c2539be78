// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import com.sun.jna.Pointer
import java.nio.ByteBuffer
import java.time.LocalDate
import jp.mynacard.ffi.CalendarDay
import jp.mynacard.ffi.PixelLayout
import jp.mynacard.ffi.RegisteredSex

/** Sex as registered (性別). */
public typealias Sex = RegisteredSex

/** Its number in ISO/IEC 5218. */
public val Sex.iso: Int get() = if (this == Sex.NOT_APPLICABLE) 9 else ordinal

internal fun CalendarDay.toLocalDate(): LocalDate =
    LocalDate.of(year.toInt(), month.toInt(), day.toInt())

/** A value that the chip holds in a form that is not understood (不詳): screens show it as it is. */
public class NotUnderstood internal constructor(raw: jp.mynacard.ffi.NotUnderstood) {
    /** The object, `face/DF22 birth date`. */
    public val item: String = raw.`object`

    /** What is wrong with it. */
    public val why: Fault = Fault.of(raw.why.toInt())

    /** What the chip has in its place, for a screen: printable ASCII as it is, anything else in hex. Personal. */
    public val shown: String = raw.shown

    /** In its place on a screen, in Japanese: `不詳(カードの記載 19800200)`, `記載なし`. Personal. */
    public val ja: String = raw.japanese

    override fun toString(): String = "NotUnderstood($item)"
}

/** A picture of the card face: photo, name, address, or the security code, which nobody has signed. */
public typealias Picture = jp.mynacard.ffi.Picture

/** The card face (券面情報). Close it when the screen no longer shows it: the library then wipes it. */
public class CardFace internal constructor(face: jp.mynacard.ffi.CardFace) : AutoCloseable {
    internal val native = Native(face)

    /** Birth date (生年月日), signed; null if the chip has none that is a day of the calendar ([notUnderstood]). */
    public val birthDate: LocalDate? get() = native.call { it.birthDate()?.toLocalDate() }

    /** Sex (性別), signed; null if the chip has another code. */
    public val sex: Sex? get() = native.call { it.sex() }

    /** The card's last day (有効期限); null if the chip has none. Not signed by anybody. */
    public val expiry: LocalDate? get() = native.call { it.expiry()?.toLocalDate() }

    /** The values that were not understood, in the order of the file. */
    public val notUnderstood: List<NotUnderstood> get() = native.call { it.notUnderstood().map(::NotUnderstood) }

    /** Whether the card has a picture: a small child's has no photo. */
    public fun has(picture: Picture): Boolean = native.call { it.has(picture) }

    /** A picture's file as it stands on the chip, JPEG 2000 for the photo, PNG for the others; null if there is none. */
    public fun file(picture: Picture): ByteArray? =
        native.call { if (it.has(picture)) it.pictureFile(picture) else null }

    /**
     * Decodes a picture, for which some milliseconds are needed; null if the card has none. Close it after use.
     *
     * Errors: [MynacardException.Crew] if it cannot be shown.
     */
    public fun pixels(picture: Picture): Pixels? =
        native.call { if (it.has(picture)) Pixels(it.pixels(picture)) else null }

    /** Wipes it, unless somebody else still has it. A second time does nothing. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "CardFace"
}

/** Marks memory of the library that is seen in place. */
@RequiresOptIn("The buffer is memory of the library and must not be used after the block.")
@Retention(AnnotationRetention.BINARY)
public annotation class InPlace

/** A decoded picture. Rows from the top, without padding. Close it after use: the library then wipes it. */
public class Pixels internal constructor(pixels: jp.mynacard.ffi.Pixels) : AutoCloseable {
    private val native = Native(pixels)

    /** Width in pixels. */
    public val width: Int = pixels.width().toInt()

    /** Height in pixels. */
    public val height: Int = pixels.height().toInt()

    /** Bytes of a pixel: 1 for grey (0 black to 255 white), 4 for red, green, blue, alpha (not premultiplied). */
    public val bytesPerPixel: Int = when (pixels.layout()) {
        PixelLayout.GREY8 -> 1
        PixelLayout.RGBA8 -> 4
    }

    /** All bytes: width × height × bytes of a pixel. */
    public val size: Int get() = width * height * bytesPerPixel

    /** Copies the pixels, once, to where you want them. Errors: [java.nio.BufferOverflowException]. */
    @OptIn(InPlace::class)
    public fun copyTo(buffer: ByteBuffer) {
        inPlace { buffer.put(it) }
    }

    /** Lends the pixels as they lie in the library's memory, read-only, for the time of the block. Nothing is copied. */
    @InPlace
    public fun <R> inPlace(block: (ByteBuffer) -> R): R = native.call {
        block(Pointer(it.address().toLong()).getByteBuffer(0, it.length().toLong()).asReadOnlyBuffer())
    }

    /** The picture as a PNG file. */
    public fun toPng(): ByteArray = native.call { it.toPng() }

    /** Wipes it, at the latest when the block that sees it in place has ended. A second time does nothing. */
    override fun close(): Unit = native.close()

    override fun toString(): String = "Pixels"
}
