// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import jp.mynacard.ffi.SimCard
import jp.mynacard.ffi.simRootsJson

/** A virtual card of an invented person, to develop and test without a reader. In no release. */
public class VirtualCard(
    /** `adult`, `child`, `foreign`, …: a profile of the simulator. */
    profile: String = "adult",
    capabilities: Capabilities = Capabilities.EXTENDED,
) : CardTransport, AutoCloseable {
    private val native = Native(translated { SimCard.ofProfile(profile) })

    override val link: Link = Link(capabilities)

    override suspend fun transmit(command: ByteArray): ByteArray = native.call { it.transmit(command) }

    /** 照合番号B as printed on it. Errors: `BoundaryFault::Absent` for a phone. */
    public fun number(): VerificationNumberB = VerificationNumberB.of(native.call { it.numberB() })

    /** How often a number was presented, to both applications: what a test compares with the tries that it has allowed. */
    public val presentations: Long get() = native.call { it.presentations().toLong() }

    /** Takes the card off the reader and puts it back: what was verified is forgotten. */
    public fun powerOff() {
        native.call { it.powerOff() }
        link.forget()
    }

    /** Throws the card away. A second time does nothing. */
    override fun close(): Unit = native.close()

    public companion object {
        /** The roots of the virtual cards. */
        public fun roots(): Roots = Roots.fromJson(translated { simRootsJson() })
    }
}
