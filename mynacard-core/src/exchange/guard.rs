//! The number guard: no flow, and no server that drives the card through us, reaches the 12-digit
//! number (個人番号) or a key that opens it, or anything else that no flow needs.
//!
//! It knows what is allowed, not what is forbidden: the files that flows read and the keys whose tries
//! they ask for, which stand in [`map`](crate::map). A command passes only when the application and the
//! file it acts on are known, because the card itself confirmed the selection.

use crate::apdu::{Command, Expected, StatusWord};
use crate::error::Misuse;
use crate::map::{Application, Content, Fid, KeyRef, file_at, is_beside, key_at};

/// Knows what is selected on the card, and admits only commands that may be sent there.
///
/// It also stands behind promise 3: a VERIFY with data passes only right after the free query of
/// that same key, and each query admits one.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    application: Option<Application>,
    file: Option<Fid>,
    queried: Option<Fid>,
    more_waits: bool,
    /// A selection that was answered `61xx`: the card says that it is done when the rest was fetched.
    announced: Option<Pending>,
    pending: Option<Pending>,
    /// The application was selected by an earlier driver; and something in it was not carried out since, so
    /// that the card may have been reset meanwhile.
    is_inherited: bool,
    is_doubted: bool,
    /// The card has selected the application with a warning.
    is_warned: bool,
}

/// What an admitted command will have changed if the card says that it was carried out.
#[derive(Clone, Copy, Debug)]
enum Pending {
    SelectApplication(Application),
    /// Whether an application is there that nothing is read from: after it nothing is known as selected.
    SelectBeside,
    SelectFile(Fid),
    ReadBySfi(Fid),
    Query(Fid),
    Verify,
    More,
    Other,
}

impl Guard {
    /// A guard for a card of which this is known.
    pub(super) fn at(application: Option<Application>) -> Self {
        Self { application, is_inherited: application.is_some(), ..Self::default() }
    }

    /// The application that the card has confirmed as selected.
    pub(super) const fn application(&self) -> Option<Application> {
        self.application
    }

    /// The application that the next driver may rely on; none while an answer is awaited.
    pub(super) fn handed_on(&self) -> Option<Application> {
        let holds = self.pending.is_none() && !self.is_doubted && !self.is_warned;
        self.application.filter(|_| holds)
    }

    /// Whether it did so with a warning.
    pub(super) const fn is_warned(&self) -> bool {
        self.is_warned
    }

    /// The file that the card has confirmed as selected.
    pub(super) const fn file(&self) -> Option<Fid> {
        self.file
    }

    /// Whether no admitted command awaits its answer: what is known of the card holds.
    pub(super) const fn is_settled(&self) -> bool {
        self.pending.is_none()
    }

    /// Admits or refuses a command; the next call must be [`Guard::answered`] or [`Guard::lose`]. A refused command changes nothing.
    ///
    /// Errors: [`Misuse::ForbiddenCommand`]; [`Misuse::UnexpectedInput`] while an answer is awaited.
    /// Card effect: none.
    pub(super) fn admit(&mut self, command: &Command) -> Result<(), Misuse> {
        if self.pending.is_some() {
            return Err(Misuse::UnexpectedInput);
        }
        let pending = self.judge(command).ok_or(Misuse::ForbiddenCommand)?;
        self.pending = Some(pending);
        // A query counts for the very next command only.
        if !matches!(pending, Pending::Query(_)) {
            self.queried = None;
        }
        Ok(())
    }

