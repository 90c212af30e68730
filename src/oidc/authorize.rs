//! An authorization request comes in (OpenID Connect Core §3.1.2): proven, validated, stored. It is answered at its
//! own address ([`super::resume`]).

use super::error::{ErrorCode, Failure, ProtocolError};
use super::oxide::{self, Op};
use super::parameters::Parameters;
use super::pkce;
use super::provider::Provider;
use super::redirect::ProvenRedirect;
use crate::domain::audit::Origin;
use crate::domain::authorization::{Authorization, AuthorizationParameters, Prompt};
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
    Redirect(String),
    Failure(Failure),
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
    /// [`AuthorizeError`]: a page before the redirect URI is proven, a redirect with an error after.
    pub async fn authorize(
        &self,
        parameters: &Parameters,
        origin: &Origin,
    ) -> Result<AuthorizationId, AuthorizeError> {
        let client = self.prove_client(parameters).await?;
        let redirect = prove_redirect_uri(&client, parameters)?;
        // Sent back as it came, also with an error (RFC 6749 §4.1.2.1).
        let state = parameters.single("state").map(str::to_owned);
        let validated = async {
            refuse_faulty(parameters)?;
            refuse_oversized(parameters)?;
            refuse_unsupported(parameters)?;
            check_response_type(parameters)?;
            check_response_mode(parameters)?;
            check_grant_type(&client)?;
            let request = AuthorizationParameters {
                redirect_uri: redirect.as_str().to_owned(),
                scope: read_scope(parameters)?,
                state: state.clone(),
                nonce: parameters.get("nonce").map(str::to_owned),
                code_challenge: pkce::challenge(&client, parameters)?,
                prompt: read_prompt(parameters)?,
                max_age: read_max_age(parameters)?,
                login_hint: parameters.get("login_hint").map(str::to_owned),
                ui_locales: parameters.get("ui_locales").map(str::to_owned),
            };
            self.store(&client, request, origin).await
        };
        validated.await.map_err(|failure| match failure {
            Failure::Protocol(error) => {
                AuthorizeError::Redirect(error_redirect(self, &redirect, state.as_deref(), &error))
            }
            failure => AuthorizeError::Failure(failure),
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

/// An error at the client's proven address, with `state` and `iss` (RFC 6749 §4.1.2.1, RFC 9207 §2).
pub(super) fn error_redirect(
    provider: &Provider,
    redirect: &ProvenRedirect,
    state: Option<&str>,
    error: &ProtocolError,
) -> String {
    redirect.with(
        [("error", error.code.as_str()), ("error_description", &*error.description)]
            .into_iter()
            .chain(state.map(|state| ("state", state)))
            .chain([("iss", provider.issuer.as_str())]),
    )
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
    let stored = ["state", "nonce", "scope", "login_hint", "ui_locales", "prompt"];
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
        ("request", ErrorCode::RequestNotSupported),
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

fn check_response_mode(parameters: &Parameters) -> Result<(), ProtocolError> {
    match parameters.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(ProtocolError::invalid_request("only response_mode=query is supported")),
    }
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

/// OpenID Connect Core §3.1.2.1: `none` stands alone.
fn read_prompt(parameters: &Parameters) -> Result<Vec<Prompt>, ProtocolError> {
    let Some(text) = parameters.get("prompt") else {
        return Ok(Vec::new());
    };
    let prompts: Option<Vec<Prompt>> = text.split_ascii_whitespace().map(Prompt::from_name).collect();
    let prompts =
        prompts.ok_or_else(|| ProtocolError::invalid_request("prompt has a value that is not known"))?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(ProtocolError::invalid_request("prompt=none cannot be combined with other values"));
    }
    Ok(prompts)
}

fn read_max_age(parameters: &Parameters) -> Result<Option<u32>, ProtocolError> {
    parameters
        .get("max_age")
        .map(|text| {
            text.parse().map_err(|_| ProtocolError::invalid_request("max_age is not a number of seconds"))
        })
        .transpose()
}
