// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.graphics.Bitmap
import android.graphics.Color
import jp.mynacard.InPlace
import jp.mynacard.Pixels

/** The picture as a bitmap: coloured ones are copied once, grey ones line by line. Recycle it when the screen lets it go. */
@OptIn(InPlace::class)
public fun Pixels.toBitmap(): Bitmap {
    val bitmap = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
    inPlace { pixels ->
        if (bytesPerPixel == 4) {
            bitmap.copyPixelsFromBuffer(pixels)
        } else {
            val line = IntArray(width)
            repeat(height) { y ->
                for (x in line.indices) line[x] = (pixels.get().toInt() and 0xff).let { Color.rgb(it, it, it) }
                bitmap.setPixels(line, 0, width, 0, y, width, 1)
            }
        }
    }
    return bitmap
}
