import Foundation
import MynacardRaw

/// What to read, and how careful to be with the tries.
public struct ReadingPlan: Sendable, Hashable {
    /// The number that the chip signs, so that a copied card is found out.
    public enum Challenge: Sendable, Hashable {
        /// 32 bytes from the system's cryptographic generator, drawn anew for each tap.
        case drawn
        /// The chip is not asked: the reading is never called live.
        case none
        /// 16 to 256 random bytes from elsewhere, such as a server; never the same twice.
        case given(Data)
    }

    /// Read the card face: photo, birth date, sex, expiry.
    public var face: Bool
    /// Read the four attributes (基本4情報) as text.
    public var attributes: Bool
    /// Read the authentication certificate.
    public var certificate: Bool
    /// Read also what proves the above.
    public var proof: Bool
    /// Do not have the text application answer the challenge, which saves four exchanges. Nothing then proves that name and
    /// address are this chip's, and the verdict calls nothing live that includes them.
    public var withoutTextProof: Bool
    /// Fewest tries that must be left for 照合番号B of the card-face application, 2 to 15; with fewer, none is made. 0: three.
    public var faceFloor: UInt8
    /// Fewest tries that must be left for 照合番号B of the text application, 2 to 15; with fewer, none is made. 0: three.
    public var textFloor: UInt8
    /// Lets even the last try of either key be spent, after which wrong digits have locked it, whatever the floors say.
    /// Verifications, the trust report and the log show it.
    public var allowLastTries: Bool
    /// The challenge.
    public var challenge: Challenge

    private init(_ raw: Plan, challenge: Challenge) {
        face = raw.face
        attributes = raw.attributes
        certificate = raw.certificate
        proof = raw.proof
        withoutTextProof = raw.withoutTextProof
        faceFloor = raw.faceFloor
        textFloor = raw.textFloor
        allowLastTries = raw.allowLastTries
        self.challenge = challenge
    }

    /// Everything, with what proves it.
    public static var everything: ReadingPlan { ReadingPlan(planAll(), challenge: .drawn) }
    /// The card face alone, without proof: the shortest way to the photo.
    public static var faceOnly: ReadingPlan { ReadingPlan(planFaceOnly(), challenge: .none) }

    /// For one tap.
    func drawn() -> Plan {
        let nonce: Data? =
            switch challenge {
            case .drawn: SecretBytes.random(count: 32).withUnsafeBytes { Data($0) }
            case .none: nil
            case .given(let nonce): nonce
            }
        return Plan(
            face: face, attributes: attributes, certificate: certificate, proof: proof,
            withoutTextProof: withoutTextProof, faceFloor: faceFloor, textFloor: textFloor,
            allowLastTries: allowLastTries, nonce: nonce)
    }
}
