// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard.android

import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The shrinker, R8, with the rules that the AAR brings; and the compiler for Android, D8. */
class ShrunkTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val here = Path.of("").toAbsolutePath()
    private val jvm = here.resolveSibling("mynacard/target")
    private val classPath = System.getProperty("java.class.path").split(File.pathSeparator).map(Path::of)
    private val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()

    private fun onClassPath(name: String): Path =
        classPath.first { Regex("$name-[0-9][^/]*\\.jar").matches(it.fileName.toString()) }

    /** Class files of folders as one jar, which is what R8 reads. */
    private fun jar(name: String, vararg roots: Path, wanted: (String) -> Boolean): Path {
        val made = folder.root.toPath().resolve(name)
        ZipOutputStream(Files.newOutputStream(made)).use { zip ->
            for (root in roots) {
                Files.walk(root).use { files ->
                    for (file in files.filter(Files::isRegularFile)) {
                        val entry = root.relativize(file).toString()
                        if (!wanted(entry)) continue
                        zip.putNextEntry(ZipEntry(entry))
                        Files.copy(file, zip)
                        zip.closeEntry()
                    }
                }
            }
        }
        return made
    }

    private fun run(vararg words: String): String {
        val child = ProcessBuilder(*words).redirectErrorStream(true).start()
        val said = child.inputStream.readBytes().decodeToString()
        assertEquals(said.takeLast(4000), 0, child.waitFor())
        return said
    }

    private fun tool(name: String, vararg words: String) {
        run(java, "-Xmx2g", "-cp", onClassPath("r8").toString(), "com.android.tools.r8.$name", "--release", *words)
    }

    @Test
    fun `the program of the README still greets when it has been shrunk`() {
        val library = jar("library.jar", jvm.resolve("classes")) { it.endsWith(".class") }
        val program = jar("program.jar", jvm.resolve("test-classes")) { it.startsWith("HelloKt") }
        val shrunk = folder.root.toPath().resolve("shrunk.jar")
        val keep = "-keep class HelloKt { public static void main(java.lang.String[]); }\n-dontwarn android.**\n$SOURCE_ONLY"
        val rules = Files.writeString(folder.newFile().toPath(), keep).toString()
        val dependencies = listOf("kotlin-stdlib", "kotlinx-coroutines-core-jvm", "jna").map(::onClassPath)
        tool(
            "R8", "--classfile", "--lib", System.getProperty("java.home"), "--output", shrunk.toString(),
            "--pg-conf", "src/main/consumer-rules.pro", "--pg-conf", rules,
            library.toString(), program.toString(), *dependencies.map(Path::toString).toTypedArray(),
        )
        val whole = dependencies.sumOf(Files::size)
        assertTrue("${Files.size(shrunk)} of $whole bytes", Files.size(shrunk) < whole)
        // The library alone, and no class that was not shrunk.
        val natives = folder.newFolder("natives").toPath()
        Files.walk(jvm.resolve("classes")).use { files ->
            files.filter { it.fileName.toString().matches(Regex("(lib)?mynacard\\.(so|dylib|dll)")) }
                .forEach { Files.copy(it, natives.resolve(it.fileName)) }
        }
        val said = run(java, "-Dfile.encoding=UTF-8", "-Djna.library.path=$natives", "-cp", "$shrunk", "HelloKt")
        assertTrue(said, "Hello, " in said)
    }

    @Test
    fun `an app with the library becomes what Android 8 runs`() {
        val library = jar("library.jar", jvm.resolve("classes"), here.resolve("target/classes")) { it.endsWith(".class") }
        val app = jar("app.jar", here.resolve("target/test-classes")) { it.startsWith("jp/mynacard/example/") }
        val dex = folder.newFolder("dex").toPath()
        // The framework here is without the classes of Java itself.
        val framework = listOf(onClassPath("android-all"), Path.of(System.getProperty("java.home")))
        val dependencies =
            listOf("kotlin-stdlib", "kotlinx-coroutines-core-jvm", "kotlinx-coroutines-android", "jna").map(::onClassPath)
        tool(
            "D8", "--min-api", "26", "--output", dex.toString(), library.toString(), app.toString(),
            *framework.flatMap { listOf("--lib", it.toString()) }.toTypedArray(),
            *dependencies.flatMap { listOf("--classpath", it.toString()) }.toTypedArray(),
        )
        assertTrue(Files.size(dex.resolve("classes.dex")) > 100_000)
    }

    private companion object {
        /** Annotations that tell an editor something, in a jar that nobody needs when running. */
        const val SOURCE_ONLY = "-dontwarn org.jetbrains.annotations.**"
    }
}
