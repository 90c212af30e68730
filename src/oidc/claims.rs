//! Claims about a person, by scope (OpenID Connect Core §5.4), and the housing company's own under `iok`.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

use super::error::Failure;
use crate::domain::account::{Account, Profile};
use crate::domain::scope::{IOK, ScopeSet};
use crate::storage::people;

/// Members of the scope `profile` that an import may have brought (OpenID Connect Core §5.4).
const PROFILE_ATTRIBUTES: [&str; 9] = [
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
];

/// Every claim that may come out, for discovery.
pub fn supported() -> Vec<&'static str> {
    let mut names = vec!["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "sid"];
    names.extend(["name", "given_name", "family_name", "locale"]);
    names.extend(PROFILE_ATTRIBUTES);
    names.extend(["email", "email_verified", "phone_number", "phone_number_verified", "address"]);
    names.extend(["contractor_numbers", "premises", "office"]);
    names
}

/// What userinfo tells under this scope. `today` is the house's day (`domain::calendar`): titles end by it.
pub(super) async fn of_account(
    connection: &impl ConnectionTrait,
    account: &Account,
    scope: &ScopeSet,
    today: NaiveDate,
) -> Result<Map<String, Value>, Failure> {
    let profile = &account.profile;
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), account.subject.clone().into());
    if scope.contains("profile") {
        claims.extend(profile_claims(profile));
    }
    if scope.contains("email")
        && let Some(email) = &profile.email
    {
        claims.insert("email".to_owned(), email.clone().into());
        claims.insert("email_verified".to_owned(), profile.email_verified.into());
    }
    if scope.contains("phone")
        && let Some(phone_number) = &profile.phone_number
    {
        claims.insert("phone_number".to_owned(), phone_number.clone().into());
        if let Some(verified) = profile.attributes.get("phone_number_verified") {
            claims.insert("phone_number_verified".to_owned(), verified.clone());
        }
    }
    if scope.contains("address")
        && let Some(address) = address_claim(profile)
    {
        claims.insert("address".to_owned(), address);
    }
    if scope.contains(IOK) {
        claims.extend(iok_claims(connection, account, today).await?);
    }
    Ok(claims)
}

fn profile_claims(profile: &Profile) -> Map<String, Value> {
    let mut claims = Map::new();
    for (name, value) in [
        ("name", profile.display_name()),
        ("given_name", profile.given_name.clone()),
        ("family_name", profile.family_name.clone()),
    ] {
        if !value.is_empty() {
            claims.insert(name.to_owned(), value.into());
        }
    }
    if let Some(locale) = profile.locale {
        claims.insert("locale".to_owned(), locale.tag().into());
    }
    for name in PROFILE_ATTRIBUTES {
        if let Some(value) = profile.attributes.get(name) {
            claims.insert(name.to_owned(), value.clone());
        }
    }
    claims
}

/// OpenID Connect Core §5.1.1.
fn address_claim(profile: &Profile) -> Option<Value> {
    let mut address = Map::new();
    for (name, value) in [
        ("street_address", &profile.street),
        ("postal_code", &profile.postal_code),
        ("locality", &profile.city),
    ] {
        if let Some(value) = value {
            address.insert(name.to_owned(), value.clone().into());
        }
    }
    if address.is_empty() {
        return None;
    }
    let place =
        [&profile.postal_code, &profile.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> =
        profile.street.clone().into_iter().chain(Some(place).filter(|place| !place.is_empty())).collect();
    address.insert("formatted".to_owned(), lines.join("\n").into());
    address.insert("country".to_owned(), "PL".into());
    Some(address.into())
}

/// Titles that are valid today; a title that ended is not told to anybody.
async fn iok_claims(
    connection: &impl ConnectionTrait,
    account: &Account,
    today: NaiveDate,
) -> Result<Map<String, Value>, Failure> {
    let numbers = people::contractor_numbers(connection, account.id).await?;
    let premises: Vec<Value> = people::titles_on(connection, account.id, today)
        .await?
        .into_iter()
        .map(|title| {
            json!({
                "code": title.premises_code,
                "kind": title.kind.as_str(),
                "role": title.role.as_str(),
                "contractor_number": title.contractor_number,
            })
        })
        .collect();
    let mut claims = Map::new();
    claims.insert("contractor_numbers".to_owned(), numbers.into());
    claims.insert("premises".to_owned(), premises.into());
    if let Some(office) = account.office
        && let Some(name) = people::office_name(connection, office).await?
    {
        claims.insert("office".to_owned(), name.into());
    }
    Ok(claims)
}
