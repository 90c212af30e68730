//! What a letter is known by.

use std::fmt;
use std::str::FromStr;

use super::alphabet::{LETTERS_AND_DIGITS, pick, without_separators};
use crate::domain::secret::Entropy;

/// What a letter is known by: nine random characters (44.6 bits) and a check character, never sequential.
///
/// The characters stand for numbers modulo 31, a prime, and the weighted sum of all ten is zero. No weight is zero, so
/// any one wrong character changes the sum; no two weights are equal, so swapping any two different characters does
/// too, neighbours or not. People who read a serial over the phone make exactly these mistakes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterSerial(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LetterSerialError {
    #[error("a letter's serial has {} characters, not {found}", LetterSerial::LENGTH)]
    Length { found: usize },
    #[error("{0:?} is in no letter's serial")]
    Character(char),
    #[error("the check character does not fit: one character is wrong, or two are swapped")]
    Check,
}

impl LetterSerial {
    /// In characters, the check character among them.
    pub const LENGTH: usize = 10;

    const ALPHABET: &'static [u8; 31] = LETTERS_AND_DIGITS;
    const MODULUS: u32 = 31;
    const WEIGHTS: [u32; Self::LENGTH] = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

    /// Characters in a printed group.
    const GROUP: usize = 5;

    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut serial: String =
            (1..Self::LENGTH).map(|_| char::from(pick(entropy, Self::ALPHABET))).collect();
        // The check character's weight is one: it is what is missing to zero.
        let missing = (Self::MODULUS - Self::weighted_sum(&serial)) % Self::MODULUS;
        serial.push(char::from(Self::ALPHABET[usize::try_from(missing).unwrap_or_default()]));
        Self(serial)
    }

    /// The serial of a letter that another system printed: 4 to 64 letters, digits, `-`, `/` or `.`, in capitals.
    /// It has no check character that we could check; one that looks like ours must have a right one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_any_system(text: &str) -> Result<Self, LetterSerialError> {
        match text.parse() {
            Err(LetterSerialError::Length { .. } | LetterSerialError::Character(_)) => {}
            ours => return ours,
        }
        let serial = text.trim().to_ascii_uppercase();
        if let Some(stranger) = serial.chars().find(|c| !(c.is_ascii_alphanumeric() || "-/.".contains(*c))) {
            return Err(LetterSerialError::Character(stranger));
        }
        match serial.len() {
            4..=64 => Ok(Self(serial)),
            found => Err(LetterSerialError::Length { found }),
        }
    }

    /// Ungrouped: the form it is stored and compared in.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Modulo 31. Characters outside the alphabet count nothing.
    fn weighted_sum(serial: &str) -> u32 {
        serial
            .bytes()
            .zip(Self::WEIGHTS)
            .filter_map(|(character, weight)| Some(weight * Self::value_of(character)?))
            .sum::<u32>()
            % Self::MODULUS
    }

    fn value_of(character: u8) -> Option<u32> {
        let position = Self::ALPHABET.iter().position(|&known| known == character)?;
        u32::try_from(position).ok()
    }
}

/// In groups, as printed: `7KQ2M-XA9TB`.
impl fmt::Display for LetterSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(Self::GROUP) {
            Some((first, second)) if self.0.len() == Self::LENGTH && !self.0.contains('-') => {
                write!(f, "{first}-{second}")
            }
            _ => f.write_str(&self.0),
        }
    }
}

/// As people type it: either case, with spaces or hyphens anywhere.
impl FromStr for LetterSerial {
    type Err = LetterSerialError;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let characters = without_separators(typed);
        let mut serial = String::with_capacity(Self::LENGTH);
        for c in characters.clone().take(Self::LENGTH) {
            let is_known = u8::try_from(c).is_ok_and(|byte| Self::value_of(byte).is_some());
            if !is_known {
                return Err(LetterSerialError::Character(c));
            }
            serial.push(c);
        }
        let found = characters.count();
        if found != Self::LENGTH {
            return Err(LetterSerialError::Length { found });
        }
        if Self::weighted_sum(&serial) != 0 {
            return Err(LetterSerialError::Check);
        }
        Ok(Self(serial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    const SAMPLES: usize = 20;

    /// A generator that is broken in the worst way: always zero.
    #[derive(Debug)]
    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn a_serial_reads_back_however_it_is_typed() {
        for _ in 0..SAMPLES {
            let serial = LetterSerial::generate(&SystemEntropy);
            let printed = serial.to_string();
            assert_eq!(printed.len(), LetterSerial::LENGTH + 1);
            let spaced: String = serial.as_str().to_lowercase().chars().flat_map(|c| [c, ' ']).collect();
            for typed in
                [serial.as_str(), &printed, &printed.to_lowercase(), &printed.replace('-', " – "), &spaced]
            {
                assert_eq!(typed.parse(), Ok(serial.clone()), "{typed:?}");
            }
        }
    }

    #[test]
    fn the_check_character_is_what_it_always_was() {
        // Printed letters outlive releases: these must parse for ever.
        assert_eq!(
            "2222222222".parse::<LetterSerial>().map(|serial| serial.to_string()),
            Ok("22222-22222".to_owned())
        );
        assert_eq!(LetterSerial::generate(&Zeros).as_str(), "2222222222");
        // 10·1 + 9·2 + 8·3 + 7·4 + 6·5 + 5·6 + 4·7 + 3·8 + 2·9 = 210 ≡ 24 (mod 31), and 31 − 24 = 7.
        assert_eq!(
            "3456789AB9".parse::<LetterSerial>().map(|serial| serial.as_str().to_owned()),
            Ok("3456789AB9".to_owned())
        );
    }

    #[test]
    fn any_single_error_is_caught() {
        for _ in 0..SAMPLES {
            let serial = LetterSerial::generate(&SystemEntropy);
            for position in 0..LetterSerial::LENGTH {
                for &wrong in LetterSerial::ALPHABET {
                    let mut typed = serial.as_str().as_bytes().to_vec();
                    if typed[position] == wrong {
                        continue;
                    }
                    typed[position] = wrong;
                    let typed = String::from_utf8(typed).expect("ASCII");
                    assert_eq!(
                        typed.parse::<LetterSerial>(),
                        Err(LetterSerialError::Check),
                        "{typed} for {serial}"
                    );
                }
            }
        }
    }

    #[test]
    fn any_transposition_is_caught() {
        for _ in 0..SAMPLES {
            let serial = LetterSerial::generate(&SystemEntropy);
            for left in 0..LetterSerial::LENGTH {
                for right in left + 1..LetterSerial::LENGTH {
                    let mut typed = serial.as_str().as_bytes().to_vec();
                    if typed[left] == typed[right] {
                        continue;
                    }
                    typed.swap(left, right);
                    let typed = String::from_utf8(typed).expect("ASCII");
                    assert_eq!(
                        typed.parse::<LetterSerial>(),
                        Err(LetterSerialError::Check),
                        "{typed} for {serial}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_serial_says_why() {
        let parse = str::parse::<LetterSerial>;
        assert_eq!(parse(""), Err(LetterSerialError::Length { found: 0 }));
        assert_eq!(parse("22222-2222"), Err(LetterSerialError::Length { found: 9 }));
        assert_eq!(parse("22222-222222"), Err(LetterSerialError::Length { found: 11 }));
        assert_eq!(parse("O2222-22222"), Err(LetterSerialError::Character('O')));
        assert_eq!(parse("ł2222-22222"), Err(LetterSerialError::Character('ł')));
        assert_eq!(parse("22222-22223"), Err(LetterSerialError::Check));
    }
}
