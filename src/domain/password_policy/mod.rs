//! What a chosen password must be, checked by the server (the procedure's row 6).
//!
//! All broken rules are named at once, so that nobody has to find them out one by one.

pub(in crate::domain) mod characters;
mod denied_words;
mod keyboard;
mod strength;

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::zxcvbn;

use self::characters::{CharacterClass, is_unprintable};
use self::denied_words::DeniedWords;
use self::keyboard::is_walked;
pub use self::strength::Strength;

/// Passwords above this many characters are not searched for words or patterns: the search costs more than linear time.
/// [`PasswordPolicy::LONGEST`] keeps `maximum` at or below it, so such a password is always `TooLong` as well.
const LONGEST_EXAMINED: usize = PasswordPolicy::LONGEST;

/// Initials and particles (`de`, `z o.o.`) make no password guessable.
const SHORTEST_NAME: usize = 3;

/// Shorter logins turn up in good passwords by chance.
const SHORTEST_LOGIN: usize = 3;

/// The text in NFC: the one form in which passwords are measured, hashed and compared.
///
/// Keyboards differ in whether `ż` is typed as one scalar value or two; both must open the same account. No case or
/// compatibility folding: it would make different passwords equal.
pub fn normalise(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfc().collect())
}

/// A password somebody wants to have from now on, in NFC. What is checked is what is hashed.
#[derive(Clone)]
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    pub fn from_typed(password: &str) -> Self {
        Self(normalise(password))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// The rules, as configured. Lengths are in characters: Unicode scalar values after NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "four independent rules, each switched by itself in the configuration"
)]
pub struct PasswordPolicy {
    pub minimum: usize,
    /// At most [`Self::LONGEST`].
    pub maximum: usize,
    pub needs_lower_case: bool,
    pub needs_upper_case: bool,
    pub needs_digit: bool,
    pub needs_special: bool,
    /// The least zxcvbn score that is accepted: 0 (anything) to 4.
    pub minimum_score: u8,
    /// Denied beside the built-in words.
    pub denied_words: Vec<String>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum: 8,
            maximum: 12,
            needs_lower_case: true,
            needs_upper_case: true,
            needs_digit: true,
            needs_special: true,
            minimum_score: 2,
            denied_words: Vec::new(),
        }
    }
}

/// Whose password it is to be: what a stranger who knows them would try first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    pub login: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub organisation: Option<&'a str>,
    pub street: Option<&'a str>,
    pub city: Option<&'a str>,
    /// Names of the company that runs this provider.
    pub company: &'a [&'a str],
    /// Is it the account's initial password? Only its hash knows, so whoever holds the hash finds out.
    pub is_initial_password: bool,
}

/// All that is to be said of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Every rule it breaks, in the order of [`BrokenRule`].
    pub broken: Vec<BrokenRule>,
    /// `None` for nothing at all, and for what is too long anyway.
    pub strength: Option<Strength>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BrokenRule {
    TooShort {
        minimum: usize,
    },
    TooLong {
        maximum: usize,
    },
    NoLowerCase,
    NoUpperCase,
    NoDigit,
    /// Special: neither letter, digit nor space.
    NoSpecial,
    /// A control character, or one that shows nothing: it could never be typed again.
    Unprintable,
    IsInitialPassword,
    ContainsLogin,
    /// A word everybody tries, with only digits and specials around it.
    DeniedWord,
    /// Keys that lie side by side.
    KeyboardWalk,
    TooGuessable,
    /// One of the last passwords of this account. Only their hashes know (`accounts::verdict`).
    UsedBefore,
}

impl BrokenRule {
    /// The rule's name in texts and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::NoLowerCase => "no-lower-case",
            Self::NoUpperCase => "no-upper-case",
            Self::NoDigit => "no-digit",
            Self::NoSpecial => "no-special",
            Self::Unprintable => "unprintable",
            Self::IsInitialPassword => "is-initial-password",
            Self::ContainsLogin => "contains-login",
            Self::DeniedWord => "denied-word",
            Self::KeyboardWalk => "keyboard-walk",
            Self::TooGuessable => "too-guessable",
            Self::UsedBefore => "used-before",
        }
    }
}

