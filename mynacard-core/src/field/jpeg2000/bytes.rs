//! Unread bytes of a JPEG 2000 file or codestream.

/// Unread bytes; every read is bounded, and none is done halfway.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|&[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().copied().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().copied().map(u32::from_be_bytes)
    }

    pub(super) fn peek_u16(&self) -> Option<u16> {
        self.0.first_chunk().copied().map(u16::from_be_bytes)
    }

    /// The parameters of a marker segment, whose length counts itself.
    pub(super) fn segment(&mut self) -> Option<Bytes<'a>> {
        let length = usize::from(self.u16()?).checked_sub(2)?;
        self.take(length).map(Bytes)
    }

    /// Type and contents of a JP2 box (I.4); length 0 runs to the end, 1 announces 64 bits.
    ///
    /// A codestream whose box is longer than what is left is all that is left: whether it is whole
    /// is for its tile-parts to say.
    pub(super) fn next_box(&mut self) -> Option<(&'a [u8; 4], Bytes<'a>)> {
        let length = self.u32()?;
        let kind = self.array()?;
        let length = match length {
            0 => self.0.len(),
            1 => {
                let long = u64::from_be_bytes(*self.array()?);
                usize::try_from(long.checked_sub(16)?).ok()?
            }
            _ => usize::try_from(length.checked_sub(8)?).ok()?,
        };
        let length = if kind == b"jp2c" { length.min(self.0.len()) } else { length };
        Some((kind, Bytes(self.take(length)?)))
    }
}
