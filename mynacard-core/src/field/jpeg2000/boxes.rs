//! The file format around a codestream: where the codestream is, and what its boxes say of colours.

use super::SOC;
use super::bytes::Bytes;

/// A codestream, and the boxes before it that say what its components mean.
#[derive(Default)]
pub(super) struct File<'a> {
    pub(super) codestream: &'a [u8],
    /// The first `colr` that names a colour space; an ICC profile is not applied.
    pub(super) space: Option<u32>,
    pub(super) palette: Option<Bytes<'a>>,
    pub(super) mapping: Option<Bytes<'a>>,
    pub(super) definitions: Option<Bytes<'a>>,
}

impl<'a> File<'a> {
    /// Finds the codestream: the bytes themselves, or the first `jp2c` box.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        if bytes.starts_with(&SOC.to_be_bytes()) {
            return Some(Self { codestream: bytes, ..Self::default() });
        }
        let mut file = Self::default();
        let mut boxes = Bytes(bytes);
        while !boxes.0.is_empty() {
            match boxes.next_box()? {
                (b"jp2h", header) => file.read_header(header)?,
                (b"jp2c", contents) => return Some(Self { codestream: contents.0, ..file }),
                _ => {}
            }
        }
        None
    }

    /// The header box (I.5.3); of two boxes of one type the first counts.
    fn read_header(&mut self, mut header: Bytes<'a>) -> Option<()> {
        let mut coloured = false;
        while !header.0.is_empty() {
            match header.next_box()? {
                (b"pclr", palette) => self.palette = self.palette.or(Some(palette)),
                (b"cmap", mapping) => self.mapping = self.mapping.or(Some(mapping)),
                (b"cdef", definitions) => self.definitions = self.definitions.or(Some(definitions)),
                (b"colr", mut colour) if !coloured => {
                    coloured = true;
                    let [method, _precedence, _approximation] =
                        [colour.u8()?, colour.u8()?, colour.u8()?];
                    if method == 1 {
                        self.space = Some(colour.u32()?);
                    }
                }
                _ => {}
            }
        }
        Some(())
    }
}
