//! The two languages, held against each other and against the pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::support::{every_sample, views};
use crate::domain::locale::Locale;

/// The texts of one language: key → the text as written.
fn written_texts(locale: Locale) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/locales").join(locale.tag());
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(folder).expect("the folder of a language") {
        let content = fs::read_to_string(file.expect("a file").path()).expect("a readable file");
        let mut message = String::new();
        for line in content.lines().filter(|line| !line.starts_with('#')) {
            let attribute = line.strip_prefix("    .");
            let (key, text) = match (attribute, line.split_once(" = ")) {
                (Some(attribute), _) => {
                    let (name, text) = attribute.split_once(" = ").expect("an attribute with a text");
                    (format!("{message}.{name}"), text)
                }
                (None, Some((key, text))) if !line.starts_with(' ') => {
                    key.clone_into(&mut message);
                    (key.to_owned(), text)
                }
                _ => continue,
            };
            assert!(texts.insert(key.clone(), text.to_owned()).is_none(), "{key} is there twice");
        }
    }
    texts
}

#[test]
fn both_languages_say_the_same_things() {
    let polish = written_texts(Locale::Polish);
    let english = written_texts(Locale::English);
    assert!(polish.len() > 100);
    assert_eq!(polish.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
}

/// How a page keeps the post code of its examples on one line.
const WHOLE_POST_CODE: &str = "<span class=\"whole\">41-600</span>";

#[test]
fn every_text_is_seen_on_some_page_or_mail() {
    for locale in Locale::ALL {
        let pages: String = every_sample()
            .into_iter()
            .filter(|(_, of, _)| *of == locale)
            .map(|(_, _, page)| page)
            .chain(
                views()
                    .mail_samples(locale)
                    .expect("mails")
                    .into_iter()
                    .map(|(_, mail)| mail.subject + mail.html.as_str()),
            )
            .map(|page| page.replace("&#x2f;", "/").replace("&#x27;", "'").replace(WHOLE_POST_CODE, "41-600"))
            .collect();
        for (key, text) in written_texts(locale) {
            // A language's name is shown on the pages of the other one.
            if key == "language-name" {
                continue;
            }
            // What is between the arguments appears word for word.
            for literal in text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)) {
                let literal = literal.trim();
                if !literal.starts_with('$') {
                    assert!(pages.contains(literal), "{key} ({locale}) is on no page: {literal:?}");
                }
            }
        }
    }
}
