//! An authorization request comes in (OpenID Connect Core §3.1.2): proven, validated, stored. It is answered at its
//! own address ([`super::resume`]).

mod claims;
mod prompt;
mod request_object;
mod response;

#[cfg(feature = "fuzzing")]
pub(crate) use self::request_object::read_all as read_request_object;
pub(super) use self::response::ReturnAddress;
pub use self::response::{AuthorizationResponse, Delivery};
use super::error::{ErrorCode, Failure, ProtocolError};
use super::oxide::{self, Op};
use super::parameters::Parameters;
use super::pkce;
use super::provider::Provider;
use super::redirect::ProvenRedirect;
use super::{offline_access, resource};
use crate::domain::audit::Origin;
use crate::domain::authorization::{Authorization, AuthorizationParameters, ResponseMode};
use crate::domain::client::{Client, GrantType};
use crate::domain::ids::AuthorizationId;
use crate::domain::scope::ScopeSet;
use crate::storage::{authorizations, clients};

/// Longer values are nobody's honest state, nonce or hint, and would be stored.
const LONGEST_VALUE: usize = 2048;

/// Why a request was not stored.
#[derive(Debug)]
pub enum AuthorizeError {
    /// Nothing is proven: the person gets a page, and no redirect.
    Unproven(Unproven),
    /// The client gets an error at its proven address.
    Answered(Box<Refused>),
    Failure(Failure),
}

/// An error that a client is told.
#[derive(Debug)]
pub struct Refused {
    pub client: Client,
    pub response: AuthorizationResponse,
}

/// What could not be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// `client_id` is missing, repeated or nobody's.
    Client,
    /// `redirect_uri` is missing, repeated or not registered.
    RedirectUri,
}

impl<F: Into<Failure>> From<F> for AuthorizeError {
    fn from(failure: F) -> Self {
        Self::Failure(failure.into())
    }
}

impl Provider {
    /// Takes a request in. The steps, in order; each names what it enforces.
    ///
    /// # Errors
    /// [`AuthorizeError`]: a page before the redirect URI is proven, an answer to the client after.
    pub async fn authorize(
        &self,
        sent: &Parameters,
        origin: &Origin,
    ) -> Result<AuthorizationId, AuthorizeError> {
        let client = self.prove_client(sent).await?;
        let (parameters, opened) = match self.open_request_object(&client, sent).await {
            Ok(parameters) => (parameters, Ok(())),
            // Told at the address outside, if that can be proven.
            Err(Failure::Protocol(error)) => (sent.clone(), Err(error)),
            Err(failure) => return Err(AuthorizeError::Failure(failure)),
        };
        let redirect = match (prove_redirect_uri(&client, &parameters), &opened) {
            (Ok(redirect), _) => redirect,
            (Err(_), Err(error)) => return Err(AuthorizeError::Failure(error.clone().into())),
            (Err(unproven), Ok(())) => return Err(unproven),
        };
        let validated = async {
            opened?;
            let request = self.validate(&client, &redirect, &parameters)?;
            self.store(&client, request, origin).await
        };
        validated.await.map_err(|failure| match failure {
            Failure::Protocol(error) => {
                let address = ReturnAddress {
                    issuer: &self.issuer,
                    redirect: &redirect,
                    mode: response::read_mode(&parameters).unwrap_or_default(),
                    state: parameters.single("state"),
                };
                let response = address.error(&error);
                AuthorizeError::Answered(Box::new(Refused { client, response }))
            }
            failure => AuthorizeError::Failure(failure),
        })
    }

    fn validate(
        &self,
        client: &Client,
        redirect: &ProvenRedirect,
        parameters: &Parameters,
    ) -> Result<AuthorizationParameters, ProtocolError> {
        refuse_faulty(parameters)?;
        refuse_oversized(parameters)?;
        refuse_unsupported(parameters)?;
        check_response_type(parameters)?;
        let response_mode = read_response_mode(parameters)?;
        check_grant_type(client)?;
        prompt::check_display(parameters)?;
        let prompt = prompt::read_prompt(parameters)?;
        let scope = offline_access::unless_unasked(read_scope(parameters)?, client, &prompt);
        let claims = claims::read_claims(parameters, &scope)?;
        let hinted = self.hinted_subject(client, parameters)?;
        let text = |name| parameters.get(name).map(str::to_owned);
        Ok(AuthorizationParameters {
            redirect_uri: redirect.as_str().to_owned(),
            scope,
            resource: resource::asked(self, client, parameters)?,
            state: text("state"),
            nonce: text("nonce"),
            code_challenge: pkce::challenge(client, parameters)?,
            prompt,
            max_age: prompt::read_max_age(parameters)?,
            login_hint: text("login_hint"),
            ui_locales: text("ui_locales"),
            response_mode,
            acr: claims::read_acr(parameters, &claims, client),
            expected_subject: claims::expected_subject(hinted, &claims)?,
            claims: claims.within(&client.allowed_scope()),
        })
    }

