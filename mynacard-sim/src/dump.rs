//! Cards made of saved files, and saving a card's files.

use std::collections::BTreeMap;
use std::path::Path;

use zeroize::{Zeroize, Zeroizing};

use crate::card::{Behaviour, VirtualCard};
use crate::date::Date;
use crate::files::{Application, Ef, Secret};
use crate::issue::{availability, token_information};
use crate::keys::TestKey;
use crate::layout::{self, Contents};
use crate::person::Token;
use crate::spec::{CardKeys, Secrets};
use crate::tlv;

/// Why a dump is not a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DumpError {
    /// There is no file with one of the names of a dump.
    #[error("no file of a card is in the dump")]
    Empty,
    /// `secrets.json` is not a JSON object of texts, or its `code_b` is not fourteen digits.
    #[error("secrets.json cannot be used")]
    Secrets,
    /// The folder or a file in it cannot be read.
    #[error("the dump's folder cannot be read")]
    Unreadable,
}

/// Names of the files that are one EF each.
const FILES: [(&str, Application, u16); 19] = [
    ("surface-0001.bin", Application::Face, 0x0001),
    ("surface-0002.bin", Application::Face, 0x0002),
    ("surface-0003.bin", Application::Face, 0x0003),
    ("surface-0004.bin", Application::Face, 0x0004),
    ("surface-0005.bin", Application::Face, 0x0005),
    ("text-0001-physical.bin", Application::Text, 0x0001),
    ("text-0002.bin", Application::Text, 0x0002),
    ("text-0003.bin", Application::Text, 0x0003),
    ("text-0004.bin", Application::Text, 0x0004),
    ("text-0005.bin", Application::Text, 0x0005),
    ("text-0006.bin", Application::Text, 0x0006),
    ("text-0007.bin", Application::Text, 0x0007),
    ("jpki-sign-cert.der", Application::Jpki, 0x0001),
    ("jpki-sign-ca-cert.der", Application::Jpki, 0x0002),
    ("jpki-auth-cert.der", Application::Jpki, 0x000A),
    ("jpki-auth-ca-cert.der", Application::Jpki, 0x000B),
    ("jpki-token.bin", Application::Jpki, 0x0006),
    ("jpki-availability.bin", Application::Jpki, 0x0008),
    ("common-0001.bin", Application::Common, 0x0001),
];
/// Names of the files that are one data object each.
const OBJECTS: [(&str, u16); 2] = [("mf-do-F8.bin", 0x00F8), ("mf-do-7F21.bin", 0x7F21)];
const SECRETS: &str = "secrets.json";

