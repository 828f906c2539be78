//! The room as seen from a permit: everything is asked through the same door as in an encounter.

#[cfg(feature = "oqs-xml")]
mod oqs;
pub(crate) mod patients;
mod periods;

mod door;

use super::*;
use crate::audit::{EncounterId, Event, LogKind, Real, Salt, ShortId};
use crate::consent::{CardId, CardTrust, Consent, Marks, Permit, PermitLife, Scope};
use crate::{Error, Timestamp};

/// What tells the card of every permit here.
const MARK: &[u8] = b"a card";

fn card() -> CardId {
    Marks::of(Some(MARK), None).unwrap().first().unwrap().clone()
}

/// A permit for [`card`], and the machine that must live as long as it.
fn permit<K: LogKind>(scope: Scope, now: Timestamp) -> (Consent<K>, Permit) {
    let crew = ShortId::new("C-17").unwrap();
    let (encounter, salt) = (EncounterId::from_random([1; 16]), Salt::from_random([9; 32]));
    let life = PermitLife::from_millis(60_000).unwrap();
    let mut consent = Consent::<K>::open(encounter, salt, life, crew, now).0;
    let marks = Marks::of(Some(MARK), None).unwrap();
    let _ = consent.card_read(marks, CardTrust::Acceptable, None, crew, now).unwrap();
    for event in [Event::FaceMatched, Event::ConsentByPatient] {
        let _ = consent.apply(event, crew, now).unwrap();
    }
    let (pending, _) = consent.request_permit(scope, crew, now).unwrap();
    let permit = consent.release(pending, now).unwrap();
    (consent, permit)
}

/// A source that gives what it was given, once.
struct Prepared {
    card: CardId,
    origin: Origin,
    found: Option<Found>,
}

impl Prepared {
    fn new(found: Option<Found>) -> Self {
        Self { card: card(), origin: Origin::Vendor, found }
    }
}