/// The rules that can be told before anybody types: what the page says above the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "the policy's own switches")]
pub struct PolicySummary {
    pub minimum: usize,
    pub maximum: usize,
    pub needs_lower_case: bool,
    pub needs_upper_case: bool,
    pub needs_digit: bool,
    pub needs_special: bool,
}

impl PasswordPolicy {
    /// The largest maximum that can be configured, in characters.
    pub const LONGEST: usize = 128;

    pub const fn summary(&self) -> PolicySummary {
        PolicySummary {
            minimum: self.minimum,
            maximum: self.maximum,
            needs_lower_case: self.needs_lower_case,
            needs_upper_case: self.needs_upper_case,
            needs_digit: self.needs_digit,
            needs_special: self.needs_special,
        }
    }

    /// # Errors
    /// Every rule the password breaks, in the order of [`BrokenRule`].
    pub fn check(&self, password: &NewPassword, whose: &Circumstances<'_>) -> Result<(), Vec<BrokenRule>> {
        let broken = self.assess(password, whose).broken;
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// The rules it breaks, and how hard it is to guess.
    pub fn assess(&self, password: &NewPassword, whose: &Circumstances<'_>) -> Assessment {
        let password = password.expose();
        let length = password.chars().count();
        let has = |class| password.chars().any(|c| CharacterClass::of(c) == Some(class));
        let lacks = |needed: bool, class| needed && !has(class);
        let is_examined = length <= LONGEST_EXAMINED;
        // Guessing costs more than linear time, and one that is too long is refused anyway.
        let estimate = (length <= self.maximum).then(|| self.estimate(password, whose));
        let is_too_guessable = estimate.as_ref().is_some_and(|it| it.score < self.minimum_score);

        let rules = [
            (length < self.minimum, BrokenRule::TooShort { minimum: self.minimum }),
            (length > self.maximum, BrokenRule::TooLong { maximum: self.maximum }),
            (lacks(self.needs_lower_case, CharacterClass::LowerCase), BrokenRule::NoLowerCase),
            (lacks(self.needs_upper_case, CharacterClass::UpperCase), BrokenRule::NoUpperCase),
            (lacks(self.needs_digit, CharacterClass::Digit), BrokenRule::NoDigit),
            (lacks(self.needs_special, CharacterClass::Special), BrokenRule::NoSpecial),
            (password.chars().any(is_unprintable), BrokenRule::Unprintable),
            (whose.is_initial_password, BrokenRule::IsInitialPassword),
            (contains_login(password, whose.login), BrokenRule::ContainsLogin),
            (is_examined && self.is_denied_word(password, whose), BrokenRule::DeniedWord),
            (is_examined && is_walked(password), BrokenRule::KeyboardWalk),
            (is_too_guessable, BrokenRule::TooGuessable),
        ];
        let broken: Vec<_> =
            rules.into_iter().filter_map(|(is_broken, rule)| is_broken.then_some(rule)).collect();
        let is_among_the_first = |rule: &BrokenRule| {
            matches!(rule, BrokenRule::ContainsLogin | BrokenRule::DeniedWord | BrokenRule::KeyboardWalk)
        };
        let mut strength = estimate.filter(|_| length > 0);
        if broken.iter().any(is_among_the_first) {
            strength = strength.map(Strength::at_most_weak);
        }
        Assessment { broken, strength }
    }

    fn is_denied_word(&self, password: &str, whose: &Circumstances<'_>) -> bool {
        let mut words = DeniedWords::built_in();
        for word in &self.denied_words {
            words.add(word);
        }
        for names in whose.names() {
            words.add_names(names, SHORTEST_NAME);
        }
        words.add_full_name(whose.given_name, whose.family_name);
        words.is_all_there_is_to(password)
    }

    /// zxcvbn itself looks at the first 100 characters only.
    fn estimate(&self, password: &str, whose: &Circumstances<'_>) -> Strength {
        let mut known: Vec<&str> = vec![whose.login];
        for names in whose.names() {
            known.push(names);
            known.extend(names.split(|c: char| !c.is_alphanumeric()));
        }
        known.extend(self.denied_words.iter().map(String::as_str));
        known.retain(|word| word.chars().nth(SHORTEST_NAME - 1).is_some());
        Strength::of(&zxcvbn(password, &known))
    }
}

impl<'a> Circumstances<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> {
        [self.given_name, self.family_name]
            .into_iter()
            .chain(self.organisation)
            .chain(self.street)
            .chain(self.city)
            .chain(self.company.iter().copied())
    }
}

