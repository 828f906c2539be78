//! The result: what was read, checked part by part, and one verdict that a crew member understands.

use super::clock::Clock;
use super::cv::{self, Application, CvCertificate, SigningKey};
use super::findings::{self, Finding};
use super::live::{Challenge, Liveness, NotLive};
use super::record::{AgeRecord, AttributesRecord, CardKey, FaceRecord, TextKeyRecord};
use super::x509::{self, CertificateTrust, Revocation, RevocationSource};
use super::{Authenticity, Doubt, Hierarchy, Roots, Unchecked};

/// What was read from one card in one session. Leave out what was not read.
#[derive(Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Face 0004: the certificate of the key that signs the records of the face application.
    pub face_certificate: Option<&'a [u8]>,
    /// Face 0002.
    pub face: Option<FaceRecord<'a>>,
    /// Face 0001.
    pub age: Option<AgeRecord<'a>>,
    /// Text 0004: the certificate of the key that signs the records of the text application.
    pub text_certificate: Option<&'a [u8]>,
    /// Text 0002 with text 0003.
    pub attributes: Option<AttributesRecord<'a>>,
    /// Text 0007.
    pub text_key: Option<TextKeyRecord<'a>>,
    /// JPKI 000A: the authentication certificate, exactly its DER.
    pub certificate: Option<&'a [u8]>,
    /// The data objects `00F8` and `7F21` of the outermost level, in this order; none if not read.
    pub master_file: &'a [&'a [u8]],
    /// The challenge that was sent in this session.
    pub challenge: Option<&'a Challenge>,
    /// The answer of the face application to it.
    pub face_answer: Option<&'a [u8]>,
    /// The answer of the text application to it.
    pub text_answer: Option<&'a [u8]>,
    /// Whether the text application was asked to answer it: then the card is live only if it did.
    pub text_asked: bool,
    /// What is not signed, for comparison.
    pub unsigned: UnsignedValues<'a>,
    /// Face 0002 was read and is nothing that can be checked. That is not the same as not read.
    pub face_malformed: bool,
    /// Text 0002 was read and is nothing that can be checked.
    pub attributes_malformed: bool,
    /// What the crew is shown of the face, whether or not there is a record to prove it.
    pub face_shown: Option<Shown<'a>>,
    /// What the crew is shown of the attributes, whether or not there is a record to prove it.
    pub attributes_shown: Option<Shown<'a>>,
}

/// Values that the crew is shown, as written (ASCII).
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// Birth date, `YYYYMMDD`.
    pub birth_date: &'a [u8],
    /// Sex code.
    pub sex: &'a [u8],
}

/// Values that no signature covers, as written (ASCII). They are compared, never believed.
#[derive(Clone, Copy, Default)]
pub struct UnsignedValues<'a> {
    /// Face DF29: expiry, `YYYYMMDD`.
    pub face_expiry: Option<&'a [u8]>,
    /// Face 0003 DF34: municipality code, five digits.
    pub face_municipality: Option<&'a [u8]>,
    /// Common 0001: expiry, `YYYYMMDD`.
    pub common_expiry: Option<&'a [u8]>,
    /// Common 0001: municipality code, five digits.
    pub common_municipality: Option<&'a [u8]>,
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
    /// Age record: birth date.
    AgeBirthDate,
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

/// What is known about the trust in one card. Made by [`examine`] only.
#[derive(Clone, Debug)]
pub struct Report {
    /// The face, face 0002: all of it but expiry and security code.
    pub face: Authenticity,
    /// The age record, face 0001.
    pub age: Authenticity,
    /// The four attributes, text 0002.
    pub attributes: Authenticity,
    /// The card key of the text application, text 0007.
    pub text_key: Authenticity,
    /// The authentication certificate.
    pub certificate: CertificateTrust,
    /// The certificates of the outermost level.
    pub master_file: Authenticity,
    /// Whether the chip is the one that what the crew sees was issued to: that of the face if one was
    /// read, else that of the text application. A wrong answer of either spoils it, and so does none of
    /// the text application where it was asked.
    pub live: Liveness,
    /// The answer of the face application alone.
    pub face_live: Liveness,
    /// The answer of the text application alone.
    pub text_live: Liveness,
    /// The clock that dates were judged by.
    pub clock: Clock,
    /// What else is to be known.
    pub findings: Vec<Finding>,
    /// The verdict.
    pub verdict: Verdict,
}

