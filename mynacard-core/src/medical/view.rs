//! What one permit lets be seen: the emergency summary (救急用サマリー) or the full view (全量版).

use core::cmp::Reverse;
use core::fmt;
use std::collections::BTreeMap;

use serde::Serialize;

use super::collected::{Collected, Origin};
use super::item::{CareAct, Checkup, Dialysis, Institution, Medicine, Surgery, UnknownItem, Visit};
use super::origin::Source;
use super::scope::{Section, checkups_shown, period};
use super::text::PersonalText;
use super::when::When;
use crate::Timestamp;
use crate::calendar::Date;
use crate::consent::Scope;
use crate::error::MalformedReason;

/// What a source found and could not be shown, as numbers. What lies before a section's period is
/// not counted: that it exists is not shown either.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct LeftOut {
    /// Dated after today: the item or this tablet's clock is wrong.
    pub dated_later: usize,
    /// Unknown items without a date, which the summary cannot place in a period.
    pub undated: usize,
    /// Unknown items that are none of an ambulance's business (number, taxes, pensions, accounts).
    pub refused: usize,
}

/// The medical data of one patient that one permit shows, every list newest first.
///
/// An item outside the scope or the period of the permit is not in the value. What occurs several
/// times in exactly the same words stands here once. Wiped on drop, absent from `Debug`.
pub struct MedicalView {
    scope: Scope,
    origin: Origin,
    fetched_at: Timestamp,
    today: Date,
    visits: Vec<Visit>,
    medicines: Vec<Medicine>,
    care: Vec<CareAct>,
    surgeries: Vec<Surgery>,
    dialyses: Vec<Dialysis>,
    checkups: Vec<Checkup>,
    unknown: Vec<UnknownItem>,
    left_out: LeftOut,
}

impl MedicalView {
    /// Keeps what the scope shows on the day of `now` in Japan.
    pub(super) fn new(
        found: Collected,
        origin: Origin,
        scope: Scope,
        now: Timestamp,
    ) -> Result<Self, MalformedReason> {
        let today = now.date_in_japan();
        let left_out = LeftOut { refused: found.refused, ..LeftOut::default() };
        let mut sieve = Sieve { scope, today, left_out };
        let mut view = Self {
            scope,
            origin: match origin {
                Origin::Vendor if found.unverified => Origin::UnverifiedLayout,
                origin => origin,
            },
            fetched_at: now,
            today,
            visits: sieve.keep(found.visits),
            medicines: sieve.keep(found.medicines),
            care: sieve.keep(found.care),
            surgeries: sieve.keep(found.surgeries),
            dialyses: sieve.keep(found.dialyses),
            checkups: sieve.keep_checkups(found.checkups),
            unknown: sieve.keep_unknown(found.unknown),
            left_out,
        };
        view.left_out = sieve.left_out;
        Ok(view)
    }

    /// What the permit allowed.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// What kind of place the data come from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// When the source was asked.
    #[must_use]
    pub const fn fetched_at(&self) -> Timestamp {
        self.fetched_at
    }

    /// The day in Japan on which every period of this view ends.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Visits (受診歴).
    #[must_use]
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// Medicines (薬剤情報, 調剤情報, and in the full view 処方情報); each says its source.
    #[must_use]
    pub fn medicines(&self) -> &[Medicine] {
        &self.medicines
    }

    /// Care acts (診療情報).
    #[must_use]
    pub fn care(&self) -> &[CareAct] {
        &self.care
    }

    /// Operations (手術情報).
    #[must_use]
    pub fn surgeries(&self) -> &[Surgery] {
        &self.surgeries
    }

    /// Dialyses (透析情報).
    #[must_use]
    pub fn dialyses(&self) -> &[Dialysis] {
        &self.dialyses
    }

    /// Check-ups (特定健診情報): in the summary the newest, without results.
    #[must_use]
    pub fn checkups(&self) -> &[Checkup] {
        &self.checkups
    }

    /// What this library does not know. Show it as it stands, marked as unknown.
    #[must_use]
    pub fn unknown(&self) -> &[UnknownItem] {
        &self.unknown
    }

