//! The elements of a reply and their text, read by `roxmltree` within bounds of our own.
//!
//! What the parser copies: text with a reference in it (`&amp;`), and text that is put together from
//! `CDATA` and other pieces, is made in the parser's own memory, which nobody wipes. All other text
//! stands where [`decode`] put it, which is wiped.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use roxmltree::{Document, Error, Node, NodeType};
use zeroize::Zeroizing;

use crate::medical::MedicalFault;

/// Largest reply, in bytes.
pub const MAX_REPLY: usize = 4 << 20;
/// Deepest element.
pub const MAX_DEPTH: usize = 16;
/// Largest number of tags: an element has two, or one if it is empty. Comments count as tags.
pub const MAX_TAGS: usize = 400_000;
/// Largest number of attributes of one element. What they say, says nothing here.
pub const MAX_ATTRIBUTES: usize = 64;
/// Largest number of namespaces that a reply declares, each time counted.
pub const MAX_NAMESPACES: usize = 500;
/// Longest text in one piece, in bytes of UTF-8.
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
    let mut text = text.ok_or(MedicalFault::BadEncoding)?.into_owned().into_bytes();
    // The parser would copy a text to change the line ends in it.
    text.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    String::from_utf8(text).map(Zeroizing::new).map_err(|_| MedicalFault::BadEncoding)
}

/// What `<?xml … encoding="…"?>` names. Every encoding that is read here writes it in ASCII; whether
/// the declaration is well-formed, the parser says.
fn declared_encoding(reply: &[u8]) -> Result<&'static Encoding, MedicalFault> {
    const LONGEST_DECLARATION: usize = 200;
    let label = || {
        let rest = reply.get(..LONGEST_DECLARATION).unwrap_or(reply).strip_prefix(b"<?xml")?;
        let end = rest.windows(2).position(|pair| pair == b"?>")?;
        let (_, value) = core::str::from_utf8(rest.get(..end)?).ok()?.split_once("encoding")?;
        value.trim_start().strip_prefix('=')?.split(['"', '\'']).nth(1)
    };
    match label() {
        None => Ok(UTF_8),
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or(MedicalFault::BadEncoding),
    }
}

/// Parses a whole document, without a document type, within the bounds above.
pub(super) fn parse(text: &str) -> Result<Document<'_>, MedicalFault> {
    weigh(text)?;
    let document = Document::parse(text).map_err(|error| match error {
        Error::DtdDetected
        | Error::UnknownEntityReference(..)
        | Error::UnexpectedDeclaration(_) => MedicalFault::ForbiddenXml,
        _ => MedicalFault::BadXml,
    })?;
    bounded(document.root(), 0)?;
    Ok(document)
}

/// Refuses, before the parser sees it, what would cost it memory or time out of proportion: it sets
/// room aside for a node at every `<` and for an attribute at every `=`, compares the attributes of an
/// element each with each, and copies the namespaces in force. Its own limit of nodes comes after that.
fn weigh(text: &str) -> Result<(), MedicalFault> {
    let is_value = |after: &&str| after.trim_start().starts_with(['"', '\'']);
    let crowded = |tag: &str| tag.split('=').skip(1).filter(is_value).count() > MAX_ATTRIBUTES;
    if text.matches('<').count() > MAX_TAGS
        || text.matches('=').count() > MAX_TAGS
        || text.matches("xmlns").count() > MAX_NAMESPACES
        || text.split('<').any(crowded)
    {
        return Err(MedicalFault::TooManyItems);
    }
    Ok(())
}

/// Holds what is in a node against the bounds. The parser does not recurse, so that depth costs
/// nothing until here, where it ends.
fn bounded(node: Node<'_, '_>, depth: usize) -> Result<(), MedicalFault> {
    if depth > MAX_DEPTH {
        return Err(MedicalFault::TooDeep);
    }
    node.children().try_for_each(|child| match child.node_type() {
        NodeType::Element => bounded(child, depth + 1),
        NodeType::PI => Err(MedicalFault::ForbiddenXml),
        NodeType::Text if trimmed(child).len() > MAX_TEXT => Err(MedicalFault::TooLarge),
        _ => Ok(()),
    })
}

fn trimmed<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

/// One element of a document.
#[derive(Clone, Copy)]
pub(super) struct Element<'a>(Node<'a, 'a>);

impl<'a> Element<'a> {
    /// The outermost element.
    pub(super) fn root(document: &'a Document<'_>) -> Self {
        Self(document.root_element())
    }

    /// Name without prefix.
    pub(super) fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    /// Its own text, without blanks around it: more than one piece if comments or elements divide it.
    pub(super) fn texts(self) -> impl Iterator<Item = &'a str> {
        let texts = self.0.children().filter(Node::is_text).map(trimmed);
        texts.filter(|text| !text.is_empty())
    }

    /// The elements in it, in order.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.0.children().filter(Node::is_element).map(Self)
    }

    /// The elements of that name in it.
    pub(super) fn all(self, name: &str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.name() == name)
    }

    /// The one element of that name, if there is one.
    ///
    /// Errors: [`MedicalFault::Duplicate`].
    pub(super) fn child(self, name: &str) -> Result<Option<Self>, MedicalFault> {
        only(self.all(name))
    }

    /// The text of the one element of that name, unless it is blank.
    ///
    /// Errors: [`MedicalFault::Duplicate`], also for text in more than one piece.
    pub(super) fn text_of(self, name: &str) -> Result<Option<&'a str>, MedicalFault> {
        self.child(name)?.map_or(Ok(None), |child| only(child.texts()))
    }
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Result<Option<T>, MedicalFault> {
    let first = found.next();
    if found.next().is_some() { Err(MedicalFault::Duplicate) } else { Ok(first) }
}
