// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import com.sun.jna.Pointer
import java.nio.ByteBuffer
import java.time.LocalDate
import jp.mynacard.ffi.CalendarDay
import jp.mynacard.ffi.PixelLayout
import jp.mynacard.ffi.RegisteredSex

/** Sex as registered (性別), by ISO/IEC 5218. */
public enum class Sex(
    /** The number of ISO/IEC 5218. */
    public val iso: Int,
) {
    /** 不明. */
    UNKNOWN(0),

    /** 男. */
    MALE(1),

    /** 女. */
    FEMALE(2),

    /** 適用不能. */
    NOT_APPLICABLE(9),
    ;

    internal companion object {
        fun of(raw: RegisteredSex): Sex = when (raw) {
            RegisteredSex.UNKNOWN -> UNKNOWN
            RegisteredSex.MALE -> MALE
            RegisteredSex.FEMALE -> FEMALE
            RegisteredSex.NOT_APPLICABLE -> NOT_APPLICABLE
        }
    }
}

internal fun CalendarDay.toLocalDate(): LocalDate =
    LocalDate.of(year.toInt(), month.toInt(), day.toInt())

/** A picture of the card face. */
public enum class Picture(internal val raw: jp.mynacard.ffi.Picture) {
    /** The photo (顔写真), signed by the issuer. */
    PHOTO(jp.mynacard.ffi.Picture.PHOTO),

    /** The name (氏名) as printed, signed. */
    NAME(jp.mynacard.ffi.Picture.NAME),

    /** The address (住所) as printed, signed. */
    ADDRESS(jp.mynacard.ffi.Picture.ADDRESS),

    /** The security code (セキュリティコード) as printed. Not signed by anybody. */
    SECURITY_CODE(jp.mynacard.ffi.Picture.SECURITY_CODE),
}

/** The card face (券面情報). Close it when the screen no longer shows it: the library then wipes it. */
public class CardFace internal constructor(face: jp.mynacard.ffi.CardFace) : AutoCloseable {
    internal val native = Native(face)

    /** Birth date (生年月日), signed. */
    public val birthDate: LocalDate get() = native.call { it.birthDate().toLocalDate() }

    /** Sex (性別), signed. */
    public val sex: Sex get() = native.call { Sex.of(it.sex()) }

    /** The card's last day (有効期限). Not signed by anybody. */
    public val expiry: LocalDate get() = native.call { it.expiry().toLocalDate() }

    /** Whether the card has a picture: a small child's has no photo. */
    public fun has(picture: Picture): Boolean = native.call { it.has(picture.raw) }

    /** A picture's file as it stands on the chip, JPEG 2000 for the photo, PNG for the others; null if there is none. */
    public fun file(picture: Picture): ByteArray? =
        native.call { if (it.has(picture.raw)) it.pictureFile(picture.raw) else null }

    /**
     * Decodes a picture, for which some milliseconds are needed; null if the card has none. Close it after use.
     *
     * Errors: [MynacardException.Crew] if it cannot be shown.
     */
    public fun pixels(picture: Picture): Pixels? =
        native.call { if (it.has(picture.raw)) Pixels(it.pixels(picture.raw)) else null }

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
