//! The request parameter `claims` (OpenID Connect Core §5.5): claims asked for one by one, for userinfo or for the ID
//! token.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims::{scope_of, split_tag};
use super::scope::ScopeSet;

/// In bytes of JSON. All claims there are, each in two languages, fit into half of it.
const LONGEST: usize = 4096;

/// What a client asks about one claim (§5.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedClaim {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The only values that are wanted, best first; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

impl RequestedClaim {
    pub fn accepts(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.contains(value)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(Value::as_str)
    }
}

/// Claims by their names, with language tags where they have one.
pub type RequestedClaims = BTreeMap<String, RequestedClaim>;

/// The whole parameter, as the grant remembers it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: RequestedClaims,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: RequestedClaims,
    /// `claims_locales` (§5.2): the languages in which claims are wanted, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsRequestError {
    #[error("claims is longer than {LONGEST} bytes")]
    TooLong,
    #[error("claims is not a JSON object (OpenID Connect Core section 5.5)")]
    NoObject,
    #[error("claims: userinfo and id_token must be JSON objects")]
    NoMembers,
    #[error("claims: what is asked about a claim must be null or a JSON object (section 5.5.1)")]
    NoRequest,
    #[error("claims: essential must be true or false, and values a list (section 5.5.1)")]
    WrongType,
    #[error("claims holds a character that nothing is made of")]
    Unreadable,
}

impl ClaimsRequest {
    /// Reads the parameter. Members that are not known are ignored, as §5.5 wants; known ones must be what they are.
    ///
    /// # Errors
    /// [`ClaimsRequestError`], which says what it is not.
    pub fn parse(text: &str) -> Result<Self, ClaimsRequestError> {
        if text.len() > LONGEST {
            return Err(ClaimsRequestError::TooLong);
        }
        // PostgreSQL keeps no NUL, escaped or not.
        if text.contains("\\u0000") || text.contains('\0') {
            return Err(ClaimsRequestError::Unreadable);
        }
        let Ok(Value::Object(whole)) = serde_json::from_str(text) else {
            return Err(ClaimsRequestError::NoObject);
        };
        Ok(Self {
            userinfo: members(&whole, "userinfo")?,
            id_token: members(&whole, "id_token")?,
            locales: Vec::new(),
        })
    }

    /// The `sub` that is asked for (§5.5.1): nobody else may be answered for. `Err` if there are several.
    pub fn subject(&self) -> Result<Option<&str>, SeveralSubjects> {
        let asked: BTreeSet<&str> = [&self.id_token, &self.userinfo]
            .into_iter()
            .filter_map(|claims| claims.get("sub"))
            .flat_map(RequestedClaim::texts)
            .collect();
        match asked.len() {
            0 => Ok(None),
            1 => Ok(asked.first().copied()),
            _ => Err(SeveralSubjects),
        }
    }

    /// What is asked about `acr` (§5.5.1.1), if anything in particular: the values, and whether one of them is essential.
    pub fn acr(&self) -> Option<(Vec<String>, bool)> {
        let acr = self.id_token.get("acr").filter(|acr| !acr.values.is_empty())?;
        Some((acr.texts().map(str::to_owned).collect(), acr.essential))
    }

    /// Only the claims about a person that there are, and that a client with this scope may know: what is left is what
    /// the grant remembers. A claim is never a way around the scope that the client is registered with.
    #[must_use]
    pub fn within(mut self, allowed: &ScopeSet) -> Self {
        let may = |name: &String| scope_of(name).is_some_and(|scope| allowed.contains(scope));
        self.userinfo.retain(|name, _| may(name));
        self.id_token.retain(|name, _| may(name));
        self
    }

    /// The claims that this scope alone would not release, by their names without language tags.
    pub fn beyond(&self, scope: &ScopeSet) -> BTreeSet<String> {
        self.userinfo
            .keys()
            .chain(self.id_token.keys())
            .filter(|name| scope_of(name).is_some_and(|releasing| !scope.contains(releasing)))
            .map(|name| split_tag(name).0.to_owned())
            .collect()
    }
}

/// One request cannot be about two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeveralSubjects;

fn members(whole: &Map<String, Value>, name: &str) -> Result<RequestedClaims, ClaimsRequestError> {
    match whole.get(name) {
        None => Ok(RequestedClaims::new()),
        Some(Value::Object(claims)) => {
            claims.iter().map(|(claim, asked)| Ok((claim.clone(), one(asked)?))).collect()
        }
        Some(_) => Err(ClaimsRequestError::NoMembers),
    }
}

