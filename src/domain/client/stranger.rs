//! What a client that registers itself must heed beside what every client must. Nobody looked at it: what it says about
//! itself is shown to people, kept in our database, and fetched by our server.

use serde_json::Value;
use url::Url;

use super::metadata::ClientMetadata;
use super::methods::{ApplicationType, GrantType};
use super::redirect_uri::is_this_machine;
use super::validation::MetadataError;
use crate::domain::scope::ScopeSet;

/// Characters of an address.
const LONGEST_ADDRESS: usize = 2_048;
/// Characters of a name, a contact, a version.
const LONGEST_TEXT: usize = 200;
/// Entries of a list, and variants of the texts in other languages.
const LONGEST_LIST: usize = 20;

/// What the operator allows clients that register themselves.
#[derive(Debug, Clone)]
pub struct StrangerRules {
    /// The scope values they may register; who asks for none gets all of them that concern a person.
    pub scopes: ScopeSet,
    /// `false`: they may use the code grant without PKCE, as nobody here decides for each of them.
    pub require_pkce: bool,
    /// The issuer itself is without https: somebody is trying things out, and may do so on their own machine.
    pub trying_out: bool,
}

impl ClientMetadata {
    /// # Errors
    /// What the metadata breaks first, [`Self::validate`] among it.
    pub fn validate_as_stranger(&self, rules: &StrangerRules) -> Result<(), MetadataError> {
        self.check_sizes()?;
        self.validate()?;
        self.check_https(rules)?;
        self.check_scope(rules)
    }

    /// Anybody can write here, so that there is an end to how much; and no text has characters that are none.
    fn check_sizes(&self) -> Result<(), MetadataError> {
        let Ok(Value::Object(members)) = serde_json::to_value(self) else {
            return Err(MetadataError::Field("the metadata cannot be written down".into()));
        };
        for (name, value) in &members {
            // The key set counts its keys itself.
            let bounded = name != "jwks";
            let of = |reason: String| match name.as_str() {
                "redirect_uris" => MetadataError::RedirectUri(format!("{name}: {reason}")),
                _ => MetadataError::of(name, reason),
            };
            if has_control_characters(value) {
                return Err(of("contains control characters".to_owned()));
            }
            let longest = if name.contains("uri") { LONGEST_ADDRESS } else { LONGEST_TEXT };
            let texts: Vec<&str> = match value {
                Value::String(text) if name == "scope" => text.split(' ').collect(),
                Value::String(text) => vec![text],
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            if bounded && texts.len() > LONGEST_LIST {
                return Err(of(format!("has more than {LONGEST_LIST} entries")));
            }
            if texts.iter().any(|text| text.chars().count() > longest) {
                return Err(of(format!("is longer than {longest} characters")));
            }
            if name != "scope" && texts.iter().any(|text| text.trim().is_empty()) {
                return Err(of("is empty".to_owned()));
            }
        }
        if self.other.len() > LONGEST_LIST {
            return Err(MetadataError::Field(format!(
                "client_name: more than {LONGEST_LIST} language variants"
            )));
        }
        Ok(())
    }

    /// Nothing in the clear (OpenID Connect Registration §2), but for somebody who tries things out, on their own machine.
    fn check_https(&self, rules: &StrangerRules) -> Result<(), MetadataError> {
        let is_clear = |address: &str| {
            Url::parse(address)
                .is_ok_and(|url| url.scheme() == "http" && !(rules.trying_out && is_this_machine(&url)))
        };
        if self.application_type == ApplicationType::Web {
            if let Some(uri) = self.redirect_uris.iter().find(|uri| is_clear(uri)) {
                return Err(MetadataError::RedirectUri(format!("redirect_uris: `{uri}` is not https")));
            }
            if let Some(uri) = self.post_logout_redirect_uris.iter().find(|uri| is_clear(uri)) {
                return Err(MetadataError::of("post_logout_redirect_uris", format!("`{uri}` is not https")));
            }
        }
        // Of what our server asks, outbound decides: the operator may allow a network in the clear.
        let browsed = self.endpoints().filter(|(name, _)| *name == "initiate_login_uri");
        for (field, address) in self.pages().chain(browsed) {
            if is_clear(address) {
                return Err(MetadataError::of(field, format!("`{address}` is not https")));
            }
        }
        Ok(())
    }

    fn check_scope(&self, rules: &StrangerRules) -> Result<(), MetadataError> {
        let refused = self.scope.iter().flat_map(ScopeSet::iter).find(|value| !rules.scopes.contains(value));
        match refused {
            Some(value) => Err(MetadataError::of(
                "scope",
                format!("`{value}` is not for clients that register themselves"),
            )),
            None => Ok(()),
        }
    }

    /// Fills in what the answer has to name (RFC 7591 §3.2.1), and what the operator decides for all of them.
    #[must_use]
    pub fn completed_as_stranger(mut self, rules: &StrangerRules) -> Self {
        let has_code = self.grant_types.contains(&GrantType::AuthorizationCode);
        if self.response_types.is_none() {
            self.response_types = Some(if has_code { vec!["code".to_owned()] } else { Vec::new() });
        }
        if self.scope.is_none() && has_code {
            self.scope = Some(rules.scopes.within(&ScopeSet::identity()));
        }
        self
    }
}

fn has_control_characters(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().any(char::is_control),
        Value::Array(list) => list.iter().any(has_control_characters),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.chars().any(char::is_control) || has_control_characters(value)),
        _ => false,
    }
}