    fn judge(&self, command: &Command) -> Option<Pending> {
        let (p1, p2) = (command.p1(), command.p2());
        // Everything is of the standard's class, but the signature command is proprietary.
        if command.cla() != if command.ins() == 0x2A { 0x80 } else { 0x00 } {
            return None;
        }
        match command.ins() {
            0xA4 => self.judge_select(command),
            0xB0 if command.data().is_empty() && p1 & 0x80 != 0 => {
                let fid = Fid::new(p1 & 0x1F);
                let sfi_form = p1 & 0x60 == 0;
                (sfi_form && self.is_read(fid)).then_some(Pending::ReadBySfi(fid))
            }
            0xB0 if command.data().is_empty() => self.is_read(self.file?).then_some(Pending::Other),
            0xB2 if command.data().is_empty() && p2 & 0x07 == 0x04 => {
                let fid = Fid::new(p2 >> 3);
                (self.content(fid)? == Content::Records).then_some(Pending::ReadBySfi(fid))
            }
            0x20 if (p1, p2) == (0x00, 0x80) && command.expected() == Expected::None => {
                let fid = self.file?;
                let key = key_at(self.application?, fid)?;
                if self.is_warned && !key.takes_number_b() {
                    return None;
                }
                if command.data().is_empty() {
                    Some(Pending::Query(fid))
                } else {
                    (takes(key, command.data()) && self.queried == Some(fid))
                        .then_some(Pending::Verify)
                }
            }
            // The application's default key is the card's own; it opens nothing (card-spec §5).
            0x2A if (p1, p2) == (0x00, 0x00) => {
                let own_key = matches!(self.application?, Application::Text | Application::Face);
                own_key.then_some(Pending::Other)
            }
            0xC0 if (p1, p2) == (0x00, 0x00) && command.data().is_empty() => {
                self.more_waits.then_some(Pending::More)
            }
            _ => None,
        }
    }

    fn judge_select(&self, command: &Command) -> Option<Pending> {
        match (command.p1(), command.p2(), command.data()) {
            (0x04, 0x0C, aid) => match Application::from_aid(aid) {
                Some(application) => Some(Pending::SelectApplication(application)),
                None => is_beside(aid).then_some(Pending::SelectBeside),
            },
            (0x02, 0x0C, [0x00, low]) => {
                let fid = Fid::new(*low);
                let is_known =
                    self.content(fid).is_some() || key_at(self.application?, fid).is_some();
                is_known.then_some(Pending::SelectFile(fid))
            }
            _ => None,
        }
    }

    /// What the file of the current application holds, if a flow reads it.
    fn content(&self, fid: Fid) -> Option<Content> {
        file_at(self.application?, fid).map(|file| file.content)
    }

    fn is_read(&self, fid: Fid) -> bool {
        matches!(self.content(fid), Some(Content::Object(_) | Content::Bytes))
    }

    /// Takes note of the card's answer to the admitted command.
    pub(super) fn answered(&mut self, status: StatusWord) {
        let carried_out = status.is_carried_out();
        // A key has no more to say, and what lies beside is not read.
        self.more_waits = matches!(status, StatusWord::MoreAvailable(_))
            && !matches!(
                self.pending,
                Some(Pending::Query(_) | Pending::Verify | Pending::SelectBeside)
            );
        if let Some(Pending::SelectFile(_) | Pending::ReadBySfi(_) | Pending::Other) = self.pending
        {
            self.is_doubted |= self.is_inherited && !carried_out;
        }
        let announced = self.announced.take();
        let done = match self.pending.take() {
            Some(Pending::More) if status.is_ok() => announced,
            Some(Pending::More) => {
                self.announced = announced.filter(|_| self.more_waits);
                None
            }
            selection @ Some(Pending::SelectApplication(_) | Pending::SelectFile(_)) => {
                self.announced = selection.filter(|_| self.more_waits);
                selection
            }
            pending => pending,
        };
        match done {
            // What is selected decides which key a VERIFY reaches. A warning confirms no file; an application it
            // confirms for the keys that no other application has anything under the identifier of.
            Some(Pending::SelectApplication(application)) => {
                self.application = is_selected(status).then_some(application);
                self.file = None;
                self.is_warned = !status.is_ok();
                (self.is_inherited, self.is_doubted) = (false, false);
            }
            Some(Pending::SelectBeside) => {
                (self.application, self.file) = (None, None);
                (self.is_warned, self.is_inherited, self.is_doubted) = (false, false, false);
            }
            Some(Pending::SelectFile(fid)) => {
                self.file = status.is_ok().then_some(fid);
            }
            Some(Pending::ReadBySfi(fid)) => self.file = carried_out.then_some(fid),
            Some(Pending::Query(key)) => {
                self.queried = matches!(status, StatusWord::TriesLeft(1..)).then_some(key);
            }
            Some(Pending::Verify | Pending::More | Pending::Other) | None => {}
        }
    }

