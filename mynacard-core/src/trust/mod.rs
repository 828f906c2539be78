//! Trust (真正性の確認): how far what a card said can be believed, and on whose word.
//!
//! A value from the card is believed on three grounds, each checked apart:
//!
//! 1. **Who issued it**: the certificate of the record-signing key chains to a root ([`cv`],
//!    [`x509`], [`roots`]).
//! 2. **That it is unchanged**: the record's signature covers it ([`record`]).
//! 3. **That this chip is the one it was issued to**: the card signs a fresh challenge with the key
//!    inside the *verified* record ([`live`]). Without this, a copied dump passes the first two.
//!
//! [`verdict`] brings them together. Nothing is genuine by default: what was not checked says so,
//! and what the card never signs (expiry, security code) can never become genuine.
//!
//! The face and the attributes lie in two applications with keys of their own, so each must be asked:
//! a chip that answers for its face may show the genuine, signed name of somebody else
//! ([`Plan::text_proof`](crate::reading::Plan::text_proof)).
//!
//! What this cannot prove: that the authentication certificate (利用者証明用電子証明書) belongs to
//! this very chip, since its private key answers only to a PIN; that nobody stands between the reader
//! and the chip, who could put another's signed name beside the answer of the text application, since
//! only the face's signature covers the key that answers for it; and that a certificate has not been
//! revoked, since that may be asked only by approved parties ([`x509::RevocationSource`]).
//!
//! All of it is pure computation on public keys. Effect on the card: none.

use core::fmt;
use std::sync::Arc;

/// Declares a closed list of reasons: a stable key for machines, a sentence in Japanese and English.
macro_rules! reasons {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident = $key:literal, ja $ja:literal, en $en:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// Every value, in order of declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Stable name for machines.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $( Self::$variant => $key, )* }
            }

            /// What to tell the crew, in Japanese.
            #[must_use]
            pub const fn ja(self) -> &'static str {
                match self { $( Self::$variant => $ja, )* }
            }

            /// What to tell the crew, in English.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $( Self::$variant => $en, )* }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.en())
            }
        }
    };
}

pub mod clock;
pub mod cv;
pub mod findings;
pub mod live;
pub mod record;
pub mod roots;
pub mod rsa;
pub mod verdict;
pub mod x509;

pub use clock::Clock;
pub use cv::KeyId;
pub use findings::Finding;
pub use live::{Challenge, Liveness};
pub use roots::Roots;
pub use verdict::{Evidence, Report, Verdict, examine};

/// Which family of cards a root anchors.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Hierarchy {
    /// Cards issued to the public.
    Production,
    /// Test cards (`O=JPKI-TEST`): never a person's card.
    Test,
    /// Roots that the caller brought, under the caller's name for them.
    Caller(Arc<str>),
}

impl fmt::Display for Hierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.write_str("production"),
            Self::Test => f.write_str("test"),
            Self::Caller(name) => f.write_str(name),
        }
    }
}

/// Where a root's public key came from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Provenance {
    /// A certificate that J-LIS publishes.
    Published,
    /// Collected by the community; the issuer has never published it.
    Community,
    /// Read from test cards by their owners.
    TestCards,
    /// Brought by the caller.
    Caller,
}

impl Provenance {
    /// Stable name for machines.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Community => "community-sourced",
            Self::TestCards => "test-cards",
            Self::Caller => "caller",
        }
    }
}

/// The root at the top of a chain that was checked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Anchor {
    /// Which family of cards.
    pub hierarchy: Hierarchy,
    /// Where the root's key came from.
    pub provenance: Provenance,
}

/// Which of the two public hierarchies an issuer's name belongs to. A name is no proof.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Named {
    /// Cards issued to the public: key ids of the roots `5000023` and `…33`; `O=JPKI`.
    Production,
    /// Test cards: `6000020`, `…23`, `…33`; `O=JPKI-TEST`.
    Test,
    /// Neither.
    Other,
}

/// An issuer that is not among the roots.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Issuer {
    /// The key id (証明者鍵ID) that a card-verifiable certificate names.
    Key(KeyId),
    /// The issuer that an X.509 certificate names.
    Authority(Named),
}

impl Issuer {
    /// Which hierarchy its name belongs to. A name is no proof.
    #[must_use]
    pub fn named(self) -> Named {
        match self {
            Self::Key(id) if id.root_application().is_some() => match id.as_bytes() {
                [b'5', ..] => Named::Production,
                [b'6', ..] => Named::Test,
                _ => Named::Other,
            },
            Self::Key(_) => Named::Other,
            Self::Authority(named) => named,
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => id.fmt(f),
            Self::Authority(Named::Production) => f.write_str("O=JPKI"),
            Self::Authority(Named::Test) => f.write_str("O=JPKI-TEST"),
            Self::Authority(Named::Other) => f.write_str("another authority"),
        }
    }
}

