//! The serial number of a certificate (発行番号), which stands for a person.

use core::fmt;

use data_encoding::HEXUPPER;
use zeroize::ZeroizeOnDrop;

/// Most bytes of a serial number. RFC 5280 allows 20, and asks to be lenient.
const LONGEST: usize = 64;

/// A certificate's serial number, wiped on drop, never printed by `Debug`.
///
/// It should be positive and of at most 20 bytes (RFC 5280 §4.1.2.2). One that is zero, negative or longer, up
/// to 64 bytes, is what it is all the same, and is shown so.
///
/// The eligibility system (オンライン資格確認) looks a person up by the serial number of the
/// authentication certificate (kyukyu §3.3). In which notation is not public: take the one that its
/// interface asks for. Both are given without leading zeros.
#[derive(Clone, Eq, PartialEq, ZeroizeOnDrop)]
pub struct Serial {
    is_negative: bool,
    /// Big-endian, at least one byte, without leading zero bytes but for zero itself.
    magnitude: Vec<u8>,
}

impl Serial {
    /// From the contents of a DER INTEGER; nothing if empty or too long.
    pub(super) fn from_der_integer(bytes: &[u8]) -> Option<Self> {
        let is_negative = *bytes.first()? >= 0x80;
        let mut magnitude = bytes.to_vec();
        if is_negative {
            // Two's complement: every bit turned, and one added.
            let mut carry = true;
            for byte in magnitude.iter_mut().rev() {
                (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
            }
        }
        let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
        let zeros = zeros.min(magnitude.len().saturating_sub(1));
        magnitude.rotate_left(zeros);
        magnitude.truncate(magnitude.len().saturating_sub(zeros));
        let serial = Self { is_negative, magnitude };
        (serial.magnitude.len() <= LONGEST).then_some(serial)
    }

    /// Upper-case hex of whole bytes, as certificate viewers show it: `06D18006`, `00`, `-80`.
    #[must_use]
    pub fn hex(&self) -> String {
        format!("{}{}", self.sign(), HEXUPPER.encode(&self.magnitude))
    }

    /// Decimal: `114393094`, `0`, `-128`.
    #[must_use]
    pub fn decimal(&self) -> String {
        // Schoolbook conversion, least significant decimal digit first.
        let mut digits = vec![0u8];
        for byte in &self.magnitude {
            let mut carry = u16::from(*byte);
            for digit in &mut digits {
                let sum = u16::from(*digit) * 256 + carry;
                *digit = u8::try_from(sum % 10).unwrap_or_default();
                carry = sum / 10;
            }
            while carry > 0 {
                digits.push(u8::try_from(carry % 10).unwrap_or_default());
                carry /= 10;
            }
        }
        let digits = digits.iter().rev().map(|digit| char::from(b'0' + digit));
        self.sign().chars().chain(digits).collect()
    }

    const fn sign(&self) -> &'static str {
        if self.is_negative { "-" } else { "" }
    }

    /// The bytes of its magnitude, big-endian, without leading zeros; one zero byte for zero. Does not say
    /// whether it is negative.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.magnitude
    }

    /// Whether it is below zero, which no issuer should write.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.is_negative
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Serial(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_written_in_both_notations_and_hidden_in_debug() {
        for (bytes, hex, decimal) in [
            (&[0x06, 0xD1, 0x80, 0x06][..], "06D18006", "114393094"),
            (&[0x00, 0xFF, 0xFF], "FFFF", "65535"),
            (&[0x00], "00", "0"),
            (&[0x00, 0x00, 0x01], "01", "1"),
            (&[0x80], "-80", "-128"),
            (&[0xFF], "-01", "-1"),
            (&[0xFF, 0x00], "-0100", "-256"),
            (&[0xFF, 0xFF], "-01", "-1"),
            (&[0x80, 0x00], "-8000", "-32768"),
            (&[0x80, 0x01], "-7FFF", "-32767"),
        ] {
            let serial = Serial::from_der_integer(bytes).unwrap();
            assert_eq!((serial.hex().as_str(), serial.decimal().as_str()), (hex, decimal));
            assert_eq!(serial.is_negative(), hex.starts_with('-'));
            assert_eq!(format!("{serial:?}"), "Serial(..)");
        }
        let wide = Serial::from_der_integer(&[0x7F; 20]).unwrap();
        assert_eq!(wide.decimal(), "727885129180488904360266563744972327436484050815");
    }

    #[test]
    fn a_serial_of_more_than_64_bytes_is_none() {
        assert!(Serial::from_der_integer(&[]).is_none());
        assert!(Serial::from_der_integer(&[0x7F; 64]).is_some());
        assert!(Serial::from_der_integer(&[0x7F; 65]).is_none());
        assert!(Serial::from_der_integer(&[0x80; 65]).is_none());
        assert!(Serial::from_der_integer(&[[0].as_slice(), &[0xFF; 64]].concat()).is_some());
    }
}
