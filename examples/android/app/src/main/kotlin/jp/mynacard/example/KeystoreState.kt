// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.example

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Keeps the end of the audit log: a file that only this device's keystore can read. */
class KeystoreState(private val file: Path) {
    /** Keeps a state over the previous one, whole or not at all. */
    suspend fun keep(state: ByteArray): Unit = withContext(Dispatchers.IO) {
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, key()) }
        val beside = file.resolveSibling("${file.fileName}.new")
        FileChannel.open(beside, CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS).use { channel ->
            val bytes = ByteBuffer.wrap(cipher.iv + cipher.doFinal(state))
            while (bytes.hasRemaining()) channel.write(bytes)
            // On the disk before it takes the other's place: a power cut would leave an empty file.
            channel.force(true)
        }
        Files.move(beside, file, REPLACE_EXISTING, ATOMIC_MOVE)
    }

    /** The state that was kept last; null if there is none. */
    suspend fun load(): ByteArray? = withContext(Dispatchers.IO) {
        if (!Files.exists(file)) return@withContext null
        val kept = Files.readAllBytes(file)
        val nonce = GCMParameterSpec(TAG_BITS, kept, 0, NONCE_BYTES)
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.DECRYPT_MODE, key(), nonce) }
        cipher.doFinal(kept, NONCE_BYTES, kept.size - NONCE_BYTES)
    }

    private fun key(): SecretKey {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        (store.getKey(ALIAS, null) as? SecretKey)?.let { return it }
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val shape = KeyGenParameterSpec.Builder(ALIAS, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(shape) }.generateKey()
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "mynacard-audit"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val TAG_BITS = 128
        const val NONCE_BYTES = 12
    }
}
