//! A bounded tree of the few things that XML is needed for here: elements and their text.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use zeroize::Zeroizing;

use crate::medical::MedicalFault;

/// Largest reply, in bytes.
pub const MAX_REPLY: usize = 4 << 20;
/// Deepest element.
pub const MAX_DEPTH: usize = 16;
/// Largest number of elements.
pub const MAX_ELEMENTS: usize = 200_000;
/// Longest text of one element, in bytes of UTF-8.
pub const MAX_TEXT: usize = 4096;

/// The characters of a reply: in the encoding that its declaration names, else UTF-8.
pub(super) fn decode(reply: &[u8]) -> Result<Zeroizing<String>, MedicalFault> {
    if reply.len() > MAX_REPLY {
        return Err(MedicalFault::TooLarge);
    }
    let (encoding, bytes) = match Encoding::for_bom(reply) {
        Some((marked, length)) => (marked, reply.get(length..).unwrap_or_default()),
        None => (declared_encoding(reply)?, reply),
    };
    if encoding != UTF_8 && encoding != SHIFT_JIS {
        return Err(MedicalFault::BadEncoding);
    }
    // The decoder sizes its result beforehand, so that it never moves and leaves no copy behind.
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = text.ok_or(MedicalFault::BadEncoding)?;
    if text.contains('\0') {
        return Err(MedicalFault::BadXml);
    }
    Ok(Zeroizing::new(text.into_owned()))
}

/// What `<?xml … encoding="…"?>` names. Every encoding that is read here writes it in ASCII.
fn declared_encoding(reply: &[u8]) -> Result<&'static Encoding, MedicalFault> {
    const LONGEST_DECLARATION: usize = 200;
    let head = reply.get(..reply.len().min(LONGEST_DECLARATION)).unwrap_or_default();
    let Some(rest) = head.strip_prefix(b"<?xml") else { return Ok(UTF_8) };
    let end = rest.windows(2).position(|pair| pair == b"?>").ok_or(MedicalFault::BadXml)?;
    let declaration = rest.get(..end).and_then(|bytes| core::str::from_utf8(bytes).ok());
    let declaration = declaration.ok_or(MedicalFault::BadXml)?;
    let declaration =
        BytesDecl::from_start(BytesStart::from_content(format!("xml{declaration}"), 3));
    match declaration.encoding() {
        None => Ok(UTF_8),
        Some(Err(_)) => Err(MedicalFault::BadXml),
        Some(Ok(label)) => Encoding::for_label(label.as_bytes()).ok_or(MedicalFault::BadEncoding),
    }
}

/// One element: its name without prefix, its text, the elements in it.
pub(super) struct Element {
    name: Box<str>,
    text: Zeroizing<String>,
    children: Vec<Self>,
}

impl Element {
    /// Name without prefix.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its own text, without blanks around it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The elements in it, in order.
    pub(super) fn children(&self) -> &[Self] {
        &self.children
    }

    /// The elements of that name in it.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name() == name)
    }

    /// The one element of that name, if there is one.
    ///
    /// Errors: [`MedicalFault::Duplicate`].
    pub(super) fn child(&self, name: &str) -> Result<Option<&Self>, MedicalFault> {
        let mut found = self.children.iter().filter(|child| child.name() == name);
        let first = found.next();
        if found.next().is_some() { Err(MedicalFault::Duplicate) } else { Ok(first) }
    }

    /// The text of the one element of that name, unless it is blank.
    ///
    /// Errors: [`MedicalFault::Duplicate`].
    pub(super) fn text_of(&self, name: &str) -> Result<Option<&str>, MedicalFault> {
        Ok(self.child(name)?.map(Self::text).filter(|text| !text.is_empty()))
    }

    fn new(start: &BytesStart<'_>) -> Self {
        let name = start.local_name().as_ref().into();
        Self { name, text: Zeroizing::default(), children: Vec::new() }
    }

    /// Appends text; a buffer that is outgrown is wiped.
    fn push(&mut self, more: &str) -> Result<(), MedicalFault> {
        let length = self.text.len() + more.len();
        if length > MAX_TEXT {
            return Err(MedicalFault::TooLarge);
        }
        if length > self.text.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(length * 2));
            larger.push_str(&self.text);
            self.text = larger;
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// Parses a whole document into its root element.
pub(super) fn parse(text: &str) -> Result<Element, MedicalFault> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = true;
    config.allow_unmatched_ends = false;
    config.allow_dangling_amp = false;
    let mut growing = Growing { open: Vec::new(), root: None, elements: 0 };
    loop {
        match reader.read_event().map_err(|_| MedicalFault::BadXml)? {
            Event::Start(start) => growing.open(&start)?,
            Event::Empty(start) => {
                growing.open(&start)?;
                growing.close()?;
            }
            Event::End(_) => growing.close()?,
            Event::Text(text) => growing.push(&text)?,
            Event::CData(text) => growing.push(&text)?,
            Event::GeneralRef(reference) => {
                let mut buffer = [0; 4];
                let character = reference.resolve_char_ref().map_err(|_| MedicalFault::BadXml)?;
                let text = match character {
                    Some('\0') => return Err(MedicalFault::BadXml),
                    Some(character) => Some(&*character.encode_utf8(&mut buffer)),
                    None => resolve_predefined_entity(&reference),
                };
                growing.push(text.ok_or(MedicalFault::ForbiddenXml)?)?;
            }
            Event::Decl(_) if growing.elements == 0 => {}
            Event::DocType(_) | Event::PI(_) | Event::Decl(_) => {
                return Err(MedicalFault::ForbiddenXml);
            }
            Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if growing.open.is_empty() {
        growing.root.ok_or(MedicalFault::BadXml)
    } else {
        Err(MedicalFault::BadXml)
    }
}

/// A tree while it grows: the elements that are still open, outermost first.
struct Growing {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Growing {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), MedicalFault> {
        if self.root.is_some() {
            return Err(MedicalFault::BadXml);
        }
        if start.attributes().any(|attribute| attribute.is_err()) {
            return Err(MedicalFault::BadXml);
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(MedicalFault::TooManyItems);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(MedicalFault::TooDeep);
        }
        self.open.push(Element::new(start));
        Ok(())
    }

    fn close(&mut self) -> Result<(), MedicalFault> {
        let element = self.open.pop().ok_or(MedicalFault::BadXml)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn push(&mut self, text: &str) -> Result<(), MedicalFault> {
        match self.open.last_mut() {
            Some(element) if text.trim().is_empty() && element.text.is_empty() => Ok(()),
            Some(element) => element.push(text),
            None if text.trim().is_empty() => Ok(()),
            None => Err(MedicalFault::BadXml),
        }
    }
}
