//! The profiles: ready-made cards of invented people, and what is printed on their fronts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use crate::builder::CardBuilder;
use crate::card::{Behaviour, VirtualCard};
use crate::date::Date;
use crate::files::Application;
use crate::issuer::{Authority, Issuer, alternative_name};
use crate::keys::{CertificateKey, TestKey};
use crate::person::{self, BirthStyle, CertificateDates, Person, Token};
use crate::spec::{CardKeys, CardSpec, Holder, Secrets};
use crate::unusual::{self, Unusual};
use crate::x509::{Algorithm, Attribute, Certificate, Extension, Name, key_usage};

/// A ready-made card of an invented person.
pub struct Profile {
    person: Person,
    birth_date: Date,
    expiry: Date,
    secrets: Secrets,
    unusual: Option<&'static Unusual>,
    /// Signing takes tens of milliseconds: done once.
    issued: OnceLock<CardBuilder>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({})", self.name())
    }
}

/// What a person reads on the front of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedFront {
    /// 氏名.
    pub name: String,
    /// 住所, one or two lines.
    pub address: Vec<String>,
    /// 生年月日, in era form on a Japanese citizen's card: `昭和55年2月17日`.
    pub birth_date: String,
    /// 性別: `男` or `女`.
    pub sex: String,
    /// Last day of validity, Gregorian: `2035年2月17日`.
    pub expiry: String,
    /// セキュリティコード: the four digits under the photo.
    pub security_code: String,
    /// The front as lines of text, from top to bottom.
    pub lines: Vec<String>,
}

