// SPDX-License-Identifier: MIT OR Apache-2.0
package jp.mynacard

import java.security.SecureRandom
import jp.mynacard.ffi.ReadingPhase
import jp.mynacard.ffi.phaseAdviceEn
import jp.mynacard.ffi.phaseAdviceJa

/** What to read, and how careful to be with the tries. */
public class Plan(
    /** Read the card face: photo, birth date, sex, expiry. */
    public val face: Boolean = true,
    /** Read the four attributes (基本4情報) as text. */
    public val attributes: Boolean = true,
    /** Read the authentication certificate (利用者証明用電子証明書). */
    public val certificate: Boolean = true,
    /** Read also what proves the above. */
    public val proof: Boolean = true,
    /** Fewest tries that must be left for 照合番号B of the card-face application, 2 to 15; 0: three. */
    public val faceFloor: Int = 0,
    /** Fewest tries that must be left for 照合番号B of the text application, 2 to 15; 0: three. */
    public val textFloor: Int = 0,
    /**
     * Lets even the last try of either key be spent, after which wrong digits have locked it, whatever the floors say.
     * Verifications, the trust report and the log show it.
     */
    public val allowLastTries: Boolean = false,
    /**
     * Gives a number for the chip to sign, anew for each tap, so that a copied card is found out: 16 to 256 bytes from the
     * system's cryptographic generator. Null: the chip is not asked.
     */
    public val nonce: (() -> ByteArray)? = ::randomNonce,
    /**
     * Do not have the text application sign the nonce. Nothing then proves that name and address are this chip's, and the
     * verdict calls nothing live that includes them.
     */
    public val withoutTextProof: Boolean = false,
) {
    init {
        require(faceFloor in 0..UByte.MAX_VALUE.toInt() && textFloor in 0..UByte.MAX_VALUE.toInt()) {
            "a floor is a number of tries"
        }
    }

    internal fun forOneTap(): jp.mynacard.ffi.Plan = jp.mynacard.ffi.Plan(
        face,
        attributes,
        certificate,
        proof,
        withoutTextProof,
        faceFloor.toUByte(),
        textFloor.toUByte(),
        allowLastTries,
        nonce?.invoke(),
    )

    public companion object {
        /** Everything, with what proves it, and the chip's own proof. */
        public val ALL: Plan = Plan()

        /** The card face alone, without proof: the shortest way to the photo. */
        public val FACE_ONLY: Plan =
            Plan(attributes = false, certificate = false, proof = false, nonce = null)
    }
}

/** Bytes from the system's cryptographic generator. */
internal fun random(count: Int): ByteArray = ByteArray(count).also(SecureRandom()::nextBytes)

private fun randomNonce(): ByteArray = random(32)

/** What a reading is busy with. */
public typealias Phase = ReadingPhase

/** What the crew should do meanwhile, in Japanese. */
public val Phase.adviceJa: String get() = translated { phaseAdviceJa(this) }

/** What the crew should do meanwhile, in English. */
public val Phase.adviceEn: String get() = translated { phaseAdviceEn(this) }
