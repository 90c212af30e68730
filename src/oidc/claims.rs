//! Claims about a person: by scope (OpenID Connect Core §5.4), or one by one (§5.5); standard ones, and the housing
//! company's own under `iok`.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

use super::error::Failure;
use crate::domain::account::{Account, Profile};
use crate::domain::claims::{RELEASED_BY, range_matches, scope_of, split_tag};
use crate::domain::claims_request::{ClaimsRequest, RequestedClaims};
use crate::domain::scope::{IOK, ScopeSet};
use crate::domain::token::TokenGrant;
use crate::storage::people;

/// Every claim that may come out, for discovery.
pub fn supported() -> Vec<&'static str> {
    let mut names = vec!["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "sid"];
    names.extend(RELEASED_BY.map(|(name, _)| name));
    names
}

/// What a client may be told, and where.
struct Asked<'a> {
    scope: &'a ScopeSet,
    one_by_one: &'a RequestedClaims,
    /// Best first.
    locales: &'a [String],
}

/// What userinfo tells on this grant, of which the token may have less scope. `today` is the house's day
/// (`domain::calendar`): titles end by it.
pub(super) async fn for_userinfo(
    connection: &impl ConnectionTrait,
    account: &Account,
    grant: &TokenGrant,
    today: NaiveDate,
) -> Result<Map<String, Value>, Failure> {
    let ClaimsRequest { userinfo, locales, .. } = &grant.claims;
    let asked = Asked { scope: &grant.scope, one_by_one: userinfo, locales };
    let mut claims = asked.of_account(connection, account, today).await?;
    claims.insert("sub".to_owned(), account.subject.clone().into());
    Ok(claims)
}

/// What the ID token tells beside who, when and how: nothing that was not asked for there by its name.
pub(super) async fn for_id_token(
    connection: &impl ConnectionTrait,
    account: &Account,
    grant: &TokenGrant,
    today: NaiveDate,
) -> Result<Map<String, Value>, Failure> {
    let ClaimsRequest { id_token, locales, .. } = &grant.claims;
    let asked = Asked { scope: &ScopeSet::default(), one_by_one: id_token, locales };
    asked.of_account(connection, account, today).await
}

impl Asked<'_> {
    async fn of_account(
        &self,
        connection: &impl ConnectionTrait,
        account: &Account,
        today: NaiveDate,
    ) -> Result<Map<String, Value>, Failure> {
        let mut known = profile_claims(account);
        if self.scope.contains(IOK) || self.one_by_one.keys().any(|name| scope_of(name) == Some(IOK)) {
            known.extend(iok_claims(connection, account, today).await?);
        }
        Ok(self.released(&known))
    }

    fn released(&self, known: &Map<String, Value>) -> Map<String, Value> {
        let is_released = |name: &str, value: &Value| {
            let by_scope = scope_of(name).is_some_and(|scope| self.scope.contains(scope));
            (by_scope && self.is_in_wanted_language(name)) || self.is_asked_for(known, name, value)
        };
        let released = known.iter().filter(|(name, value)| is_released(name, value));
        released.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// OpenID Connect Core §5.2: a claim without a tag is for everybody, one with a tag for those who read it.
    fn is_in_wanted_language(&self, name: &str) -> bool {
        let (_, tag) = split_tag(name);
        tag.is_none_or(|tag| self.locales.iter().any(|range| range_matches(range, tag)))
    }

    fn is_asked_for(&self, known: &Map<String, Value>, name: &str, value: &Value) -> bool {
        let (base, tag) = split_tag(name);
        self.one_by_one.iter().any(|(asked, request)| {
            let (asked_base, asked_tag) = split_tag(asked);
            let in_language = match (asked_tag, tag) {
                (None, _) => self.is_in_wanted_language(name),
                (Some(range), Some(tag)) => range_matches(range, tag),
                // In the language that there is, where it is not there in the one that was asked for.
                (Some(range), None) => !known.keys().any(|other| {
                    let (other_base, other_tag) = split_tag(other);
                    other_base == base && other_tag.is_some_and(|tag| range_matches(range, tag))
                }),
            };
            asked_base == base && in_language && request.accepts(value)
        })
    }
}

/// Everything that the account's own row tells.
fn profile_claims(account: &Account) -> Map<String, Value> {
    let profile = &account.profile;
    // What was imported has the names and types of §5.1, with tags where it has a language.
    let mut claims: Map<String, Value> = profile
        .attributes
        .iter()
        .filter(|(name, _)| scope_of(name).is_some())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
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
    claims.insert("updated_at".to_owned(), account.profile_updated_at.timestamp().into());
    if let Some(email) = &profile.email {
        claims.insert("email".to_owned(), email.clone().into());
        claims.insert("email_verified".to_owned(), profile.email_verified.into());
    }
    let verified = claims.remove("phone_number_verified").is_some_and(|verified| verified == true);
    if let Some(phone_number) = &profile.phone_number {
        claims.insert("phone_number".to_owned(), phone_number.clone().into());
        claims.insert("phone_number_verified".to_owned(), verified.into());
    }
    match address_claim(profile) {
        Some(address) => claims.insert("address".to_owned(), address),
        None => claims.remove("address"),
    };
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
    let imported = profile.attributes.get("address").and_then(Value::as_object);
    let beside = |member: &str| imported.and_then(|address| address.get(member)).cloned();
    if let Some(region) = beside("region") {
        address.insert("region".to_owned(), region);
    }
    address.insert("country".to_owned(), beside("country").unwrap_or_else(|| "PL".into()));
    let place =
        [&profile.postal_code, &profile.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> =
        profile.street.clone().into_iter().chain(Some(place).filter(|place| !place.is_empty())).collect();
    address.insert("formatted".to_owned(), lines.join("\n").into());
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
    if let Some(office) = people::office_name(connection, account.office).await? {
        claims.insert("office".to_owned(), office.into());
    }
    Ok(claims)
}
