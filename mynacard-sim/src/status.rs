//! Status words (状態語) that this card gives.

/// A status word, SW1 in the high byte.
pub(crate) type Sw = u16;

pub(crate) const OK: Sw = 0x9000;
/// Wrong secret, key without a limit.
pub(crate) const WRONG_UNLIMITED: Sw = 0x6300;
/// Wrong secret; the low four bits are the tries left.
pub(crate) const WRONG_TRIES_LEFT: Sw = 0x63C0;
pub(crate) const WRONG_LENGTH: Sw = 0x6700;
pub(crate) const CHANNEL_NOT_SUPPORTED: Sw = 0x6881;
pub(crate) const SECURE_MESSAGING_NOT_SUPPORTED: Sw = 0x6882;
pub(crate) const FILE_STRUCTURE_MISMATCH: Sw = 0x6981;
pub(crate) const ACCESS_DENIED: Sw = 0x6982;
pub(crate) const KEY_BLOCKED: Sw = 0x6984;
pub(crate) const CONDITIONS_NOT_MET: Sw = 0x6985;
pub(crate) const NO_CURRENT_FILE: Sw = 0x6986;
pub(crate) const FUNCTION_NOT_SUPPORTED: Sw = 0x6A81;
pub(crate) const FILE_NOT_FOUND: Sw = 0x6A82;
pub(crate) const RECORD_NOT_FOUND: Sw = 0x6A83;
pub(crate) const WRONG_P1P2: Sw = 0x6A86;
pub(crate) const DATA_OBJECT_NOT_FOUND: Sw = 0x6A88;
pub(crate) const WRONG_OFFSET: Sw = 0x6B00;
pub(crate) const INS_NOT_SUPPORTED: Sw = 0x6D00;
pub(crate) const CLA_NOT_SUPPORTED: Sw = 0x6E00;
/// Proprietary: no secure messaging key configured in the security environment.
pub(crate) const NO_SESSION_KEY_CONFIGURED: Sw = 0x66F1;
