//! The four attributes, from C.

use mynacard_core::applet::text::Attributes;

use super::types::{mynacard_date, mynacard_sex, mynacard_str};

/// The four attributes (基本4情報), exactly as on the card.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_attributes {
    /// Name (氏名). May hold characters that a font lacks: then show the picture of the name.
    pub name: mynacard_str,
    /// Address (住所).
    pub address: mynacard_str,
    /// Birth date (生年月日).
    pub birth_date: mynacard_date,
    /// Sex (性別).
    pub sex: mynacard_sex,
}

impl From<&Attributes> for mynacard_attributes {
    fn from(attributes: &Attributes) -> Self {
        Self {
            name: attributes.name().as_str().into(),
            address: attributes.address().as_str().into(),
            birth_date: attributes.birth_date().date().into(),
            sex: attributes.sex().into(),
        }
    }
}
