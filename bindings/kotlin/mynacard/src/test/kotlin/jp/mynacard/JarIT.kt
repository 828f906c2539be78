// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import com.sun.jna.Platform
import java.util.jar.JarFile
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a vendor gets. */
class JarIT {
    @Test
    fun `the package holds the library of this machine, where JNA looks for it`() {
        JarFile(System.getProperty("mynacard.jar")).use { jar ->
            val libraries = jar.entries().asSequence().filter { Regex(".*\\.(so|dll|dylib)").matches(it.name) }
            val found = libraries.map { it.name to it.size }.toList()
            println("libraries in the package: ${found.joinToString { (name, size) -> "$name, $size bytes" }}")
            val here = "${Platform.RESOURCE_PREFIX}/${System.mapLibraryName("mynacard")}"
            assertTrue(found.any { (name, size) -> name == here && size > 0 }, "$here is missing: $found")
            // Only where JNA looks: nothing of Android's, nothing at the top.
            assertTrue(found.all { (name) -> name.split("/").size == 2 && name.split("-").size >= 2 }, "$found")
            assertEquals(1, jar.entries().asSequence().count { it.name == "jp/mynacard/Mynacard.class" })
        }
    }
}
