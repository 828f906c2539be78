//! Encounters, from C: facts in, permit and report out, every step recorded before it counts.

use std::sync::Arc;

use mynacard_core::audit::{EncounterId, Event, Salt, ShortId};
use mynacard_core::consent::{PermitLife, Scope};
use mynacard_core::error::Misuse;
use mynacard_core::handover::Vitals;
use mynacard_core::medical::PersonalText;
use zeroize::Zeroizing;

use super::boundary::{Out, elements, guarded, guarded_or, text, value};
use super::face::mynacard_buffer;
use super::handle::{self, Handle};
use super::reading::mynacard_reading;
use super::result::mynacard_result;
use super::types::{mynacard_str, timestamp};
use crate::encounter::{AnyEncounter, event_of};
use crate::error::{BoundaryFault, Error};
use crate::exclusive::Exclusive;

/// An encounter (救急活動): one card, one patient, one permit. What is personal in it is wiped when
/// nothing allows it any more, and at the latest when it is freed.
///
/// Any thread may use it, one at a time: a second call at the same time, or one from inside a source's
/// callback, gets MYNACARD_BOUNDARY_HANDLE_BUSY.
pub struct mynacard_encounter {
    _opaque: [u8; 0],
}

impl Handle for mynacard_encounter {
    type Object = Exclusive<AnyEncounter>;
}

/// A crew member's or device's opaque id.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn short_id(id: mynacard_str) -> Result<ShortId, Error> {
    // SAFETY: this function's contract.
    Ok(ShortId::new(unsafe { text(id.data, id.length) }?)?)
}

/// Bytes of a fixed number.
///
/// # Safety
/// As [`elements`].
pub(crate) unsafe fn exactly<const N: usize>(bytes: *const u8) -> Result<[u8; N], BoundaryFault> {
    // SAFETY: this function's contract.
    let bytes = unsafe { elements(bytes, N) }?;
    bytes.try_into().map_err(|_| BoundaryFault::BadPointer)
}

/// What begins an encounter.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_encounter_start {
    /// 1 for a drill (訓練), which fits no real log and takes test cards; else 0.
    pub drill: u32,
    /// 16 bytes from the system's cryptographic generator, drawn anew for each encounter.
    pub id: *const u8,
    /// 32 bytes from there, drawn anew: the log's commitments to a card hang on them.
    pub salt: *const u8,
    /// How long a permit lasts, in milliseconds; at most six hours. 0: one hour.
    pub permit_millis: u64,
    /// Who begins it: 1 to 24 characters of `A-Z a-z 0-9 . _ -`, a staff number, never a name.
    pub crew: mynacard_str,
}

/// Begins an encounter. Its first line waits for a log (mynacard_log_next_line). Free it with
/// mynacard_encounter_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_open(
    start: *const mynacard_encounter_start,
    now_unix_millis: u64,
    out_encounter: *mut *mut mynacard_encounter,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_encounter) }?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let start = unsafe { value(start) }?;
        // SAFETY: 16 bytes by the contract of the structure.
        let id = EncounterId::from_random(unsafe { exactly(start.id) }?);
        // SAFETY: 32 bytes by the contract of the structure.
        let salt = Salt::from_random(unsafe { exactly(start.salt) }?);
        // SAFETY: the text's bytes by the contract of this interface.
        let crew = unsafe { short_id(start.crew) }?;
        let life = match start.permit_millis {
            0 => PermitLife::ORDINARY,
            millis => PermitLife::from_millis(millis)?,
        };
        let drill = match start.drill {
            0 => false,
            1 => true,
            _ => return Err(Misuse::OutOfRange.into()),
        };
        let now = timestamp(now_unix_millis)?;
        let encounter = AnyEncounter::open(drill, (id, salt), life, crew, now);
        out.write(handle::open(Arc::new(Exclusive::new(encounter)))?);
        Ok(())
    })
}

/// Wipes and frees an encounter, whatever its state. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_encounter_free(encounter: *mut mynacard_encounter) -> mynacard_result {
    guarded(|| Ok(handle::close(encounter)?))
}

/// Whether a card is the one that the encounter has already.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_same_card {
    /// As far as the chips tell. Where they cannot: MYNACARD_REFUSAL_CARD_UNCLEAR.
    MYNACARD_SAME_CARD_CHIPS_TELL = 0,
    /// The crew looked, and says that it is. It counts only where the chips cannot tell.
    MYNACARD_SAME_CARD_CREW_SAYS_SAME = 1,
    /// The crew looked, and says that it is another one.
    MYNACARD_SAME_CARD_CREW_SAYS_OTHER = 2,
}

