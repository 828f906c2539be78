//! The result: what was read, checked part by part, and one verdict that a crew member understands.

use super::clock::Clock;
use super::cv::{CvCertificate, SigningKey};
use super::findings::{self, Finding};
use super::live::{Challenge, Liveness, NotLive};
use super::record::{AttributesRecord, CardKey, FaceRecord, TextKeyRecord};
use super::x509::{self, CertificateTrust, Revocation, RevocationSource};
use super::{Anchor, Authenticity, Doubt, Hierarchy, Roots, Unchecked};
use crate::calendar::Date;
use crate::map::Application;

/// What was read from one card in one session. Leave out what was not read.
#[derive(Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Face 0004: the certificate of the key that signs the records of the face application.
    pub face_certificate: Option<&'a [u8]>,
    /// Face 0002.
    pub face: Option<FaceRecord<'a>>,
    /// Text 0004: the certificate of the key that signs the records of the text application.
    pub text_certificate: Option<&'a [u8]>,
    /// Text 0002 with text 0003.
    pub attributes: Option<AttributesRecord<'a>>,
    /// Text 0007.
    pub text_key: Option<TextKeyRecord<'a>>,
    /// JPKI 000A: the authentication certificate, exactly its DER.
    pub certificate: Option<&'a [u8]>,
    /// The challenge that was sent in this session.
    pub challenge: Option<&'a Challenge>,
    /// The answer of the face application to it.
    pub face_answer: Option<&'a [u8]>,
    /// The answer of the text application to it.
    pub text_answer: Option<&'a [u8]>,
    /// The card said of a key that it was open already, so the digits were not compared.
    pub digits_not_checked: bool,
    /// The caller allowed the last tries of a key to be spent.
    pub last_tries_allowed: bool,
    /// The card has objects that are not known, or says that its layout is a newer one.
    pub newer_layout: bool,
    /// What is not signed, for comparison.
    pub unsigned: UnsignedValues,
    /// Face 0002 was read and is nothing that can be checked. That is not the same as not read.
    pub face_malformed: bool,
    /// Text 0002 was read and is nothing that can be checked.
    pub attributes_malformed: bool,
    /// What the crew is shown of the face, where there is no record to prove it.
    pub face_unproven: Option<Shown<'a>>,
    /// What the crew is shown of the attributes, where there is no record to prove it.
    pub attributes_unproven: Option<Shown<'a>>,
}

impl<'a> Evidence<'a> {
    /// What the crew is shown of the face: compared even where nothing proves it.
    pub(super) fn face_shown(&self) -> Option<Shown<'a>> {
        self.face.map(|it| Shown::new(it.birth_date(), it.sex())).or(self.face_unproven)
    }

    /// What the crew is shown of the attributes.
    pub(super) fn attributes_shown(&self) -> Option<Shown<'a>> {
        let record = self.attributes.map(|it| Shown::new(it.birth_date(), it.sex()));
        record.or(self.attributes_unproven)
    }

    fn has_face(&self) -> bool {
        self.face.is_some() || self.face_unproven.is_some()
    }

    /// Whether name and address are before the crew, proven or not.
    pub(super) fn has_attributes(&self) -> bool {
        self.attributes.is_some() || self.attributes_unproven.is_some()
    }
}

/// Values that the crew is shown, as the chip has them.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    birth_date: &'a [u8],
    sex: &'a [u8],
}

impl<'a> Shown<'a> {
    /// From the values of the two objects: `YYYYMMDD` and one digit, where they are that.
    #[must_use]
    pub const fn new(birth_date: &'a [u8], sex: &'a [u8]) -> Self {
        Self { birth_date, sex }
    }

    /// The birth date to be compared: eight digits, whether or not they are a day of the calendar.
    pub(super) fn birth_digits(self) -> Option<[u8; 8]> {
        let digits: [u8; 8] = self.birth_date.try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(digits)
    }

    /// The birth date, if it is a day of the calendar.
    pub(super) fn birth(self) -> Option<Date> {
        Date::parse_compact(self.birth_date).ok()
    }

    /// The sex code to be compared: one digit.
    pub(super) fn sex_digit(self) -> Option<u8> {
        match self.sex {
            [digit @ b'0'..=b'9'] => Some(*digit),
            _ => None,
        }
    }
}

