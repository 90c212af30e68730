//! What a credential letter carries: the initial password, and the serial the letter is known by.

use std::fmt;
use std::str::FromStr;

use zeroize::{Zeroize, Zeroizing};

use super::password_policy::{Circumstances, NewPassword, PasswordPolicy};
use super::secret::{Entropy, uniform_below};

/// The password a letter is printed with: at least 64 random bits, and nothing that can be misread.
#[derive(Clone)]
pub struct InitialPassword(Zeroizing<String>);

/// Why no initial password could be made. Both are a matter of configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoInitialPassword {
    #[error(
        "an initial password of 64 bits has {} characters, and the password policy allows {maximum}",
        InitialPassword::SHORTEST
    )]
    MaximumTooSmall { maximum: usize },
    #[error("the password policy refuses every password that is made for a letter")]
    PolicyRefusesAll,
}

impl InitialPassword {
    /// In characters. Twelve drawn from the alphabet with every class among them hold 65.1 bits; eleven would hold 60.
    pub const SHORTEST: usize = 12;
    /// In characters. Longer ones are typed wrong more often and protect nothing more.
    pub const LONGEST: usize = 16;

    // Of each group that is mistaken for one another in print or in handwriting at most one is used:
    // 0 O o D Q · 1 l I i j | · 2 Z z · 5 S s · 6 b · 6 G C c · 8 B · 9 g q · u v U V · and, of the letters whose capital
    // is only larger (c k o p s u v w x y z), one case. Specials are those that people can name and find on a Polish
    // keyboard: no quotes, dots, dashes, brackets or slashes, and none that is a dead key there.
    const LOWER_CASE: &'static [u8] = b"abdefhkmnprtuwxy";
    const UPPER_CASE: &'static [u8] = b"ACEFHJLMNRT";
    const DIGITS: &'static [u8] = b"2345789";
    const SPECIALS: &'static [u8] = b"!#$%&*+=?@";

    /// Rejections of a whole draw before giving up. One draw in five lacks a class; a thousand in a row do not happen
    /// by chance.
    const DRAWS: usize = 1_000;

    /// Draws a password that the policy accepts, as long as the policy allows within 12 to 16 characters.
    ///
    /// A draw that lacks a class or is refused by the policy is thrown away as a whole, so every acceptable password is
    /// equally likely.
    ///
    /// # Errors
    /// If the policy's maximum leaves no room for 64 bits, or the policy refuses everything.
    pub fn generate(
        entropy: &dyn Entropy,
        policy: &PasswordPolicy,
        whose: &Circumstances<'_>,
    ) -> Result<Self, NoInitialPassword> {
        if policy.maximum < Self::SHORTEST {
            return Err(NoInitialPassword::MaximumTooSmall { maximum: policy.maximum });
        }
        let length = policy.maximum.min(Self::LONGEST).max(policy.minimum);
        for _ in 0..Self::DRAWS {
            let drawn = Self::draw(entropy, length);
            let has_every_class =
                Self::classes().iter().all(|class| drawn.bytes().any(|c| class.contains(&c)));
            if has_every_class && policy.check(&NewPassword::from_typed(&drawn), whose).is_ok() {
                return Ok(Self(drawn));
            }
        }
        Err(NoInitialPassword::PolicyRefusesAll)
    }

    /// For the printer and the hash, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    const fn classes() -> [&'static [u8]; 4] {
        [Self::LOWER_CASE, Self::UPPER_CASE, Self::DIGITS, Self::SPECIALS]
    }

    fn draw(entropy: &dyn Entropy, length: usize) -> Zeroizing<String> {
        let mut drawn = Zeroizing::new(String::with_capacity(length));
        let alphabet = Self::classes().concat();
        for _ in 0..length {
            drawn.push(char::from(pick(entropy, &alphabet)));
        }
        drawn
    }
}

impl fmt::Debug for InitialPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InitialPassword(…)")
    }
}

impl Zeroize for InitialPassword {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

fn pick(entropy: &dyn Entropy, alphabet: &[u8]) -> u8 {
    let size = u32::try_from(alphabet.len()).unwrap_or(u32::MAX);
    let index = uniform_below(entropy, size);
    alphabet[usize::try_from(index).unwrap_or_default()]
}

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

