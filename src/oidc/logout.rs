//! A relying party asks to sign the person out (OpenID Connect RP-Initiated Logout §2).

use std::sync::Arc;

use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use super::error::{Failure, ProtocolError};
use super::parameters::Parameters;
use super::provider::Provider;
use super::redirect::ProvenRedirect;
use crate::crypto::signing::{SigningKey, jwt_algorithm};
use crate::domain::account::Account;
use crate::domain::client::Client;
use crate::domain::ids::ClientSessionId;
use crate::domain::session::Session;
use crate::storage::{clients, sessions};

/// A logout request, as far as it could be proven.
#[derive(Debug)]
pub struct LogoutRequest {
    pub client: Option<Client>,
    redirect: Option<ProvenRedirect>,
    state: Option<String>,
    hint: Option<Hint>,
}

#[derive(Debug)]
struct Hint {
    subject: String,
    sid: Option<ClientSessionId>,
}

/// What was wrong with it.
#[derive(Debug)]
pub enum LogoutError {
    /// Repeated parameters, a hint that is not ours, a client that is not the hint's.
    Invalid,
    /// The way back is not registered.
    UnregisteredRedirect,
    Failure(Failure),
}

impl<F: Into<Failure>> From<F> for LogoutError {
    fn from(failure: F) -> Self {
        match failure.into() {
            Failure::Protocol(_) => Self::Invalid,
            failure => Self::Failure(failure),
        }
    }
}

#[derive(Deserialize)]
struct HintClaims {
    sub: String,
    aud: Audience,
    #[serde(default)]
    sid: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl LogoutRequest {
    /// Did a client show by an ID token of ours that the request is its own? An address alone proves nothing: anybody
    /// can write a link (§3).
    pub fn is_proven(&self) -> bool {
        self.hint.is_some()
    }

    /// Where the browser goes once nobody is signed in; `None`: to a page of ours.
    pub fn way_back(&self) -> Option<String> {
        let redirect = self.redirect.as_ref()?;
        Some(redirect.with(self.state.as_deref().map(|state| ("state", state))))
    }
}

impl Provider {
    /// Reads and proves a request.
    ///
    /// # Errors
    /// [`LogoutError`]; nobody is signed out then.
    pub async fn read_logout(&self, parameters: &Parameters) -> Result<LogoutRequest, LogoutError> {
        if let Some(fault) = parameters.fault() {
            return Err(ProtocolError::faulty(fault).into());
        }
        let claims = match parameters.get("id_token_hint") {
            Some(token) => {
                let key = |kid: &str| self.keys.any_key(kid);
                Some(read_hint(token, &self.issuer, key).ok_or(LogoutError::Invalid)?)
            }
            None => None,
        };
        let client = self.client_of(parameters.get("client_id"), claims.as_ref()).await?;
        let redirect = match (parameters.get("post_logout_redirect_uri"), &client) {
            (None, _) => None,
            (Some(_), None) => return Err(LogoutError::UnregisteredRedirect),
            (Some(presented), Some(client)) => Some(
                ProvenRedirect::after_logout(client, presented).ok_or(LogoutError::UnregisteredRedirect)?,
            ),
        };
        let hint = claims
            .map(|claims| Hint { subject: claims.sub, sid: claims.sid.and_then(|sid| sid.parse().ok()) });
        Ok(LogoutRequest { client, redirect, state: parameters.get("state").map(str::to_owned), hint })
    }

    /// Does the hint show that this very session is meant? Otherwise the person is asked.
    pub async fn hint_names(
        &self,
        request: &LogoutRequest,
        session: &Session,
        account: &Account,
    ) -> Result<bool, Failure> {
        let (Some(hint), Some(client)) = (&request.hint, &request.client) else {
            return Ok(false);
        };
        let known_as = self.known_subject(self.database.read(), client, account).await?;
        if known_as.as_deref() != Some(hint.subject.as_str()) {
            return Ok(false);
        }
        match hint.sid {
            Some(sid) => {
                let named = sessions::session_of_sid(self.database.read(), &client.id, sid).await?;
                Ok(named == Some(session.id))
            }
            None => Ok(true),
        }
    }

    /// §2: the client of the hint; where both are given they must agree.
    async fn client_of(
        &self,
        client_id: Option<&str>,
        hint: Option<&HintClaims>,
    ) -> Result<Option<Client>, LogoutError> {
        let from_hint = hint.map(|hint| match &hint.aud {
            Audience::One(one) => vec![one.clone()],
            Audience::Many(many) => many.clone(),
        });
        let id = match (client_id, &from_hint) {
            (Some(id), Some(audience)) if !audience.iter().any(|one| one == id) => {
                return Err(LogoutError::Invalid);
            }
            (Some(id), _) => id,
            (None, Some(audience)) => match audience.as_slice() {
                [one] => one,
                _ => return Err(LogoutError::Invalid),
            },
            (None, None) => return Ok(None),
        };
        clients::find(self.database.read(), id).await?.map(Some).ok_or(LogoutError::Invalid)
    }
}

/// An ID token of ours, however old (§2: expired hints are accepted).
fn read_hint(
    token: &str,
    issuer: &str,
    any_key: impl FnOnce(&str) -> Option<Arc<SigningKey>>,
) -> Option<HintClaims> {
    let header = decode_header(token).ok()?;
    // An access token is signed with the same keys and is no hint.
    if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("jwt")) {
        return None;
    }
    let key = any_key(header.kid.as_deref()?)?;
    let mut validation = Validation::new(jwt_algorithm(key.algorithm()));
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[issuer]);
    Some(decode::<HintClaims>(token, key.decoding_key(), &validation).ok()?.claims)
}

/// For the fuzz targets: is it a hint, if this key is every key?
#[cfg(feature = "fuzzing")]
pub(crate) fn is_hint(token: &str, issuer: &str, key: &Arc<SigningKey>) -> bool {
    read_hint(token, issuer, |_| Some(Arc::clone(key))).is_some()
}