/// Values that no signature covers. They are compared, never believed.
#[derive(Clone, Copy, Default)]
pub struct UnsignedValues {
    /// Face DF29: expiry.
    pub face_expiry: Option<Date>,
    /// Face 0003 DF34: municipality code, five digits.
    pub face_municipality: Option<[u8; 5]>,
    /// Common 0001: expiry.
    pub common_expiry: Option<Date>,
    /// Common 0001: municipality code, five digits.
    pub common_municipality: Option<[u8; 5]>,
}

reasons! {
    /// The verdict on a card, with advice.
    Verdict {
        /// Genuine, and this chip is the one it was issued to.
        GenuineLive = "genuine-live",
            ja "正規のカードです。ICチップの情報は改ざんされていません。",
            en "A genuine card: what the chip holds is unaltered, and it is the chip it was issued to.";
        /// Genuine records, but this chip did not prove that they are its own.
        GenuineNotLive = "genuine-not-live",
            ja "情報は正規のものですが、このカード自身の証明がありません。複製の可能性があります。券面と本人を確認してください。",
            en "The data are genuine, but this chip has not proven that they are its own. It may be a copy: compare the printed card and the person.";
        /// A test card, live. Never a person's.
        TestLive = "test-live",
            ja "試験用カードです。実在の人のカードではありません。",
            en "A test card. It is nobody's card.";
        /// Records of a test card, without proof by the chip.
        TestNotLive = "test-not-live",
            ja "試験用カードの情報です(ICチップの応答確認なし)。実在の人のカードではありません。",
            en "The data of a test card, without proof by the chip. They are nobody's.";
        /// Nothing failed, but too little was checked to say more.
        Unverified = "unverified",
            ja "真正性を確認できていません。券面を目視で確認してください。",
            en "Not verified. Look at the printed card.";
        /// An issuer is not among the roots.
        IssuerUnknown = "issuer-unknown",
            ja "発行者を確認できません。券面を目視で確認し、情報は参考にとどめてください。",
            en "The issuer is not known here. Look at the printed card, and take the data as a hint only.";
        /// The authentication certificate has been revoked: the card was reported lost, or replaced.
        Revoked = "revoked",
            ja "電子証明書が失効しています。紛失届のあるカードや古いカードの可能性があります。券面と本人を確認してください。",
            en "The certificate has been revoked: the card may have been reported lost, or replaced. Compare the printed card and the person.";
        /// Parts contradict each other, as if put together from different cards.
        Contradictory = "contradictory",
            ja "カード内の情報が互いに矛盾しています。使用せず、通常の活動に切り替えてください。",
            en "Parts of the card contradict each other. Do not use it; go on without it.";
        /// Something on it was altered or made up.
        Forged = "forged",
            ja "偽造または改ざんの疑いがあります。使用せず、通常の活動に切り替えてください。",
            en "Something on it was altered or made up. Do not use it; go on without it.";
    }
}

/// A value that a card holds, to ask [`Report::of`] about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Face: birth date (DF22).
    FaceBirthDate,
    /// Face: sex (DF23).
    FaceSex,
    /// Face: picture of the name (DF25).
    NamePicture,
    /// Face: picture of the address (DF26).
    AddressPicture,
    /// Face: photo (DF27).
    Photo,
    /// Face: expiry (DF29).
    FaceExpiry,
    /// Face: picture of the security code (DF2A).
    SecurityCode,
    /// Face 0003: municipality code.
    FaceMunicipality,
    /// Text: name (氏名).
    Name,
    /// Text: address (住所).
    Address,
    /// Text: birth date (生年月日).
    BirthDate,
    /// Text: sex (性別).
    Sex,
    /// Text: digest of the number file, which is signed but never compared.
    NumberDigest,
    /// Common 0001: card serial number, municipality, expiry.
    CommonInformation,
    /// JPKI: everything in the authentication certificate.
    Certificate,
}

/// What is known about the trust in one card. Made by [`examine`] alone, and not to be altered.
#[derive(Clone, Debug)]
pub struct Report {
    face: Authenticity,
    attributes: Authenticity,
    text_key: Authenticity,
    certificate: CertificateTrust,
    live: Liveness,
    face_live: Liveness,
    text_live: Liveness,
    clock: Clock,
    findings: Vec<Finding>,
    verdict: Verdict,
}

