//! The card face and its pictures, from C.

use std::sync::Arc;

use mynacard_core::applet::face::CardFace;
use mynacard_core::error::Misuse;
use mynacard_core::field::{BirthDate, DecodeLimits, Image, Photo, PixelFormat, Pixels};
use zeroize::Zeroizing;

use super::attributes::mynacard_not_understood;
use super::boundary::{Out, guarded};
use super::handle::{self, Handle};
use super::result::mynacard_result;
use super::types::{mynacard_bytes, mynacard_date, mynacard_sex};
use crate::error::{BoundaryFault, Error};

/// The card face (券面情報), wiped when its last handle is freed. It does not change: any thread may
/// use it, several at once too.
pub struct mynacard_face {
    _opaque: [u8; 0],
}

impl Handle for mynacard_face {
    type Object = CardFace;
}

/// A decoded picture, wiped when freed. It does not change: any thread may use it, several at once
/// too.
pub struct mynacard_pixels {
    _opaque: [u8; 0],
}

impl Handle for mynacard_pixels {
    type Object = Pixels;
}

/// Bytes that the library has made for the caller, wiped when freed.
pub struct mynacard_buffer {
    _opaque: [u8; 0],
}

impl Handle for mynacard_buffer {
    type Object = Zeroizing<Vec<u8>>;
}

/// A picture of the card face.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum mynacard_picture {
    /// The photo (顔写真), signed by the issuer.
    MYNACARD_PICTURE_PHOTO = 1,
    /// The name (氏名) as printed, signed.
    MYNACARD_PICTURE_NAME = 2,
    /// The address (住所) as printed, signed.
    MYNACARD_PICTURE_ADDRESS = 3,
    /// The security code (セキュリティコード) as printed. Not signed by anybody.
    MYNACARD_PICTURE_SECURITY_CODE = 4,
}

/// The picture of this number, if the card has it.
fn picture(face: &CardFace, picture: u32) -> Result<Image<'_>, Error> {
    let found = match picture {
        1 => face.photo().map(Photo::image),
        2 => face.name_image(),
        3 => face.address_image(),
        4 => face.security_code_image(),
        _ => return Err(Misuse::OutOfRange.into()),
    };
    found.ok_or(BoundaryFault::Absent.into())
}

/// Frees a handle of a card face. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_face_free(face: *mut mynacard_face) -> mynacard_result {
    guarded(|| Ok(handle::close(face)?))
}

/// What the card face says in figures. What is not understood is empty here
/// (mynacard_face_not_understood).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_face_facts {
    /// Birth date (生年月日), signed; zeros if it is none.
    pub birth_date: mynacard_date,
    /// Sex (性別), signed.
    pub sex: mynacard_sex,
    /// The card's last day (有効期限); zeros if it is none. Not signed by anybody.
    pub expiry: mynacard_date,
}

/// Birth date, sex and expiry.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_face_get_facts(
    face: *const mynacard_face,
    out_facts: *mut mynacard_face_facts,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_facts) }?;
        let face = handle::get(face)?;
        out.write(mynacard_face_facts {
            birth_date: face.birth_date().ok().map(BirthDate::date).into(),
            sex: face.sex().ok().into(),
            expiry: face.expiry().ok().into(),
        });
        Ok(())
    })
}

/// A value of the card face that was not understood, by its index from 0. Its bytes are valid until the face is
/// freed. Codes: MYNACARD_BOUNDARY_ABSENT beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_face_not_understood(
    face: *const mynacard_face,
    index: usize,
    out_value: *mut mynacard_not_understood,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_value) }?;
        let face = handle::get(face)?;
        out.write(mynacard_not_understood::at(face.not_understood(), index)?);
        Ok(())
    })
}

/// A picture's file as it stands on the chip: JPEG 2000 for the photo, PNG for the others. Valid until
/// the face is freed.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if the card has none, as a small child's has no photo.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_face_picture_file(
    face: *const mynacard_face,
    picture: u32,
    out_file: *mut mynacard_bytes,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_file) }?;
        let face = handle::get(face)?;
        out.write(self::picture(&face, picture)?.bytes().into());
        Ok(())
    })
}

/// Decodes a picture. Free it with mynacard_pixels_free.
///
/// Codes: MYNACARD_BOUNDARY_ABSENT if the card has none; MYNACARD_MALFORMED_BAD_IMAGE,
/// MYNACARD_LIMIT_PIXELS, MYNACARD_LIMIT_OBJECT_SIZE if it cannot be shown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_face_pixels(
    face: *const mynacard_face,
    picture: u32,
    out_pixels: *mut *mut mynacard_pixels,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_pixels) }?;
        let face = handle::get(face)?;
        let pixels = self::picture(&face, picture)?.decode(&DecodeLimits::DEFAULT)?;
        out.write(handle::open(Arc::new(pixels))?);
        Ok(())
    })
}

/// How a pixel is laid out.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum mynacard_pixel_format {
    /// One byte, 0 black to 255 white.
    MYNACARD_PIXEL_GREY8 = 1,
    /// Four bytes: red, green, blue, alpha (255 opaque, not premultiplied).
    MYNACARD_PIXEL_RGBA8 = 4,
}

/// A decoded picture, seen in place: nothing is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mynacard_bitmap {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Layout; its value is the bytes of a pixel.
    pub format: mynacard_pixel_format,
    /// Rows from the top, without padding. Valid until the pixels are freed.
    pub data: *const u8,
    /// width × height × bytes of a pixel.
    pub length: usize,
}

/// The decoded picture itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pixels_bitmap(
    pixels: *const mynacard_pixels,
    out_bitmap: *mut mynacard_bitmap,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_bitmap) }?;
        let pixels = handle::get(pixels)?;
        out.write(mynacard_bitmap {
            width: pixels.width(),
            height: pixels.height(),
            format: match pixels.format() {
                PixelFormat::Grey8 => mynacard_pixel_format::MYNACARD_PIXEL_GREY8,
                PixelFormat::Rgba8 => mynacard_pixel_format::MYNACARD_PIXEL_RGBA8,
            },
            data: pixels.data().as_ptr(),
            length: pixels.data().len(),
        });
        Ok(())
    })
}

/// The decoded picture as a PNG file, which every platform can show. Free it with
/// mynacard_buffer_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_pixels_to_png(
    pixels: *const mynacard_pixels,
    out_png: *mut *mut mynacard_buffer,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for a handle by the contract of this interface.
        let out = unsafe { Out::new(out_png) }?;
        let png = handle::get(pixels)?.to_png()?;
        out.write(handle::open(Arc::new(png))?);
        Ok(())
    })
}

/// Wipes and frees a decoded picture. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_pixels_free(pixels: *mut mynacard_pixels) -> mynacard_result {
    guarded(|| Ok(handle::close(pixels)?))
}

/// The bytes of a buffer. Valid until it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mynacard_buffer_bytes(
    buffer: *const mynacard_buffer,
    out_bytes: *mut mynacard_bytes,
) -> mynacard_result {
    guarded(|| {
        // SAFETY: a place for the structure by the contract of this interface.
        let out = unsafe { Out::new(out_bytes) }?;
        out.write(handle::get(buffer)?.as_slice().into());
        Ok(())
    })
}

/// Wipes and frees a buffer. Null is accepted.
#[unsafe(no_mangle)]
pub extern "C" fn mynacard_buffer_free(buffer: *mut mynacard_buffer) -> mynacard_result {
    guarded(|| Ok(handle::close(buffer)?))
}
