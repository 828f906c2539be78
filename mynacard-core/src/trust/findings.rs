//! What the parts of a card say about each other: agreement is silent, disagreement is a finding.

use super::clock::{Clock, Validity};
use super::live::Liveness;
use super::verdict::{Evidence, Report};
use super::x509::{CertificateFacts, Revocation};
use super::{Authenticity, Hierarchy, Named};

reasons! {
    /// Something that the crew or the operator should know beside the verdict.
    Finding {
        /// The birth date differs between two applications of the card.
        BirthDateDiffers = "birth-date-differs",
            ja "券面と文字情報の生年月日が一致しません。",
            en "The birth date differs between two parts of the card.";
        /// The sex differs between the face and the text application.
        SexDiffers = "sex-differs",
            ja "券面と文字情報の性別が一致しません。",
            en "The sex differs between two parts of the card.";
        /// Two records of the face application name different card keys.
        CardKeyDiffers = "card-key-differs",
            ja "カード内の鍵情報が一致しません。",
            en "Two records name different keys of the card.";
        /// The chip proved that the face is its own, but not that name and address are.
        TextNotLive = "text-not-live",
            ja "氏名・住所がこのカードのICチップのものと確認できません。券面の氏名・住所と見比べてください。",
            en "The chip has not proven that name and address are its own. Compare them with the printed ones.";
        /// One part is of a test card, another of a card issued to the public.
        HierarchyMixed = "hierarchy-mixed",
            ja "試験用カードと正規カードの情報が混在しています。",
            en "Parts of a test card and of an issued card are mixed.";
        /// The card calls itself a test card, and its roots are not accepted here.
        ClaimsTest = "claims-test-card",
            ja "試験用カードを名乗っています。",
            en "It calls itself a test card.";
        /// The expiry, which is not signed, differs between the face and the common information.
        ExpiryDiffers = "expiry-differs",
            ja "有効期限の記録が一致しません(署名対象外)。",
            en "The expiry differs between two parts of the card (it is not signed).";
        /// The municipality, as far as it is written without a signature or in the certificate's
        /// name, differs. Moving house can have this effect.
        MunicipalityDiffers = "municipality-differs",
            ja "市区町村コードが一致しません(転居の可能性があります)。",
            en "The municipality differs between two parts; perhaps the holder moved.";
        /// The authentication certificate does not end on the holder's birthday, nor with the card, as
        /// the published one does (card-spec §7.2, C for the rule): it may be another card's.
        CertificateOfAnother = "certificate-of-another",
            ja "電子証明書の期限が生年月日と合いません。別のカードの証明書の可能性があります。",
            en "The certificate does not end on the holder's birthday: it may be another card's.";
        /// The card has expired, by an expiry that is not signed.
        CardExpired = "card-expired",
            ja "カードの有効期限が切れています(署名対象外の記録による)。",
            en "The card has expired, by a date that is not signed.";
        /// The authentication certificate is not valid yet.
        CertificateNotYetValid = "certificate-not-yet-valid",
            ja "電子証明書の有効期間前です。端末の時計を確認してください。",
            en "The certificate is not valid yet. Check the tablet's clock.";
        /// The authentication certificate expired less than three months ago.
        CertificateWithinGrace = "certificate-within-grace",
            ja "電子証明書の期限切れから3か月以内です。資格情報のみ照会でき、医療情報は得られません。",
            en "The certificate expired within three months: eligibility only, no medical data.";
        /// The authentication certificate has expired.
        CertificateExpired = "certificate-expired",
            ja "電子証明書の有効期限が切れています。医療情報は照会できません。",
            en "The certificate has expired: no medical data can be had with it.";
        /// The authentication certificate has been revoked.
        CertificateRevoked = "certificate-revoked",
            ja "電子証明書は失効しています。", en "The certificate has been revoked.";
        /// Dates were judged by a clock that may be wrong.
        ClockUntrusted = "clock-untrusted",
            ja "端末の時計が正確でない可能性があり、期限の判定は参考です。",
            en "The clock may be wrong, so what is said about dates is not certain.";
        /// There is no clock, so dates were not judged.
        ClockUnknown = "clock-unknown",
            ja "時刻が不明なため、期限を判定していません。",
            en "There is no clock, so dates were not judged.";
    }
}

impl Finding {
    /// Whether it means that parts of different cards were put together.
    #[must_use]
    pub const fn is_contradiction(self) -> bool {
        matches!(
            self,
            Self::BirthDateDiffers | Self::SexDiffers | Self::CardKeyDiffers | Self::HierarchyMixed
        )
    }
}