    /// Takes note that the answer was lost: nothing is known about the card any more.
    pub(super) fn lose(&mut self) {
        *self = Self::default();
    }
}

/// Whether an application is selected: done, or done with a warning.
const fn is_selected(status: StatusWord) -> bool {
    matches!(status, StatusWord::Ok | StatusWord::Warning(_))
}

/// Whether this is what a flow presents to the key: 照合番号B, in its length, to a key that it opens.
fn takes(key: KeyRef, secret: &[u8]) -> bool {
    key.takes_number_b() && secret.len() == 14 && secret.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OK: StatusWord = StatusWord::Ok;

    fn send(guard: &mut Guard, hex: &[u8], status: u16) -> Result<(), Misuse> {
        guard.admit(&Command::parse(hex)?)?;
        guard.answered(StatusWord::new(status));
        Ok(())
    }

    fn at(application: Application) -> Guard {
        let mut guard = Guard::default();
        let select = Command::new(0, 0xA4, 0x04, 0x0C).with_data(application.aid()).unwrap();
        guard.admit(&select).unwrap();
        guard.answered(OK);
        guard
    }

    #[test]
    fn every_way_to_the_number_is_refused() {
        for (application, files) in
            [(Application::Text, [0x01_u8, 0x14]), (Application::Face, [0x05, 0x13])]
        {
            for file in files {
                for command in [
                    vec![0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file],
                    vec![0x00, 0xA4, 0x02, 0x00, 0x02, 0x00, file],
                    vec![0x00, 0xA4, 0x00, 0x0C, 0x02, 0x00, file],
                    vec![0x00, 0xB0, 0x80 | file, 0x00, 0x00],
                    vec![0x00, 0xB0, 0xA0 | file, 0x00, 0x00],
                    vec![0x00, 0xB1, 0x00, file, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00],
                    vec![0x00, 0xB2, 0x01, (file << 3) | 0x04, 0x00],
                    vec![0x00, 0x20, 0x00, 0x80 | file],
                    vec![0x00, 0x20, 0x00, 0x80 | file, 0x04, 0x31, 0x32, 0x33, 0x34],
                    vec![0x08, 0xB0, 0x80 | file, 0x00, 0x00],
                    vec![0x10, 0xB0, 0x80 | file, 0x00, 0x00],
                    vec![0x01, 0xB0, 0x80 | file, 0x00, 0x00],
                ] {
                    let mut guard = at(application);
                    assert_eq!(
                        send(&mut guard, &command, 0x9000),
                        Err(Misuse::ForbiddenCommand),
                        "{command:02X?}"
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_is_read_while_the_selection_is_unknown() {
        let read_sfi_2 = [0x00, 0xB0, 0x82, 0x00, 0x00];
        assert!(send(&mut Guard::default(), &read_sfi_2, 0x9000).is_err());
        let mut failed = at(Application::Face);
        let mut select_text = vec![0x00, 0xA4, 0x04, 0x0C, 0x0A];
        select_text.extend_from_slice(Application::Text.aid());
        send(&mut failed, &select_text, 0x6A82).unwrap();
        assert!(send(&mut failed, &read_sfi_2, 0x9000).is_err());
        let mut lost = at(Application::Face);
        lost.lose();
        assert!(send(&mut lost, &read_sfi_2, 0x9000).is_err());
    }

    #[test]
    fn what_lies_beside_is_selected_and_nothing_else() {
        let residence = [0xD3, 0x92, 0xF0, 0x00, 0x4F, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let select = [&[0x00, 0xA4, 0x04, 0x0C, 0x10], residence.as_slice()].concat();
        for status in [0x9000, 0x6110, 0x6281, 0x6A82] {
            let mut guard = at(Application::Face);
            send(&mut guard, &select, status).unwrap();
            assert_eq!((guard.application(), guard.handed_on()), (None, None));
            for command in [
                &[0x00, 0xB0, 0x82, 0x00, 0x00][..],
                &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12],
                &[0x00, 0x20, 0x00, 0x80],
                &[0x00, 0xC0, 0x00, 0x00, 0x00],
            ] {
                assert_eq!(send(&mut guard, command, 0x9000), Err(Misuse::ForbiddenCommand));
            }
        }
        // Part of an identifier, or one that is not in the map.
        for aid in [&residence[..6], &residence[1..]] {
            let select = Command::new(0, 0xA4, 0x04, 0x0C).with_data(aid).unwrap();
            assert_eq!(Guard::default().admit(&select), Err(Misuse::ForbiddenCommand));
        }
    }

    #[test]
    fn a_key_has_no_more_to_say() {
        let mut guard = at(Application::Face);
        send(&mut guard, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12], 0x9000).unwrap();
        send(&mut guard, &[0x00, 0x20, 0x00, 0x80], 0x6110).unwrap();
        let get_response = [0x00, 0xC0, 0x00, 0x00, 0x00];
        assert_eq!(send(&mut guard, &get_response, 0x9000), Err(Misuse::ForbiddenCommand));
    }

    #[test]
    fn only_what_is_done_confirms_a_selection() {
        let select_key = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12];
        let mut select_text = vec![0x00, 0xA4, 0x04, 0x0C, 0x0A];
        select_text.extend_from_slice(Application::Text.aid());
        // A warning: an application, no file.
        let mut guard = at(Application::Face);
        send(&mut guard, &select_key, 0x6281).unwrap();
        assert_eq!(guard.file(), None);
        send(&mut guard, &select_text, 0x6281).unwrap();
        assert_eq!(guard.application(), Some(Application::Text));
        // What has more to say is done when that was fetched, and not before.
        let get_response = [0x00, 0xC0, 0x00, 0x00, 0x00];
        for (rest, is_done) in [(0x9000, true), (0x6F00, false), (0x6281, false)] {
            let mut guard = at(Application::Face);
            send(&mut guard, &select_key, 0x6110).unwrap();
            assert_eq!(guard.file(), None);
            send(&mut guard, &get_response, 0x6102).unwrap();
            assert_eq!(guard.file(), None);
            send(&mut guard, &get_response, rest).unwrap();
            assert_eq!(guard.file().is_some(), is_done, "{rest:04X}");
            send(&mut guard, &select_text, 0x6110).unwrap();
            assert_eq!(guard.application(), None);
            send(&mut guard, &get_response, rest).unwrap();
            let is_done = rest == 0x9000;
            assert_eq!(guard.application().is_some(), is_done, "{rest:04X}");
            // Another command in between, and it counts for nothing.
            let mut guard = at(Application::Face);
            send(&mut guard, &select_key, 0x6110).unwrap();
            send(&mut guard, &[0x00, 0xB0, 0x84, 0x00, 0x00], 0x6110).unwrap();
            send(&mut guard, &get_response, 0x9000).unwrap();
            assert_eq!(guard.file(), Some(Fid::new(0x04)));
        }
        for status in [0x6100, 0x61FF, 0x6300, 0x6C00, 0x6F00, 0x6A82] {
            let mut guard = at(Application::Face);
            send(&mut guard, &select_key, status).unwrap();
            assert_eq!(guard.file(), None, "{status:04X}");
            send(&mut guard, &select_text, status).unwrap();
            assert_eq!(guard.application(), None, "{status:04X}");
        }
    }

    /// The 14 digits go to the two keys that take them, and to nothing else; nothing of another length goes.
    #[test]
    fn a_verify_reaches_only_a_key_that_takes_the_number() {
        for (application, key, takes) in [
            (Application::Face, 0x12, true),
            (Application::Text, 0x15, true),
            (Application::Text, 0x11, false),
            (Application::Jpki, 0x18, false),
            (Application::Jpki, 0x1B, false),
        ] {
            for secret in [&b"55021720352285"[..], b"1234", b"5502172035228", b"5502172035228A"] {
                let mut guard = at(application);
                send(&mut guard, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, key], 0x9000).unwrap();
                send(&mut guard, &[0x00, 0x20, 0x00, 0x80], 0x63C9).unwrap();
                let mut verify = vec![0x00, 0x20, 0x00, 0x80, u8::try_from(secret.len()).unwrap()];
                verify.extend_from_slice(secret);
                let passes = takes && secret == b"55021720352285";
                let sent = send(&mut guard, &verify, 0x9000);
                assert_eq!(sent.is_ok(), passes, "{application:?} {key:02X} {secret:?}");
            }
        }
    }

    #[test]
    fn a_verify_needs_a_query_of_the_same_key_just_before() {
        let select_key = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12];
        let query = [0x00, 0x20, 0x00, 0x80];
        let mut verify = vec![0x00, 0x20, 0x00, 0x80, 14];
        verify.extend_from_slice(b"55021720352285");
        let mut guard = at(Application::Face);
        send(&mut guard, &select_key, 0x9000).unwrap();
        assert!(send(&mut guard, &verify, 0x9000).is_err());
        send(&mut guard, &query, 0x63CA).unwrap();
        send(&mut guard, &verify, 0x63C9).unwrap();
        assert!(send(&mut guard, &verify, 0x9000).is_err(), "one query admits one VERIFY");
        send(&mut guard, &query, 0x63C0).unwrap();
        assert!(send(&mut guard, &verify, 0x9000).is_err(), "no tries are left");
        send(&mut guard, &query, 0x63C9).unwrap();
        send(&mut guard, &select_key, 0x9000).unwrap();
        assert!(send(&mut guard, &verify, 0x9000).is_err(), "a command came between");
    }

    /// Every class and instruction, with every first parameter and the second ones that mean
    /// something, in each application: what is admitted is written out here.
    #[test]
    fn nothing_passes_but_what_is_listed() {
        const SECONDS: [u8; 9] = [0x00, 0x04, 0x0C, 0x14, 0x2C, 0x80, 0x81, 0x94, 0xA4];
        let every_record: Vec<String> = (0..=255).map(|p1| format!("00 B2 {p1:02X} 0C")).collect();
        for (application, expected) in [
            (Application::Common, every_record),
            (Application::Face, reads(&[0x82, 0x83, 0x84], true)),
            (Application::Jpki, reads(&[0x86, 0x88, 0x8A], false)),
            (Application::Text, reads(&[0x82, 0x83, 0x84, 0x87], true)),
        ] {
            let guard = at(application);
            let mut admitted = Vec::new();
            for [cla, ins] in (0..=u16::MAX).map(u16::to_be_bytes) {
                let of_the_card = matches!(cla, 0x00 | 0x80);
                for p1 in (0..=u8::MAX).filter(|p1| of_the_card || p1 % 0x41 <= 2) {
                    for p2 in SECONDS {
                        if guard.judge(&Command::new(cla, ins, p1, p2)).is_some() {
                            admitted.push(format!("{cla:02X} {ins:02X} {p1:02X} {p2:02X}"));
                        }
                    }
                }
            }
            assert_eq!(admitted, expected, "{application:?}");
        }
        fn reads(first: &[u8], signs: bool) -> Vec<String> {
            let mut all = Vec::new();
            for p1 in first {
                all.extend(SECONDS.iter().map(|p2| format!("00 B0 {p1:02X} {p2:02X}")));
            }
            all.extend(signs.then(|| "80 2A 00 00".to_owned()));
            all
        }
    }

    #[test]
    fn files_and_applications_are_selected_in_one_form_each() {
        for application in
            [Application::Common, Application::Face, Application::Jpki, Application::Text]
        {
            let guard = at(application);
            let select = |p1, p2, data: &[u8]| {
                guard.judge(&Command::new(0x00, 0xA4, p1, p2).with_data(data).unwrap()).is_some()
            };
            // Files that are read, then keys whose tries are asked for.
            let listed: &[u16] = match application {
                Application::Common => &[0x01],
                Application::Face => &[0x02, 0x03, 0x04, 0x12],
                Application::Jpki => &[0x06, 0x08, 0x0A, 0x18, 0x1B],
                Application::Text => &[0x02, 0x03, 0x04, 0x07, 0x11, 0x15],
            };
            for fid in 0..=u16::MAX {
                let is_listed = listed.contains(&fid);
                assert_eq!(select(0x02, 0x0C, &fid.to_be_bytes()), is_listed, "{fid:04X}");
            }
            for (p1, p2) in (0..=u16::MAX).map(|both| (both.to_be_bytes()[0], both as u8)) {
                let form = (p1, p2);
                assert!(form == (0x02, 0x0C) || !select(p1, p2, &[0x00, 0x02]), "{form:02X?}");
                let aid = Application::Face.aid();
                assert_eq!(form == (0x04, 0x0C), select(p1, p2, aid), "{form:02X?}");
            }
            for odd in [&[][..], &[0x02], &[0x00, 0x02, 0x00], &[0x3F, 0x00]] {
                assert!(!select(0x02, 0x0C, odd), "{odd:02X?}");
            }
            // A prefix of a name selects on the card; here only whole ones do.
            let aid = Application::Text.aid();
            let longer = [aid, &[0x00]].concat();
            for count in 0..aid.len() {
                assert!(!select(0x04, 0x0C, &aid[..count]), "{count}");
            }
            assert!(!select(0x04, 0x0C, &longer));
        }
    }

    #[test]
    fn nothing_is_awaited_twice_and_data_turn_a_read_into_something_else() {
        let mut guard = at(Application::Face);
        let read = Command::parse(&[0x00, 0xB0, 0x82, 0x00, 0x00]).unwrap();
        guard.admit(&read).unwrap();
        assert_eq!(guard.admit(&read), Err(Misuse::UnexpectedInput));
        guard.lose();
        assert_eq!(guard.admit(&read), Err(Misuse::ForbiddenCommand), "the card is unknown now");
        let mut guard = at(Application::Face);
        for with_data in [
            &[0x00, 0xB0, 0x82, 0x00, 0x02, 0x54, 0x00][..],
            &[0x00, 0xB2, 0x01, 0x0C, 0x01, 0x00],
            &[0x00, 0xC0, 0x00, 0x00, 0x01, 0x00],
            &[0x00, 0x20, 0x00, 0x80, 0x01, 0x31, 0x00],
        ] {
            assert!(send(&mut guard, with_data, 0x9000).is_err(), "{with_data:02X?}");
        }
    }

    #[test]
    fn get_response_only_follows_an_announcement() {
        let mut guard = at(Application::Face);
        let get_response = [0x00, 0xC0, 0x00, 0x00, 0x00];
        assert!(send(&mut guard, &get_response, 0x9000).is_err());
        send(&mut guard, &[0x00, 0xB0, 0x84, 0x00, 0x00], 0x6110).unwrap();
        send(&mut guard, &get_response, 0x9000).unwrap();
        assert!(send(&mut guard, &get_response, 0x9000).is_err());
    }

    proptest! {
        /// Whatever is tried in whatever order, no admitted command acts on a forbidden file.
        #[test]
        fn no_sequence_reaches_a_forbidden_file(
            steps in proptest::collection::vec((any::<[u8; 4]>(), 0..4_u8, any::<bool>()), 1..40)
        ) {
            let mut guard = Guard::default();
            for (bytes, shape, carried_out) in steps {
                let [ins, p1, p2, low] = bytes;
                let aids = [Application::Text, Application::Face, Application::Jpki];
                let command = match shape {
                    0 => aids.get(usize::from(low % 3)).map(|application| {
                        let mut select = vec![0x00, 0xA4, 0x04, 0x0C, 0x0A];
                        select.extend_from_slice(application.aid());
                        select
                    }).unwrap_or_default(),
                    1 => vec![0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, low & 0x1F],
                    2 => vec![0x00, 0xB0, p1, p2, low],
                    _ => vec![0x00, ins, p1, p2],
                };
                let command = Command::parse(&command).unwrap();
                if guard.admit(&command).is_ok() {
                    let status = if carried_out { 0x9000 } else { 0x6A82 };
                    guard.answered(StatusWord::new(status));
                }
                let reached = (guard.application(), guard.file().map(Fid::value));
                prop_assert!(!matches!(
                    reached,
                    (Some(Application::Text), Some(0x01 | 0x14))
                        | (Some(Application::Face), Some(0x05 | 0x13))
                ));
            }
        }
    }
}
