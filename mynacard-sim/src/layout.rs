//! Which file of which application has which content, size and access rule. Used for issued
//! cards and for dumps alike. Source of the rules: card measurements by others; see each line's
//! confidence where it is not A or B.

use std::collections::BTreeMap;

use crate::builder::{CardBuilder, pin, signing, transparent};
use crate::card::Behaviour;
use crate::files::{Access, Application, Df, Ef, Filler, SigningFile};
use crate::person::Token;
use crate::spec::{CardKeys, Secrets};

/// Contents of the files, `None` for a file that is not there.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) face_age: Option<Vec<u8>>,
    pub(crate) face_record: Option<Vec<u8>>,
    pub(crate) face_basic: Option<Vec<u8>>,
    pub(crate) face_certificate: Option<Vec<u8>>,
    pub(crate) face_number: Option<Vec<u8>>,
    pub(crate) text_number: Option<Vec<u8>>,
    pub(crate) text_attributes: Option<Vec<u8>>,
    pub(crate) text_integrity: Option<Vec<u8>>,
    pub(crate) text_certificate: Option<Vec<u8>>,
    pub(crate) text_basic: Option<Vec<u8>>,
    pub(crate) text_session_key: Option<Vec<u8>>,
    pub(crate) text_signed_key: Option<Vec<u8>>,
    pub(crate) sign_certificate: Option<Vec<u8>>,
    pub(crate) sign_authority: Option<Vec<u8>>,
    pub(crate) auth_certificate: Option<Vec<u8>>,
    pub(crate) auth_authority: Option<Vec<u8>>,
    pub(crate) token_information: Vec<u8>,
    pub(crate) availability: Vec<u8>,
    /// Whether EF 0001 is there, blank, although there is no signature certificate.
    pub(crate) blank_sign_certificate: bool,
    /// Record 1 of common EF 0001.
    pub(crate) card_information: Option<Vec<u8>>,
    /// The key reference in common EF 0002 and juki EF 0002.
    pub(crate) key_reference: Option<Vec<u8>>,
    /// Data objects of the card manager.
    pub(crate) objects: BTreeMap<u16, Vec<u8>>,
}

/// Size of the JPKI certificate files, as seen on a card.
const CERTIFICATE_SIZE: usize = 1900;

pub(crate) fn lay_out(
    label: &str,
    behaviour: Behaviour,
    token: Token,
    mut contents: Contents,
    keys: &CardKeys,
    secrets: &Secrets,
) -> CardBuilder {
    let mut builder = CardBuilder::empty(label, behaviour);
    builder.objects_mut().append(&mut contents.objects);
    builder.add_application(jpki(token, &mut contents, keys, secrets));
    if token == Token::Card {
        builder.add_application(text(&mut contents, keys, secrets));
        builder.add_application(face(&mut contents, keys, secrets));
        builder.add_application(juki(&contents, secrets));
        builder.add_application(common(&contents, keys, secrets));
    }
    builder
}

/// 公的個人認証AP. Certificates are followed by `00`.
fn jpki(token: Token, contents: &mut Contents, keys: &CardKeys, secrets: &Secrets) -> Df {
    let mut df = Df::new(Application::Jpki, None);
    // Phones give out the authentication certificate after its PIN only: known of Android,
    // assumed of iPhones.
    let auth_access = match token {
        Token::Card => Access::Free,
        Token::Android | Token::Iphone => Access::AnyOf(vec![0x0018]),
    };
    let blank = contents.blank_sign_certificate.then(Vec::new);
    let certificates = [
        (0x0001, contents.sign_certificate.take().or(blank), Access::AnyOf(vec![0x001B])),
        (0x0002, contents.sign_authority.take(), Access::Free),
        (0x000A, contents.auth_certificate.take(), auth_access),
        (0x000B, contents.auth_authority.take(), Access::Free),
    ];
    for (id, content, access) in certificates {
        if let Some(content) = content {
            let filler = Filler::up_to(0x00, CERTIFICATE_SIZE, content.len());
            df.files.insert(id, transparent(content, filler, access));
        }
    }
    let information = std::mem::take(&mut contents.token_information);
    df.files.insert(0x0006, transparent(information, Filler::NONE, Access::Free));
    let availability = std::mem::take(&mut contents.availability);
    df.files.insert(0x0008, transparent(availability, Filler::NONE, Access::Free));
    df.files.insert(0x0009, transparent(Vec::new(), Filler::up_to(0, 64, 0), Access::Never));
    for id in [0x0005, 0x0010, 0x0016, 0x0019, 0x001C, 0x001E] {
        df.files.insert(id, Ef::Opaque);
    }
    df.files.insert(0x0017, signing(keys.auth.clone(), Some(0x0018)));
    df.files.insert(0x0018, pin(secrets.auth_pin.as_deref(), 3));
    df.files.insert(0x001A, signing(keys.sign.clone(), Some(0x001B)));
    df.files.insert(0x001B, pin(secrets.sign_password.as_deref(), 5));
    df
}