fn contains_login(password: &str, login: &str) -> bool {
    let login: String = login.nfc().collect::<String>().to_lowercase();
    login.chars().count() >= SHORTEST_LOGIN && Zeroizing::new(password.to_lowercase()).contains(&login)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAN: Circumstances<'static> = Circumstances {
        login: "jkowal17",
        given_name: "Zdzisław Jan",
        family_name: "Żółkiewski-Bąk",
        organisation: Some("Piekarnia Złoty Kłos s.c."),
        street: Some("ul. Harcerska 12/3"),
        city: Some("Ząbki"),
        company: &["MPGL Świętochłowice"],
        is_initial_password: false,
    };

    fn broken_by(policy: &PasswordPolicy, password: &str) -> Vec<BrokenRule> {
        policy.check(&NewPassword::from_typed(password), &JAN).err().unwrap_or_default()
    }

    fn broken(password: &str) -> Vec<BrokenRule> {
        broken_by(&PasswordPolicy::default(), password)
    }

    #[test]
    fn good_passwords_break_nothing() {
        for password in ["tR7#mKp2!x", "Wq8$zbLn", "żÓłw4&Gęś!k", "ab7 Kx#q 9Lm", "p4ra$0l&NIEB"] {
            assert_eq!(broken(password), [], "{password}");
        }
    }

    #[test]
    fn every_rule_is_found_by_itself() {
        let cases = [
            ("tR7#mKp", BrokenRule::TooShort { minimum: 8 }),
            ("tR7#mKp2!xWq8", BrokenRule::TooLong { maximum: 12 }),
            ("TR7#MKP2!X", BrokenRule::NoLowerCase),
            ("tr7#mkp2!x", BrokenRule::NoUpperCase),
            ("tR#mKp!xWq", BrokenRule::NoDigit),
            ("tR7mKp2xWq", BrokenRule::NoSpecial),
            ("tR7 mKp2xWq", BrokenRule::NoSpecial),
            ("tR7#mK\u{7}p2x", BrokenRule::Unprintable),
            ("tR7#mK\tp2x", BrokenRule::Unprintable),
            ("tR7#mK\u{200b}p2x", BrokenRule::Unprintable),
            ("#JKowal17aZ", BrokenRule::ContainsLogin),
        ];
        for (password, rule) in cases {
            assert_eq!(broken(password), [rule], "{password:?}");
        }
    }

    #[test]
    fn all_broken_rules_are_named_at_once() {
        assert_eq!(
            broken(""),
            [
                BrokenRule::TooShort { minimum: 8 },
                BrokenRule::NoLowerCase,
                BrokenRule::NoUpperCase,
                BrokenRule::NoDigit,
                BrokenRule::NoSpecial,
                BrokenRule::TooGuessable,
            ]
        );
        assert_eq!(
            broken("haslo"),
            [
                BrokenRule::TooShort { minimum: 8 },
                BrokenRule::NoUpperCase,
                BrokenRule::NoDigit,
                BrokenRule::NoSpecial,
                BrokenRule::DeniedWord,
                BrokenRule::TooGuessable,
            ]
        );
    }

    #[test]
    fn characters_are_scalar_values_after_nfc() {
        let composed = "żółw7#KŚ";
        let decomposed: String = composed.nfd().collect();
        assert!(decomposed.chars().count() > 8);
        assert_eq!(NewPassword::from_typed(&decomposed).expose(), composed);
        assert_eq!(broken(&decomposed), []);
        assert_eq!(broken("ŻŻ7#TRKP"), [BrokenRule::NoLowerCase]);
        assert_eq!(broken("ŻŻ7#TRKż"), [], "ż is a lower-case letter");
        assert_eq!(broken("żż7#trkp"), [BrokenRule::NoUpperCase]);
        assert_eq!(broken("Tr7mKp2x🦆"), [], "special is neither letter, digit nor space");
    }

    #[test]
    fn the_initial_password_is_not_a_new_one() {
        let again = Circumstances { is_initial_password: true, ..JAN };
        assert_eq!(
            PasswordPolicy::default().check(&NewPassword::from_typed("tR7#mKp2!x"), &again),
            Err(vec![BrokenRule::IsInitialPassword])
        );
    }

    #[test]
    fn a_login_is_found_in_any_case_and_form_but_not_a_tiny_one() {
        let policy = PasswordPolicy::default();
        let check = |login, password| {
            policy
                .check(
                    &NewPassword::from_typed(password),
                    &Circumstances { login, ..Circumstances::default() },
                )
                .err()
                .unwrap_or_default()
        };
        assert_eq!(check("\u{17c}uk7", "x#Z\u{307}UK7kqWv"), [BrokenRule::ContainsLogin]);
        assert_eq!(check("k7", "x#k7aRqWv"), []);
        assert_eq!(check("", "x#k7aRqWv"), []);
    }

    #[test]
    fn denied_words_are_found_through_case_diacritics_leet_and_decoration() {
        for password in [
            "Haslo123!",
            "H@sl0!234",
            "Stycz3n!1",
            "!!Hasło2024",
            "P@$$w0rd1",
            "Październik1!",
            "P4zdz13rnik!",
            "Środa#2025",
            "Monday!123",
            "December#24",
            "Mpgl!2024",
            "I0k!2024",
            "$w13t0ch!ow!ce",
            "Katarzyna1!",
            "M1cha1!2024",
            "1Zdzis!aw#9",
            "Żółkiewsk!12",
            "Bąk!202024",
            "2#Piekarnia!",
            "Kłos!20241",
            "Polska123!",
            "Kochanie1!",
            "Haslo2026!",
            "Swiony2026!",
            "Harcerska12!",
            "Ząbki#2026",
            "Polsk@Polsk@1",
            "Haslo!haslo1",
            "1aksloP!",
            "Gorn1kZabrze",
            "$yrenka#12",
            "Trudn3Haslo!",
        ] {
            let found = broken(password);
            assert!(found.contains(&BrokenRule::DeniedWord), "{password}: {found:?}");
        }
    }

    #[test]
    fn a_word_inside_a_longer_passphrase_is_fine() {
        let policy = PasswordPolicy { maximum: 64, ..PasswordPolicy::default() };
        for password in [
            "Moje hasło to 7 zielonych żab!",
            "styczeń-w-Tatrach-1987!",
            "Anna lubi 3 gruszki!",
            "kHaslo#9vTq",
        ] {
            assert_eq!(broken_by(&policy, password), [], "{password}");
        }
    }

    #[test]
    fn configured_words_are_denied_too() {
        let policy =
            PasswordPolicy { denied_words: vec!["Gołąbki".to_owned()], ..PasswordPolicy::default() };
        assert!(broken_by(&policy, "G0l@bk1#27").contains(&BrokenRule::DeniedWord));
        assert!(!broken("G0l@bk1#27").contains(&BrokenRule::DeniedWord));
        let careless = PasswordPolicy {
            denied_words: vec![String::new(), "123".to_owned()],
            ..PasswordPolicy::default()
        };
        assert_eq!(broken_by(&careless, "tR7#mKp2!x"), [], "a word without letters denies nothing");
    }

    #[test]
    fn guessable_passwords_are_refused_by_their_score() {
        for password in ["Qwerty12#", "Aaaaaaa1!", "Abcdef1!"] {
            assert!(
                broken(password).contains(&BrokenRule::TooGuessable),
                "{password}: {:?}",
                broken(password)
            );
        }
        let lenient = PasswordPolicy { minimum_score: 0, ..PasswordPolicy::default() };
        assert_eq!(broken_by(&lenient, "Aaaaaaa1!"), []);
    }

    #[test]
    fn what_the_finger_finds_by_itself_is_refused() {
        for password in ["Qwerty123!", "1qaz@WSX", "zaq1@WSX", "Asdfgh12!"] {
            let found = broken(password);
            assert!(found.contains(&BrokenRule::KeyboardWalk), "{password}: {found:?}");
        }
        // Longer than the procedure allows, and refused for what it is all the same.
        let found = broken("Swietochlowice1!");
        assert_eq!(found[..2], [BrokenRule::TooLong { maximum: 12 }, BrokenRule::DeniedWord]);
    }

    #[test]
    fn the_estimate_comes_with_advice_until_it_is_good() {
        let policy = PasswordPolicy::default();
        let strength = |password: &str| policy.assess(&NewPassword::from_typed(password), &JAN).strength;
        let weak = strength("Aaaaaaa1!").expect("an estimate");
        assert!(weak.score < 2 && weak.advice.contains(&"like-a-common-one"), "{weak:?}");
        let strong = strength("tR7#mKp2!x").expect("an estimate");
        assert!(strong.score >= 3 && strong.advice.is_empty(), "{strong:?}");
        assert_eq!(strength(""), None);
        assert_eq!(strength(&"tR7#mKp2!x".repeat(2)), None, "it is too long");
        for known in ["Harcerska34!", "Haslo2026!", "1qaz@WSX", "#JKowal17aZ"] {
            let known = strength(known).expect("an estimate");
            assert!(known.score < 2, "nobody is told that what is known is good: {known:?}");
        }
        for password in ["Aaaaaaa1!", "abc", "Qwerty1!", "12051987", "password", "drowssap1", "p@ssword"] {
            for name in strength(password).expect("an estimate").advice {
                assert!(Strength::ADVICE.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn a_megabyte_is_too_long_and_costs_nothing_more() {
        let found = broken(&"1".repeat(1 << 20));
        assert!(found.contains(&BrokenRule::TooLong { maximum: 12 }));
        assert!(!found.contains(&BrokenRule::TooGuessable), "not examined: {found:?}");
    }

    #[test]
    fn switched_off_rules_are_not_checked() {
        let policy = PasswordPolicy {
            minimum: 4,
            maximum: 20,
            needs_lower_case: false,
            needs_upper_case: false,
            needs_digit: false,
            needs_special: false,
            minimum_score: 0,
            denied_words: Vec::new(),
        };
        assert_eq!(broken_by(&policy, "xqvk"), []);
        assert_eq!(broken_by(&policy, "7390"), []);
        assert_eq!(policy.summary().minimum, 4);
        assert!(!policy.summary().needs_special);
    }

    #[test]
    fn any_text_can_be_checked() {
        for password in
            ["\u{0}", "\u{301}\u{301}", "🏳\u{fe0f}\u{200d}🌈", "ﷺﷺﷺﷺ", "ß€æ½²Ⅷ", "\u{10ffff}", "2024-02-30"]
        {
            assert!(!broken(password).is_empty(), "{password:?}");
        }
    }

    #[test]
    fn passwords_do_not_show_in_debug_output() {
        assert!(!format!("{:?}", NewPassword::from_typed("tR7#mKp2!x")).contains("tR7"));
    }
}
