//! Card-verifiable certificates (カード検証可能証明書): how the 券面 applications say whose
//! key signed a record. Layout: card-spec §5, checked on published test
//! cards. They have no dates and no public revocation.

use core::fmt;

use super::rsa::{CARD_KEY_SIZE, PublicKey, RawKey};
use super::{Anchor, Doubt, Forgery, Issuer, Roots};
use crate::error::{Malformed, MalformedReason};
use crate::map::Application;
use crate::tlv::{self, Reader, Tlv};

/// A key id (証明者鍵ID / 被証明者鍵ID): names a key. Compared in all its 16 bytes.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct KeyId([u8; Self::SIZE]);

impl KeyId {
    /// Bytes of a key id.
    pub const SIZE: usize = 16;

    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; Self::SIZE]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::SIZE] {
        &self.0
    }

    /// The application whose root this is, if the id has the shape of a root's: `5000023` and
    /// `6000023` are those of the face, `…33` of the text application.
    #[must_use]
    pub fn root_application(&self) -> Option<Application> {
        match self.0.get(1..7) {
            Some(b"000023") => Some(Application::Face),
            Some(b"000033") => Some(Application::Text),
            _ => None,
        }
    }
}

impl fmt::Display for KeyId {
    /// `6000023/001` for the usual form (7 digits, `08 05`, 3 digits, zeros), with the last four
    /// bytes in hex when they are not all zero; the bare hex for any other.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        if let [n @ .., 0x08, 0x05, g0, g1, g2, t0, t1, t2, t3] = &self.0
            && digits(n)
            && digits(&[*g0, *g1, *g2])
        {
            for byte in n.iter().chain(b"/").chain([g0, g1, g2]) {
                write!(f, "{}", char::from(*byte))?;
            }
            let tail = u32::from_be_bytes([*t0, *t1, *t2, *t3]);
            return if tail == 0 { Ok(()) } else { write!(f, "/{tail:08X}") };
        }
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A card-verifiable certificate that parses. Says nothing until it is verified.
#[derive(Clone, Copy)]
pub struct CvCertificate<'a> {
    issuer: KeyId,
    subject: KeyId,
    key: RawKey<'a>,
    body: &'a [u8],
    signature: &'a [u8],
}

const NAME: &str = "cv-certificate";

impl<'a> CvCertificate<'a> {
    /// Reads a certificate file, `7F21{ 5F4E{…} 5F37{…} }`; filler (`FF` or `00`) may follow.
    ///
    /// Errors: [`Malformed`] for anything that is not exactly of that form.
    pub fn parse(file: &'a [u8]) -> Result<Self, Malformed> {
        let whole = tlv::outer(file, 0x7F21, NAME)?;
        let rest = file.get(whole.span().end..).unwrap_or_default();
        if !(rest.iter().all(|byte| *byte == 0xFF) || rest.iter().all(|byte| *byte == 0x00)) {
            return Err(fault(whole.span().end, MalformedReason::TrailingData));
        }
        Self::parse_contents(whole.reader())
    }

    fn parse_contents(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let body = reader.expect(0x5F4E, NAME)?;
        let signature = reader.expect(0x5F37, NAME)?;
        reader.finish(NAME)?;
        if signature.value().len() != CARD_KEY_SIZE {
            return Err(fault(signature.span().start, MalformedReason::BadLength));
        }
        let (issuer, subject, key) = parse_body(&body)?;
        Ok(Self { issuer, subject, key, body: body.value(), signature: signature.value() })
    }

    /// The key id of the issuer (証明者鍵ID). Unproven.
    #[must_use]
    pub const fn issuer(&self) -> KeyId {
        self.issuer
    }

    /// The key id of the certified key (被証明者鍵ID). Unproven.
    #[must_use]
    pub const fn subject(&self) -> KeyId {
        self.subject
    }

    /// Checks the certificate against the root that it names, for an application.
    ///
    /// Errors: the [`Doubt`] that says why its key is not to be believed.
    pub fn verify(&self, roots: &Roots, application: Application) -> Result<SigningKey, Doubt> {
        let root = roots
            .find_cv(&self.issuer)
            .ok_or(Doubt::IssuerUnknown { issuer: Issuer::Key(self.issuer) })?;
        if root.application != application {
            return Err(Doubt::forged(Forgery::WrongApplication));
        }
        if !root.key.verify_sha256(self.body, self.signature) {
            return Err(Doubt::forged(Forgery::Signature));
        }
        let key = PublicKey::try_from(self.key).map_err(|_| Doubt::forged(Forgery::WeakKey))?;
        Ok(SigningKey { id: self.subject, key, anchor: root.anchor.clone() })
    }
}

/// A key that signs records, out of a verified certificate. There is no other way to get one.
#[derive(Clone, Debug)]
pub struct SigningKey {
    id: KeyId,
    key: PublicKey,
    anchor: Anchor,
}

impl SigningKey {
    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The root above it.
    #[must_use]
    pub const fn anchor(&self) -> &Anchor {
        &self.anchor
    }
}

/// Reads `issuer 16 ‖ subject 16 ‖ key`.
fn parse_body<'a>(body: &Tlv<'a>) -> Result<(KeyId, KeyId, RawKey<'a>), Malformed> {
    let at = body.value_span().start;
    let short = || fault(at, MalformedReason::Truncated);
    let (issuer, rest) = body.value().split_first_chunk().ok_or_else(short)?;
    let (subject, key) = rest.split_first_chunk().ok_or_else(short)?;
    let key = RawKey::parse(&mut Reader::new(key), NAME)
        .map_err(|inner| Malformed { at: inner.at + at + 2 * KeyId::SIZE, ..inner })?;
    Ok((KeyId(*issuer), KeyId(*subject), key))
}

const fn fault(at: usize, why: MalformedReason) -> Malformed {
    Malformed { object: NAME, at, why }
}
