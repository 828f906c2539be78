//! A virtual My Number Card (個人番号カード): raw command bytes in, raw response bytes out.
//!
//! It is the second side for tests, demonstrations and development without a card. Its behaviour
//! shares no code with what reads it, and is as measurements of real cards by others say: access
//! rules, try counters that last, security status, filler, and real RSA signatures under a test
//! PKI of its own. Where a fact about real cards is not established, the comment beside it says
//! so (confidence C).
//!
//! ```
//! use mynacard_sim::{Application, Profile};
//!
//! let profile = Profile::adult();
//! let mut card = profile.card();
//! // SELECT the face application, then its key for 照合番号B; ask for the tries left.
//! let aid = Application::Face.aid();
//! let select = [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], &aid[..]].concat();
//! assert_eq!(card.transmit(&select), [0x90, 0x00]);
//! assert_eq!(card.transmit(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12]), [0x90, 0x00]);
//! assert_eq!(card.transmit(&[0x00, 0x20, 0x00, 0x80]), [0x63, 0xCA]);
//! ```
//!
//! Everybody on these cards is invented, faces are drawn, towns do not exist, and the twelve-digit
//! numbers carry a wrong check digit. Key ids of the test PKI begin with `99`, names with
//! `O=MYNACARD-TEST`; its private keys are in this crate, so a signature of it proves nothing.
#![forbid(unsafe_code)]

mod apdu;
mod builder;
mod card;
mod date;
mod der;
mod dump;
mod files;
mod forgery;
mod issue;
mod issuer;
mod keys;
mod layout;
mod person;
mod profile;
mod spec;
mod status;
mod tlv;
mod transport;
mod unusual;

pub mod cv;
pub mod fault;
pub mod link;
pub mod records;
pub mod vpcd;
pub mod x509;

pub use builder::CardBuilder;
pub use card::{Behaviour, LogEntry, Traffic, VirtualCard};
pub use date::Date;
pub use dump::DumpError;
pub use files::{Access, Application, ISSUER_SECURITY_DOMAIN_AID, Secret};
pub use forgery::Forgery;
pub use issuer::{Authority, CvRoot, Issuer, NamedKey, PublicRoots, alternative_name};
pub use keys::{CertificateKey, CertifiedKey, P384Key, PublicKey, TestKey};
pub use person::Token;
pub use profile::{PrintedFront, Profile};
pub use spec::{CardKeys, CardSpec, Holder, Secrets};
