//! The items of the medical data, each with its source.
//!
//! Nothing here is a diagnosis or an allergy, and nothing is inferred to be one: the published data
//! have neither. What a medicine or an act is for, people decide.

use core::fmt;

use serde::Serialize;
use zeroize::Zeroize;

use super::origin::Source;
use super::scope::Section;
use super::text::PersonalText;
use super::when::When;
use crate::calendar::Date;

/// Which list a code belongs to, by its shape alone.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeSystem {
    /// Twelve characters with a letter in the eighth place: YJ code (個別医薬品コード).
    Yj,
    /// Nine digits: receipt code (レセプト電算処理システムコード).
    Receipt,
    /// Another shape.
    Other,
}

/// A code, as the source states it.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Code(PersonalText);

impl Code {
    /// A code from its characters; none for blank text.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        PersonalText::some(text).map(Self)
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The list that it belongs to, by its shape.
    #[must_use]
    pub fn system(&self) -> CodeSystem {
        match self.as_str().as_bytes() {
            bytes if bytes.len() == 9 && bytes.iter().all(u8::is_ascii_digit) => {
                CodeSystem::Receipt
            }
            [group @ .., form, a, b, c, d]
                if group.len() == 7
                    && group.iter().chain([a, b, c]).all(u8::is_ascii_digit)
                    && form.is_ascii_uppercase()
                    && d.is_ascii_alphanumeric() =>
            {
                CodeSystem::Yj
            }
            _ => CodeSystem::Other,
        }
    }
}

/// A medical institution or pharmacy (医療機関・薬局).
#[derive(Clone, Eq, PartialEq, Serialize)]
pub struct Institution {
    /// Name as stated.
    pub name: PersonalText,
    /// Institution code (医療機関コード), ten digits, if stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

impl Institution {
    /// An institution by its name.
    #[must_use]
    pub const fn new(name: PersonalText, code: Option<Code>) -> Self {
        Self { name, code }
    }

    /// Whether both are the same: by code if both state one, else by name.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => self.name == other.name,
        }
    }
}

/// Declares an item: fields that it must have, fields that it may have.
macro_rules! item {
    (
        $(#[$meta:meta])* $name:ident {
            $( $(#[$must_meta:meta])* $must:ident: $must_type:ty, )*
            ;
            $( $(#[$may_meta:meta])* $may:ident: $may_type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Eq, PartialEq, Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$must_meta])* pub $must: $must_type, )*
            $( $(#[$may_meta])*
               #[serde(skip_serializing_if = "Option::is_none")]
               pub $may: Option<$may_type>, )*
        }

        impl $name {
            /// An item with what it must have; the rest is set field by field.
            #[must_use]
            pub const fn new($( $must: $must_type ),*) -> Self {
                Self { $( $must, )* $( $may: None, )* }
            }
        }

        redacted!($name);
    };
}

/// Keeps a type's content out of `Debug`.
macro_rules! redacted {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )* };
}

item! {
    /// One visit (受診): a day or month with an institution.
    Visit {
        /// When.
        when: When,
        /// Where.
        institution: Institution,
        /// Where the item comes from.
        source: Source,
        ;
        /// Department (診療科), if stated.
        department: PersonalText,
    }
}

item! {
    /// One medicine (薬剤), as billed, dispensed or prescribed.
    Medicine {
        /// When dispensed, or prescribed when the source is a prescription.
        when: When,
        /// Name as stated, with strength.
        name: PersonalText,
        /// Where the item comes from.
        source: Source,
        ;
        /// Its code.
        code: Code,
        /// Ingredient (成分名).
        ingredient: PersonalText,
        /// Quantity a day or a time, as stated.
        quantity: PersonalText,
        /// Unit of the quantity, 錠.
        unit: PersonalText,
        /// Usage (用法).
        usage: PersonalText,
        /// Special instructions (用法特別指示).
        instruction: PersonalText,
        /// For how many days or times (調剤数量).
        times: u32,
        /// The institution that prescribed or used it.
        institution: Institution,
        /// The pharmacy that dispensed it.
        pharmacy: Institution,
    }
}

item! {
    /// One care act (診療行為) from a receipt.
    CareAct {
        /// When.
        when: When,
        /// Name as stated.
        name: PersonalText,
        /// Where the item comes from.
        source: Source,
        ;
        /// Its code.
        code: Code,
        /// Class of the act (診療識別), as stated.
        class: PersonalText,
        /// Quantity, as stated.
        quantity: PersonalText,
        /// Unit of the quantity.
        unit: PersonalText,
        /// How often.
        times: u32,
        /// Where.
        institution: Institution,
    }
}

item! {
    /// One operation (手術) from a receipt.
    Surgery {
        /// When.
        when: When,
        /// Name as stated.
        name: PersonalText,
        /// Where the item comes from.
        source: Source,
        ;
        /// Its code.
        code: Code,
        /// Where.
        institution: Institution,
    }
}

item! {
    /// One dialysis (透析) from a receipt.
    Dialysis {
        /// When.
        when: When,
        /// Name as stated, 人工腎臓(慢性維持透析).
        name: PersonalText,
        /// Where the item comes from.
        source: Source,
        ;
        /// Its code.
        code: Code,
        /// Where.
        institution: Institution,
    }
}

/// One specific health check-up (特定健診). The emergency summary has its date alone.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Checkup {
    /// The day (健診実施日).
    #[serde(serialize_with = "date_as_text")]
    pub day: Date,
    /// Results; empty in the emergency summary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<CheckupResult>,
}

impl Checkup {
    /// A check-up on that day, without results.
    #[must_use]
    pub const fn new(day: Date) -> Self {
        Self { day, results: Vec::new() }
    }
}

item! {
    /// One result or answer of a check-up (健診結果・質問票情報).
    CheckupResult {
        /// Name of the item as stated.
        name: PersonalText,
        /// Value as stated.
        value: PersonalText,
        ;
        /// Its code (JLAC10).
        code: Code,
        /// Unit of the value.
        unit: PersonalText,
    }
}

item! {
    /// Something that this library does not know: kept as it stands, and marked by being here.
    UnknownItem {
        /// The section that it stood in.
        section: Section,
        /// Its name in the source.
        name: PersonalText,
        /// Its text.
        value: PersonalText,
        ;
        /// When, if what it stood in says so.
        when: When,
    }
}

redacted!(Code, Institution, Checkup);

/// Wipes the dates of an item when it goes; its texts wipe themselves.
macro_rules! wiped {
    ($($name:ident $($field:ident)+),*) => { $(
        impl Drop for $name {
            fn drop(&mut self) {
                $( self.$field.zeroize(); )+
            }
        }
    )* };
}
wiped!(
    Visit when, Medicine when times, CareAct when times, Surgery when, Dialysis when, Checkup day,
    UnknownItem when
);

fn date_as_text<S: serde::Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}