/// Tells the encounter what was read and examined (mynacard_reading_examine). `same_card` is one of
/// `enum mynacard_same_card`. `out_event` says what goes into the log: one of MYNACARD_EVENT_CARD_…,
/// MYNACARD_EVENT_SECOND_CARD_…
///
/// If a card was read, the encounter takes out what is in the reading, which is then empty. If not, the
/// reading stays as it is and the failure is the event.
///
/// Codes, with encounter and reading as they were: MYNACARD_BOUNDARY_NOT_EXAMINED;
/// MYNACARD_REFUSAL_CARD_UNCLEAR when nothing that was read of this card and the one before can be
/// compared: ask the crew; other MYNACARD_REFUSAL_…
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_card_read(
    encounter: *mut mynacard_encounter,
    reading: *mut mynacard_reading,
    same_card: u32,
    crew: mynacard_str,
    now_unix_millis: u64,
    out_event: *mut u32,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_event) }?;
        let object = handle::get(encounter)?;
        let reading = handle::get(reading)?;
        let same = match same_card {
            0 => None,
            1 => Some(true),
            2 => Some(false),
            _ => return Err(Misuse::OutOfRange.into()),
        };
        // SAFETY: the text's bytes by the contract of this interface.
        let crew = unsafe { short_id(crew) }?;
        let now = timestamp(now_unix_millis)?;
        let mut encounter = object.hold()?;
        let event = encounter.take_card(&reading.kept, same, crew, now)?;
        out.write(u32::from(event.code()));
        Ok(())
    })
}

/// Records an event, one of MYNACARD_EVENT_… that is a crew's to record. What it makes waits for the log.
///
/// Codes: MYNACARD_REFUSAL_… when it cannot be in the present state, MYNACARD_MISUSE_OUT_OF_RANGE for
/// an event that is not to be recorded by a host; nothing has changed then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_record(
    encounter: *mut mynacard_encounter,
    event: u32,
    crew: mynacard_str,
    now_unix_millis: u64,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(encounter)?;
        let event = event_of(event)?;
        // SAFETY: the text's bytes by the contract of this interface.
        let crew = unsafe { short_id(crew) }?;
        object.hold()?.record(event, crew, timestamp(now_unix_millis)?)?;
        Ok(())
    })
}

/// What a crew could record now, for the buttons of a screen, from index 0 on. Codes:
/// MYNACARD_BOUNDARY_ABSENT past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_allowed_event(
    encounter: *const mynacard_encounter,
    now_unix_millis: u64,
    index: usize,
    out_event: *mut u32,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_event) }?;
        let object = handle::get(encounter)?;
        let allowed = object.hold()?.allowed_events(timestamp(now_unix_millis)?);
        out.write(u32::from(allowed.get(index).ok_or(BoundaryFault::Absent)?.code()));
        Ok(())
    })
}

/// The name of an event in the log, such as `face-matched`; empty for an unknown one.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_event_name(event: u32) -> mynacard_str {
    event_text(event, Event::name)
}

/// What to write on a button for an event, in Japanese; empty for an unknown one.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_event_label_ja(event: u32) -> mynacard_str {
    event_text(event, Event::label_ja)
}

fn event_text(event: u32, pick: fn(Event) -> &'static str) -> mynacard_str {
    guarded_or("".into(), || {
        let code = u16::try_from(event).ok().and_then(Event::from_code);
        code.map_or("", pick).into()
    })
}

/// How the encounter ended, as MYNACARD_EVENT_HANDED_OVER… or MYNACARD_EVENT_END_… Codes:
/// MYNACARD_BOUNDARY_ABSENT while it goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_way_out(
    encounter: *const mynacard_encounter,
    out_event: *mut u32,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_event) }?;
        let way_out = handle::get(encounter)?.hold()?.way_out().ok_or(BoundaryFault::Absent)?;
        out.write(u32::from(way_out.code()));
        Ok(())
    })
}

/// What a permit opens.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_scope {
    /// The emergency summary (救急用サマリー).
    MYNACARD_SCOPE_SUMMARY = 1,
    /// The full view (全量版), which includes the summary.
    MYNACARD_SCOPE_FULL = 2,
}

/// The scope of a number.
pub(crate) fn scope(value: u32) -> Result<Scope, Misuse> {
    match value {
        1 => Ok(Scope::Summary),
        2 => Ok(Scope::Full),
        _ => Err(Misuse::OutOfRange),
    }
}

/// Whether a permit would be granted now: MYNACARD_OK, or the fact that is missing, as
/// MYNACARD_REFUSAL_…
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_encounter_would_permit(
    encounter: *const mynacard_encounter,
    now_unix_millis: u64,
) -> mynacard_result {
    guarded(|| handle::get(encounter)?.hold()?.would_permit(timestamp(now_unix_millis)?))
}

