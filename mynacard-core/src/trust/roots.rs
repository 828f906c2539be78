//! Roots (信頼の起点): the keys that nothing above vouches for, as data with their provenance.
//!
//! One [`Roots`] holds one hierarchy, so that production and test cards can never be mixed by
//! accident: with production roots a test card is of an unknown issuer, and the other way round.
//! Test roots need a word of acceptance, [`TestCardsAccepted`]; a caller's own come from a file and
//! are reported under the caller's name for them, which cannot be `production` or `test`.
//!
//! The six X.509 roots are those that J-LIS publishes. **The roots of the card-verifiable
//! certificates have never been published**: theirs are community-sourced, and everything that
//! rests on them says so. `data/roots/README.md` lists every file with its digest.

mod file;

use std::sync::Arc;

use ring::digest::{SHA256, digest};

pub use crate::error::{RootsEntry, RootsError, RootsFault};

use super::cv::KeyId;
use super::rsa::{PublicKey, RawKey};
use super::x509::{self, RootFacts};
use super::{Anchor, Hierarchy, Provenance};
use crate::map::Application;
use crate::tlv::Reader;

/// A key at the top of a chain of card-verifiable certificates.
#[derive(Clone, Debug)]
pub struct CvRoot {
    pub(super) id: KeyId,
    pub(super) application: Application,
    pub(super) key: PublicKey,
    pub(super) anchor: Anchor,
}

impl CvRoot {
    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The only application for whose records the key vouches.
    #[must_use]
    pub const fn application(&self) -> Application {
        self.application
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Hierarchy and provenance.
    #[must_use]
    pub const fn anchor(&self) -> &Anchor {
        &self.anchor
    }
}

/// A self-signed X.509 certificate authority.
#[derive(Clone, Debug)]
pub struct X509Root {
    pub(super) facts: RootFacts,
    pub(super) anchor: Anchor,
    fingerprint: [u8; 32],
}

impl X509Root {
    /// SHA-256 of the certificate.
    #[must_use]
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Hierarchy and provenance.
    #[must_use]
    pub const fn anchor(&self) -> &Anchor {
        &self.anchor
    }
}

/// The word that cards which belong to nobody are wanted. Say it in tests and demonstrations only.
#[derive(Clone, Copy, Debug)]
pub struct TestCardsAccepted;

/// The roots of one hierarchy. Make it once, and keep it: making it parses every certificate.
#[derive(Clone, Debug)]
pub struct Roots {
    hierarchy: Hierarchy,
    cv: Vec<CvRoot>,
    x509: Vec<X509Root>,
}

impl Roots {
    /// Those of cards issued to the public.
    #[must_use]
    pub fn production() -> Self {
        Self::built_in(
            Hierarchy::Production,
            [Provenance::Community, Provenance::Published],
            &[
                include_bytes!("../../data/roots/cv-5000023.bin"),
                include_bytes!("../../data/roots/cv-5000033.bin"),
            ],
            &[
                include_bytes!("../../data/roots/authca01.cer"),
                include_bytes!("../../data/roots/authca02.cer"),
                include_bytes!("../../data/roots/authca03.cer"),
                include_bytes!("../../data/roots/signca01.cer"),
                include_bytes!("../../data/roots/signca02.cer"),
                include_bytes!("../../data/roots/signca03.cer"),
            ],
        )
    }

    /// Those of test cards.
    #[must_use]
    pub fn test(_: TestCardsAccepted) -> Self {
        Self::built_in(
            Hierarchy::Test,
            [Provenance::Community, Provenance::TestCards],
            &[
                include_bytes!("../../data/roots/test/cv-6000023.bin"),
                include_bytes!("../../data/roots/test/cv-6000033.bin"),
            ],
            &[
                include_bytes!("../../data/roots/test/authca-test-2019.cer"),
                include_bytes!("../../data/roots/test/authca-test-2023.cer"),
                include_bytes!("../../data/roots/test/signca-test-2019.cer"),
                include_bytes!("../../data/roots/test/signca-test-2024.cer"),
            ],
        )
    }

    /// The caller's own, from a JSON file:
    ///
    /// ```json
    /// { "hierarchy": "training",
    ///   "cv": [ { "key_id": "36…", "modulus": "C0…", "exponent": "010001" } ],
    ///   "x509": [ "MIID…" ] }
    /// ```
    ///
    /// Key ids, moduli and exponents in hex of either case, certificates as base64 of DER. A key whose
    /// id does not have the shape of a root's says for which application it is, `"application": "face"`
    /// or `"text"`. Either list may be left out, not both.
    ///
    /// A certificate has an RSA key of 2048 to 4096 bits or one on P-256 or P-384, and is signed with SHA-256,
    /// 384 or, by RSA, 512.
    ///
    /// Errors: the first [`RootsFault`] met, and the entry that it was met in; nothing is skipped in silence.
    pub fn from_json(json: &[u8]) -> Result<Self, RootsError> {
        file::parse(json)
    }

    /// The hierarchy of all of them.
    #[must_use]
    pub const fn hierarchy(&self) -> &Hierarchy {
        &self.hierarchy
    }

    /// Those for card-verifiable certificates.
    #[must_use]
    pub fn cv(&self) -> &[CvRoot] {
        &self.cv
    }

    /// Those for X.509 certificates.
    #[must_use]
    pub fn x509(&self) -> &[X509Root] {
        &self.x509
    }

    pub(super) fn find_cv(&self, id: &KeyId) -> Option<&CvRoot> {
        self.cv.iter().find(|root| root.id == *id)
    }

    fn built_in(
        hierarchy: Hierarchy,
        [cv_from, x509_from]: [Provenance; 2],
        cv: &[&[u8; CV_FILE]],
        x509: &[&[u8]],
    ) -> Self {
        let anchor = |provenance| Anchor { hierarchy: hierarchy.clone(), provenance };
        // INVARIANT: every file is accepted; a test counts them and checks each digest.
        let cv = cv.iter().filter_map(|file| cv_root(file, anchor(cv_from))).collect();
        let x509 = x509.iter().filter_map(|der| x509_root(der, anchor(x509_from)).ok()).collect();
        Self { hierarchy, cv, x509 }
    }

    fn of_caller(name: &str) -> (Self, Anchor) {
        let hierarchy = Hierarchy::Caller(Arc::from(name));
        let anchor = Anchor { hierarchy: hierarchy.clone(), provenance: Provenance::Caller };
        (Self { hierarchy, cv: Vec::new(), x509: Vec::new() }, anchor)
    }
}

/// Bytes of a file in `data/roots`: a key id and a key, as they stand in a certificate's body.
const CV_FILE: usize = KeyId::SIZE + 265;

fn cv_root(file: &[u8; CV_FILE], anchor: Anchor) -> Option<CvRoot> {
    let (id, key) = file.split_first_chunk()?;
    let raw = RawKey::parse(&mut Reader::new(key), "cv-root").ok()?;
    let id = KeyId::new(*id);
    Some(CvRoot { id, application: id.root_application()?, key: raw.try_into().ok()?, anchor })
}

fn x509_root(der: &[u8], anchor: Anchor) -> Result<X509Root, RootsFault> {
    let facts = x509::root_facts(der)?;
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, der).as_ref());
    Ok(X509Root { facts, anchor, fingerprint })
}
