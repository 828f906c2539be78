//! Why a file of roots is refused.

faults! {
    /// A file of roots is unusable (codes 10000..10999).
    RootsFault {
        /// Not JSON, or not of the documented form.
        Format = 10001, Operator, "the roots file is not JSON of the documented form",
            ja "ルート証明書ファイルの形式が正しくありません。",
            en "The roots file does not have the expected form.";
        /// The hierarchy has no name, one that is too long or unprintable, or a reserved one.
        Name = 10002, Operator, "the roots file needs a name of its own for its hierarchy",
            ja "ルート証明書ファイルの名前が使えません(production と test は予約済み)。",
            en "The roots file needs another name; production and test are reserved.";
        /// A key id is not 16 bytes of hex.
        KeyId = 10003, Operator, "a key id in the roots file is not 16 bytes of hex",
            ja "ルート証明書ファイルの鍵IDが正しくありません。",
            en "A key id in the roots file is wrong.";
        /// A number is not hex, or a certificate not base64.
        Encoding = 10004, Operator, "a value in the roots file is not hex or base64",
            ja "ルート証明書ファイルの値を読み取れません。",
            en "A value in the roots file cannot be read.";
        /// A key is below 2048 bits, even, or has another exponent than 65537.
        WeakKey = 10005, Operator, "a key in the roots file is refused by the key policy",
            ja "ルート証明書ファイルの鍵が弱いため使えません。",
            en "A key in the roots file is too weak.";
        /// The same key id or certificate twice.
        Duplicate = 10006, Operator, "the roots file names the same root twice",
            ja "ルート証明書ファイルに同じルートが二度あります。",
            en "The roots file names the same root twice.";
        /// Not an X.509 certificate with RSA and SHA-256.
        Certificate = 10007, Operator, "a certificate in the roots file does not parse",
            ja "ルート証明書ファイルの証明書を読み取れません。",
            en "A certificate in the roots file cannot be read.";
        /// The certificate may not issue certificates.
        NotAuthority = 10008, Operator, "a certificate in the roots file is not an authority's",
            ja "ルート証明書ファイルに認証局のものではない証明書があります。",
            en "A certificate in the roots file is not that of an authority.";
        /// The certificate is not signed by its own key.
        NotSelfSigned = 10009, Operator, "a certificate in the roots file does not sign itself",
            ja "ルート証明書ファイルに自己署名ではない証明書があります。",
            en "A certificate in the roots file is not self-signed.";
        /// No root at all.
        Empty = 10010, Operator, "the roots file holds no root",
            ja "ルート証明書ファイルが空です。",
            en "The roots file holds no root.";
        /// The file, or a list in it, is too large.
        TooLarge = 10011, Operator, "the roots file is too large",
            ja "ルート証明書ファイルが大きすぎます。",
            en "The roots file is too large.";
        /// A key id does not have the shape of a root's, and nothing else says for which application it is.
        Application = 10012, Operator, "a key in the roots file names no application",
            ja "ルート証明書ファイルの鍵に用途(application)がありません。",
            en "A key in the roots file does not say for which application it is.";
    }
}