impl Report {
    /// The face, face 0002: all of it but expiry and security code.
    #[must_use]
    pub const fn face(&self) -> &Authenticity {
        &self.face
    }

    /// The four attributes, text 0002.
    #[must_use]
    pub const fn attributes(&self) -> &Authenticity {
        &self.attributes
    }

    /// The card key of the text application, text 0007.
    #[must_use]
    pub const fn text_key(&self) -> &Authenticity {
        &self.text_key
    }

    /// The authentication certificate.
    #[must_use]
    pub const fn certificate(&self) -> &CertificateTrust {
        &self.certificate
    }

    /// Whether the chip is the one that all of what the crew sees was issued to: it answered for its
    /// face if one was read, and for the attributes if they were read.
    #[must_use]
    pub const fn live(&self) -> Liveness {
        self.live
    }

    /// The answer of the face application alone.
    #[must_use]
    pub const fn face_live(&self) -> Liveness {
        self.face_live
    }

    /// The answer of the text application alone.
    #[must_use]
    pub const fn text_live(&self) -> Liveness {
        self.text_live
    }

    /// The clock that dates were judged by.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// What else is to be known.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The verdict.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// How one value was authenticated.
    #[must_use]
    pub fn of(&self, value: Value) -> Authenticity {
        match value {
            Value::FaceBirthDate
            | Value::FaceSex
            | Value::NamePicture
            | Value::AddressPicture
            | Value::Photo => self.face.clone(),
            Value::FaceExpiry
            | Value::SecurityCode
            | Value::FaceMunicipality
            | Value::CommonInformation => Authenticity::Unsigned,
            Value::Name | Value::Address | Value::BirthDate | Value::Sex => self.attributes.clone(),
            Value::NumberDigest => Doubt::NotChecked { why: Unchecked::NeverRead }.into(),
            Value::Certificate => self.certificate.authenticity.clone(),
        }
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Authenticity> {
        [&self.face, &self.attributes, &self.text_key, &self.certificate.authenticity]
            .into_iter()
            .filter(|part| **part != Authenticity::ABSENT)
    }
}

/// Checks everything that was read from a card. Effect on the card: none.
#[must_use]
pub fn examine(
    evidence: &Evidence<'_>,
    roots: &Roots,
    clock: Clock,
    source: &dyn RevocationSource,
) -> Report {
    let face_signer = signer(evidence.face_certificate, roots, Application::Face);
    let text_signer = signer(evidence.text_certificate, roots, Application::Text);
    let face = check(evidence.face, &face_signer, |record, key| record.verify(key));
    let text_key = check(evidence.text_key, &text_signer, |record, key| record.verify(key));
    let attributes = check(evidence.attributes, &text_signer, |record, key| record.verify(key));

    let face_live = liveness(evidence.challenge, face.as_ref().ok(), evidence.face_answer);
    let text_live = liveness(evidence.challenge, text_key.as_ref().ok(), evidence.text_answer);
    let live = combine(
        evidence.has_face().then_some(face_live),
        evidence.has_attributes().then_some(text_live),
        [face_live, text_live],
    );

    let mut report = Report {
        attributes: match (&attributes, &text_signer) {
            (Ok(()), Ok(signer)) => signer.anchor().into(),
            (Err(doubt), _) | (_, Err(doubt)) => {
                let has_record = evidence.attributes.is_some();
                let shown = evidence.attributes_unproven.is_some();
                unproven(shown, has_record, evidence.attributes_malformed, *doubt)
            }
        },
        face: match face {
            Ok(key) => key.anchor().into(),
            Err(doubt) => {
                let shown = evidence.face_unproven.is_some();
                unproven(shown, evidence.face.is_some(), evidence.face_malformed, doubt)
            }
        },
        text_key: authenticity(text_key),
        certificate: evidence.certificate.map_or_else(CertificateTrust::absent, |der| {
            x509::check_authentication(der, roots, clock, source)
        }),
        live,
        face_live,
        text_live,
        clock,
        findings: Vec::new(),
        verdict: Verdict::Unverified,
    };
    report.findings = findings::find(evidence, &report);
    report.verdict = judge(&report);
    report
}

/// What is shown without a record that could prove it was not checked, and neither was what does not
/// parse; they are not absent.
fn unproven(shown: bool, has_record: bool, malformed: bool, doubt: Doubt) -> Authenticity {
    match (has_record, shown, malformed) {
        (false, true, _) => Doubt::NotChecked { why: Unchecked::NoProof }.into(),
        (false, false, true) => Doubt::MALFORMED.into(),
        _ => doubt.into(),
    }
}

/// The worst thing that is known decides; only what is left over is genuine.
fn judge(report: &Report) -> Verdict {
    let any = |what: fn(&Doubt) -> bool| {
        report.parts().any(|part| matches!(part, Authenticity::Doubted(doubt) if what(doubt)))
    };
    if any(|doubt| matches!(doubt, Doubt::Forged { .. })) {
        return Verdict::Forged;
    }
    if report.findings.iter().any(|finding| finding.is_contradiction()) {
        return Verdict::Contradictory;
    }
    if matches!(report.certificate.revocation, Revocation::Revoked { .. }) {
        return Verdict::Revoked;
    }
    if any(|doubt| matches!(doubt, Doubt::IssuerUnknown { .. })) {
        return Verdict::IssuerUnknown;
    }
    if any(|doubt| matches!(doubt, Doubt::NotChecked { .. })) {
        return Verdict::Unverified;
    }
    // A certificate alone is public, and proves nothing about a card that shows it.
    let records = [&report.face, &report.attributes, &report.text_key];
    let hierarchy = records.into_iter().find_map(|record| match record {
        Authenticity::Genuine(Anchor { hierarchy, .. }) => Some(hierarchy),
        _ => None,
    });
    match (hierarchy, report.live) {
        (None, _) => Verdict::Unverified,
        (Some(Hierarchy::Test), Liveness::Live) => Verdict::TestLive,
        (Some(Hierarchy::Test), Liveness::NotLive { .. }) => Verdict::TestNotLive,
        (Some(_), Liveness::Live) => Verdict::GenuineLive,
        (Some(_), Liveness::NotLive { .. }) => Verdict::GenuineNotLive,
    }
}

fn signer(
    certificate: Option<&[u8]>,
    roots: &Roots,
    application: Application,
) -> Result<SigningKey, Doubt> {
    let file = certificate.ok_or(Doubt::NotChecked { why: Unchecked::NoCertificate })?;
    let parsed = CvCertificate::parse(file).map_err(|_| Doubt::MALFORMED)?;
    parsed.verify(roots, application)
}

fn check<R, T>(
    record: Option<R>,
    signer: &Result<SigningKey, Doubt>,
    verify: impl FnOnce(R, &SigningKey) -> Result<T, Doubt>,
) -> Result<T, Doubt> {
    let record = record.ok_or(Doubt::NotChecked { why: Unchecked::Absent })?;
    verify(record, signer.as_ref().map_err(|doubt| *doubt)?)
}

fn authenticity(checked: Result<CardKey, Doubt>) -> Authenticity {
    checked.map_or_else(Authenticity::from, |key| key.anchor().into())
}

fn liveness(
    challenge: Option<&Challenge>,
    key: Option<&CardKey>,
    answer: Option<&[u8]>,
) -> Liveness {
    let (Some(challenge), Some(answer)) = (challenge, answer) else {
        return Liveness::NotLive { why: NotLive::NotAnswered };
    };
    match key {
        Some(key) => challenge.judge(key, answer),
        None => Liveness::NotLive { why: NotLive::NoTrustedKey },
    }
}

/// Live is what every part that the crew sees is live of; a wrong answer of any spoils it.
fn combine(
    face: Option<Liveness>,
    attributes: Option<Liveness>,
    answers: [Liveness; 2],
) -> Liveness {
    let wrong = |one: &Liveness| {
        matches!(one, Liveness::NotLive { why: NotLive::WrongAnswer | NotLive::WeakKey })
    };
    if let Some(wrong) = answers.into_iter().find(wrong) {
        return wrong;
    }
    let seen = [face, attributes].into_iter().flatten();
    // Neither was read: whatever answered is all there is.
    let [face_answer, _] = answers;
    seen.reduce(|one, other| if one == Liveness::Live { other } else { one }).unwrap_or(face_answer)
}
