//! Forged cards to try a verifier with. Each looks like the profile `adult` to the eye and opens with its
//! number.

use crate::{Application, CardBuilder, Issuer, Profile, TestKey, VirtualCard};

/// A way to forge a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgery {
    /// The photo is somebody else's, under the signature that was there before.
    SwappedPhoto,
    /// The files of a genuine card on a chip that has not its private key.
    Copied,
    /// The files of a genuine card on a chip with a private key of the forger's.
    CopiedWithOtherKey,
    /// Everything is signed, by a hierarchy that only calls itself the issuer's.
    SelfMadeRoots,
    /// The face of one person with the attributes of another, both genuine.
    TwoPeople,
    /// The face of one person with the name and address of another who has the same birth date and
    /// sex: nothing that is written contradicts anything.
    BorrowedName,
    /// The expiry, which nobody signs, is ten years later.
    LaterExpiry,
}

impl Forgery {
    /// Every one, in a stable order.
    pub const ALL: &'static [Self] = &[
        Self::SwappedPhoto,
        Self::Copied,
        Self::CopiedWithOtherKey,
        Self::SelfMadeRoots,
        Self::TwoPeople,
        Self::BorrowedName,
        Self::LaterExpiry,
    ];

    /// Its name on a command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SwappedPhoto => "swapped-photo",
            Self::Copied => "copied",
            Self::CopiedWithOtherKey => "copied-other-key",
            Self::SelfMadeRoots => "self-made-roots",
            Self::TwoPeople => "two-people",
            Self::BorrowedName => "borrowed-name",
            Self::LaterExpiry => "later-expiry",
        }
    }

    /// What was done, in a line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::SwappedPhoto => "the photo of another person under the old signature",
            Self::Copied => "a copy of a genuine card's files, without its private key",
            Self::CopiedWithOtherKey => "a copy that answers challenges with a key of its own",
            Self::SelfMadeRoots => "everything signed, by a hierarchy that only bears the names",
            Self::TwoPeople => "the face of one card, the name and address of another",
            Self::BorrowedName => "the same, of two people with one birth date and sex",
            Self::LaterExpiry => "an expiry ten years later, which no signature covers",
        }
    }

    /// The forgery of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|forgery| forgery.name() == name)
    }

    /// The profile that it imitates.
    #[must_use]
    pub fn profile(self) -> &'static Profile {
        Profile::adult()
    }

    /// A new card forged in this way.
    #[must_use]
    pub fn card(self) -> VirtualCard {
        self.builder().build()
    }

    fn builder(self) -> CardBuilder {
        let profile = self.profile();
        let genuine = profile.builder();
        match self {
            Self::SwappedPhoto => {
                let spec = profile.spec();
                let mut record = spec.face_record();
                let payload = record.signed_payload();
                let signature = spec.issuer.face_signer.key.sign_verbatim(&payload);
                record.photo = other().spec().holder.photo;
                let file = record.with_signature(&signature.unwrap_or_default());
                genuine.replace_file(Application::Face, 0x02, &file)
            }
            Self::Copied => genuine.signing_key(Application::Face, 0x1A, None).signing_key(
                Application::Text,
                0x13,
                None,
            ),
            Self::CopiedWithOtherKey => {
                genuine.signing_key(Application::Face, 0x1A, TestKey::named("rogue-card"))
            }
            Self::SelfMadeRoots => {
                let mut spec = profile.spec();
                spec.issuer = Issuer::rogue();
                spec.issue()
            }
            Self::TwoPeople => with_text_of(genuine, &other().builder()),
            Self::BorrowedName => {
                let mut theirs = other().spec();
                let ours = profile.spec().holder;
                (theirs.holder.birth_date, theirs.holder.sex) = (ours.birth_date, ours.sex.clone());
                with_text_of(genuine, &theirs.issue())
            }
            Self::LaterExpiry => {
                let spec = profile.spec();
                let mut record = spec.face_record();
                if let Some(decade) = record.expiry.get_mut(2) {
                    *decade += 1;
                }
                let file = record.sign(&spec.issuer.face_signer.key);
                genuine.replace_file(Application::Face, 0x02, &file)
            }
        }
    }
}

/// The records of the text application and what proves them, all of another card.
fn with_text_of(card: CardBuilder, theirs: &CardBuilder) -> CardBuilder {
    [0x02, 0x03, 0x04, 0x07].into_iter().fold(card, |card, file| {
        let content = theirs.file_content(Application::Text, file);
        card.replace_file(Application::Text, file, &content.unwrap_or_default())
    })
}

fn other() -> &'static Profile {
    Profile::find("two-line-address").unwrap_or_else(|| Profile::adult())
}
