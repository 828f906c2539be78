//! Result codes.

/// A result code: MYNACARD_OK, or one of `enum mynacard_code`. A later version of the library may
/// give codes that this header does not name.
pub type mynacard_result = u32;

/// Success.
pub(crate) const MYNACARD_OK: mynacard_result = 0;
