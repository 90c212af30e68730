//! What comes from outside, made up: for the property tests of whatever reads it.

use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use serde_json::Value;

/// Text of any kind, with more of what readers stumble over.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,24}",
        "[a-z_]{1,12}",
        Just(String::new()),
        Just("\0".to_owned()),
        Just("\u{202e}ż\u{feff}".to_owned()),
    ]
}

/// JSON of any shape, a few levels deep.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(text(), inner, 0..5).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same text with one character left out, put in or changed for another, at any place.
pub(crate) fn nearly(original: String) -> impl Strategy<Value = String> {
    let hostile = prop_oneof![
        proptest::sample::select(
            ".,:;/\\@#?%&=+-_ 0123456789abcXYZ[]()\"'\0\t\r\n\u{17c}\u{3002}\u{ff0e}"
                .chars()
                .collect::<Vec<char>>()
        ),
        any::<char>(),
    ];
    (any::<proptest::sample::Index>(), hostile, 0..4u8).prop_map(move |(place, new, how)| {
        let mut characters: Vec<char> = original.chars().collect();
        let place = place.index(characters.len() + 1);
        match how {
            0 if place < characters.len() => {
                characters.remove(place);
            }
            1 if place < characters.len() => characters[place] = new,
            2 if place < characters.len() => characters.truncate(place),
            _ => characters.insert(place, new),
        }
        characters.into_iter().collect()
    })
}
