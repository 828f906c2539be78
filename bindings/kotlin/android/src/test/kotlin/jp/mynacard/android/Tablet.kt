// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import android.content.pm.PackageManager
import android.nfc.INfcTag
import android.nfc.NdefMessage
import android.nfc.NfcAdapter
import android.nfc.Tag
import android.nfc.TransceiveResult
import android.nfc.tech.IsoDep
import android.os.Bundle
import android.os.Looper
import jp.mynacard.VirtualCard
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowNfcAdapter

/** The NFC service of a tablet, as the framework's own classes call it, with a virtual card on it. */
class Tablet(
    private val card: VirtualCard,
    private val extended: Boolean = true,
    private val longest: Int = 65535,
    /** What the card answers, by the time that it is here. */
    private val alter: (ByteArray) -> ByteArray = { it },
    /** The result code for an exchange, from 0; or what it does instead of answering. */
    private val meddle: (Int) -> Int = { TransceiveResult.RESULT_SUCCESS },
) : INfcTag.Stub() {
    @Volatile
    var sent = 0
        private set

    /** Commands that the card has answered. */
    @Volatile
    var answered = 0
        private set

    /** The latest command, as it was once its exchange began. */
    @Volatile
    var last: ByteArray? = null
        private set

    @Volatile
    var upToDate = true
    var timeout = 0
        private set
    var closed = 0
        private set

    /** A tap, as Android hands it to an app. */
    fun tag(): Tag = Tag(byteArrayOf(1, 2, 3, 4), intArrayOf(ISO_DEP), arrayOf(Bundle()), 1, 0L, this)

    override fun transceive(handle: Int, data: ByteArray, raw: Boolean): TransceiveResult {
        val result = meddle(sent++)
        last = data.clone()
        if (result != TransceiveResult.RESULT_SUCCESS) return TransceiveResult(result, null)
        return TransceiveResult(result, alter(runBlocking { card.transmit(data.clone()) })).also { answered += 1 }
    }

    override fun connect(handle: Int, technology: Int): Int = 0

    override fun reconnect(handle: Int): Int {
        closed += 1
        return 0
    }

    override fun getTechList(handle: Int): IntArray = intArrayOf(ISO_DEP)

    override fun isNdef(handle: Int): Boolean = false

    override fun isPresent(handle: Int): Boolean = true

    override fun ndefRead(handle: Int): NdefMessage? = null

    override fun ndefWrite(handle: Int, message: NdefMessage?): Int = -1

    override fun ndefMakeReadOnly(handle: Int): Int = -1

    override fun ndefIsWritable(handle: Int): Boolean = false

    override fun formatNdef(handle: Int, key: ByteArray?): Int = -1

    override fun rediscover(handle: Int): Tag = tag()

    override fun setTimeout(technology: Int, millis: Int): Int {
        timeout = millis
        return 0
    }

    override fun getTimeout(technology: Int): Int = timeout

    override fun resetTimeouts() = Unit

    override fun canMakeReadOnly(type: Int): Boolean = false

    override fun getMaxTransceiveLength(technology: Int): Int = longest

    override fun getExtendedLengthApdusSupported(): Boolean = extended

    override fun isTagUpToDate(cookie: Long): Boolean = upToDate

    private companion object {
        /** `TagTechnology.ISO_DEP`. */
        const val ISO_DEP = 3
    }
}

/** The framework's own IsoDep: Robolectric would put one of its own in its place. */
@Implements(IsoDep::class)
class OwnIsoDep

/** What IsoDep extends. */
@Implements(className = "android.nfc.tech.BasicTagTechnology")
class OwnTagTechnology

/** A device with NFC that is switched on; what Robolectric knows of it. */
fun withNfc(): ShadowNfcAdapter {
    val app = RuntimeEnvironment.getApplication()
    shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_NFC, true)
    ShadowNfcAdapter.setNfcHardwareExists(true)
    return shadowOf(NfcAdapter.getDefaultAdapter(app)).also { it.setEnabled(true) }
}

/** Lets the main thread work until something is so. */
fun until(what: String, isSo: () -> Boolean) {
    val deadline = System.nanoTime() + 60_000_000_000
    while (!isSo()) {
        assertTrue("not within a minute: $what", System.nanoTime() < deadline)
        shadowOf(Looper.getMainLooper()).idle()
        Thread.sleep(2)
    }
}
