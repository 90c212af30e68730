//! The characters that are printed and typed again.

use crate::domain::secret::{Entropy, uniform_below};

/// Digits and capitals without 0 O, 1 I and U (for V).
pub(super) const LETTERS_AND_DIGITS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// One character, each equally likely.
pub(super) fn pick(entropy: &dyn Entropy, alphabet: &[u8]) -> u8 {
    let size = u32::try_from(alphabet.len()).unwrap_or(u32::MAX);
    let index = uniform_below(entropy, size);
    alphabet[usize::try_from(index).unwrap_or_default()]
}

/// As people type what is printed in groups: either case, with spaces or hyphens anywhere.
pub(super) fn without_separators(typed: &str) -> impl Iterator<Item = char> + Clone {
    typed
        .chars()
        .filter(|c| !(c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')))
        .map(|c| c.to_ascii_uppercase())
}