/// Compares the parts. The card keys have been compared where they were verified.
pub(super) fn find(evidence: &Evidence<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |applies: bool, finding: Finding| {
        if applies {
            found.push(finding);
        }
    };
    let unsigned = &evidence.unsigned;
    // What is shown is compared even where nothing proves it.
    let (face, attributes) = (evidence.face_shown, evidence.attributes_shown);
    let births = [
        face.map(|it| it.birth_date).or(evidence.face.map(|it| it.birth_date())),
        evidence.age.map(|it| it.birth_date()),
        attributes.map(|it| it.birth_date).or(evidence.attributes.map(|it| it.birth_date())),
    ];
    let sexes = [
        face.map(|it| it.sex).or(evidence.face.map(|it| it.sex())),
        attributes.map(|it| it.sex).or(evidence.attributes.map(|it| it.sex())),
    ];
    let text_unproven = evidence.text_asked && report.text_live != Liveness::Live;
    say(text_unproven && report.face_live == Liveness::Live, Finding::TextNotLive);
    say(differ(&births), Finding::BirthDateDiffers);
    say(differ(&sexes), Finding::SexDiffers);

    let [issued, test] = [Named::Production, Named::Test].map(|named| claims(report, named));
    say(issued && test, Finding::HierarchyMixed);
    let unknown_test = report.parts().any(|part| unknown_name(part) == Some(Named::Test));
    say(!issued && unknown_test, Finding::ClaimsTest);

    say(differ(&[unsigned.face_expiry, unsigned.common_expiry]), Finding::ExpiryDiffers);
    let facts = report.certificate.facts.as_ref();
    let named = facts.and_then(|facts| facts.municipality.as_ref());
    let municipalities =
        [unsigned.face_municipality, unsigned.common_municipality, named.map(<[u8; 5]>::as_slice)];
    say(differ(&municipalities), Finding::MunicipalityDiffers);

    let expiries = [unsigned.face_expiry, unsigned.common_expiry];
    let birth = births.into_iter().flatten().next();
    say(
        facts.is_some_and(|facts| ends_on_another_day(facts, birth, &expiries)),
        Finding::CertificateOfAnother,
    );
    let today = report.clock.now().map(|now| now.date_in_japan());
    let past = |expiry: &[u8]| date(expiry).zip(today).is_some_and(|(last, today)| last < today);
    say(expiries.into_iter().flatten().any(past), Finding::CardExpired);
    let certificate = &report.certificate;
    say(certificate.validity == Validity::NotYetValid, Finding::CertificateNotYetValid);
    say(certificate.validity == Validity::WithinGrace, Finding::CertificateWithinGrace);
    say(certificate.validity == Validity::Expired, Finding::CertificateExpired);
    let revoked = matches!(certificate.revocation, Revocation::Revoked { .. });
    say(revoked, Finding::CertificateRevoked);
    say(matches!(report.clock, Clock::Untrusted(_)), Finding::ClockUntrusted);
    say(report.clock == Clock::Unknown, Finding::ClockUnknown);
    found
}

/// Whether the certificate's last day is neither a birthday of the holder nor the card's last day.
fn ends_on_another_day(
    facts: &CertificateFacts,
    birth: Option<&[u8]>,
    expiries: &[Option<&[u8]>],
) -> bool {
    let last = facts.not_after.date_in_japan();
    let is_birthday = |birth: &[u8]| match date(birth) {
        // Whoever was born on 29 February has a birthday that other years do not.
        Some((_, 2, 29)) => last.1 == 2 || (last.1, last.2) == (3, 1),
        Some((_, month, day)) => (month, day) == (last.1, last.2),
        None => true,
    };
    let with_the_card = expiries.iter().flatten().any(|expiry| date(expiry) == Some(last));
    birth.is_some_and(|birth| !is_birthday(birth)) && !with_the_card
}

/// Whether two of those that are there differ.
fn differ(values: &[Option<&[u8]>]) -> bool {
    let mut there = values.iter().flatten();
    there.next().is_some_and(|first| there.any(|other| other != first))
}

/// Whether a part belongs to this hierarchy, or says so.
fn claims(report: &Report, named: Named) -> bool {
    report.parts().any(|part| match part {
        Authenticity::Genuine { hierarchy: Hierarchy::Production, .. } => {
            named == Named::Production
        }
        Authenticity::Genuine { hierarchy: Hierarchy::Test, .. } => named == Named::Test,
        other => unknown_name(other) == Some(named),
    })
}

fn unknown_name(part: &Authenticity) -> Option<Named> {
    match part {
        Authenticity::IssuerUnknown { issuer } => Some(issuer.named()),
        _ => None,
    }
}

/// An ASCII `YYYYMMDD`, in a form that compares.
fn date(text: &[u8]) -> Option<(u16, u8, u8)> {
    let text = core::str::from_utf8(text).ok().filter(|text| text.len() == 8)?;
    let year = text.get(..4)?.parse().ok()?;
    Some((year, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?))
}