impl VirtualCard {
    /// A card made of saved files. It has no private keys: signing answers `6985`.
    ///
    /// A dump is a set of files, each the content of one EF or data object:
    ///
    /// | File | What it is |
    /// |---|---|
    /// | `surface-0001.bin` … `surface-0005.bin` | 券面事項確認AP, EF by EF |
    /// | `text-0001-physical.bin` | 券面事項入力補助AP, EF 0001 with its two bytes of filler |
    /// | `text-0002.bin` … `text-0007.bin` | the other EFs |
    /// | `jpki-auth-cert.der`, `jpki-sign-cert.der` | the two certificates |
    /// | `jpki-auth-ca-cert.der`, `jpki-sign-ca-cert.der` | their CAs' |
    /// | `jpki-token.bin`, `jpki-availability.bin` | JPKI EF 0006 and 0008; made up where absent |
    /// | `common-0001.bin` | record 1 of the card information |
    /// | `mf-do-F8.bin`, `mf-do-7F21.bin` | data objects of the card manager |
    /// | `secrets.json` | `{"code_b": "…"}` and optionally `code_a`, `birth_key`, `text_pin`, `auth_pin`, `sign_password`, `juki_pin` |
    ///
    /// Other files are ignored, and a file that is absent is an EF that cannot be selected (`6A82`).
    ///
    /// 照合番号B comes from `secrets.json`. Without it, any fourteen digits open the card whose
    /// birth date (in era or Gregorian years) and expiry year are those in the files, which
    /// [`accepts_any_matching`](Self::accepts_any_matching) then says; where the files do not say
    /// them, nothing does. 照合番号A and the birth date key follow from the files likewise. A PIN
    /// that is not in `secrets.json` is one that nobody knows.
    ///
    /// # Errors
    ///
    /// [`DumpError::Empty`] and [`DumpError::Secrets`]. The contents of the other files are not
    /// checked: a spoilt dump is a card worth testing with.
    pub fn from_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, DumpError> {
        let known = FILES.iter().map(|(name, _, _)| *name).chain(OBJECTS.map(|(name, _)| name));
        if !known.into_iter().any(|name| files.contains_key(name)) {
            return Err(DumpError::Empty);
        }
        let given = read_secrets(files)?;
        let facts = Facts::from(files);
        let mut secrets = Zeroizing::new(Secrets::clone(&given));
        secrets.code_a = given.code_a.clone().or_else(|| facts.number.clone());
        let get = |name: &str| files.get(name).cloned();
        let token_file = get("jpki-token.bin");
        let token = match token_file.as_deref() {
            Some(label) if label.starts_with(b"JPKIAPGPSETOKEN") => Token::Android,
            Some(label) if label.starts_with(b"JPKIAPIOSTOKEN") => Token::Iphone,
            _ => Token::Card,
        };
        let contents = Contents {
            face_age: get("surface-0001.bin"),
            face_record: get("surface-0002.bin"),
            face_basic: get("surface-0003.bin"),
            face_certificate: get("surface-0004.bin"),
            face_number: get("surface-0005.bin"),
            text_number: get("text-0001-physical.bin"),
            text_attributes: get("text-0002.bin"),
            text_integrity: get("text-0003.bin"),
            text_certificate: get("text-0004.bin"),
            text_basic: get("text-0005.bin"),
            text_session_key: get("text-0006.bin"),
            text_signed_key: get("text-0007.bin"),
            token_information: token_file
                .unwrap_or_else(|| token_information(Token::Card, "0000000000000000")),
            availability: get("jpki-availability.bin").unwrap_or_else(|| {
                availability(
                    files.contains_key("jpki-sign-cert.der"),
                    files.contains_key("jpki-auth-cert.der"),
                )
            }),
            sign_certificate: get("jpki-sign-cert.der"),
            sign_authority: get("jpki-sign-ca-cert.der"),
            auth_certificate: get("jpki-auth-cert.der"),
            auth_authority: get("jpki-auth-ca-cert.der"),
            blank_sign_certificate: false,
            card_information: get("common-0001.bin"),
            key_reference: None,
            objects: facts.objects(files),
        };
        let keys = CardKeys {
            face: None,
            text: None,
            auth: None,
            sign: None,
            common: None,
            session: TestKey::embedded("session-0006"),
        };
        let behaviour = Behaviour {
            security_domain: token == Token::Card,
            last_command_marker: token == Token::Iphone,
            ..Behaviour::default()
        };
        let mut builder = layout::lay_out("dump", behaviour, token, contents, &keys, &secrets);
        let code_b = (Application::Face, 0x0012, facts.code_b());
        let unknown = [
            (given.code_b.is_none(), code_b.clone()),
            (given.code_b.is_none(), (Application::Text, 0x0015, code_b.2)),
            (given.birth_key.is_none(), (Application::Face, 0x0011, facts.birth_key())),
            (secrets.code_a.is_none(), (Application::Face, 0x0013, Secret::Unknown)),
            (secrets.code_a.is_none(), (Application::Text, 0x0014, Secret::Unknown)),
            (given.text_pin.is_none(), (Application::Text, 0x0011, Secret::Unknown)),
            (given.auth_pin.is_none(), (Application::Jpki, 0x0018, Secret::Unknown)),
            (given.sign_password.is_none(), (Application::Jpki, 0x001B, Secret::Unknown)),
            (given.juki_pin.is_none(), (Application::Juki, 0x001C, Secret::Unknown)),
            (given.juki_pin.is_none(), (Application::Common, 0x001C, Secret::Unknown)),
        ];
        for (_, (application, key, secret)) in unknown.into_iter().filter(|(missing, _)| *missing) {
            // Laid out as blocked, for want of a secret; here the secret is only not known.
            builder = builder.secret(application, key, secret).tries_left(application, key, 15);
        }
        if given.code_b.is_none() && !facts.births.is_empty() {
            builder = builder.accepting_any_matching();
        }
        Ok(builder.build())
    }

