//! A virtual card behind a link that the input controls: answers are altered, cut, split, lost before
//! or after the card acted, and the host makes mistakes too. Whatever happens, the driver ends within
//! its limits, no try is spent that was not authorised, and the 12-digit number is never sent. So it is
//! also over a link that another driver has used, and left at its end or on its way.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mynacard_core::card::Floor;
use mynacard_core::credential::VerificationNumberB;
use mynacard_core::driver::{Action, Driver, Input};
use mynacard_core::error::{LinkFault, Misuse};
use mynacard_core::exchange::{Capabilities, Limits, Link, Phase};
use mynacard_core::reading::{Plan, identify, read, read_facts, read_tries};
use mynacard_core::trust::live::Challenge;
use mynacard_sim::{Application, Profile, VirtualCard};

struct Issued {
    card: VirtualCard,
    code_b: String,
    number: Option<String>,
}

/// Issued when first used, since signing is slow; each run gets a copy.
static CARDS: [LazyLock<Issued>; 4] = [
    LazyLock::new(|| issue("adult")),
    LazyLock::new(|| issue("nearly-locked")),
    LazyLock::new(|| issue("old-chip")),
    LazyLock::new(|| issue("phone")),
];

fn issue(name: &str) -> Issued {
    let profile = Profile::find(name).expect("a profile of the simulator");
    Issued {
        card: profile.card(),
        code_b: profile.code_b().unwrap_or("55021720352285").to_owned(),
        number: profile.secrets().code_a.clone(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script(bytes);
    let [who, what, floors, room] = script.take();
    let issued = &*CARDS[usize::from(who & 0x03)];
    let right = who & 0x04 == 0;
    let code_b = if right { issued.code_b.as_str() } else { "64010720300000" };
    let number = VerificationNumberB::from_digits(code_b.as_bytes()).expect("a possible number");
    let capabilities = if who & 0x08 == 0 { Capabilities::SHORT } else { Capabilities::EXTENDED };
    let limits = match room {
        0x80.. => Limits { bytes: 3_000, exchanges: 14, idle: 1, file: 1_500 },
        _ => Limits::default(),
    };
    let mut plan = Plan {
        face: what & 0x01 == 0,
        attributes: what & 0x02 == 0,
        certificate: what & 0x04 == 0,
        proof: what & 0x08 == 0,
        text_proof: what & 0x20 == 0,
        face_floor: floor(floors >> 4),
        text_floor: floor(floors & 0x0F),
        ..Plan::all()
    };
    if what & 0x10 != 0 {
        plan = plan.with_challenge(Challenge::new(b"not drawn at random").expect("a nonce"));
    }
    let link = Link::new(capabilities);
    let mut world = World::new(issued, script, &plan);
    if who & 0x10 != 0 {
        let before = read_tries(&link, limits).expect("the link is free");
        let most = if who & 0x20 == 0 { usize::MAX } else { usize::from(who >> 6) * 4 };
        world.play_for(most, before, limits);
        assert!(!link.is_busy());
    }
    match what >> 6 {
        0 => drop(world.play(identify(&link, limits), limits)),
        1 => drop(world.play(read_tries(&link, limits), limits)),
        2 => drop(world.play(read_facts(&link, limits), limits)),
        _ => {
            world.authorised = u64::from(plan.tries_authorised());
            let reading = world.play(read(&link, limits, &number, plan), limits);
            assert!(u64::from(reading.tries_spent()) <= world.presented());
            if let Some(face) = reading.face().value() {
                assert!(reading.face_verification().is_some_and(|verified| verified.is_open()));
                assert!(face.bytes().len() <= limits.file);
            }
            if reading.attributes().value().is_some() {
                assert!(reading.text_verification().is_some_and(|verified| verified.is_open()));
            }
        }
    }
    assert!(!link.is_busy());
});

fn floor(tries: u8) -> Floor {
    Floor::new(tries).unwrap_or(Floor::LAST_TRIES_ALLOWED)
}

/// What is left of the input; zeros when it is used up.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let (bytes, rest) = self.0.split_at(N.min(self.0.len()));
        taken[..bytes.len()].copy_from_slice(bytes);
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        let [byte] = self.take();
        byte
    }

    fn slice(&mut self, count: u8) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(usize::from(count).min(self.0.len()));
        self.0 = rest;
        bytes
    }
}

/// The card, the link to it, and what must hold between them.
struct World<'a> {
    card: VirtualCard,
    number: Option<&'a str>,
    script: Script<'a>,
    /// What the card has said and the link still holds back.
    held_back: Vec<u8>,
    lost: bool,
    authorised: u64,
    /// Tries left that the last answer told, if it answered a query.
    told: Option<u8>,
    floors: [u8; 2],
}

impl<'a> World<'a> {
    fn new(issued: &'a Issued, script: Script<'a>, plan: &Plan) -> Self {
        Self {
            card: issued.card.clone(),
            number: issued.number.as_deref(),
            script,
            held_back: Vec::new(),
            lost: false,
            authorised: 0,
            told: None,
            floors: [plan.face_floor.tries(), plan.text_floor.tries()],
        }
    }

