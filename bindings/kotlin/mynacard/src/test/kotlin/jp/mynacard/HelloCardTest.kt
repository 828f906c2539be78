// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class HelloCardTest {
    @Test
    fun `the program of the README, which was compiled from it, greets`() {
        val out = System.out
        val said = ByteArrayOutputStream()
        try {
            System.setOut(PrintStream(said, true, Charsets.UTF_8))
            // In the package without a name, which Kotlin cannot import from.
            Class.forName("HelloKt").getMethod("main").invoke(null)
        } finally {
            System.setOut(out)
        }
        val text = said.toString(Charsets.UTF_8)
        assertTrue(text.startsWith("Hello, ") && text.trim().length > "Hello, ".length, text)
        val readme = Files.readString(root.resolve("bindings/kotlin/README.md"))
        val program = readme.substringAfter("```kotlin\n").substringBefore("```").trim()
        assertTrue(program.lines().size <= 15)
        assertEquals(program, Files.readString(root.resolve("bindings/kotlin/mynacard/target/readme/Hello.kt")).trim())
    }
}
