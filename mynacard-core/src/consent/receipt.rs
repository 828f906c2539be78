//! Consent receipts: what a back end can verify without trusting the tablet.
//!
//! One JSON object, in exactly this form, nothing after it:
//!
//! ```text
//! {"receipt":"mynacard-consent/1","drill":false,"encounter":"H16","card":"H32","scope":1,"basis":140,"basis_at":"M","consent":1,"visit":4,"crew":"I","from":"M","until":"M","log":"H16","seq":N,"line":"H32","signature":"H64"}
//! ```
//!
//! `scope`, `consent` and `visit` are the service's own codes; `basis` is the event code of the
//! basis; `log`, `seq` and `line` name the audit entry of the permit. Signed (Ed25519) are a label
//! and the bytes from `{` up to, not including, `,"signature":`.

use super::fact::{Basis, Giver, Scope, VISIT_TYPE_EMERGENCY};
use super::permit::Permit;
use super::refusal::ReceiptFault;
use crate::Timestamp;
use crate::audit::{
    Commitment, Cursor, EncounterId, EventCode, LineHash, LogId, ShortId, Signer, Stop,
    VerifyingKey, push_hex, push_moment, read_hex,
};
use crate::error::Error;

const LABEL: &[u8] = b"mynacard consent receipt v1\0";

/// By how much the tablet's clock may be ahead of the back end's: 120,000 ms.
pub const RECEIPT_SKEW_MILLIS: u64 = 120_000;

/// A verified consent receipt (同意記録). Says nothing about who the patient is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Receipt {
    /// Whether it comes from a drill (訓練).
    pub drill: bool,
    /// The encounter.
    pub encounter: EncounterId,
    /// Salted commitment to the card.
    pub card: Commitment,
    /// What may be seen.
    pub scope: Scope,
    /// The basis, as an event code: whose consent, or why it could not be obtained.
    pub basis: EventCode,
    /// When that was said.
    pub basis_at: Timestamp,
    /// The service's own code of consent (同意区分): 1 or 3.
    pub consent: u8,
    /// The crew member who asked for the permit.
    pub crew: ShortId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The audit log.
    pub log: LogId,
    /// The permit's sequence number in it. With `log` it names one permit: a back end that wants a
    /// permit used once remembers the pair.
    pub seq: u64,
    /// The hash of the permit's line in it.
    pub line: LineHash,
}

