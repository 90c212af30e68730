//! Which kinds of characters a password has.

use unicode_normalization::char::is_combining_mark;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterClass {
    LowerCase,
    UpperCase,
    Digit,
    /// Neither letter, digit nor space.
    Special,
}

impl CharacterClass {
    /// `None` for what may be there but counts for no rule: a space, a letter without case, a mark that belongs to the
    /// letter before it, and what shows nothing.
    pub(super) fn of(c: char) -> Option<Self> {
        if c.is_lowercase() {
            Some(Self::LowerCase)
        } else if c.is_uppercase() {
            Some(Self::UpperCase)
        } else if c.is_numeric() {
            Some(Self::Digit)
        } else if c.is_alphabetic() || c.is_whitespace() || is_combining_mark(c) || is_unprintable(c) {
            None
        } else {
            Some(Self::Special)
        }
    }
}

/// Controls, and format characters that show nothing (general categories Cc, Cf, Zl, Zp, and the noncharacters).
/// Pasted in by accident, they make a password that nobody can type again. Emoji joiners are among them: whether a
/// keyboard sends one is its own affair.
pub(in crate::domain) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_unicode() {
        for (c, class) in [
            ('a', Some(CharacterClass::LowerCase)),
            ('ż', Some(CharacterClass::LowerCase)),
            ('Ł', Some(CharacterClass::UpperCase)),
            ('7', Some(CharacterClass::Digit)),
            ('#', Some(CharacterClass::Special)),
            ('€', Some(CharacterClass::Special)),
            ('🦆', Some(CharacterClass::Special)),
            (' ', None),
            ('\u{a0}', None),
            ('字', None),
            ('\u{301}', None),
            ('\u{200d}', None),
        ] {
            assert_eq!(CharacterClass::of(c), class, "{c:?}");
        }
    }

    #[test]
    fn only_what_shows_nothing_is_unprintable() {
        for c in [
            '\0',
            '\n',
            '\t',
            '\u{7f}',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{feff}',
            '\u{ffff}',
            '\u{10fffe}',
        ] {
            assert!(is_unprintable(c), "{c:?}");
        }
        for c in [' ', 'a', 'ż', '~', '€', '字', '🦆', '\u{301}', '\u{fffd}'] {
            assert!(!is_unprintable(c), "{c:?}");
        }
    }
}
