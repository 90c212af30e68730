//! Which claims about a person there are (OpenID Connect Core §5.1, and the housing company's own), and which scope
//! releases each (§5.4).

use super::scope::IOK;

/// Every claim about a person that a client may ask for, with the scope that releases it.
pub const RELEASED_BY: [(&str, &str); 22] = [
    ("name", "profile"),
    ("given_name", "profile"),
    ("family_name", "profile"),
    ("middle_name", "profile"),
    ("nickname", "profile"),
    ("preferred_username", "profile"),
    ("profile", "profile"),
    ("picture", "profile"),
    ("website", "profile"),
    ("gender", "profile"),
    ("birthdate", "profile"),
    ("zoneinfo", "profile"),
    ("locale", "profile"),
    ("updated_at", "profile"),
    ("email", "email"),
    ("email_verified", "email"),
    ("phone_number", "phone"),
    ("phone_number_verified", "phone"),
    ("address", "address"),
    ("contractor_numbers", IOK),
    ("premises", IOK),
    ("office", IOK),
];

/// The name without its language tag (OpenID Connect Core §5.2), and the tag: `name#pl` is `name` in Polish.
pub fn split_tag(name: &str) -> (&str, Option<&str>) {
    match name.split_once('#') {
        Some((base, tag)) => (base, Some(tag)),
        None => (name, None),
    }
}

/// The scope that releases this claim, in whatever language. `None` for what no client is told by its name.
pub fn scope_of(name: &str) -> Option<&'static str> {
    let (base, _) = split_tag(name);
    RELEASED_BY.iter().find(|(claim, _)| *claim == base).map(|(_, scope)| *scope)
}

/// Does a language range match a tag (RFC 4647 §3.3.1): the same, or the beginning of it at a hyphen?
pub fn range_matches(range: &str, tag: &str) -> bool {
    let beginning = tag.get(..range.len());
    beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(range))
        && matches!(tag.as_bytes().get(range.len()), None | Some(b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_5_2_a_tag_does_not_change_what_a_claim_is() {
        assert_eq!(split_tag("family_name#ja-Kana-JP"), ("family_name", Some("ja-Kana-JP")));
        assert_eq!(scope_of("family_name#ja-Kana-JP"), Some("profile"));
        assert_eq!(scope_of("pesel"), None);
        assert_eq!(scope_of(""), None);
    }

    #[test]
    fn rfc_4647_3_3_1_a_range_matches_at_hyphens_only() {
        for (range, tag, matches) in [
            ("ja", "ja-Kana-JP", true),
            ("JA-kana", "ja-Kana-JP", true),
            ("pl", "pl", true),
            ("ja-Hani", "ja", false),
            ("p", "pl", false),
            ("ż", "ja", false),
        ] {
            assert_eq!(range_matches(range, tag), matches, "{range} {tag}");
        }
    }
}
