//! What the service answers, by PC/SC's own numbers.

pub(crate) const INVALID_HANDLE: i64 = 0x8010_0003;
pub(crate) const INSUFFICIENT_BUFFER: i64 = 0x8010_0008;
pub(crate) const CANCELLED: i64 = 0x8010_0002;
pub(crate) const UNKNOWN_READER: i64 = 0x8010_0009;
pub(crate) const TIMEOUT: i64 = 0x8010_000A;
pub(crate) const SHARING_VIOLATION: i64 = 0x8010_000B;
pub(crate) const NO_CARD: i64 = 0x8010_000C;
pub(crate) const INTERNAL: i64 = 0x8010_0014;
pub(crate) const NOT_TRANSACTED: i64 = 0x8010_0016;
pub(crate) const NO_SERVICE: i64 = 0x8010_001D;
pub(crate) const SERVICE_STOPPED: i64 = 0x8010_001E;
pub(crate) const UNSUPPORTED: i64 = 0x8010_001F;
pub(crate) const NO_READERS: i64 = 0x8010_002E;
pub(crate) const UNRESPONSIVE: i64 = 0x8010_0066;
pub(crate) const RESET: i64 = 0x8010_0068;
pub(crate) const REMOVED: i64 = 0x8010_0069;