impl Permit {
    /// A signed receipt of this permit, for the back end.
    ///
    /// Errors: the [`Refusal`](super::Refusal) if the permit is not in force, or the signer's fault.
    pub fn receipt(&self, signer: &dyn Signer, now: Timestamp) -> Result<String, Error> {
        self.in_force(now)?;
        let mut text = self.statement()?;
        let signature = signer.sign(&[LABEL, text.as_bytes()].concat())?;
        text.push_str(r#","signature":""#);
        push_hex(&mut text, &signature);
        text.push_str("\"}");
        Ok(text)
    }

    fn statement(&self) -> Result<String, Error> {
        let grant = &self.grant;
        let (basis, mark) = match grant.basis {
            Basis::OralConsent { giver: Giver::Patient, mark } => {
                (EventCode::ConsentByPatient, mark)
            }
            Basis::OralConsent { giver: Giver::Representative, mark } => {
                (EventCode::ConsentByRepresentative, mark)
            }
            Basis::LifeProtection { reason, mark } => (reason.code(), mark),
            // INVARIANT: the table grants no permit on these.
            Basis::NotAsked | Basis::Refused(_) | Basis::Withdrawn(_) => {
                return Err(super::Refusal::NotAsked.into());
            }
        };
        let consent = grant.basis.service_code().unwrap_or_default();
        let mut text = String::from(r#"{"receipt":"mynacard-consent/1","drill":"#);
        text.push_str(if self.drill { "true" } else { "false" });
        text.push_str(r#","encounter":""#);
        push_hex(&mut text, grant.encounter.as_bytes());
        text.push_str(r#"","card":""#);
        push_hex(&mut text, grant.commitment.as_bytes());
        text.push_str(r#"","scope":"#);
        text.push_str(&grant.scope.service_code().to_string());
        text.push_str(r#","basis":"#);
        text.push_str(&basis.code().to_string());
        text.push_str(r#","basis_at":""#);
        push_moment(&mut text, mark.at);
        text.push_str(&format!(r#"","consent":{consent},"visit":{VISIT_TYPE_EMERGENCY}"#));
        text.push_str(r#","crew":""#);
        text.push_str(grant.crew.as_str());
        text.push_str(r#"","from":""#);
        push_moment(&mut text, grant.from);
        text.push_str(r#"","until":""#);
        push_moment(&mut text, grant.until);
        text.push_str(r#"","log":""#);
        push_hex(&mut text, self.log.as_bytes());
        text.push_str(&format!(r#"","seq":{},"line":""#, self.seq));
        push_hex(&mut text, self.line.as_bytes());
        text.push('"');
        Ok(text)
    }
}

impl Receipt {
    /// Verifies a receipt with the tablet's public key, at a moment of the back end's clock.
    ///
    /// Errors: a [`ReceiptFault`]. The signature is looked at before the times.
    pub fn verify(key: &VerifyingKey, text: &[u8], now: Timestamp) -> Result<Self, ReceiptFault> {
        let (receipt, signed, signature) =
            Self::read(text).map_err(|_: Stop| ReceiptFault::Malformed)?;
        if !key.verifies(LABEL, text.get(..signed).unwrap_or_default(), &signature) {
            return Err(ReceiptFault::BadSignature);
        }
        if now >= receipt.until {
            return Err(ReceiptFault::Expired);
        }
        if receipt.from > now.plus_millis(RECEIPT_SKEW_MILLIS) {
            return Err(ReceiptFault::NotYetValid);
        }
        Ok(receipt)
    }

    fn read(text: &[u8]) -> Result<(Self, usize, [u8; 64]), Stop> {
        let mut cursor = Cursor::new(text);
        cursor.literal(r#"{"receipt":"mynacard-consent/1","drill":"#)?;
        let drill = cursor.boolean()?;
        cursor.literal(r#","encounter":""#)?;
        let encounter = EncounterId::from_hex(cursor.hex(32)?).ok_or(Stop::Bad)?;
        cursor.literal(r#"","card":""#)?;
        let card = Commitment::from_hex(cursor.hex(64)?).ok_or(Stop::Bad)?;
        cursor.literal(r#"","scope":"#)?;
        let scope = match cursor.number()? {
            1 => Scope::Summary,
            2 => Scope::Full,
            _ => return Err(Stop::Bad),
        };
        cursor.literal(r#","basis":"#)?;
        let basis = u16::try_from(cursor.number()?).ok().and_then(EventCode::from_code);
        let basis = basis.ok_or(Stop::Bad)?;
        cursor.literal(r#","basis_at":""#)?;
        let basis_at = cursor.moment()?;
        cursor.literal(r#"","consent":"#)?;
        let consent = cursor.number()?;
        let consent = match basis {
            EventCode::ConsentByPatient | EventCode::ConsentByRepresentative if consent == 1 => 1,
            EventCode::Unconscious
            | EventCode::ImpairedConsciousness
            | EventCode::CannotCommunicate
            | EventCode::CardiopulmonaryArrest
                if consent == 3 =>
            {
                3
            }
            _ => return Err(Stop::Bad),
        };
        cursor.literal(r#","visit":4,"crew":""#)?;
        let crew = ShortId::from_ascii(cursor.short_id()?).map_err(|_| Stop::Bad)?;
        cursor.literal(r#"","from":""#)?;
        let from = cursor.moment()?;
        cursor.literal(r#"","until":""#)?;
        let until = cursor.moment()?;
        cursor.literal(r#"","log":""#)?;
        let log = LogId::from_hex(cursor.hex(32)?).ok_or(Stop::Bad)?;
        cursor.literal(r#"","seq":"#)?;
        let seq = cursor.number()?;
        cursor.literal(r#","line":""#)?;
        let line = LineHash::from_hex(cursor.hex(64)?).ok_or(Stop::Bad)?;
        cursor.literal("\"")?;
        let signed = cursor.at();
        cursor.literal(r#","signature":""#)?;
        let signature = read_hex(cursor.hex(128)?).ok_or(Stop::Bad)?;
        cursor.literal("\"}")?;
        if cursor.at() != text.len() {
            return Err(Stop::Bad);
        }
        let receipt = Self {
            drill,
            encounter,
            card,
            scope,
            basis,
            basis_at,
            consent,
            crew,
            from,
            until,
            log,
            seq,
            line,
        };
        Ok((receipt, signed, signature))
    }
}
