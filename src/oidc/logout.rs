//! A relying party asks to sign the person out (OpenID Connect RP-Initiated Logout §2).

use super::error::{Failure, ProtocolError};
use super::id_token_hint::IdTokenHint;
use super::parameters::Parameters;
use super::provider::Provider;
use super::redirect::ProvenRedirect;
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
    hint: Option<IdTokenHint>,
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
        let hint = match parameters.get("id_token_hint") {
            Some(token) => Some(self.read_hint(token).ok_or(LogoutError::Invalid)?),
            None => None,
        };
        let client = self.client_of(parameters.get("client_id"), hint.as_ref()).await?;
        let redirect = match (parameters.get("post_logout_redirect_uri"), &client) {
            (None, _) => None,
            (Some(_), None) => return Err(LogoutError::UnregisteredRedirect),
            (Some(presented), Some(client)) => Some(
                ProvenRedirect::after_logout(client, presented).ok_or(LogoutError::UnregisteredRedirect)?,
            ),
        };
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
        let sid = hint.sid.as_deref().and_then(|sid| sid.parse::<ClientSessionId>().ok());
        match sid {
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
        hint: Option<&IdTokenHint>,
    ) -> Result<Option<Client>, LogoutError> {
        let audience = hint.map(|hint| hint.audience.as_slice());
        let id = match (client_id, audience) {
            (Some(id), Some(audience)) if !audience.iter().any(|one| one == id) => {
                return Err(LogoutError::Invalid);
            }
            (Some(id), _) => id,
            (None, Some(audience)) => match audience {
                [one] => one,
                _ => return Err(LogoutError::Invalid),
            },
            (None, None) => return Ok(None),
        };
        clients::find(self.database.read(), id).await?.map(Some).ok_or(LogoutError::Invalid)
    }
}
