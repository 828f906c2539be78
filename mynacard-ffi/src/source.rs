//! A medical source that the host answers for.

use core::cell::Cell;

use mynacard_core::Timestamp;
use mynacard_core::audit::{Event, ShortId};
use mynacard_core::consent::{CardId, Scope};
use mynacard_core::field::Sex;
use mynacard_core::medical::oqs_unverified::{Reply, read_into};
use mynacard_core::medical::{
    Collected, FileSource, Found, MedicalFault, MedicalSource, NoRecords, Origin, Query,
};
use zeroize::Zeroizing;

use crate::encounter::AnyEncounter;
use crate::error::Error;

/// What kind of source a host has. It is stated before it is asked: a drill asks no real one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Invented patients (架空の傷病者), in the form of examples/data/patients.
    Synthetic,
    /// The eligibility system (オンライン資格確認等システム), in a layout that was never verified.
    Service,
}

/// What a host's source answers.
pub enum Answer {
    /// One patient file, of a source that is synthetic.
    PatientFile(Zeroizing<Vec<u8>>),
    /// The system's replies in XML, of a source that is the service.
    Replies(Vec<Zeroizing<Vec<u8>>>),
    /// Nothing, for a reason that an ambulance has to expect.
    Nothing(NoRecords),
}

/// Asks a host's source for an encounter; `ask` gives its answer, and when that was there, in milliseconds
/// since 1970. Returns what goes into the log, if the source had nothing.
///
/// Errors: as [`AnyEncounter::fetch`]; [`MedicalFault::SourceFailed`] also for an answer without a time, or
/// with one before the question.
pub(crate) fn fetch(
    encounter: &mut AnyEncounter,
    kind: Kind,
    mut ask: impl FnMut(Scope, Timestamp) -> Result<(Answer, u64), MedicalFault>,
    wanted: Scope,
    by: ShortId,
    now: Timestamp,
) -> Result<Option<Event>, Error> {
    let clock = Cell::new(now);
    let ask = |scope, asked| {
        let (answer, answered) = ask(scope, asked)?;
        let answered = Timestamp::from_unix_millis(answered).ok().filter(|at| *at >= asked);
        clock.set(answered.ok_or(MedicalFault::SourceFailed)?);
        Ok(answer)
    };
    // Without a card there is no permit; the encounter says so, and asks nobody.
    let card = encounter.card().cloned().unwrap_or_else(|| CardId::from_hash([0; 32]));
    let mut source = HostSource { card, holder: encounter.holder(), kind, ask };
    encounter.fetch(&mut source, wanted, by, || clock.get())
}

/// A host's source, bound to a card and its holder.
struct HostSource<F> {
    card: CardId,
    /// Birth date and sex on that card, which replies are held against.
    holder: Option<(Zeroizing<[u8; 8]>, Option<Sex>)>,
    kind: Kind,
    ask: F,
}

impl<F: FnMut(Scope, Timestamp) -> Result<Answer, MedicalFault>> MedicalSource for HostSource<F> {
    fn card(&self) -> &CardId {
        &self.card
    }

    fn origin(&self) -> Origin {
        match self.kind {
            Kind::Synthetic => Origin::Synthetic,
            Kind::Service => Origin::UnverifiedLayout,
        }
    }

    fn ask(&mut self, query: &Query<'_>) -> Result<Found, MedicalFault> {
        match ((self.ask)(query.scope(), query.now())?, self.kind) {
            (Answer::Nothing(reason), _) => Ok(Found::None(reason)),
            (Answer::PatientFile(json), Kind::Synthetic) => {
                FileSource::from_json(&json, self.card.clone())?.ask(query)
            }
            (Answer::Replies(replies), Kind::Service) => self.read(&replies),
            _ => Err(MedicalFault::SourceFailed),
        }
    }
}

impl<F> HostSource<F> {
    /// Reads replies about the holder of the card, and about nobody else.
    fn read(&self, replies: &[Zeroizing<Vec<u8>>]) -> Result<Found, MedicalFault> {
        let (birth, sex) = self.holder.as_ref().ok_or(MedicalFault::OtherPatient)?;
        let mut found = Collected::new();
        for reply in replies {
            if let Reply::Read(holder) = read_into(&mut found, reply)? {
                holder.check(birth, *sex)?;
            }
        }
        Ok(Found::Records(found))
    }
}
