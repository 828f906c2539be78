//! Handing the patient over to the hospital (搬送先医療機関への引き継ぎ): one report in three forms, in
//! a fixed order, so that what a hospital hears does not depend on who calls.
//!
//! - [`Handover::script`]: read aloud on the telephone, in Japanese.
//! - [`Handover::page`]: one page of text, in Japanese.
//! - [`Handover::json`]: the same as data.
//!
//! Order: patient, chief complaint (主訴), consciousness and vital signs, institutions visited,
//! medicines, dialysis, surgery, care acts, date of the check-up, what was not known, identity and
//! basis. What was not known is said as plainly as what was.
//!
//! Every form is made in memory that is wiped on drop, sized beforehand so that no copy is left behind.
//! Effect on the card of everything here: none.

mod digest;
mod json;
mod not_known;
mod page;
mod script;
mod words;
mod wrap;

#[cfg(test)]
mod tests;

use core::fmt;

use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

use crate::Timestamp;
use crate::calendar::Date;
use crate::consent::{Basis, Identity, Stated};
use crate::field::{BirthDate, Sex};
use crate::medical::{MedicalView, NoRecords, PersonalText};
use crate::trust::Provenance;

pub use page::PAGE_LINES;
pub use wrap::PAGE_COLUMNS;

/// Who the patient is, as far as the card said. Wiped on drop.
#[derive(Clone, Default)]
pub struct PatientFacts {
    /// Name (氏名).
    pub name: Option<PersonalText>,
    /// Birth date (生年月日).
    pub birth: Option<BirthDate>,
    /// Sex (性別).
    pub sex: Option<Sex>,
    /// Address (住所).
    pub address: Option<PersonalText>,
    /// What the card has in the place of those that were not understood (不詳).
    pub said: Vec<Said>,
}

/// What the card has in the place of a value that was not understood. Wiped on drop.
#[derive(Clone)]
pub struct Said {
    /// Which: 氏名, 生年月日, 性別, 住所.
    pub what: &'static str,
    /// As the card has it.
    pub text: PersonalText,
}

/// What the crew says. Wiped on drop. Serialised, it is the findings of the JSON report.
#[derive(Clone, Default, Serialize)]
pub struct CrewFacts {
    /// Who calls: the name of the unit (救急隊名).
    #[serde(skip)]
    pub unit: Option<PersonalText>,
    /// Chief complaint (主訴), in the crew's words.
    pub complaint: Option<PersonalText>,
    /// Consciousness (意識), `JCS 2`.
    pub consciousness: Option<PersonalText>,
    /// Vital signs.
    #[serde(flatten)]
    pub vitals: Vitals,
}

/// Vital signs (バイタルサイン) as measured. Wiped on drop.
#[derive(Clone, Default, Serialize)]
pub struct Vitals {
    /// Systolic blood pressure (収縮期血圧), in mmHg.
    #[serde(rename = "systolic_mmhg")]
    pub systolic: Option<u16>,
    /// Diastolic blood pressure (拡張期血圧), in mmHg.
    #[serde(rename = "diastolic_mmhg")]
    pub diastolic: Option<u16>,
    /// Pulse (脈拍), a minute.
    #[serde(rename = "pulse_per_minute")]
    pub pulse: Option<u16>,
    /// Breaths (呼吸数), a minute.
    #[serde(rename = "breaths_per_minute")]
    pub breaths: Option<u16>,
    /// Oxygen saturation (SpO2), in percent.
    #[serde(rename = "oxygen_percent")]
    pub oxygen: Option<u8>,
    /// Body temperature (体温), in tenths of a degree Celsius.
    #[serde(rename = "temperature_tenths_celsius")]
    pub temperature_tenths: Option<u16>,
}

impl Drop for Vitals {
    fn drop(&mut self) {
        self.systolic.zeroize();
        self.diastolic.zeroize();
        self.pulse.zeroize();
        self.breaths.zeroize();
        self.oxygen.zeroize();
        self.temperature_tenths.zeroize();
    }
}

/// How far the chip can be trusted, as the reading gave it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChipTrust {
    /// Its data are signed, and the signature leads to a root.
    Signed,
    /// Its data were read but are not signed, or the signature was not checked.
    Unsigned,
    /// Its data are signed by an issuer that is not known.
    IssuerUnknown,
    /// A signature is wrong.
    Forged,
    /// The chip was not read.
    NotRead,
}

/// How far what the card said can be trusted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TrustFacts {
    /// The chip's data.
    pub chip: ChipTrust,
    /// Whether the card proved itself live; none if it was not asked to, or its key is not trusted.
    pub live: Option<bool>,
    /// The roots, if a signature leads to one.
    pub roots: Option<Provenance>,
    /// Whether the tablet's clock was trusted.
    pub clock_trusted: bool,
}

/// What was seen of the medical information.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum MedicalFacts<'a> {
    /// This.
    Seen(&'a MedicalView),
    /// The source was asked and had nothing to show.
    Nothing(NoRecords),
    /// It was asked, and its answer could not be read.
    Unreadable,
    /// It was seen on this basis, until its permit ended; what was seen is no longer here.
    Ended(Stated<Basis>),
    /// It was not asked; the basis says why.
    NotSought,
}

/// Everything that a report is made of. It borrows: nothing of it outlives the encounter.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    /// The patient.
    pub patient: &'a PatientFacts,
    /// The crew's own findings.
    pub crew: &'a CrewFacts,
    /// How identity was established.
    pub identity: Stated<Identity>,
    /// How far the card can be trusted.
    pub trust: TrustFacts,
    /// On what basis the information was seen.
    pub basis: Stated<Basis>,
    /// The information.
    pub medical: MedicalFacts<'a>,
    /// Whether this is a drill (訓練).
    pub drill: bool,
    /// When the report is made.
    pub now: Timestamp,
}

impl<'a> Handover<'a> {
    /// The script for the telephone call, in Japanese: one paragraph a subject.
    #[must_use]
    pub fn script(&self) -> Zeroizing<String> {
        wiped_text(|out| script::write(self, out))
    }

    /// One page of text, in Japanese: at most [`PAGE_LINES`] lines of at most [`PAGE_COLUMNS`] columns,
    /// where a full-width character takes two. What does not fit is counted, never dropped silently.
    #[must_use]
    pub fn page(&self) -> Zeroizing<String> {
        wiped_text(|out| page::write(self, out))
    }

    /// The report as one JSON object, format `mynacard-handover/1`. Unlike the other forms it is complete.
    #[must_use]
    pub fn json(&self) -> Zeroizing<String> {
        wiped_text(|out| json::write(self, out))
    }

    fn today(&self) -> Date {
        self.now.date_in_japan()
    }

    const fn view(&self) -> Option<&'a MedicalView> {
        match self.medical {
            MedicalFacts::Seen(view) => Some(view),
            _ => None,
        }
    }
}

macro_rules! redacted {
    ($($name:ident $(<$life:lifetime>)?),*) => { $(
        impl fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )* };
}
redacted!(PatientFacts, Said, CrewFacts, Vitals, Handover<'_>);

/// Writes twice, first to count: the text is then made in a buffer that never moves.
fn wiped_text(write: impl Fn(&mut dyn fmt::Write) -> fmt::Result) -> Zeroizing<String> {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    // INVARIANT: neither writer fails.
    let _ = write(&mut count);
    let mut text = Zeroizing::new(String::with_capacity(count.0));
    let _ = write(&mut *text);
    text
}