    /// A card made of the dump in a folder; see [`from_files`](Self::from_files).
    ///
    /// # Errors
    ///
    /// As there, and [`DumpError::Unreadable`].
    pub fn from_folder(folder: &Path) -> Result<Self, DumpError> {
        if !folder.is_dir() {
            return Err(DumpError::Unreadable);
        }
        let names = FILES.iter().map(|(name, _, _)| *name);
        let names = names.chain(OBJECTS.map(|(name, _)| name)).chain([SECRETS]);
        let mut files = BTreeMap::new();
        for name in names {
            match std::fs::read(folder.join(name)) {
                Ok(bytes) => {
                    files.insert(name.to_owned(), bytes);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(_) => return Err(DumpError::Unreadable),
            }
        }
        Self::from_files(&files)
    }

    /// The card's files as a dump, without filler and without secrets. Reading them costs no
    /// exchange and needs no credential: it is a look from outside.
    #[must_use]
    pub fn to_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for (name, application, id) in FILES {
            let content = match self.file(application, id) {
                Some(Ef::Transparent(data)) => data.content.to_vec(),
                Some(Ef::Records { records, .. }) => records.first().cloned().unwrap_or_default(),
                _ => continue,
            };
            if !content.is_empty() {
                files.insert(name.to_owned(), content);
            }
        }
        for (name, tag) in OBJECTS {
            if let Some(object) = self.objects.get(&tag) {
                files.insert(name.to_owned(), object.clone());
            }
        }
        files
    }
}

fn read_secrets(files: &BTreeMap<String, Vec<u8>>) -> Result<Zeroizing<Secrets>, DumpError> {
    let Some(json) = files.get(SECRETS) else { return Ok(Zeroizing::default()) };
    // The reader would take a list for an object, too.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(DumpError::Secrets);
    }
    let secrets: Zeroizing<Secrets> =
        Zeroizing::new(serde_json::from_slice(json).map_err(|_| DumpError::Secrets)?);
    let fourteen = |code: &String| code.len() == 14 && code.bytes().all(|b| b.is_ascii_digit());
    if secrets.code_b.as_ref().is_some_and(|code| !fourteen(code)) {
        return Err(DumpError::Secrets);
    }
    Ok(secrets)
}

/// What the files say about the keys.
struct Facts {
    /// Birth date in six digits, in era and in Gregorian years; empty where it is not known.
    births: Vec<String>,
    /// Expiry, eight digits.
    expiry: Option<Zeroizing<String>>,
    /// The twelve-digit number.
    number: Option<String>,
    /// Municipality code.
    municipality: Option<Vec<u8>>,
}

impl Drop for Facts {
    fn drop(&mut self) {
        self.births.zeroize();
        self.number.zeroize();
    }
}

impl Facts {
    fn from(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let value = |file: &str, outer: u32, tag: u32| {
            let content = tlv::find(files.get(file)?, outer)?;
            tlv::find(content, tag)
        };
        let birth = value("surface-0002.bin", 0xFF20, 0xDF22)
            .or_else(|| value("text-0002.bin", 0xFF20, 0xDF24))
            .or_else(|| value("surface-0001.bin", 0xFF10, 0xDF11))
            .and_then(Date::parse);
        let births = birth.map(|date| date.era_six().into_iter().chain([date.gregorian_six()]));
        let expiry = value("surface-0002.bin", 0xFF20, 0xDF29).and_then(Date::parse);
        let number = files
            .get("text-0001-physical.bin")
            .and_then(|file| tlv::find(file, 0xFF10))
            .filter(|digits| digits.len() == 12 && digits.iter().all(u8::is_ascii_digit));
        Facts {
            births: births.into_iter().flatten().collect(),
            expiry: expiry.map(|date| Zeroizing::new(date.digits())),
            number: number.and_then(|digits| String::from_utf8(digits.to_vec()).ok()),
            municipality: value("surface-0003.bin", 0xFF30, 0xDF34).map(<[u8]>::to_vec),
        }
    }

    fn code_b(&self) -> Secret {
        Secret::AnySecurityCode {
            births: self.births.clone(),
            expiry_year: self.expiry.as_ref().and_then(|expiry| expiry.get(..4)).map(str::to_owned),
        }
    }

    fn birth_key(&self) -> Secret {
        Secret::OneOf(self.births.clone())
    }

    /// Saved data objects, and those that follow from other files.
    fn objects(&self, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<u16, Vec<u8>> {
        let saved =
            OBJECTS.into_iter().filter_map(|(name, tag)| Some((tag, files.get(name)?.clone())));
        let municipality = self.municipality.clone().map(|code| (0x00F0, code));
        let expiry = self.expiry.as_ref().map(|expiry| (0x00F2, expiry.as_bytes().to_vec()));
        saved.chain(municipality).chain(expiry).collect()
    }
}
