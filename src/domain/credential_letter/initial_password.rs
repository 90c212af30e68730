//! The password a letter is printed with.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::alphabet::pick;
use crate::domain::password_policy::{Circumstances, NewPassword, PasswordPolicy};
use crate::domain::secret::Entropy;

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
}