    /// The person that `id_token_hint` shows: a token that was issued to this very client.
    fn hinted_subject(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<Option<String>, ProtocolError> {
        let Some(token) = parameters.get("id_token_hint") else {
            return Ok(None);
        };
        let of_client = self.read_hint(token).filter(|hint| hint.audience.contains(&client.id));
        of_client.map(|hint| Some(hint.subject)).ok_or_else(|| {
            ProtocolError::invalid_request("id_token_hint is no ID token that this client got here")
        })
    }

    async fn prove_client(&self, parameters: &Parameters) -> Result<Client, AuthorizeError> {
        let unproven = AuthorizeError::Unproven(Unproven::Client);
        let Some(client_id) = parameters.single("client_id") else {
            return Err(unproven);
        };
        clients::find(self.database.read(), client_id).await?.ok_or(unproven)
    }

    /// oxide-auth's machine has the last word, then the request is written down.
    async fn store(
        &self,
        client: &Client,
        parameters: AuthorizationParameters,
        origin: &Origin,
    ) -> Result<AuthorizationId, Failure> {
        let transaction = self.database.begin().await?;
        let mut op = Op::new(self, &transaction, client, origin);
        let scope = oxide::negotiate(&mut op, client, &parameters).await?;
        let now = self.ambient.now();
        let authorization = Authorization {
            id: self.ambient.new_id(),
            client_id: client.id.clone(),
            parameters: AuthorizationParameters { scope, ..parameters },
            visit: None,
            created_at: now,
            expires_at: now + self.lifetimes.authorization,
            consented_by: None,
            ended_at: None,
            grant: None,
        };
        authorizations::insert(&transaction, &authorization).await?;
        transaction.commit().await?;
        Ok(authorization.id)
    }
}

/// RFC 6749 §3.1.2.3, by exact comparison (RFC 9700 §2.1).
fn prove_redirect_uri(client: &Client, parameters: &Parameters) -> Result<ProvenRedirect, AuthorizeError> {
    parameters
        .single("redirect_uri")
        .and_then(|presented| ProvenRedirect::of_client(client, presented))
        .ok_or(AuthorizeError::Unproven(Unproven::RedirectUri))
}

/// RFC 6749 §3.1: parameters must not be included more than once.
fn refuse_faulty(parameters: &Parameters) -> Result<(), ProtocolError> {
    parameters.fault().map_or(Ok(()), |fault| Err(ProtocolError::faulty(fault)))
}

fn refuse_oversized(parameters: &Parameters) -> Result<(), ProtocolError> {
    let stored =
        ["state", "nonce", "scope", "login_hint", "ui_locales", "prompt", "acr_values", "claims_locales"];
    match stored
        .into_iter()
        .find(|name| parameters.get(name).is_some_and(|value| value.len() > LONGEST_VALUE))
    {
        Some(name) => {
            Err(ProtocolError::invalid_request(format!("{name} is longer than {LONGEST_VALUE} bytes")))
        }
        None => Ok(()),
    }
}

/// OpenID Connect Core §3.1.2.6: what is not supported has error codes of its own.
fn refuse_unsupported(parameters: &Parameters) -> Result<(), ProtocolError> {
    for (name, code) in [
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ] {
        if parameters.get(name).is_some() {
            return Err(ProtocolError::new(code, format!("the parameter {name} is not supported")));
        }
    }
    Ok(())
}

/// Only the code flow: implicit and hybrid put tokens into addresses (RFC 9700 §2.1.2).
fn check_response_type(parameters: &Parameters) -> Result<(), ProtocolError> {
    match parameters.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(ProtocolError::new(
            ErrorCode::UnsupportedResponseType,
            "only response_type=code is supported",
        )),
        None => Err(ProtocolError::invalid_request("response_type is missing")),
    }
}

fn read_response_mode(parameters: &Parameters) -> Result<ResponseMode, ProtocolError> {
    response::read_mode(parameters)
        .ok_or_else(|| ProtocolError::invalid_request("response_mode has a value that is not known"))
}

fn check_grant_type(client: &Client) -> Result<(), ProtocolError> {
    if client.may_use(GrantType::AuthorizationCode) {
        Ok(())
    } else {
        Err(ProtocolError::new(ErrorCode::UnauthorizedClient, "this client may not use authorization_code"))
    }
}

fn read_scope(parameters: &Parameters) -> Result<ScopeSet, ProtocolError> {
    let invalid = |description| ProtocolError::new(ErrorCode::InvalidScope, description);
    let scope = parameters.get("scope").ok_or_else(|| invalid("scope is missing"))?;
    ScopeSet::parse(scope)
        .map_err(|_| invalid("scope contains a character that RFC 6749 section 3.3 does not allow"))
}
