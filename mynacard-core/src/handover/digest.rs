//! What is said of many items in few words.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::field::BirthDate;
use crate::medical::{Dialysis, MedicalView, Medicine, When};

/// One medicine by name: its newest item, and how many items it has.
pub(super) struct MedicineDigest<'a> {
    pub(super) newest: &'a Medicine,
    pub(super) items: usize,
}

/// The medicines of a view, newest first, each name once.
///
/// Of two items of the same day what was dispensed stands before what was prescribed.
pub(super) fn medicines(view: &MedicalView) -> Vec<MedicineDigest<'_>> {
    let mut by_name: BTreeMap<&str, MedicineDigest<'_>> = BTreeMap::new();
    for item in view.medicines() {
        let digest =
            by_name.entry(item.name.as_str()).or_insert(MedicineDigest { newest: item, items: 0 });
        digest.items += 1;
        let rank = |item: &Medicine| (Reverse(item.when.last_day()), item.source);
        if rank(item) < rank(digest.newest) {
            digest.newest = item;
        }
    }
    let mut digests: Vec<_> = by_name.into_values().collect();
    digests.sort_by_key(|digest| Reverse(digest.newest.when.last_day()));
    digests
}

/// The newest dialysis, and how many there are.
pub(super) fn dialysis(view: &MedicalView) -> Option<(&Dialysis, usize)> {
    view.dialyses().first().map(|newest| (newest, view.dialyses().len()))
}

/// Full years, and for children under six the months beyond them.
pub(super) fn age(birth: &BirthDate, today: Date) -> (u16, Option<u8>) {
    const MONTHS_COUNT_UNDER: u16 = 6;
    let born = birth.date();
    let years = born.age_on(today);
    let months = u16::from(today.month()) + 12
        - u16::from(born.month())
        - u16::from(today.day() < born.day());
    let months = u8::try_from(months % 12).ok();
    (years, months.filter(|_| years < MONTHS_COUNT_UNDER && born <= today))
}

/// Year, month and day of an item; no day if a month is all that is known.
pub(super) fn parts(when: When) -> (u16, u8, Option<u8>) {
    let first = when.first_day();
    let day = matches!(when, When::Day(_)).then(|| first.day());
    (first.year(), first.month(), day)
}
