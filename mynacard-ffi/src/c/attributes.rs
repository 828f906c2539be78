//! The four attributes, from C.

use mynacard_core::applet::text::Attributes;
use mynacard_core::error::Malformed;
use mynacard_core::field::{BirthDate, NotUnderstood, Text};

use super::boundary::code;
use super::result::mynacard_result;
use super::types::{mynacard_bytes, mynacard_date, mynacard_sex, mynacard_str};
use crate::error::{BoundaryFault, Error};

/// The four attributes (基本4情報), exactly as on the card. What is not understood is empty here
/// (mynacard_reading_not_understood).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_attributes {
    /// Name (氏名). May hold characters that a font lacks: then show the picture of the name.
    pub name: mynacard_str,
    /// Address (住所).
    pub address: mynacard_str,
    /// Birth date (生年月日); zeros if it is none.
    pub birth_date: mynacard_date,
    /// Sex (性別).
    pub sex: mynacard_sex,
}

impl From<&Attributes> for mynacard_attributes {
    fn from(attributes: &Attributes) -> Self {
        Self {
            name: attributes.name().map_or("", Text::as_str).into(),
            address: attributes.address().map_or("", Text::as_str).into(),
            birth_date: attributes.birth_date().ok().map(BirthDate::date).into(),
            sex: attributes.sex().ok().into(),
        }
    }
}

/// A value that the chip holds in a form that is not understood (不詳): screens show it as it is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_not_understood {
    /// The object, `face/DF22 birth date`.
    pub object: mynacard_str,
    /// What is wrong with it: MYNACARD_MALFORMED_…; MYNACARD_MALFORMED_MISSING when there is nothing.
    pub why: mynacard_result,
    /// The bytes that the chip has in its place. Personal; any bytes, so not to be shown as they are.
    pub said: mynacard_bytes,
}

impl mynacard_not_understood {
    /// The value of this index among those that were not understood.
    pub(super) fn at<'a>(
        mut values: impl Iterator<Item = &'a NotUnderstood>,
        index: usize,
    ) -> Result<Self, Error> {
        let value = values.nth(index).ok_or(BoundaryFault::Absent)?;
        Ok(Self {
            object: value.object().into(),
            why: code(Malformed::from(value)),
            said: value.said().into(),
        })
    }
}
