//! Names and addresses folded, so that what an applicant typed finds what the register has.
//!
//! A key is for finding candidates that a person then compares: it may put together what differs, and must not keep
//! apart what is the same. Changing what a key is made of wants a higher [`VERSION`].

use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization as _;

/// Stored beside the keys: rows of an older one get new keys.
pub const VERSION: i32 = 1;

/// A person's: the first given name, and the parts of the family name in any order (`Nowak-Kowalska`).
///
/// `None` without either of them.
pub fn of_person(given_name: &str, family_name: &str) -> Option<String> {
    let given = words(given_name).into_iter().next()?;
    let mut family = words(family_name);
    if family.is_empty() {
        return None;
    }
    family.sort();
    Some(format!("{} {given}", family.join(" ")))
}

/// A firm's, without its legal form: `Piekarnia Kłos sp. z o.o.` is `Piekarnia "Kłos"`.
pub fn of_organisation(name: &str) -> Option<String> {
    const LEGAL_FORMS: [&[&str]; 13] = [
        &["spolka", "z", "ograniczona", "odpowiedzialnoscia"],
        &["sp", "z", "o", "o"],
        &["sp", "z", "oo"],
        &["sp", "zoo"],
        &["spolka", "akcyjna"],
        &["spolka", "cywilna"],
        &["spolka", "jawna"],
        &["spolka", "komandytowa"],
        &["s", "a"],
        &["sa"],
        &["s", "c"],
        &["sp", "j"],
        &["sp", "k"],
    ];
    let words = words(name);
    let mut rest: Vec<&str> = words.iter().map(String::as_str).collect();
    // One after the other: `sp. z o.o. sp. k.` is a limited partnership.
    while let Some(form) = LEGAL_FORMS.iter().find(|form| rest.len() > form.len() && rest.ends_with(form)) {
        rest.truncate(rest.len() - form.len());
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}

/// An address's: street, numbers and city. `ul. Katowicka 12/4` is `Katowicka 12 m. 4` and `katowicka 12 / 4`. The
/// postal code has no part in it: people mix up those of neighbours.
///
/// `None` without street or city.
pub fn of_address(street: &str, city: &str) -> Option<String> {
    let city = words(city).join(" ");
    let mut street = numbered_words(street);
    if street.first().is_some_and(|word| is_kind_of_street(word)) {
        street.remove(0);
    }
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut kept: Vec<&str> = Vec::with_capacity(street.len());
    for (position, word) in street.iter().enumerate() {
        let after_a_number = kept.iter().any(|word| is_number(word));
        let before_a_number = street.get(position + 1).is_some_and(|next| is_number(next));
        let only_says_what_follows = match word.as_str() {
            "nr" | "numer" => before_a_number,
            // `12 m 4` is flat 4 of house 12, and `12 m` is house 12M.
            "m" => after_a_number && before_a_number,
            "mieszkanie" | "mieszk" | "lokal" | "lok" => after_a_number,
            _ => false,
        };
        if !only_says_what_follows {
            kept.push(word);
        }
    }
    if kept.is_empty() || city.is_empty() {
        return None;
    }
    Some(format!("{}, {city}", kept.join(" ")))
}

fn is_kind_of_street(word: &str) -> bool {
    matches!(word, "ul" | "ulica" | "al" | "aleja" | "aleje" | "pl" | "plac" | "os" | "osiedle")
}

/// Runs of a–z and 0–9: the words that keys are made of, and that a key is searched for.
pub fn words(text: &str) -> Vec<String> {
    let text: String = text.nfc().collect();
    deunicode(&text)
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The same with numbers and letters apart: `12a` is `12 A`, `12m4` is `12 m. 4`.
fn numbered_words(text: &str) -> Vec<String> {
    words(text)
        .iter()
        .flat_map(|word| word.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()))
        .map(|run| String::from_utf8_lossy(run).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_diacritics_and_further_given_names_do_not_matter() {
        let key = of_person("Łucja", "Żółkiewska");
        for (given, family) in [
            ("łucja", "żółkiewska"),
            ("LUCJA", "Zolkiewska"),
            ("Łucja Maria", " Żółkiewska "),
            // Marks of their own, as some systems write them.
            ("Łucja", "Z\u{307}o\u{301}łkiewska"),
        ] {
            assert_eq!(of_person(given, family), key, "{given} {family}");
        }
        assert_eq!(of_person("Ewa", "Nowak-Kowalska"), of_person("ewa", "Kowalska – Nowak"));
        assert_ne!(of_person("Ewa", "Nowak"), of_person("Ewa", "Nowakowska"));
        assert_ne!(of_person("Ewa", "Nowak"), of_person("Anna", "Nowak"));
        assert_eq!((of_person("", "Nowak"), of_person("Ewa", " - ")), (None, None));
    }

    #[test]
    fn a_firm_is_the_same_with_and_without_its_legal_form() {
        let key = of_organisation("Piekarnia Kłos");
        for name in [
            "PIEKARNIA \"KŁOS\" SP. Z O.O.",
            "Piekarnia Kłos sp.z o.o.",
            "Piekarnia Kłos Spółka z ograniczoną odpowiedzialnością",
            "Piekarnia „Kłos” sp. z o.o. sp. k.",
            "Piekarnia Kłos s.c.",
        ] {
            assert_eq!(of_organisation(name), key, "{name}");
        }
        assert_ne!(of_organisation("Piekarnia Kłos II"), key);
        assert_eq!(of_organisation("S.A."), Some("s a".to_owned()), "a name of nothing else is kept");
        assert_eq!(of_organisation(" – "), None);
    }

    #[test]
    fn an_address_is_the_same_however_its_flat_is_written() {
        let key = of_address("ul. Katowicka 12/4", "Świętochłowice");
        for street in [
            "Katowicka 12 m. 4",
            "katowicka 12 / 4",
            "UL KATOWICKA 12 M 4",
            "ulica Katowicka 12m4",
            "ul.Katowicka 12 lok. 4",
            "Katowicka nr 12 mieszkanie nr 4",
            "Katowicka 12-4",
        ] {
            assert_eq!(of_address(street, "swietochlowice"), key, "{street}");
        }
        for other in ["Katowicka 12", "Katowicka 124", "Katowicka 1/24", "Katowicka 12a/4", "Bytomska 12/4"] {
            assert_ne!(of_address(other, "Świętochłowice"), key, "{other}");
        }
        assert_ne!(of_address("ul. Katowicka 12/4", "Chorzów"), key);
        for (one, other) in [
            ("ul. Dworcowa 12a", "Dworcowa 12 A"),
            ("ul. Dworcowa 12M", "Dworcowa 12 m"),
            ("ul. Dworcowa 5/U1", "Dworcowa 5 lokal u1"),
            ("ul. 3 Maja 7/2", "3 maja 7 m. 2"),
        ] {
            assert_eq!(of_address(one, "Bytom"), of_address(other, "Bytom"), "{one}, {other}");
        }
        assert_ne!(of_address("Dworcowa 12M", "Bytom"), of_address("Dworcowa 12", "Bytom"));
        assert_eq!((of_address("", "Bytom"), of_address("ul.", "Bytom")), (None, None));
        assert_eq!(of_address("Dworcowa 1", ""), None, "the same street is in many cities");
    }
}