/// 券面事項入力補助AP. Key 0011 is the PIN, 0014 照合番号A, 0015 照合番号B.
fn text(contents: &mut Contents, keys: &CardKeys, secrets: &Secrets) -> Df {
    let mut df = Df::new(Application::Text, Some(0x0013));
    let all = || Access::AnyOf(vec![0x0011, 0x0014, 0x0015]);
    let files = [
        (0x0002, contents.text_attributes.take(), Access::AnyOf(vec![0x0011, 0x0015])),
        // That 照合番号B opens it too has one source out of two (confidence C).
        (0x0003, contents.text_integrity.take(), all()),
        (0x0004, contents.text_certificate.take(), Access::Free),
        (0x0005, contents.text_basic.take(), Access::Free),
        (0x0006, contents.text_session_key.take(), all()),
        (0x0007, contents.text_signed_key.take(), all()),
    ];
    insert_padded(&mut df, files);
    // The hash in 0003 covers this file whole, with the two bytes of filler that it comes with.
    if let Some(number) = contents.text_number.take() {
        let access = Access::AnyOf(vec![0x0011, 0x0014]);
        df.files.insert(0x0001, transparent(number, Filler::NONE, access));
    }
    df.files.insert(0x0008, transparent(vec![0xFF; 16], Filler::NONE, Access::Free));
    for id in [0x0010, 0x001C, 0x001E] {
        df.files.insert(id, Ef::Opaque);
    }
    df.files.insert(0x0011, pin(secrets.text_pin.as_deref(), 3));
    // Blocked as issued; how many tries it would have is unknown.
    df.files.insert(0x0012, pin(None, 3));
    df.files.insert(0x0013, signing(keys.text.clone(), None));
    df.files.insert(0x0014, pin(secrets.code_a.as_deref(), 10));
    df.files.insert(0x0015, pin(secrets.code_b.as_deref(), 10));
    df
}

/// 券面事項確認AP. Key 0011 is the birth date, 0012 照合番号B, 0013 照合番号A.
fn face(contents: &mut Contents, keys: &CardKeys, secrets: &Secrets) -> Df {
    let mut df = Df::new(Application::Face, Some(0x001A));
    let front = || Access::AnyOf(vec![0x0012, 0x0013]);
    let files = [
        (0x0001, contents.face_age.take(), Access::AnyOf(vec![0x0011])),
        (0x0002, contents.face_record.take(), front()),
        (0x0003, contents.face_basic.take(), Access::Free),
        (0x0004, contents.face_certificate.take(), Access::Free),
        (0x0005, contents.face_number.take(), Access::AnyOf(vec![0x0013])),
    ];
    insert_padded(&mut df, files);
    df.files.insert(0x0006, transparent(vec![0xFF; 16], Filler::NONE, front()));
    df.files.insert(0x0011, pin(secrets.birth_key.as_deref(), 10));
    df.files.insert(0x0012, pin(secrets.code_b.as_deref(), 10));
    df.files.insert(0x0013, pin(secrets.code_a.as_deref(), 10));
    df.files.insert(0x001A, signing(keys.face.clone(), None));
    for id in [0x001C, 0x001E] {
        df.files.insert(id, Ef::Opaque);
    }
    df
}

/// Files that exist, each followed by `FF` up to the next multiple of 128; the sizes of real
/// cards' files are not public.
fn insert_padded<const N: usize>(df: &mut Df, files: [(u16, Option<Vec<u8>>, Access); N]) {
    for (id, content, access) in files {
        if let Some(content) = content {
            let size = (content.len() + 1).next_multiple_of(128);
            let filler = Filler::up_to(0xFF, size, content.len());
            df.files.insert(id, transparent(content, filler, access));
        }
    }
}

/// 住基AP.
fn juki(contents: &Contents, secrets: &Secrets) -> Df {
    let mut df = Df::new(Application::Juki, None);
    key_reference(&mut df, contents);
    df.files.insert(0x001C, pin(secrets.juki_pin.as_deref(), 3));
    df
}

/// 共通カードAP.
fn common(contents: &Contents, keys: &CardKeys, secrets: &Secrets) -> Df {
    let mut df = Df::new(Application::Common, None);
    if let Some(record) = &contents.card_information {
        let records = vec![record.clone()];
        df.files.insert(0x0001, Ef::Records { records, access: Access::Free });
    }
    key_reference(&mut df, contents);
    df.files.insert(
        0x0019,
        Ef::Signing(SigningFile {
            key: keys.common.clone(),
            needs: None,
            internal_authentication: true,
        }),
    );
    df.files.insert(0x001C, pin(secrets.juki_pin.as_deref(), 3));
    df.files.insert(0x001E, Ef::Opaque);
    df
}

/// EF 0002 of both: one record, simple TLV. Its tag and that it is free to read are assumptions.
fn key_reference(df: &mut Df, contents: &Contents) {
    if let Some(reference) = &contents.key_reference {
        let record = [&[0x02, reference.len() as u8], reference.as_slice()].concat();
        let records = vec![record];
        df.files.insert(0x0002, Ef::Records { records, access: Access::Free });
    }
}
