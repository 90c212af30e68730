//! The codes that bring back in who has lost the password (the procedure's row 7).

use std::fmt;

use zeroize::Zeroizing;

use super::alphabet::{LETTERS_AND_DIGITS, pick, without_separators};
use crate::domain::secret::Entropy;

/// One of a letter's numbered codes: twelve random characters (59 bits), good once.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// How many a letter has.
    pub const PER_LETTER: u8 = 5;
    /// In characters.
    pub const LENGTH: usize = 12;
    const GROUP: usize = 4;

    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(
            (0..Self::LENGTH).map(|_| char::from(pick(entropy, LETTERS_AND_DIGITS))).collect(),
        ))
    }

    /// What was typed, in the form in which it is hashed and compared. Anything that is typed has one, so that what is no
    /// code costs what a wrong code costs; what is too long is cut.
    pub fn typed(text: &str) -> Zeroizing<String> {
        Zeroizing::new(without_separators(text).take(64).collect())
    }

    /// Ungrouped: for the hash.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// In groups, for the letter: `7KQ2-MXA9-TBC4`.
    pub fn printed(&self) -> Zeroizing<String> {
        let groups: Vec<&str> = (0..Self::LENGTH)
            .step_by(Self::GROUP)
            .filter_map(|at| self.0.get(at..at + Self::GROUP))
            .collect();
        Zeroizing::new(groups.join("-"))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    #[test]
    fn a_code_holds_50_bits_and_reads_back_however_it_is_typed() {
        assert!(31_u64.pow(12) >= 1 << 50);
        let code = RecoveryCode::generate(&SystemEntropy);
        let printed = code.printed();
        assert_eq!(printed.len(), RecoveryCode::LENGTH + 2, "three groups");
        for typed in [printed.as_str(), &printed.to_lowercase(), &printed.replace('-', " "), code.expose()] {
            assert_eq!(RecoveryCode::typed(typed).as_str(), code.expose());
        }
    }

    #[test]
    fn a_code_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", RecoveryCode::generate(&SystemEntropy)), "RecoveryCode(…)");
    }
}