/// Asks for a permit of `enum mynacard_scope`. It is NOT in force before its line is stored and
/// confirmed (mynacard_log_next_line, mynacard_log_confirm). Codes: MYNACARD_REFUSAL_…
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_request_permit(
    encounter: *mut mynacard_encounter,
    scope: u32,
    crew: mynacard_str,
    now_unix_millis: u64,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(encounter)?;
        let scope = self::scope(scope)?;
        // SAFETY: the text's bytes by the contract of this interface.
        let crew = unsafe { short_id(crew) }?;
        object.hold()?.request_permit(scope, crew, timestamp(now_unix_millis)?)?;
        Ok(())
    })
}

/// When the permit that is in force ends, in milliseconds since 1970. Codes: MYNACARD_BOUNDARY_ABSENT
/// if none is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_permit_until(
    encounter: *const mynacard_encounter,
    now_unix_millis: u64,
    out_unix_millis: *mut u64,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the number by the contract of this interface.
        let out = unsafe { Out::new(out_unix_millis) }?;
        let object = handle::get(encounter)?;
        let until = object.hold()?.permit_until(timestamp(now_unix_millis)?);
        out.write(until.ok_or(BoundaryFault::Absent)?.unix_millis());
        Ok(())
    })
}

/// What the crew has found. Text may be empty; numbers are -1 if not measured.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_crew_facts {
    /// Who calls: the name of the unit (救急隊名).
    pub unit: mynacard_str,
    /// Chief complaint (主訴).
    pub complaint: mynacard_str,
    /// Consciousness (意識), `JCS 2`.
    pub consciousness: mynacard_str,
    /// Systolic blood pressure, mmHg.
    pub systolic: i32,
    /// Diastolic blood pressure, mmHg.
    pub diastolic: i32,
    /// Pulse, a minute.
    pub pulse: i32,
    /// Breaths, a minute.
    pub breaths: i32,
    /// Oxygen saturation, percent.
    pub oxygen: i32,
    /// Body temperature in tenths of a degree Celsius.
    pub temperature_tenths: i32,
}

fn measured<T: TryFrom<i32>>(value: i32) -> Result<Option<T>, Misuse> {
    match value {
        -1 => Ok(None),
        value => T::try_from(value).map(Some).map_err(|_| Misuse::OutOfRange),
    }
}

/// Notes the crew's findings for the hand-over, in the place of what was noted before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_set_crew_facts(
    encounter: *mut mynacard_encounter,
    facts: *const mynacard_crew_facts,
) -> mynacard_result {
    guarded(|| {
        let object = handle::get(encounter)?;
        // SAFETY: the contract of this interface; the structure has no invalid bit patterns.
        let facts = unsafe { value(facts) }?;
        let words = |from: mynacard_str| {
            // SAFETY: the text's bytes by the contract of this interface.
            unsafe { text(from.data, from.length) }.map(PersonalText::some)
        };
        let (unit, complaint) = (words(facts.unit)?, words(facts.complaint)?);
        let consciousness = words(facts.consciousness)?;
        let vitals = Vitals {
            systolic: measured(facts.systolic)?,
            diastolic: measured(facts.diastolic)?,
            pulse: measured(facts.pulse)?,
            breaths: measured(facts.breaths)?,
            oxygen: measured(facts.oxygen)?,
            temperature_tenths: measured(facts.temperature_tenths)?,
        };
        let mut encounter = object.hold()?;
        let noted = encounter.crew_facts();
        noted.unit = unit;
        noted.complaint = complaint;
        noted.consciousness = consciousness;
        noted.vitals = vitals;
        Ok(())
    })
}

/// A form of the hand-over (引き継ぎ) to the hospital.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_handover_form {
    /// To be read aloud on the telephone, in Japanese.
    MYNACARD_HANDOVER_SCRIPT = 1,
    /// One page of text, in Japanese.
    MYNACARD_HANDOVER_PAGE = 2,
    /// The same as data: one JSON object, complete.
    MYNACARD_HANDOVER_JSON = 3,
}

/// Writes what the hospital is told (引き継ぎ), in UTF-8: before the hand-over is recorded, which ends
/// the encounter. Medical information is in it only while its permit is in force. Free it with
/// mynacard_buffer_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_encounter_handover(
    encounter: *const mynacard_encounter,
    form: u32,
    now_unix_millis: u64,
    out_text: *mut *mut mynacard_buffer,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_text) }?;
        let object = handle::get(encounter)?;
        let now = timestamp(now_unix_millis)?;
        let mut made = object.hold()?.with_handover(now, |handover| match form {
            1 => Ok(handover.script()),
            2 => Ok(handover.page()),
            3 => Ok(handover.json()),
            _ => Err(Misuse::OutOfRange),
        })?;
        let bytes = Zeroizing::new(core::mem::take(&mut *made).into_bytes());
        out.write(handle::open(Arc::new(bytes))?);
        Ok(())
    })
}
