//! `attributes`: further standard claims, by their names and types in OpenID Connect Core §5.1.

use serde_json::{Map, Value};
use url::Url;

/// In characters, for each value.
const LONGEST_VALUE: usize = 500;

/// Those that may come in several languages (§5.2), as `nickname#en`.
const IN_LANGUAGES: [&str; 7] =
    ["name", "given_name", "family_name", "middle_name", "nickname", "profile", "website"];

/// Claims that stand in columns of their own, or that this provider makes.
const ELSEWHERE: [(&str, &str); 10] = [
    ("sub", "it is made here, and permanent"),
    ("name", "it is made of given_name and family_name"),
    ("given_name", "it has a column"),
    ("family_name", "it has a column"),
    ("email", "it has a column"),
    ("email_verified", "it has a column"),
    ("phone_number", "it has a column, phone"),
    ("locale", "it has a column"),
    ("updated_at", "it is made here"),
    ("organisation_name", "it has a column"),
];

const ALLOWED: &str = "middle_name, nickname, preferred_username, profile, picture, website, gender, birthdate, zoneinfo, \
                       phone_number_verified, address";

pub(super) fn parse(text: &str) -> Result<Map<String, Value>, String> {
    let claims: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| format!("is not a JSON object: {}", without_content(&error)))?;
    let complaints: Vec<String> = claims
        .iter()
        .filter_map(|(name, value)| complaint(name, value).map(|what| format!("{name}: {what}")))
        .collect();
    if complaints.is_empty() { Ok(claims) } else { Err(complaints.join("; ")) }
}

fn complaint(name: &str, value: &Value) -> Option<String> {
    if name.to_lowercase().contains("pesel") {
        return Some("is never stored".to_owned());
    }
    if let Some((base, tag)) = name.split_once('#') {
        return complaint_about_language(base, tag, value);
    }
    if let Some((_, why)) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == name) {
        return Some(format!("does not belong here: {why}"));
    }
    let wanted = match name {
        "address" => return complaint_about_address(value),
        "middle_name" | "nickname" | "preferred_username" | "gender" => text(value, |_| true, "a text"),
        "profile" | "picture" | "website" => text(value, is_web_address, "an https or http address"),
        "birthdate" => text(value, is_birthdate, "a date (YYYY-MM-DD), a year (YYYY) or a day (0000-MM-DD)"),
        "zoneinfo" => text(value, is_time_zone, "a time zone such as Europe/Warsaw"),
        "phone_number_verified" => (!value.is_boolean()).then_some("true or false"),
        _ => return Some(format!("is not a standard claim; those are {ALLOWED}")),
    };
    wanted.map(|wanted| format!("wanted is {wanted}"))
}

fn complaint_about_language(base: &str, tag: &str, value: &Value) -> Option<String> {
    if !IN_LANGUAGES.contains(&base) {
        return Some(format!("has no languages; those that have are {}", IN_LANGUAGES.join(", ")));
    }
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if !tag.split('-').all(is_subtag) || tag.len() > 35 {
        return Some("has no language tag after its #, such as en".to_owned());
    }
    let wanted = match base {
        "profile" | "website" => text(value, is_web_address, "an https or http address"),
        _ => text(value, |_| true, "a text"),
    };
    wanted.map(|wanted| format!("wanted is {wanted}"))
}

/// What the columns street, `postal_code` and city do not tell (§5.1.1).
fn complaint_about_address(value: &Value) -> Option<String> {
    let is_country = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_good = |(name, value): (&String, &Value)| match name.as_str() {
        "region" => text(value, |_| true, "").is_none(),
        "country" => text(value, is_country, "").is_none(),
        _ => false,
    };
    let is_address =
        value.as_object().is_some_and(|members| !members.is_empty() && members.iter().all(is_good));
    (!is_address).then(|| {
        "wanted is an object of region and country (two capital letters); the rest has columns: street, postal_code, city"
            .to_owned()
    })
}

/// What is wanted, unless the value is it.
fn text(value: &Value, is_good: impl Fn(&str) -> bool, wanted: &'static str) -> Option<&'static str> {
    let is_text = value.as_str().is_some_and(|text| {
        !text.trim().is_empty()
            && text.chars().count() <= LONGEST_VALUE
            && !text.chars().any(char::is_control)
            && is_good(text)
    });
    (!is_text).then_some(wanted)
}

fn is_web_address(text: &str) -> bool {
    // Applications make links of it: no other scheme (`javascript:`) may get there.
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

/// ISO 8601-1; the year 0000 says that the year is not told.
fn is_birthdate(text: &str) -> bool {
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    if is_year(text) {
        return text != "0000";
    }
    // A leap year stands in for the year that is not told.
    let day = match text.split_once('-') {
        Some(("0000", day)) => format!("2000-{day}"),
        Some((year, _)) if is_year(year) => text.to_owned(),
        _ => return false,
    };
    day.len() == 10 && chrono::NaiveDate::parse_from_str(&day, "%Y-%m-%d").is_ok()
}

/// The shape of a name in the time zone database; which names there are changes several times a year.
fn is_time_zone(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    text.len() <= 64
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.split('/').all(is_part)
}

/// Where and how it is wrong, without quoting what may be personal.
fn without_content(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => "it must begin with { and end with }".to_owned(),
        _ => format!("at character {}", error.column()),
    }
}