impl Profile {
    /// All profiles of ordinary cards and phones, in a stable order; `adult` is the first.
    #[must_use]
    pub fn all() -> &'static [Profile] {
        static ALL: OnceLock<Vec<Profile>> = OnceLock::new();
        ALL.get_or_init(|| person::people().into_iter().filter_map(Profile::new).collect())
    }

    /// All profiles of genuine cards on which one thing is not as usual, in a stable order: a value that is
    /// no date, objects of a later layout, applications of other issuers. The values that a profile tells of
    /// its holder are those of the ordinary card that it was made from.
    #[must_use]
    pub fn unusual() -> &'static [Profile] {
        static ALL: OnceLock<Vec<Profile>> = OnceLock::new();
        ALL.get_or_init(|| unusual::ALL.iter().filter_map(Profile::new_unusual).collect())
    }

    /// The profile of this name, ordinary or not.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Profile> {
        Self::all().iter().chain(Self::unusual()).find(|profile| profile.name() == name)
    }

    /// The profile `adult`: everything as usual.
    #[must_use]
    pub fn adult() -> &'static Profile {
        #[allow(clippy::expect_used, reason = "own data; a test reads all of it")]
        Self::find("adult").expect("profile adult")
    }

    fn new(person: Person) -> Option<Self> {
        let birth_date = Date::parse(person.birth_date.as_bytes())?;
        let expiry = Date::parse(person.expiry.as_bytes())?;
        let secrets = secrets(&person, birth_date, expiry)?;
        let (unusual, issued) = (None, OnceLock::new());
        Some(Profile { person, birth_date, expiry, secrets, unusual, issued })
    }

    fn new_unusual(unusual: &'static Unusual) -> Option<Self> {
        let person = person::people().into_iter().find(|it| it.profile == unusual.like)?;
        let mut profile = Profile::new(person)?;
        profile.unusual = Some(unusual);
        if unusual.no_birth_day {
            for digits in [&mut profile.secrets.code_b, &mut profile.secrets.birth_key] {
                digits.as_mut()?.replace_range(4..6, "00");
            }
        }
        Some(profile)
    }

    /// Its name: `adult`, `child`, `foreign`, …
    #[must_use]
    pub fn name(&self) -> &str {
        self.unusual.map_or(&self.person.profile, |unusual| unusual.name)
    }

    /// One line on what is special about it.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.unusual.map_or(&self.person.summary, |unusual| unusual.summary)
    }

    /// What answers: a card or a phone.
    #[must_use]
    pub fn token(&self) -> Token {
        self.person.token
    }

    /// The secrets that open it.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// 照合番号B, fourteen digits; `None` for a phone.
    #[must_use]
    pub fn code_b(&self) -> Option<&str> {
        self.secrets.code_b.as_deref()
    }

    /// Name as the text application has it.
    #[must_use]
    pub fn holder_name(&self) -> &str {
        &self.person.holder_name
    }

    /// Address as the text application has it.
    #[must_use]
    pub fn holder_address(&self) -> &str {
        &self.person.address
    }

    /// Birth date.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// Sex as records have it: `1` male, `2` female.
    #[must_use]
    pub fn sex(&self) -> &str {
        &self.person.sex
    }

    /// Last day of the card's validity.
    #[must_use]
    pub fn expiry(&self) -> Date {
        self.expiry
    }

    /// Whether the card has a photo.
    #[must_use]
    pub fn has_photo(&self) -> bool {
        self.person.photo
    }

    /// What is printed on the card; `None` for a phone.
    #[must_use]
    pub fn printed(&self) -> Option<PrintedFront> {
        if self.token() != Token::Card {
            return None;
        }
        let mut birth_date = match self.person.birth_style {
            BirthStyle::Era => self.birth_date.era_text()?,
            BirthStyle::Gregorian => self.birth_date.gregorian_text(),
        };
        if self.unusual.is_some_and(|unusual| unusual.no_birth_day) {
            let (month, _) = birth_date.split_once('月')?;
            birth_date = format!("{month}月00日");
        }
        let sex = if self.person.sex == "1" { "男" } else { "女" }.to_owned();
        let expiry = self.expiry.gregorian_text();
        let mut lines = vec![format!("氏名　{}", self.person.name_lines.join(""))];
        let labels = std::iter::once("住所").chain(std::iter::repeat("　　"));
        lines.extend(
            labels.zip(&self.person.address_lines).map(|(label, line)| format!("{label}　{line}")),
        );
        lines.push(format!("{birth_date}生　性別　{sex}"));
        lines.push(format!("{expiry}まで有効"));
        lines.push(self.person.security_code.clone());
        Some(PrintedFront {
            name: self.person.name_lines.join(""),
            address: self.person.address_lines.clone(),
            birth_date,
            sex,
            expiry,
            security_code: self.person.security_code.clone(),
            lines,
        })
    }

    /// A new card of this profile, with every counter as issued.
    #[must_use]
    pub fn card(&self) -> VirtualCard {
        self.builder().build()
    }

    /// The card as saved files with `secrets.json`; see [`VirtualCard::from_files`]. There are no
    /// private keys in it, so a card made from it cannot sign.
    #[must_use]
    pub fn to_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.card().to_files();
        files.insert("secrets.json".to_owned(), self.secrets.to_json().into_bytes());
        files
    }

    /// The issued card before it is handed out: files, keys and counters can be replaced.
    #[must_use]
    pub fn builder(&self) -> CardBuilder {
        self.issued.get_or_init(|| self.issue()).clone()
    }

    fn issue(&self) -> CardBuilder {
        let mut builder = match self.unusual {
            None => self.spec().issue(),
            Some(unusual) => unusual.issue(&self.spec()),
        };
        for (place, left) in &self.person.tries_left {
            if let Some((application, key)) = parse_place(place) {
                builder = builder.tries_left(application, key, *left);
            }
        }
        builder
    }

    /// What the card is issued from.
    #[must_use]
    pub fn spec(&self) -> CardSpec {
        let person = &self.person;
        let key = |kind: &str| TestKey::named(&format!("{}-{kind}", person.profile));
        let keys = CardKeys {
            face: key("face"),
            text: key("text"),
            auth: key("auth"),
            sign: person.sign.as_ref().and_then(|_| key("sign")),
            common: (person.token == Token::Card).then(|| TestKey::embedded("common-0019")),
            session: TestKey::embedded("session-0006"),
        };
        let issuer = match person.auth.ca.as_str() {
            "auth-ca-1" => Issuer::test_first_generation(),
            "auth-ca-3" => Issuer::test_p384(),
            _ => Issuer::test(),
        };
        let certified = |kind: &str| CertificateKey::named(&format!("{}-{kind}", person.profile));
        CardSpec {
            label: self.name().to_owned(),
            token: person.token,
            holder: holder(person, self.birth_date, self.expiry),
            auth_certificate: certified("auth")
                .map(|key| auth_certificate(person, &issuer.auth_authority, &key)),
            sign_certificate: certified("sign").zip(person.sign.as_ref()).map(|(key, dates)| {
                sign_certificate(person, self.birth_date, dates, &issuer.sign_authority, &key)
            }),
            issuer,
            keys,
            secrets: self.secrets.clone(),
            lower_mf_certificate: person.lower_mf_certificate,
            behaviour: Behaviour {
                extended_length: person.extended_length,
                security_domain: person.token == Token::Card,
                last_command_marker: person.token == Token::Iphone,
                ..Behaviour::default()
            },
        }
    }
}

/// 照合番号B is the birth date in six digits, the expiry year in four and the security code.
fn secrets(person: &Person, birth_date: Date, expiry: Date) -> Option<Secrets> {
    let card = person.token == Token::Card;
    let birth_key = match person.birth_style {
        BirthStyle::Era => birth_date.era_six()?,
        // Confidence C: the card prints a Gregorian date, so the key presumably has it too.
        BirthStyle::Gregorian => birth_date.gregorian_six(),
    };
    Some(Secrets {
        code_b: card.then(|| format!("{birth_key}{:04}{}", expiry.year, person.security_code)),
        code_a: card.then(|| person.number.clone()),
        birth_key: card.then_some(birth_key),
        text_pin: person.text_pin.clone(),
        auth_pin: person.auth_pin.clone(),
        sign_password: person.sign_password.clone(),
        juki_pin: person.juki_pin.clone(),
    })
}

