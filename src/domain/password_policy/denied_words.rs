//! Words that everybody tries, recognised through case, diacritics and leet.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use deunicode::{deunicode, deunicode_char};
use unicode_normalization::char::is_combining_mark;

/// One word a line, `#` begins a comment.
const BUILT_IN: &str = include_str!("denied_words.txt");

/// Folded, forwards and backwards.
static BUILT_IN_WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut words = BTreeSet::new();
    for line in BUILT_IN.lines() {
        insert(&mut words, fold(line.split('#').next().unwrap_or_default()));
    }
    words
});

/// Both ways round.
fn insert(words: &mut BTreeSet<String>, folded: String) {
    words.extend(reversed(&folded));
    if !folded.is_empty() {
        words.insert(folded);
    }
}

const SHORTEST_REVERSED: usize = 4;

/// Backwards. A short word is another one by that, and nobody's idea of hiding it.
fn reversed(word: &str) -> Option<String> {
    (word.len() >= SHORTEST_REVERSED).then(|| word.chars().rev().collect())
}

/// The words that are denied to one person. All are folded to a–z, and stand there backwards too.
pub(super) struct DeniedWords {
    own: BTreeSet<String>,
}

impl DeniedWords {
    /// The words denied to everybody.
    pub(super) fn built_in() -> Self {
        Self { own: BTreeSet::new() }
    }

    pub(super) fn add(&mut self, word: &str) {
        insert(&mut self.own, fold(word));
    }

    /// Each name in a text of several, and all of them run together (`MPGL Świętochłowice`, `Kowalska-Nowak`).
    pub(super) fn add_names(&mut self, names: &str, shortest: usize) {
        let single = names.split(|c: char| !c.is_alphabetic() && !is_combining_mark(c));
        for name in single.chain([names]).map(fold).filter(|name| name.len() >= shortest) {
            insert(&mut self.own, name);
        }
    }

    /// First and last name run together, either way round.
    pub(super) fn add_full_name(&mut self, given: &str, family: &str) {
        self.add(&format!("{given}{family}"));
        self.add(&format!("{family}{given}"));
    }

    /// Is the password one of the words, forwards or backwards, once or several times, with only digits and specials
    /// around it?
    pub(super) fn is_all_there_is_to(&self, password: &str) -> bool {
        let password: Vec<Character> = password.chars().map(Character::read).collect();
        // A word begins after any number of decorations; behind the first letter no other word can begin.
        let last_start = password.iter().position(|c| c.is_letter).unwrap_or(password.len());
        (0..=last_start).any(|start| {
            let rest = &password[start..];
            BUILT_IN_WORDS.iter().chain(&self.own).any(|word| spells(rest, word, word))
        })
    }
}