impl MedicalSource for Prepared {
    fn card(&self) -> &CardId {
        &self.card
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn ask(&mut self, _: &Query<'_>) -> Result<Found, MedicalFault> {
        self.found.take().ok_or(MedicalFault::SourceFailed)
    }
}

fn ask(
    source: &mut dyn MedicalSource,
    scope: Scope,
    now: Timestamp,
) -> Result<SourceAnswer, Error> {
    let (_consent, permit) = permit::<Real>(scope, now);
    fetch(source, &permit, scope, now, || now)
}

pub(crate) fn view(found: Collected, scope: Scope, now: &str) -> MedicalView {
    let mut source = Prepared::new(Some(Found::Records(found)));
    match ask(&mut source, scope, now.parse().unwrap()) {
        Ok(SourceAnswer::Records(view)) => *view,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn day(text: &str) -> When {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    When::Day(crate::calendar::Date::parse_compact(digits.as_bytes()).unwrap())
}

fn visit(when: When, name: &str) -> Visit {
    Visit::new(when, Institution::new(name.into(), None), Source::Receipt)
}

fn medicine(when: When, name: &str, source: Source) -> Medicine {
    Medicine::new(when, name.into(), source)
}

const NOW: &str = "2026-11-22T19:40:00+09:00";

#[test]
fn regular_clinics_stand_before_single_visits_and_the_wanted_department_first() {
    let mut found = Collected::new();
    for (date, name, department) in [
        ("2026-11-20", "歯科", Some("歯科")),
        ("2026-11-15", "内科", Some("内科")),
        ("2026-10-25", "内科", Some("内科")),
        ("2026-10-01", "内科", None),
        ("2026-09-01", "病院", Some("循環器内科")),
        ("2026-08-30", "病院", Some("眼科")),
        ("2022-01-01", "昔の病院", None),
        ("2022-01-02", "昔の病院", None),
        ("2022-01-03", "昔の病院", None),
        ("2022-01-04", "昔の病院", None),
    ] {
        let mut visit = visit(day(date), name);
        visit.department = department.map(PersonalText::new);
        found.add_visit(visit).unwrap();
    }
    let view = view(found, Scope::Full, NOW);
    let names = |department| -> Vec<String> {
        let ranked = view.institutions(department);
        ranked.iter().map(|entry| entry.institution.name.as_str().to_owned()).collect()
    };
    assert_eq!(names(None), ["内科", "歯科", "病院", "昔の病院"]);
    assert_eq!(names(Some("眼科")), ["病院", "内科", "歯科", "昔の病院"]);
    let ranked = view.institutions(None);
    assert_eq!((ranked[0].visits, ranked[0].last), (3, day("2026-11-15")));
    assert_eq!(ranked[2].departments, [&"循環器内科".into(), &PersonalText::new("眼科")]);
}

#[test]
fn an_institution_is_one_whether_its_code_is_stated_or_not() {
    let mut found = Collected::new();
    found.add_visit(visit(day("2026-11-01"), "中央病院")).unwrap();
    let mut coded = visit(day("2026-10-01"), "中央病院");
    coded.institution.code = Code::new("1319999991");
    found.add_visit(coded).unwrap();
    let mut renamed = visit(day("2026-09-01"), "旧・中央病院");
    renamed.institution.code = Code::new("1319999991");
    found.add_visit(renamed).unwrap();
    let view = view(found, Scope::Summary, NOW);
    let ranked = view.institutions(None);
    assert_eq!((ranked.len(), ranked[0].visits), (1, 3));
    assert_eq!(ranked[0].institution.name.as_str(), "中央病院");
}

#[test]
fn unknown_items_are_kept_and_nobodys_business_is_refused() {
    let unknown = |section, name: &str, value: &str, when: Option<&str>| {
        let mut item = UnknownItem::new(section, name.into(), value.into());
        item.when = when.map(day);
        item
    };
    let fill = || {
        let mut found = Collected::new();
        for item in [
            unknown(Section::Care, "新しい項目", "あり", Some("2026-11-01")),
            unknown(Section::Care, "古い項目", "あり", Some("2026-01-01")),
            unknown(Section::Checkups, "健診の項目", "あり", Some("2026-11-01")),
            unknown(Section::Elsewhere, "日付なし", "123456789012", None),
            unknown(Section::Elsewhere, "個人番号", "1", Some("2026-11-01")),
            unknown(Section::Elsewhere, "IncomeTax", "1", None),
            unknown(Section::Elsewhere, "年金記号", "1", None),
            unknown(Section::Care, "Docetaxel", "1", Some("2026-11-02")),
        ] {
            found.add_unknown(item).unwrap();
        }
        found
    };
    let names = |view: &MedicalView| -> Vec<String> {
        view.unknown().iter().map(|item| item.name.as_str().to_owned()).collect()
    };
    let summary = view(fill(), Scope::Summary, NOW);
    assert_eq!(names(&summary), ["Docetaxel", "新しい項目"]);
    assert_eq!(summary.left_out(), LeftOut { dated_later: 0, undated: 1, refused: 3 });
    let full = view(fill(), Scope::Full, NOW);
    assert_eq!(names(&full), ["Docetaxel", "新しい項目", "健診の項目", "古い項目", "日付なし"]);
    assert_eq!(full.unknown()[4].value.as_str(), "************");
}

#[test]
fn a_source_cannot_bring_more_than_the_bound() {
    let mut found = Collected::new();
    for _ in 0..MAX_ITEMS {
        found.add_visit(visit(day("2026-11-01"), "x")).unwrap();
    }
    assert_eq!(found.add_visit(visit(day("2026-11-01"), "x")), Err(MedicalFault::TooManyItems));
    let view = view(found, Scope::Summary, NOW);
    assert_eq!(view.visits().len(), 1, "the same visit stands once");
}

#[test]
fn nothing_of_a_person_is_in_debug() {
    let mut found = Collected::new();
    let mut item = medicine(day("2026-11-01"), "ひみつ薬", Source::Dispensing);
    item.code = Code::new("2189017F1023");
    item.institution = Some(Institution::new("ひみつ病院".into(), None));
    let mut checkup = Checkup::new(day("2026-11-01").first_day());
    checkup.results.push(CheckupResult::new("ひみつ検査".into(), "ひみつ値".into()));
    let mut said = format!("{item:?}{:?}{checkup:?}", item.institution);
    found.add_medicine(item).unwrap();
    found.add_checkup(checkup).unwrap();
    found.add_visit(visit(day("2026-11-01"), "ひみつ病院")).unwrap();
    said += &format!("{found:?}");
    let view = view(found, Scope::Full, NOW);
    said += &format!(
        "{view:?}{:?}{:?}{:?}{:?}",
        view.visits(),
        view.medicines(),
        view.checkups(),
        view.institutions(None)
    );
    for secret in ["ひみつ", "2189017F1023", "2026"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn codes_are_told_apart_by_their_shape() {
    for (code, system) in [
        ("2189017F1023", CodeSystem::Yj),
        ("620000001", CodeSystem::Receipt),
        ("1319999991", CodeSystem::Other),
        ("2189017f1023", CodeSystem::Other),
        ("錠", CodeSystem::Other),
    ] {
        assert_eq!(Code::new(code).unwrap().system(), system, "{code}");
    }
}