fn one(asked: &Value) -> Result<RequestedClaim, ClaimsRequestError> {
    let asked = match asked {
        Value::Null => return Ok(RequestedClaim::default()),
        Value::Object(asked) => asked,
        _ => return Err(ClaimsRequestError::NoRequest),
    };
    let essential = match asked.get("essential") {
        None => false,
        Some(Value::Bool(essential)) => *essential,
        Some(_) => return Err(ClaimsRequestError::WrongType),
    };
    let mut values: Vec<Value> =
        asked.get("value").filter(|value| !value.is_null()).cloned().into_iter().collect();
    match asked.get("values") {
        None => {}
        Some(Value::Array(several)) => values.extend(several.iter().cloned()),
        Some(_) => return Err(ClaimsRequestError::WrongType),
    }
    Ok(RequestedClaim { essential, values })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn core_5_5_the_example_of_the_standard_is_read() {
        let request = ClaimsRequest::parse(
            r#"{"userinfo": {"given_name": {"essential": true}, "nickname": null, "http://example.info/claims/groups": null},
                "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}}"#,
        )
        .expect("valid");
        assert!(request.userinfo["given_name"].essential);
        assert_eq!(request.userinfo["nickname"], RequestedClaim::default());
        assert_eq!(request.acr(), Some((vec!["urn:mace:incommon:iap:silver".to_owned()], false)));
        let known = request.within(&ScopeSet::identity());
        assert_eq!(known.userinfo.keys().collect::<Vec<_>>(), ["given_name", "nickname"]);
        assert!(known.id_token.is_empty());
    }

    #[test]
    fn core_5_5_what_is_malformed_is_refused_and_what_is_unknown_ignored() {
        use ClaimsRequestError::{NoMembers, NoObject, NoRequest, TooLong, Unreadable, WrongType};
        for (text, wrong) in [
            ("", NoObject),
            ("name", NoObject),
            ("[]", NoObject),
            ("null", NoObject),
            ("{\"userinfo\":{}", NoObject),
            ("{\"userinfo\":[]}", NoMembers),
            ("{\"id_token\":null}", NoMembers),
            ("{\"userinfo\":{\"name\":true}}", NoRequest),
            ("{\"userinfo\":{\"name\":{\"essential\":\"yes\"}}}", WrongType),
            ("{\"userinfo\":{\"name\":{\"values\":\"x\"}}}", WrongType),
            ("{\"userinfo\":{\"a\\u0000\":null}}", Unreadable),
            (&format!("{{\"x\":\"{}\"}}", "x".repeat(LONGEST)), TooLong),
            (&"[".repeat(4000), NoObject),
        ] {
            assert_eq!(ClaimsRequest::parse(text), Err(wrong), "{text}");
        }
        let ignored =
            ClaimsRequest::parse("{\"verified_claims\": 7, \"userinfo\": {\"name\": {\"purpose\": \"x\"}}}");
        assert_eq!(ignored.expect("valid").userinfo["name"], RequestedClaim::default());
    }

    #[test]
    fn core_5_5_1_one_request_is_about_one_person() {
        let about = |claims: Value| ClaimsRequest::parse(&claims.to_string()).expect("valid");
        let two = about(json!({"id_token": {"sub": {"value": "a"}}, "userinfo": {"sub": {"value": "b"}}}));
        assert_eq!(two.subject(), Err(SeveralSubjects));
        let same =
            about(json!({"id_token": {"sub": {"value": "a"}}, "userinfo": {"sub": {"values": ["a"]}}}));
        assert_eq!(same.subject(), Ok(Some("a")));
        assert_eq!(about(json!({"id_token": {"sub": null}})).subject(), Ok(None));
    }

    #[test]
    fn a_claim_is_no_way_around_the_registered_scope() {
        let asked =
            ClaimsRequest::parse(r#"{"userinfo": {"email": null, "address": null, "name#pl": null}}"#)
                .expect("valid")
                .within(&["openid", "email", "profile"].into_iter().collect());
        assert_eq!(asked.userinfo.keys().collect::<Vec<_>>(), ["email", "name#pl"]);
        let beyond = asked.beyond(&["openid", "email"].into_iter().collect());
        assert_eq!(beyond.into_iter().collect::<Vec<_>>(), ["name"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in crate::arbitrary::text()) {
            ClaimsRequest::parse(&text).ok();
        }

        #[test]
        fn core_5_5_what_is_read_is_remembered_as_it_was_and_asks_for_no_more_than_it_may(
            userinfo in crate::arbitrary::json(),
            name in "(sub|acr|auth_time|name|email|address|name#pl|[a-z]{1,6})",
            asked in crate::arbitrary::json(),
        ) {
            let whole = json!({"userinfo": userinfo, "id_token": {name: asked}}).to_string();
            if let Ok(request) = ClaimsRequest::parse(&whole) {
                let kept = serde_json::to_string(&request).expect("JSON");
                prop_assert_eq!(&serde_json::from_str::<ClaimsRequest>(&kept).expect("the same"), &request);
                request.subject().ok();
                request.acr();
                let scope: ScopeSet = ["openid", "email"].into_iter().collect();
                let within = request.clone().within(&scope);
                let may = |name: &String| scope_of(name).is_some_and(|releasing| scope.contains(releasing));
                prop_assert!(within.userinfo.keys().chain(within.id_token.keys()).all(may));
                prop_assert!(within.beyond(&scope).is_empty());
            }
        }
    }
}