reasons! {
    /// Why a value was not checked.
    Unchecked {
        /// It was not read.
        Absent = "absent",
            ja "読み取っていません。", en "It was not read.";
        /// The certificate of the key that signed it was not read.
        NoCertificate = "no-certificate",
            ja "署名鍵の証明書を読み取っていません。",
            en "The certificate of its signing key was not read.";
        /// It does not parse, so there is nothing to check.
        Malformed = "malformed",
            ja "形式が正しくないため確認できません。もう一度読み取ってください。",
            en "Its format is unexpected, so it could not be checked. Read it again.";
        /// What proves it was not read, or does not fit it.
        NoProof = "no-proof",
            ja "証明する情報を読み取れず、確認できません。もう一度読み取ってください。",
            en "What would prove it was not read, or is unusable. Read it again.";
        /// Its layout is newer than this library, and what its signature covers could not be told.
        NewerLayout = "newer-layout",
            ja "新しい形式のため、署名の範囲を確認できません。券面を目視で確認してください。",
            en "Its layout is newer than this library, which cannot tell what the signature covers. Look at the printed card.";
        /// Its signature, or the key that it certifies, is of an algorithm that this library does not know.
        Algorithm = "algorithm-unknown",
            ja "未対応の署名方式または鍵のため、確認していません。券面を目視で確認してください。",
            en "It is signed, or has a key, by an algorithm that is not known here: not checked. Look at the printed card.";
        /// Its signature covers a digest of a file that this library never reads (個人番号).
        NeverRead = "never-read",
            ja "個人番号の情報は読み取らないため確認しません。",
            en "It is a digest of the number file, which is never read.";
    }
}

reasons! {
    /// Why a value is not what it is offered as.
    Forgery {
        /// The signature is not the issuer's over these bytes.
        Signature = "signature",
            ja "電子署名が一致しません。改ざんまたは偽造の疑いがあります。",
            en "The signature does not match: it was altered or made up.";
        /// The signed digest is that of other bytes.
        Digest = "digest",
            ja "署名された内容と一致しません。改ざんの疑いがあります。",
            en "It differs from what was signed.";
        /// The certified key is too short, even, or has an unacceptable exponent.
        WeakKey = "weak-key",
            ja "鍵が弱く、信用できません。", en "Its key is too weak to be believed.";
        /// The certificate was issued for another application of the card.
        WrongApplication = "wrong-application",
            ja "別の用途の証明書です。", en "Its certificate is for another application.";
        /// The certificate is not for user authentication (key usage, purpose, or a CA's).
        WrongUse = "wrong-use",
            ja "利用者証明用の証明書ではありません。",
            en "It is not a certificate for user authentication.";
        /// The certificate's policy is not that of the hierarchy.
        WrongPolicy = "wrong-policy",
            ja "証明書のポリシーが違います。", en "The certificate has another policy.";
        /// The certificate was issued for a smartphone, and a plastic card shows it.
        PhonePolicy = "phone-policy",
            ja "スマートフォン用の電子証明書です。実物のカードのものではありません。",
            en "It is a smartphone's certificate, not one of a card.";
        /// The certificate makes a demand that is not understood, so it must be refused.
        UnknownCritical = "unknown-critical-extension",
            ja "証明書に解釈できない必須項目があります。",
            en "The certificate has a critical extension that is not understood.";
        /// The certificate states two signature algorithms, one in what is signed and another around it, or
        /// is not encoded as DER prescribes.
        Algorithm = "algorithm",
            ja "証明書の署名方式の記載が正しくありません。",
            en "The certificate contradicts itself about its algorithm, or is not encoded as it must be.";
    }
}

/// Why something is not genuine: every outcome of a check but the good one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubt {
    /// Nothing was checked.
    NotChecked {
        /// Why.
        why: Unchecked,
    },
    /// The issuer is not among the roots, so nothing could be checked.
    IssuerUnknown {
        /// The issuer that was named.
        issuer: Issuer,
    },
    /// The check failed.
    Forged {
        /// How.
        why: Forgery,
    },
}

impl Doubt {
    pub(crate) const MALFORMED: Self = Self::NotChecked { why: Unchecked::Malformed };

    pub(crate) const fn forged(why: Forgery) -> Self {
        Self::Forged { why }
    }
}

/// How a value was authenticated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Authenticity {
    /// The card never signs it.
    Unsigned,
    /// It is not known to be genuine; the doubt says why.
    Doubted(Doubt),
    /// Signed, and the signature chains to a root. Not: that this chip is present.
    Genuine(Anchor),
}

impl Authenticity {
    /// Nothing was read, so nothing was checked.
    pub const ABSENT: Self = Self::Doubted(Doubt::NotChecked { why: Unchecked::Absent });

    /// Whether it is genuine, under whichever roots were used.
    #[must_use]
    pub const fn is_genuine(&self) -> bool {
        matches!(self, Self::Genuine(_))
    }

    /// Whether a check of it failed.
    #[must_use]
    pub const fn is_forged(&self) -> bool {
        matches!(self, Self::Doubted(Doubt::Forged { .. }))
    }

    /// Stable name of the outcome: `genuine`, `unsigned`, `not-checked`, `issuer-unknown`, `forged`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Doubted(Doubt::NotChecked { .. }) => "not-checked",
            Self::Doubted(Doubt::IssuerUnknown { .. }) => "issuer-unknown",
            Self::Doubted(Doubt::Forged { .. }) => "forged",
            Self::Genuine(_) => "genuine",
        }
    }

    /// Why, as a stable name; what is genuine names its hierarchy.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Unsigned => "the card does not sign it".to_owned(),
            Self::Doubted(Doubt::NotChecked { why }) => why.key().to_owned(),
            Self::Doubted(Doubt::IssuerUnknown { issuer }) => issuer.to_string(),
            Self::Doubted(Doubt::Forged { why }) => why.key().to_owned(),
            Self::Genuine(Anchor { hierarchy, provenance }) => {
                format!("{hierarchy} root, {}", provenance.key())
            }
        }
    }
}

impl From<Doubt> for Authenticity {
    fn from(doubt: Doubt) -> Self {
        Self::Doubted(doubt)
    }
}

impl From<&Anchor> for Authenticity {
    fn from(anchor: &Anchor) -> Self {
        Self::Genuine(anchor.clone())
    }
}
