// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import com.sun.jna.Platform

/** The library itself. */
public object Mynacard {
    /** The version of this package. The library inside has the same, which [check] compares. */
    public const val VERSION: String = "0.1.0"

    private val problem: MissingLibraryError? by lazy(::look)

    /**
     * Fails loudly when the library is missing or another one: call it when the app starts. Everything else calls it as well.
     *
     * Errors: [MissingLibraryError], which names the file that should be there.
     */
    public fun check() {
        problem?.let { throw MissingLibraryError(it.message.orEmpty(), it) }
    }

    private fun look(): MissingLibraryError? {
        val place = "${Platform.RESOURCE_PREFIX}/${System.mapLibraryName("mynacard")}"
        return try {
            val found = jp.mynacard.ffi.version()
            // UniFFI's own comparison, checksums, is wrong on 32-bit machines.
            if (found == VERSION) null else MissingLibraryError("the library is $found, the package $VERSION")
        } catch (why: LinkageError) {
            val where = "it belongs at $place on the class path, or into the app on Android"
            MissingLibraryError("the library is missing or another one, $where: ${why.message}", why)
        }
    }
}

/** The library is not in the app, or is not the one that belongs to this package. */
public class MissingLibraryError internal constructor(message: String, cause: Throwable? = null) :
    LinkageError(message, cause)