/// The word in a–z: `Świętochłowice` → `swietochlowice`.
fn fold(word: &str) -> String {
    deunicode(word).chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// One character of a password, and all that it can stand for.
struct Character {
    is_letter: bool,
    /// In a–z. Several letters where one character is written as several (`ß`, `æ`), none for a mark.
    readings: Vec<String>,
}

impl Character {
    fn read(c: char) -> Self {
        let mut readings: Vec<String> = leet(c).iter().map(|&letter| letter.to_owned()).collect();
        if is_combining_mark(c) {
            readings.push(String::new());
        } else if let Some(plain) = deunicode_char(c).map(fold)
            && !plain.is_empty()
            && !readings.contains(&plain)
        {
            readings.push(plain);
        }
        Self { is_letter: c.is_alphabetic(), readings }
    }
}

/// Do the first characters spell what is left of the word, and is no letter left behind it but the whole word again?
///
/// Two readings of one character hardly ever both continue the same word, so this is a walk along it, not a search.
fn spells(characters: &[Character], left: &str, word: &str) -> bool {
    if left.is_empty() {
        let Some(next) = characters.iter().position(|c| c.is_letter) else {
            return true;
        };
        // As in the beginning, a decoration may be part of the word.
        return (0..=next).any(|start| spells(&characters[start..], word, word));
    }
    let Some((first, rest)) = characters.split_first() else {
        return false;
    };
    first
        .readings
        .iter()
        .any(|reading| left.strip_prefix(reading.as_str()).is_some_and(|left| spells(rest, left, word)))
}

/// The letters that a digit or a special is written for.
const fn leet(c: char) -> &'static [&'static str] {
    match c {
        '0' => &["o"],
        '1' | '!' | '|' => &["i", "l"],
        '2' => &["z"],
        '3' | '€' => &["e"],
        '4' | '@' => &["a"],
        '5' | '$' | '§' => &["s"],
        '6' => &["b", "g"],
        '7' => &["t", "l"],
        '8' => &["b"],
        '9' => &["g", "q"],
        '+' => &["t"],
        '(' | '<' | '[' => &["c"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_list_is_clean() {
        assert!(BUILT_IN_WORDS.len() > 300, "{}", BUILT_IN_WORDS.len());
        for line in BUILT_IN.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            assert!(
                line.split('#').next().is_some_and(|word| fold(word).len() >= 3),
                "{line:?} would deny too much"
            );
            assert_eq!(line.trim().split(' ').count(), 1, "{line:?}: one word a line");
        }
        for word in [
            "haslo",
            "styczen",
            "stycznia",
            "january",
            "poniedzialek",
            "monday",
            "anna",
            "krzysztof",
            "mpgl",
            "iok",
            "swietochlowice",
        ] {
            assert!(BUILT_IN_WORDS.contains(word), "{word}");
        }
    }

    #[test]
    fn words_are_folded_to_a_to_z() {
        assert_eq!(fold("Zażółć Gęślą"), "zazolcgesla");
        assert_eq!(fold("Strauß"), "strauss");
        assert_eq!(fold("2024!"), "");
    }

    #[test]
    fn a_decoration_may_be_part_of_the_word() {
        let words = DeniedWords::built_in();
        for password in
            ["!nga", "11nga1", "3wa", "7anna!!", "M4j!", "+adeusz", "He!ena1", "8eata", "|!|Iwona|!|"]
        {
            assert!(words.is_all_there_is_to(password), "{password}");
        }
    }

    #[test]
    fn letters_beside_the_word_make_it_another_word() {
        let words = DeniedWords::built_in();
        for password in ["haslox", "xhaslo", "haslo1x", "ha.slo", "anna maria", "12345", "", "!!!"] {
            assert!(!words.is_all_there_is_to(password), "{password}");
        }
    }

    #[test]
    fn own_names_are_denied_by_themselves_and_together() {
        let mut words = DeniedWords::built_in();
        words.add_names("Bożydar", 3);
        words.add_names("Brzęczyszczykiewicz-Ło", 3);
        words.add_full_name("Bożydar", "Ło");
        for password in ["Bożydar1", "#B0zydar", "brzeczyszczykiewicz", "LoBozydar!", "bozydarlo7"] {
            assert!(words.is_all_there_is_to(password), "{password}");
        }
        assert!(!words.is_all_there_is_to("Ło12345"), "two letters are not a name to deny");
    }

    #[test]
    fn twice_and_backwards_it_is_the_same_word() {
        let mut words = DeniedWords::built_in();
        words.add("Bożydar");
        for password in
            ["HasloHaslo1", "haslo-haslo!", "P0lska1polska", "olsaH12", "radyz0B!", "annaanna", "@nn@anna"]
        {
            assert!(words.is_all_there_is_to(password), "{password}");
        }
        for password in ["haslohasl", "alo#12", "haslopolska"] {
            assert!(!words.is_all_there_is_to(password), "{password}");
        }
    }

    #[test]
    fn marks_that_nfc_leaves_over_hide_nothing() {
        assert!(DeniedWords::built_in().is_all_there_is_to("h\u{302}aslo\u{302}1"));
    }
}
