//! A `vpcd` of our own at the other end of the wire.

use std::net::TcpListener;

use super::*;
use crate::{Application, Profile};

struct Pcd {
    listener: TcpListener,
    wire: Option<TcpStream>,
}

impl Pcd {
    fn new() -> (Self, VirtualReader) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        (Self { listener, wire: None }, VirtualReader::new(&address, Atr::Contact))
    }

    fn accept(&mut self) {
        let (wire, _) = self.listener.accept().unwrap();
        self.wire = Some(wire);
    }

    fn order(&mut self, order: u8) {
        self.wire.as_mut().unwrap().write_all(&[0, 1, order]).unwrap();
    }

    fn exchange(&mut self, message: &[u8]) -> io::Result<Vec<u8>> {
        let wire = self.wire.as_mut().unwrap();
        let length = u16::try_from(message.len()).unwrap();
        wire.write_all(&length.to_be_bytes())?;
        wire.write_all(message)?;
        receive(wire)
    }
}

fn select(application: Application) -> Vec<u8> {
    [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], &application.aid()[..]].concat()
}

const SELECT_KEY: &[u8] = &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x12];

#[test]
fn the_card_tells_its_atr_and_answers_commands_of_any_length() {
    let (mut pcd, reader) = Pcd::new();
    reader.insert(Profile::adult().card()).unwrap();
    pcd.accept();
    pcd.order(POWER_ON);
    assert_eq!(pcd.exchange(&[TELL_ATR]).unwrap(), Atr::Contact.bytes());
    assert_eq!(pcd.exchange(&select(Application::Jpki)).unwrap(), [0x90, 0x00]);
    let certificate = pcd.exchange(&[0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00]).unwrap();
    assert!(certificate.len() > 1_000 && certificate.ends_with(&[0x90, 0x00]));
    assert_eq!(reader.with_card(FaultyCard::exchanges), Some(2));
}

#[test]
fn power_and_reset_reach_the_card() {
    let (mut pcd, reader) = Pcd::new();
    reader.insert(Profile::adult().card()).unwrap();
    pcd.accept();
    pcd.exchange(&select(Application::Face)).unwrap();
    pcd.order(RESET);
    assert_eq!(pcd.exchange(SELECT_KEY).unwrap(), [0x90, 0x00], "a reset leaves the application");
    pcd.order(POWER_OFF);
    pcd.order(POWER_ON);
    assert_eq!(pcd.exchange(SELECT_KEY).unwrap(), [0x6A, 0x82], "lost power does not");
}

#[test]
fn a_card_is_removed_and_another_one_put_in() {
    let (mut pcd, reader) = Pcd::new();
    reader.insert(Profile::adult().card()).unwrap();
    pcd.accept();
    pcd.exchange(&[TELL_ATR]).unwrap();
    assert_eq!(reader.remove().unwrap().card().label(), "adult");
    assert!(pcd.exchange(&[TELL_ATR]).is_err());
    assert!(reader.remove().is_none() && !reader.is_connected());
    reader.insert(Profile::find("child").unwrap().card()).unwrap();
    pcd.accept();
    pcd.exchange(&[TELL_ATR]).unwrap();
    assert_eq!(reader.with_card(|card| card.card().label().to_owned()).unwrap(), "child");
}

#[test]
fn a_fault_lifts_the_card_and_it_can_be_placed_again() {
    let (mut pcd, reader) = Pcd::new();
    reader.insert(Profile::adult().card()).unwrap();
    pcd.accept();
    pcd.exchange(&select(Application::Face)).unwrap();
    reader.set_script(Script::nothing().once(1, crate::fault::Fault::LostBefore));
    assert!(pcd.exchange(SELECT_KEY).is_err());
    let patience = Instant::now() + Duration::from_secs(10);
    while reader.is_connected() && Instant::now() < patience {
        thread::yield_now();
    }
    assert!(!reader.is_connected());
    reader.place_again().unwrap();
    pcd.accept();
    assert_eq!(pcd.exchange(SELECT_KEY).unwrap(), [0x6A, 0x82]);
}

#[test]
fn a_command_line_handles_the_card() {
    let (mut pcd, reader) = Pcd::new();
    reader.insert(Profile::adult().card()).unwrap();
    pcd.accept();
    let orders = "traffic\ntries\nfault lost@0\nfault lost\nremove\nswap nobody\nfly\nquit\ntries";
    let mut said = Vec::new();
    console(&reader, orders.as_bytes(), &mut said).unwrap();
    let said = String::from_utf8(said).unwrap();
    let expected = ["0 exchanges", "Face 0012: 10", "set; 0", "no step", "removed", "there is no"];
    assert!(expected.iter().all(|words| said.contains(words)), "{said}");
    assert!(said.contains("takes the card out") && said.ends_with("bye\n"), "{said}");
}

#[test]
fn without_a_listener_inserting_fails() {
    let (pcd, reader) = Pcd::new();
    drop(pcd);
    assert!(reader.insert(Profile::adult().card()).is_err());
}
