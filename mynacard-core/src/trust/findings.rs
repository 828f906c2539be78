//! What the parts of a card say about each other: agreement is silent, disagreement is a finding.

use super::clock::{Clock, Validity};
use super::live::Liveness;
use super::verdict::{Evidence, Report, Shown};
use super::x509::{CertificateFacts, Revocation};
use super::{Anchor, Authenticity, Doubt, Hierarchy, Named};
use crate::Timestamp;
use crate::calendar::Date;

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
        /// The chip proved that the face is its own, but not that name and address are.
        TextNotLive = "text-not-live",
            ja "氏名・住所がこのカードのICチップのものと確認できません。券面の氏名・住所と見比べてください。",
            en "The chip has not proven that name and address are its own. Compare them with the printed ones.";
        /// The card said that its key was open already, so the printed digits were not compared.
        DigitsNotChecked = "digits-not-checked",
            ja "照合番号Bは照合されていません(すでに照合済みの状態でした)。入力した数字は確認できていません。",
            en "The digits were not checked: the card was already unlocked. They may be those of another card.";
        /// The caller allowed even the last try to be spent, whether or not it came to that.
        LastTriesAllowed = "last-tries-allowed",
            ja "残り回数の下限を解除して照合しました。",
            en "The digits were presented without the limit that keeps the last tries from being spent.";
        /// The card holds objects that this library does not know, or says that its layout is a newer one.
        NewerLayout = "newer-layout",
            ja "新しい形式のカードです。未対応の項目があります。",
            en "The card has a newer layout: some of what it holds is not known here.";
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
        matches!(self, Self::BirthDateDiffers | Self::SexDiffers | Self::HierarchyMixed)
    }
}

/// Compares the parts.
pub(super) fn find(evidence: &Evidence<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |applies: bool, finding: Finding| {
        if applies {
            found.push(finding);
        }
    };
    let unsigned = &evidence.unsigned;
    let shown = [evidence.face_shown(), evidence.attributes_shown()];
    let births = shown.map(|it| it.and_then(Shown::birth_digits));
    let sexes = shown.map(|it| it.and_then(Shown::sex_digit));
    let text_unproven = evidence.has_attributes() && report.text_live() != Liveness::Live;
    // Where the chip proved nothing at all, that is said of it as a whole.
    say(text_unproven && report.face_live() == Liveness::Live, Finding::TextNotLive);
    say(evidence.digits_not_checked, Finding::DigitsNotChecked);
    say(evidence.last_tries_allowed, Finding::LastTriesAllowed);
    say(evidence.newer_layout, Finding::NewerLayout);
    say(differ(&births), Finding::BirthDateDiffers);
    say(differ(&sexes), Finding::SexDiffers);

    let [issued, test] = [Named::Production, Named::Test].map(|named| claims(report, named));
    say(issued && test, Finding::HierarchyMixed);
    let unknown_test = report.parts().any(|part| unknown_name(part) == Some(Named::Test));
    say(!issued && unknown_test, Finding::ClaimsTest);

    say(differ(&[unsigned.face_expiry, unsigned.common_expiry]), Finding::ExpiryDiffers);
    let facts = report.certificate().facts.as_ref();
    let named = facts.and_then(|facts| facts.municipality.as_ref());
    let municipalities = [unsigned.face_municipality, unsigned.common_municipality, named.copied()];
    say(differ(&municipalities), Finding::MunicipalityDiffers);

    let expiries = [unsigned.face_expiry, unsigned.common_expiry];
    let birth = shown.into_iter().flatten().find_map(Shown::birth);
    say(
        facts.is_some_and(|facts| ends_on_another_day(facts, birth, &expiries)),
        Finding::CertificateOfAnother,
    );
    let today = report.clock().now().map(Timestamp::date_in_japan);
    let past = |last: Date| today.is_some_and(|today| last < today);
    say(expiries.into_iter().flatten().any(past), Finding::CardExpired);
    let certificate = report.certificate();
    say(certificate.validity == Validity::NotYetValid, Finding::CertificateNotYetValid);
    say(certificate.validity == Validity::WithinGrace, Finding::CertificateWithinGrace);
    say(certificate.validity == Validity::Expired, Finding::CertificateExpired);
    let revoked = matches!(certificate.revocation, Revocation::Revoked { .. });
    say(revoked, Finding::CertificateRevoked);
    say(matches!(report.clock(), Clock::Untrusted(_)), Finding::ClockUntrusted);
    say(report.clock() == Clock::Unknown, Finding::ClockUnknown);
    found
}

/// Whether the certificate's last day is neither a birthday of the holder nor the card's last day.
fn ends_on_another_day(
    facts: &CertificateFacts,
    birth: Option<Date>,
    expiries: &[Option<Date>],
) -> bool {
    let last = facts.not_after.date_in_japan();
    let month_and_day = (last.month(), last.day());
    let is_birthday = |birth: Date| match (birth.month(), birth.day()) {
        // Whoever was born on 29 February has a birthday that other years do not.
        (2, 29) => last.month() == 2 || month_and_day == (3, 1),
        birthday => birthday == month_and_day,
    };
    birth.is_some_and(|birth| !is_birthday(birth)) && !expiries.contains(&Some(last))
}

/// Whether two of those that are there differ.
fn differ<T: PartialEq>(values: &[Option<T>]) -> bool {
    let mut there = values.iter().flatten();
    there.next().is_some_and(|first| there.any(|other| other != first))
}

/// Whether a part belongs to this hierarchy, or says so.
fn claims(report: &Report, named: Named) -> bool {
    report.parts().any(|part| match part {
        Authenticity::Genuine(Anchor { hierarchy: Hierarchy::Production, .. }) => {
            named == Named::Production
        }
        Authenticity::Genuine(Anchor { hierarchy: Hierarchy::Test, .. }) => named == Named::Test,
        other => unknown_name(other) == Some(named),
    })
}

fn unknown_name(part: &Authenticity) -> Option<Named> {
    match part {
        Authenticity::Doubted(Doubt::IssuerUnknown { issuer }) => Some(issuer.named()),
        _ => None,
    }
}
