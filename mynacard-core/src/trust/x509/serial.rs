//! The serial number of a certificate (発行番号), which stands for a person.

use core::fmt;

use zeroize::ZeroizeOnDrop;

/// A certificate's serial number: positive, up to 20 bytes, wiped on drop, never printed by `Debug`.
///
/// The eligibility system (オンライン資格確認) looks a person up by the serial number of the
/// authentication certificate (kyukyu §3.3). In which notation is not public: take the one that its
/// interface asks for. Both are given without leading zeros.
#[derive(Clone, Eq, PartialEq, ZeroizeOnDrop)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// From the bytes of a DER INTEGER; nothing if negative, zero or too long.
    pub(super) fn from_der_integer(bytes: &[u8]) -> Option<Self> {
        let digits = match bytes {
            [0, rest @ ..] => rest,
            [0x80..=0xFF, ..] => return None,
            all => all,
        };
        let good = (1..=20).contains(&digits.len()) && digits.first() != Some(&0);
        good.then(|| Self(digits.to_vec()))
    }

    /// Upper-case hex of whole bytes, as certificate viewers show it: `06D18006`.
    #[must_use]
    pub fn hex(&self) -> String {
        data_encoding::HEXUPPER.encode(&self.0)
    }

    /// Decimal: `114393094`.
    #[must_use]
    pub fn decimal(&self) -> String {
        // Schoolbook conversion, least significant decimal digit first.
        let mut digits = vec![0u8];
        for byte in &self.0 {
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
        digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// Its bytes, big-endian, without leading zeros.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
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
        let serial = Serial::from_der_integer(&[0x06, 0xD1, 0x80, 0x06]).unwrap();
        assert_eq!((serial.hex().as_str(), serial.decimal().as_str()), ("06D18006", "114393094"));
        assert_eq!(format!("{serial:?}"), "Serial(..)");
        let largest = Serial::from_der_integer(&[0xFF; 21]);
        assert!(largest.is_none());
        let padded = Serial::from_der_integer(&[0x00, 0xFF, 0xFF]).unwrap();
        assert_eq!(padded.decimal(), "65535");
        let wide = Serial::from_der_integer(&[0x7F; 20]).unwrap();
        assert_eq!(wide.decimal(), "727885129180488904360266563744972327436484050815");
        for wrong in [&[][..], &[0x00], &[0x80, 1], &[0, 0, 1]] {
            assert!(Serial::from_der_integer(wrong).is_none());
        }
    }
}
