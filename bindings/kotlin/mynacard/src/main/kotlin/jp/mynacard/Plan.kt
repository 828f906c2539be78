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
    /** Fewest tries that must be left for 照合番号B of the card-face application. */
    public val faceFloor: Int = 3,
    /** Fewest tries that must be left for 照合番号B of the text application. */
    public val textFloor: Int = 3,
    /**
     * Gives a number for the chip to sign, anew for each tap, so that a copied card is found out: 16 to 256 bytes from the
     * system's cryptographic generator. Null: the chip is not asked.
     */
    public val nonce: (() -> ByteArray)? = ::randomNonce,
    /**
     * Have the text application sign the nonce too, so that name and address are proven to be this chip's and not those of
     * another card with the same birth date and sex. Four exchanges more, two with extended length.
     */
    public val textProof: Boolean = false,
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
        textProof,
        faceFloor.toUByte(),
        textFloor.toUByte(),
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
public enum class Phase(internal val raw: ReadingPhase) {
    /** Finding out what lies on the reader. */
    IDENTIFY(ReadingPhase.IDENTIFY),

    /** Opening the card-face application with the printed digits. */
    UNLOCK_FACE(ReadingPhase.UNLOCK_FACE),

    /** Reading the card face: photo and pictures. */
    FACE(ReadingPhase.FACE),

    /** Reading what proves the card face, and asking the chip to prove itself. */
    FACE_PROOF(ReadingPhase.FACE_PROOF),

    /** Opening the text application with the printed digits. */
    UNLOCK_TEXT(ReadingPhase.UNLOCK_TEXT),

    /** Reading the four attributes. */
    ATTRIBUTES(ReadingPhase.ATTRIBUTES),

    /** Reading what proves the four attributes. */
    ATTRIBUTES_PROOF(ReadingPhase.ATTRIBUTES_PROOF),

    /** Reading the authentication certificate. */
    CERTIFICATE(ReadingPhase.CERTIFICATE),

    /** Reading the tries left. */
    TRIES(ReadingPhase.TRIES),

    /** Reading the card's own record. */
    CARD_INFO(ReadingPhase.CARD_INFO),
    ;

    /** What the crew should do meanwhile, in Japanese. */
    public val adviceJa: String by lazy { translated { phaseAdviceJa(raw) } }

    /** What the crew should do meanwhile, in English. */
    public val adviceEn: String by lazy { translated { phaseAdviceEn(raw) } }

    internal companion object {
        fun of(raw: ReadingPhase): Phase = entries.first { it.raw == raw }
    }
}