    /// What could not be shown, as numbers.
    #[must_use]
    pub const fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Whether there is nothing at all to show. That is no statement about the patient's health.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.visits.is_empty()
            && self.medicines.is_empty()
            && self.care.is_empty()
            && self.surgeries.is_empty()
            && self.dialyses.is_empty()
            && self.checkups.is_empty()
            && self.unknown.is_empty()
    }

    /// Every source that an item of this view comes from, to state the age of the data.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = (self.visits.iter().map(|item| item.source))
            .chain(self.medicines.iter().map(|item| item.source))
            .chain(self.care.iter().map(|item| item.source))
            .chain(self.surgeries.iter().map(|item| item.source))
            .chain(self.dialyses.iter().map(|item| item.source))
            .chain(self.checkups.iter().map(|_| Source::CheckupRegister))
            .collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    /// Days from the latest day that an item can be of to [`today`](Self::today).
    #[must_use]
    pub fn age_in_days(&self, when: When) -> u32 {
        self.today.days_since(when.last_day())
    }

    /// The institutions visited, for choosing a hospital (搬送先医療機関の選定).
    ///
    /// Those that were visited in the wanted department come first, if one is named. Then by how
    /// recently: within one, three, twelve months, earlier. Within that by how often, then the last
    /// visit. A regular clinic thus stands before yesterday's single visit elsewhere.
    #[must_use]
    pub fn institutions(&self, department: Option<&str>) -> Vec<VisitedInstitution<'_>> {
        let mut codes = BTreeMap::new();
        for Visit { institution, .. } in &self.visits {
            if let Some(code) = &institution.code {
                codes.entry(institution.name.as_str()).or_insert(code.as_str());
            }
        }
        let mut ranked: BTreeMap<&str, VisitedInstitution<'_>> = BTreeMap::new();
        for visit in &self.visits {
            let name = visit.institution.name.as_str();
            let own_code = visit.institution.code.as_ref().map(super::item::Code::as_str);
            let key = own_code.or_else(|| codes.get(name).copied()).unwrap_or(name);
            // Visits are newest first: the first one met is the last visit.
            let entry = ranked.entry(key).or_insert_with(|| VisitedInstitution {
                institution: &visit.institution,
                departments: Vec::new(),
                visits: 0,
                last: visit.when,
            });
            entry.visits += 1;
            if let Some(department) = &visit.department
                && !entry.departments.contains(&department)
            {
                entry.departments.push(department);
            }
        }
        let mut ranked: Vec<_> = ranked.into_values().collect();
        ranked.sort_by_key(|entry| {
            let wanted = department.is_some_and(|wanted| entry.has_department(wanted));
            let last = entry.last.last_day();
            (!wanted, self.recency(last), Reverse(entry.visits), Reverse(last))
        });
        ranked
    }

    fn recency(&self, last: Date) -> usize {
        const BANDS_IN_MONTHS: [u16; 3] = [1, 3, 12];
        let within =
            |months| self.today.plus_months(-i32::from(months)).is_some_and(|first| last >= first);
        BANDS_IN_MONTHS.into_iter().position(within).unwrap_or(BANDS_IN_MONTHS.len())
    }
}

impl fmt::Debug for MedicalView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MedicalView").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// An institution that the patient visited, with what speaks for it.
#[derive(Clone)]
pub struct VisitedInstitution<'a> {
    /// The institution.
    pub institution: &'a Institution,
    /// Departments visited there, the latest first; empty if none is stated.
    pub departments: Vec<&'a PersonalText>,
    /// Number of visits in the period of the view.
    pub visits: usize,
    /// The last visit.
    pub last: When,
}

impl VisitedInstitution<'_> {
    fn has_department(&self, wanted: &str) -> bool {
        self.departments.iter().any(|department| department.as_str() == wanted)
    }
}

impl fmt::Debug for VisitedInstitution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VisitedInstitution(…)")
    }
}

/// An item that a period can judge.
trait Dated: PartialEq {
    fn section(&self) -> Section;
    fn when(&self) -> When;
    /// What to sort by within a day.
    fn label(&self) -> &str;
}

macro_rules! dated {
    ($($item:ty, |$it:ident| $section:expr, $label:expr;)*) => { $(
        impl Dated for $item {
            fn section(&self) -> Section {
                let $it = self;
                let _ = $it;
                $section
            }

            fn when(&self) -> When {
                self.when
            }

            fn label(&self) -> &str {
                let $it = self;
                $label
            }
        }
    )* };
}

dated! {
    Visit, |item| Section::Visits, item.institution.name.as_str();
    Medicine, |item| Section::of_medicine(item.source), item.name.as_str();
    CareAct, |item| Section::Care, item.name.as_str();
    Surgery, |item| Section::Surgery, item.name.as_str();
    Dialysis, |item| Section::Dialysis, item.name.as_str();
}

/// Lets through what a scope shows.
struct Sieve {
    scope: Scope,
    today: Date,
    left_out: LeftOut,
}

impl Sieve {
    fn keep<T: Dated>(&mut self, mut items: Vec<T>) -> Vec<T> {
        items.retain(|item| self.shows(item.section(), item.when()));
        items.sort_by(|a, b| {
            newest_first(a.when(), b.when()).then_with(|| a.label().cmp(b.label()))
        });
        items.dedup();
        items
    }

    fn keep_checkups(&mut self, mut checkups: Vec<Checkup>) -> Vec<Checkup> {
        checkups.retain(|checkup| self.shows(Section::Checkups, checkup.day.into()));
        checkups.sort_by_key(|checkup| Reverse(checkup.day));
        checkups.dedup();
        checkups.truncate(checkups_shown(self.scope));
        if self.scope == Scope::Summary {
            checkups.iter_mut().for_each(|checkup| checkup.results.clear());
        }
        checkups
    }

    fn keep_unknown(&mut self, mut items: Vec<UnknownItem>) -> Vec<UnknownItem> {
        items.retain(|item| match item.when {
            // The summary shows nothing of a check-up but its date.
            _ if self.scope == Scope::Summary && item.section == Section::Checkups => false,
            Some(when) => self.shows(item.section, when),
            None if self.scope == Scope::Full => true,
            None => {
                self.left_out.undated += 1;
                false
            }
        });
        items.sort_by_key(|item| Reverse(item.when.map(When::last_day)));
        items.dedup();
        items
    }

    fn shows(&mut self, section: Section, when: When) -> bool {
        if when.first_day() > self.today {
            self.left_out.dated_later += 1;
        }
        period(self.scope, section).contains(when, self.today)
    }
}

fn newest_first(a: When, b: When) -> core::cmp::Ordering {
    b.last_day().cmp(&a.last_day())
}
