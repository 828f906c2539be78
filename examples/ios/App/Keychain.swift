import Foundation
import Mynacard
import Security

/// Secrets in the keychain: this device only, and only while it is unlocked.
enum Keychain {
    /// Keeps a secret over the previous one.
    static func keep(_ secret: SecretBytes, as name: String) throws {
        let data = secret.withUnsafeBytes { Data($0) }
        var status = SecItemUpdate(
            item(name) as CFDictionary, [kSecValueData: data] as CFDictionary)
        if status == errSecItemNotFound {
            var new = item(name)
            new[kSecValueData] = data
            new[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
            status = SecItemAdd(new as CFDictionary, nil)
        }
        guard status == errSecSuccess else { throw NSError(domain: NSOSStatusErrorDomain, code: Int(status)) }
    }

    /// A secret; nil if there is none.
    static func find(_ name: String) throws -> SecretBytes? {
        var query = item(name)
        query[kSecReturnData] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let data = found as? Data else {
            throw NSError(domain: NSOSStatusErrorDomain, code: Int(status))
        }
        return SecretBytes(data)
    }

    private static func item(_ name: String) -> [CFString: Any] {
        [kSecClass: kSecClassGenericPassword, kSecAttrService: "jp.mynacard.example", kSecAttrAccount: name]
    }
}
