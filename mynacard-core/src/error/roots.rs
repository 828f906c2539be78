//! Why a file of roots is refused, and which entry of it.

use core::fmt;

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
        /// An RSA key is below 2048 bits, even, or has another exponent than 65537.
        WeakKey = 10005, Operator, "a key in the roots file is refused by the key policy",
            ja "ルート証明書ファイルの鍵が弱いため使えません。",
            en "A key in the roots file is too weak.";
        /// The same key id or certificate twice.
        Duplicate = 10006, Operator, "the roots file names the same root twice",
            ja "ルート証明書ファイルに同じルートが二度あります。",
            en "The roots file names the same root twice.";
        /// Not an X.509 certificate of version 3, encoded as DER prescribes.
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
        /// The certificate is signed by an algorithm that is not known.
        Algorithm = 10013, Operator,
            "a certificate in the roots file is signed by an algorithm that is not known (known: RSA with SHA-256, 384, 512; ECDSA with SHA-256, 384)",
            ja "ルート証明書ファイルに未対応の署名方式の証明書があります。",
            en "A certificate in the roots file is signed by an algorithm that is not known.";
        /// A key is neither RSA nor an uncompressed point on the curve P-256 or P-384.
        KeyKind = 10014, Operator,
            "a certificate in the roots file has a key that is neither RSA nor on P-256 or P-384",
            ja "ルート証明書ファイルに未対応の種類の鍵(楕円曲線など)があります。",
            en "A key in the roots file is of a kind or on a curve that is not known.";
        /// An RSA key is above 4096 bits.
        KeySize = 10015, Operator, "an RSA key in the roots file is longer than 4096 bits",
            ja "ルート証明書ファイルの鍵が長すぎます(RSAは4096ビットまで)。",
            en "An RSA key in the roots file is longer than 4096 bits.";
        /// The certificate makes a demand that is not understood: a critical extension, or one that is there twice.
        Extension = 10016, Operator,
            "a certificate in the roots file has a critical extension that is not understood, or one twice",
            ja "ルート証明書ファイルに解釈できない必須項目を持つ証明書があります。",
            en "A certificate in the roots file makes a demand that is not understood.";
    }
}

/// An unusable file of roots: what is wrong, and with which entry, if with one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{fault}", Place(*entry))]
pub struct RootsError {
    /// What is wrong.
    pub fault: RootsFault,
    /// The first entry that it is wrong with; none if it is the file as a whole.
    pub entry: Option<RootsEntry>,
}

/// An entry of a file of roots, counted from 0 as in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RootsEntry {
    /// Of the list `cv`: a key for card-verifiable certificates.
    Cv(usize),
    /// Of the list `x509`: a certificate.
    X509(usize),
}

impl RootsFault {
    pub(crate) const fn of(self, entry: RootsEntry) -> RootsError {
        RootsError { fault: self, entry: Some(entry) }
    }
}

impl From<RootsFault> for RootsError {
    /// With the file as a whole.
    fn from(fault: RootsFault) -> Self {
        Self { fault, entry: None }
    }
}

impl fmt::Display for RootsEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cv(at) => write!(f, "cv[{at}]"),
            Self::X509(at) => write!(f, "x509[{at}]"),
        }
    }
}

struct Place(Option<RootsEntry>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |entry| write!(f, "{entry}: "))
    }
}