    fn play<T, P>(&mut self, driver: Result<Driver<'_, T, P>, Misuse>, limits: Limits) -> T {
        let driver = driver.expect("the link is free");
        self.play_for(usize::MAX, driver, limits).expect("the driver goes to its end")
    }

    /// Plays so many steps at most; none if the driver was dropped before its end.
    fn play_for<T, P>(
        &mut self,
        most: usize,
        mut driver: Driver<'_, T, P>,
        limits: Limits,
    ) -> Option<T> {
        self.lost = false;
        assert!(matches!(driver.step(Input::Continue), Err(Misuse::UnexpectedInput)));
        let mut action = driver.step(Input::Start).expect("a driver can be started");
        let mut before = driver.statistics();
        // Each exchange is reported once at most, and each phase once more.
        for step in 0..limits.exchanges * 2 + Phase::CardInfo as usize * 2 {
            if step == most {
                return None;
            }
            let input = match action {
                Action::Done(result) => {
                    assert!(matches!(driver.step(Input::Start), Err(Misuse::AlreadyDone)));
                    self.judge();
                    return Some(result);
                }
                Action::Progress(_) | Action::Part(_) => {
                    let wrong = driver.step(Input::Response(&[0x90, 0x00]));
                    assert!(matches!(wrong, Err(Misuse::UnexpectedInput)));
                    None
                }
                Action::Transmit(command) => {
                    assert!(!self.lost, "a command after the link was lost");
                    assert!(matches!(driver.step(Input::Start), Err(Misuse::UnexpectedInput)));
                    Some(self.exchange(&command))
                }
            };
            let next = match &input {
                None => driver.step(Input::Continue),
                Some(Ok(answer)) => driver.step(Input::Response(answer)),
                Some(Err(fault)) => driver.step(Input::LinkLost(*fault)),
            };
            action = next.expect("the input was the expected one");
            let now = driver.statistics();
            assert!(now.exchanges >= before.exchanges && now.exchanges <= limits.exchanges);
            assert!(now.bytes_received >= before.bytes_received);
            before = now;
        }
        panic!("the driver does not end");
    }

    /// One command over the link, as the script has it.
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkFault> {
        self.check_verify(command);
        let operation = self.script.byte() & 0x0F;
        if operation == 9 {
            return self.lose(LinkFault::NoCard);
        }
        let answer = self.carry_out(command);
        let (data, status) = answer.split_at(answer.len() - 2);
        let answer = match operation {
            8 => [data, &self.script.take::<2>()].concat(),
            10 => return self.lose(LinkFault::Timeout),
            11 => {
                self.card.power_off();
                return self.lose(LinkFault::Lost);
            }
            12 => {
                let count = self.script.byte();
                self.script.slice(count).to_vec()
            }
            13 => {
                let kept = usize::from(self.script.byte()).min(data.len());
                [&data[..kept], status].concat()
            }
            14 => {
                let kept = usize::from(self.script.byte()).min(data.len());
                self.held_back = [&data[kept..], status].concat();
                [&data[..kept], &[0x61, self.script.byte()]].concat()
            }
            15 => {
                let [high, low, change] = self.script.take();
                let mut altered = answer.clone();
                let at = usize::from(u16::from_be_bytes([high, low])) % altered.len();
                altered[at] ^= change;
                altered
            }
            _ => answer,
        };
        self.told = match (command, answer.as_slice()) {
            ([0x00, 0x20, 0x00, 0x80], [.., 0x63, tries @ 0xC1..=0xCF]) => Some(tries & 0x0F),
            _ => None,
        };
        Ok(answer)
    }

    fn lose(&mut self, fault: LinkFault) -> Result<Vec<u8>, LinkFault> {
        self.lost = true;
        Err(fault)
    }

    fn carry_out(&mut self, command: &[u8]) -> Vec<u8> {
        let answer = match command.get(1) {
            Some(0xC0) if !self.held_back.is_empty() => std::mem::take(&mut self.held_back),
            // A real signature costs more time than all the rest.
            Some(0x2A) => [&[0x11; 256][..], &[0x90, 0x00]].concat(),
            _ => self.card.transmit(command),
        };
        let shows =
            |number: &str| answer.windows(number.len()).any(|part| part == number.as_bytes());
        assert!(!self.number.is_some_and(shows), "the card has told the 12-digit number");
        answer
    }

    /// A VERIFY with data comes right after the query of the tries, and only above the floor.
    fn check_verify(&mut self, command: &[u8]) {
        if command.get(1) == Some(&0x20) && command.len() > 4 {
            let [face, text] = self.floors;
            let in_face = self.card.current_application() == Some(Application::Face);
            let floor = if in_face { face } else { text };
            assert!(self.told.is_some_and(|tries| tries >= floor), "a VERIFY in the blind");
        }
    }

    /// Secrets that the card was given.
    fn presented(&self) -> u64 {
        self.card
            .counters()
            .map(|(application, key, _)| self.card.presentations(application, key))
            .sum()
    }

    fn judge(&self) {
        assert!(self.presented() <= self.authorised, "more tries than were authorised");
        let number_b = self.card.presentations(Application::Face, 0x0012)
            + self.card.presentations(Application::Text, 0x0015);
        assert_eq!(self.presented(), number_b, "a key that nobody asked for");
    }
}