    /// Digits and capitals without 0 O, 1 I and U (for V).
    const ALPHABET: &'static [u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";
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
        let characters = typed
            .chars()
            .filter(|c| !(c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')))
            .map(|c| c.to_ascii_uppercase());
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
    use std::collections::HashSet;

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

    fn initial_password(policy: &PasswordPolicy) -> InitialPassword {
        InitialPassword::generate(&SystemEntropy, policy, &Circumstances::default()).expect("a password")
    }

    fn all_characters() -> Vec<u8> {
        InitialPassword::classes().concat()
    }

    #[test]
    fn an_initial_password_passes_its_own_policy() {
        let policy = PasswordPolicy::default();
        let whose = Circumstances {
            login: "jan",
            given_name: "Jan",
            family_name: "Nowak",
            ..Circumstances::default()
        };
        for _ in 0..SAMPLES {
            let password = InitialPassword::generate(&SystemEntropy, &policy, &whose).expect("a password");
            assert_eq!(password.expose().len(), 12);
            assert_eq!(policy.check(&NewPassword::from_typed(password.expose()), &whose), Ok(()));
        }
    }

    #[test]
    fn an_initial_password_is_as_long_as_policy_and_fingers_allow() {
        for (minimum, maximum, length) in [(8, 12, 12), (4, 14, 14), (8, 128, 16), (20, 30, 20)] {
            let policy = PasswordPolicy { minimum, maximum, ..PasswordPolicy::default() };
            assert_eq!(initial_password(&policy).expose().len(), length, "{minimum}..={maximum}");
        }
    }

    #[test]
    fn an_initial_password_holds_64_bits() {
        // Strings of the shortest length with every class among them, by inclusion and exclusion.
        let classes = InitialPassword::classes().map(<[u8]>::len);
        let total: usize = classes.iter().sum();
        let mut acceptable: i128 = 0;
        for left_out in 0_u32..16 {
            let missing: usize =
                (0..4).filter(|class| left_out & (1 << class) != 0).map(|class| classes[class]).sum();
            let strings = i128::try_from(total - missing).expect("small").pow(12);
            acceptable += if left_out.count_ones() % 2 == 0 { strings } else { -strings };
        }
        assert!(acceptable >= 1 << 64, "{acceptable} of them are less than 2^64");
    }

    #[test]
    fn the_alphabet_is_printable_and_without_look_alikes() {
        let characters = all_characters();
        assert!(characters.iter().all(u8::is_ascii_graphic));
        assert_eq!(characters.iter().collect::<HashSet<_>>().len(), characters.len(), "each character once");
        for group in
            ["0OoDQ", "1lIij|", "2Zz", "5Ss", "6b", "6GCc", "8B", "9gq", "uvUV", "Kk", "Pp", "Ww", "Xx", "Yy"]
        {
            let used: Vec<char> = group.chars().filter(|c| characters.contains(&(*c as u8))).collect();
            assert!(used.len() <= 1, "{used:?}");
        }
    }

    #[test]
    fn every_character_is_drawn() {
        let policy = PasswordPolicy { minimum_score: 0, ..PasswordPolicy::default() };
        let mut unseen: HashSet<u8> = all_characters().into_iter().collect();
        for _ in 0..1_000 {
            let password = initial_password(&policy);
            unseen.retain(|c| !password.expose().as_bytes().contains(c));
            if unseen.is_empty() {
                return;
            }
        }
        panic!("never drawn: {unseen:?}");
    }

    #[test]
    fn a_policy_that_leaves_no_room_is_an_error_and_not_a_weak_password() {
        let narrow = PasswordPolicy { maximum: 11, ..PasswordPolicy::default() };
        let generated = InitialPassword::generate(&SystemEntropy, &narrow, &Circumstances::default());
        assert_eq!(generated.err(), Some(NoInitialPassword::MaximumTooSmall { maximum: 11 }));
    }

    #[test]
    fn a_broken_generator_is_an_error_and_not_an_endless_loop() {
        let generated =
            InitialPassword::generate(&Zeros, &PasswordPolicy::default(), &Circumstances::default());
        assert_eq!(generated.err(), Some(NoInitialPassword::PolicyRefusesAll));
    }

    #[test]
    fn an_initial_password_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", initial_password(&PasswordPolicy::default())), "InitialPassword(…)");
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