fn holder(person: &Person, birth_date: Date, expiry: Date) -> Holder {
    let images = person::images(&person.profile);
    let image = |pick: fn(&person::Images) -> &'static [u8]| {
        images.as_ref().map(|images| pick(images).to_vec()).unwrap_or_default()
    };
    Holder {
        name: person.holder_name.clone(),
        address: person.address.clone(),
        birth_date,
        sex: person.sex.clone(),
        expiry,
        number: person.number.clone(),
        municipality: person.municipality.clone(),
        card_serial: person.card_serial.clone(),
        token_serial: person.token_serial.clone(),
        name_image: image(|images| images.name),
        address_image: image(|images| images.address),
        photo: Some(image(|images| images.photo)),
        security_code_image: image(|images| images.security_code),
        number_image: image(|images| images.number),
    }
}

const CPS: &str = "http://cps.mynacard-test.invalid/cps.html";
const OCSP: &str = "http://ocsp.mynacard-test.invalid";
/// The JPKI's policy for test authentication certificates; production has 1.3.30.
const AUTH_TEST_POLICY: [u32; 9] = [1, 2, 392, 200149, 8, 5, 1, 0, 30];
/// The JPKI's policy for test signature certificates; production has 1.1.20.
const SIGN_TEST_POLICY: [u32; 9] = [1, 2, 392, 200149, 8, 5, 1, 0, 20];

fn auth_certificate(person: &Person, authority: &Authority, key: &CertificateKey) -> Certificate {
    let tail = &person.card_serial.get(8..).unwrap_or_default();
    // 23 characters that end in the municipality, three digits and a letter, as on the published
    // test card.
    let id = format!("TEST990{tail}{}001A", person.municipality);
    let subject = Name::new(&[(Attribute::Country, "JP"), (Attribute::CommonName, &id)]);
    let own = vec![
        Extension::key_usage(key_usage::DIGITAL_SIGNATURE),
        Extension::client_authentication(),
        Extension::policy(&AUTH_TEST_POLICY, CPS),
    ];
    end_entity(person, &person.auth, authority, subject, key, own, Some(Extension::ocsp(OCSP)))
}

fn sign_certificate(
    person: &Person,
    birth_date: Date,
    dates: &CertificateDates,
    authority: &Authority,
    key: &CertificateKey,
) -> Certificate {
    let id = format!("20{}00{}001A", dates.not_before.trim_end_matches('Z'), person.municipality);
    let subject = Name::new(&[
        (Attribute::Country, "JP"),
        (Attribute::Locality, &person.prefecture_roman),
        (Attribute::Locality, &person.city_roman),
        (Attribute::CommonName, &id),
    ]);
    let era = match birth_date.era() {
        Some(("明治", _)) => 1,
        Some(("大正", _)) => 2,
        Some(("昭和", _)) => 3,
        Some(("平成", _)) => 4,
        Some(("令和", _)) => 5,
        _ => 0,
    };
    let own = vec![
        Extension::key_usage(key_usage::DIGITAL_SIGNATURE | key_usage::NON_REPUDIATION),
        Extension::holder_attributes(&[
            (1, &person.certificate_name),
            (4, &format!("{era}{}", birth_date.digits())),
            (3, &person.sex),
            (5, &person.certificate_address),
            (2, &person.certificate_name_flags),
            (6, &person.certificate_address_flags),
        ]),
        Extension::policy(&SIGN_TEST_POLICY, CPS),
    ];
    end_entity(person, dates, authority, subject, key, own, None)
}

/// The part that both certificates have in common, in the order seen on the published test card.
fn end_entity(
    person: &Person,
    dates: &CertificateDates,
    authority: &Authority,
    subject: Name,
    key: &CertificateKey,
    mut extensions: Vec<Extension>,
    after_distribution_point: Option<Extension>,
) -> Certificate {
    let point = authority.distribution_point(&person.prefecture_roman, &person.city_roman);
    let key = key.public();
    extensions.push(Extension::issuer_alternative_name(&alternative_name()));
    extensions.push(Extension::crl_distribution_point(&point));
    extensions.extend(after_distribution_point);
    extensions.push(Extension::authority_key(
        &authority.key.public(),
        &authority.name,
        &authority.serial,
    ));
    extensions.push(Extension::subject_key(&key));
    Certificate {
        serial: u32::from_str_radix(&dates.serial, 16).unwrap_or_default().to_be_bytes().to_vec(),
        algorithm: Algorithm::of(&authority.key),
        issuer: authority.name.clone(),
        subject,
        not_before: dates.not_before.clone(),
        not_after: dates.not_after.clone(),
        key,
        extensions,
    }
}

/// `face:0012`.
fn parse_place(text: &str) -> Option<(Application, u16)> {
    let (application, key) = text.split_once(':')?;
    let application = match application {
        "face" => Application::Face,
        "text" => Application::Text,
        "jpki" => Application::Jpki,
        "juki" => Application::Juki,
        "common" => Application::Common,
        _ => return None,
    };
    Some((application, u16::from_str_radix(key, 16).ok()?))
}