impl Report {
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
            Value::AgeBirthDate => self.age.clone(),
            Value::Name | Value::Address | Value::BirthDate | Value::Sex => self.attributes.clone(),
            Value::NumberDigest => Authenticity::NotChecked { why: Unchecked::NeverRead },
            Value::Certificate => self.certificate.authenticity.clone(),
        }
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Authenticity> {
        [
            &self.face,
            &self.age,
            &self.attributes,
            &self.text_key,
            &self.certificate.authenticity,
            &self.master_file,
        ]
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
    let age = check(evidence.age, &face_signer, |record, key| record.verify(key));
    let text_key = check(evidence.text_key, &text_signer, |record, key| record.verify(key));
    let attributes = check(evidence.attributes, &text_signer, |record, key| record.verify(key));

    let face_key = face.as_ref().or(age.as_ref()).ok();
    let keys_differ = matches!((&face, &age), (Ok(one), Ok(other)) if one.key() != other.key());
    let face_live = liveness(evidence.challenge, face_key, evidence.face_answer);
    let text_live = liveness(evidence.challenge, text_key.as_ref().ok(), evidence.text_answer);
    let shows_face = evidence.face.is_some() || evidence.age.is_some();

    let mut report = Report {
        attributes: match (&attributes, &text_signer) {
            (Ok(()), Ok(signer)) => signer.anchor().into(),
            (Err(doubt), _) | (_, Err(doubt)) => {
                let has_record = evidence.attributes.is_some();
                let shown = evidence.attributes_shown.is_some();
                unproven(shown, has_record, evidence.attributes_malformed, *doubt)
            }
        },
        face: match face {
            Ok(key) => key.anchor().into(),
            Err(doubt) => {
                let shown = evidence.face_shown.is_some();
                unproven(shown, evidence.face.is_some(), evidence.face_malformed, doubt)
            }
        },
        age: authenticity(age),
        text_key: authenticity(text_key),
        certificate: evidence.certificate.map_or_else(CertificateTrust::absent, |der| {
            x509::check_authentication(der, roots, clock, source)
        }),
        master_file: master_file(evidence.master_file, roots),
        live: combine(face_live, text_live, shows_face, evidence.text_asked),
        face_live,
        text_live,
        clock,
        findings: Vec::new(),
        verdict: Verdict::Unverified,
    };
    report.findings = findings::find(evidence, &report);
    if keys_differ {
        report.findings.insert(0, Finding::CardKeyDiffers);
    }
    report.verdict = judge(&report);
    report
}

/// What is shown without a record that could prove it was not checked, and neither was what does not
/// parse; they are not absent.
fn unproven(shown: bool, has_record: bool, malformed: bool, doubt: Doubt) -> Authenticity {
    match (has_record, shown, malformed) {
        (false, true, _) => Authenticity::NotChecked { why: Unchecked::NoProof },
        (false, false, true) => Doubt::MALFORMED.into(),
        _ => doubt.into(),
    }
}

/// The worst thing that is known decides; only what is left over is genuine.
fn judge(report: &Report) -> Verdict {
    let any = |what: fn(&Authenticity) -> bool| report.parts().any(what);
    if any(|part| matches!(part, Authenticity::Forged { .. })) {
        return Verdict::Forged;
    }
    if report.findings.iter().any(|finding| finding.is_contradiction()) {
        return Verdict::Contradictory;
    }
    if matches!(report.certificate.revocation, Revocation::Revoked { .. }) {
        return Verdict::Revoked;
    }
    if any(|part| matches!(part, Authenticity::IssuerUnknown { .. })) {
        return Verdict::IssuerUnknown;
    }
    if any(|part| matches!(part, Authenticity::NotChecked { .. })) {
        return Verdict::Unverified;
    }
    // A certificate alone is public, and proves nothing about a card that shows it.
    let records = [&report.face, &report.age, &report.attributes, &report.text_key];
    let hierarchy = records.into_iter().find_map(|record| match record {
        Authenticity::Genuine { hierarchy, .. } => Some(hierarchy),
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

fn master_file(objects: &[&[u8]], roots: &Roots) -> Authenticity {
    let chain: Result<Vec<_>, _> =
        objects.iter().map(|object| CvCertificate::parse_data_object(object)).collect();
    let verified = chain
        .map_err(|_| Doubt::MALFORMED)
        .and_then(|chain| cv::verify_chain(&chain, roots, Application::MasterFile));
    verified.map_or_else(Authenticity::from, |key| key.anchor().into())
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

fn combine(face: Liveness, text: Liveness, shows_face: bool, text_asked: bool) -> Liveness {
    let wrong = |one: &Liveness| {
        matches!(one, Liveness::NotLive { why: NotLive::WrongAnswer | NotLive::WeakKey })
    };
    let first = if shows_face { face } else { text };
    match [face, text].into_iter().find(wrong) {
        Some(wrong) => wrong,
        None if text_asked && first == Liveness::Live => text,
        None => first,
    }
}
