//! The provider, seen from a client: discovery, the authorization request, the code's redemption, sign-out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::TimeDelta;
use jsonwebtoken::jwk::JwkSet;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LanguageTag, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope, TokenResponse, UserInfoError, reqwest,
};
use url::Url;

use super::address::Address;
use super::language::Language;
use super::logout_token::{self, Ended, Unbelieved};
use super::party::RelyingParty;
use super::person::{Person, UserInfo};
use super::session::{Farewell, PendingSignIn};
use crate::demo::service::Service;
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;

/// After this the provider's metadata and keys are asked for again.
const DISCOVERY_IS_GOOD_FOR: TimeDelta = TimeDelta::minutes(10);
/// Anybody can send a logout token with a key of their own: they do not make us ask the provider each time.
const KEYS_ARE_FRESH_FOR: TimeDelta = TimeDelta::seconds(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in did not come about. Each carries a private cause, for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderFault {
    /// Gone, busy or broken: it may be better in a moment.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// It answered, and says no: the code is used up or too old.
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// It answered, and the answer does not verify. Nobody is signed in on such a word.
    #[error("the provider's answer does not verify: {0}")]
    Unverified(String),
}

struct Discovered {
    client: Client,
    end_session_endpoint: Option<EndSessionUrl>,
    /// For logout tokens, which `client` cannot verify.
    keys: JwkSet,
    since: Moment,
}

pub(super) struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    service: Service,
    port: u16,
    http: reqwest::Client,
    remembered: RwLock<Option<Arc<Discovered>>>,
    ambient: Ambient,
}

impl Provider {
    pub(super) fn new(relying_party: &RelyingParty, ambient: Ambient) -> anyhow::Result<Self> {
        crate::outbound::provide_cryptography();
        let http = reqwest::ClientBuilder::new()
            // Following a redirect would send the client's secret wherever the answer says.
            .redirect(reqwest::redirect::Policy::none())
            // The provider is on this machine: a proxy from the environment could not reach it.
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .build()?;
        Ok(Self {
            issuer: IssuerUrl::new(relying_party.issuer.clone())?,
            client_id: ClientId::new(relying_party.client_id.clone()),
            client_secret: ClientSecret::new(relying_party.client_secret.clone()),
            service: relying_party.service,
            port: relying_party.port,
            http,
            remembered: RwLock::default(),
            ambient,
        })
    }

    /// RFC 9207 §2.4: compared byte by byte. A client of one provider that always sends it need not accept its absence.
    pub(super) fn is_issuer(&self, iss: Option<&str>) -> bool {
        iss == Some(self.issuer.as_str())
    }

    pub(super) fn origin(&self) -> String {
        self.issuer.url().origin().ascii_serialization()
    }

    /// The authorization request (OpenID Connect Core §3.1.2.1) with PKCE (RFC 7636 §4.3), and what has to be
    /// remembered until the answer. `mark` goes before the random part of the state.
    pub(super) async fn authorization_request(
        &self,
        address: Address,
        language: Language,
        mark: &str,
    ) -> Result<(Url, PendingSignIn), ProviderFault> {
        let discovered = self.discovered().await?;
        let state = format!("{mark}{}", self.ambient.new_secret().expose());
        let nonce = self.ambient.new_secret().expose().to_owned();
        let redirect_uri = self.redirect_uri(address)?;
        let (pkce_challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = discovered
            .client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.service.scopes().iter().map(|scope| Scope::new((*scope).to_owned())))
            .add_ui_locale(LanguageTag::new(language.locale.tag().to_owned()))
            .set_pkce_challenge(pkce_challenge)
            .set_redirect_uri(Cow::Owned(redirect_uri))
            .url();
        let pending = PendingSignIn { state, nonce, pkce_verifier, address, language: language.choice() };
        Ok((url, pending))
    }

    /// Turns the code into a person: token request, ID token, userinfo. Nothing is believed before it verifies.
    pub(super) async fn redeem(&self, code: String, pending: PendingSignIn) -> Result<Person, ProviderFault> {
        let redeemed = self.try_redeem(code, pending).await;
        if matches!(redeemed, Err(ProviderFault::Unreachable(_) | ProviderFault::Unverified(_))) {
            // It may have come back as something else: ask afresh next time.
            *self.remembered.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
        redeemed
    }

    /// Where to end the session at the provider (OpenID Connect RP-Initiated Logout 1.0 §2).
    pub(super) async fn logout_url(
        &self,
        farewell: &Farewell,
        address: Address,
        language: Language,
    ) -> Result<Url, ProviderFault> {
        let discovered = self.discovered().await?;
        let endpoint = discovered
            .end_session_endpoint
            .clone()
            .ok_or_else(|| ProviderFault::Unverified("it names no end_session_endpoint".to_owned()))?;
        let afterwards =
            PostLogoutRedirectUrl::new(address.post_logout_redirect_uri(self.port)).map_err(unverified)?;
        Ok(LogoutRequest::from(endpoint)
            .set_id_token_hint(&farewell.id_token)
            .set_client_id(self.client_id.clone())
            .set_post_logout_redirect_uri(afterwards)
            .set_state(farewell.state.clone())
            .add_ui_locale(LanguageTag::new(language.locale.tag().to_owned()))
            .http_get_url())
    }

    /// What a logout token says is over (OpenID Connect Back-Channel Logout 1.0 §2.6).
    pub(super) async fn ended_by(&self, logout_token: &str) -> Result<Ended, ProviderFault> {
        let discovered = self.discovered().await?;
        let believe = |discovered: &Discovered| {
            let (issuer, client_id) = (self.issuer.as_str(), self.client_id.as_str());
            logout_token::believe(logout_token, &discovered.keys, issuer, client_id, self.ambient.now())
        };
        match believe(&discovered) {
            Err(Unbelieved::UnknownKey) if discovered.since + KEYS_ARE_FRESH_FOR < self.ambient.now() => {
                believe(&*self.discover().await?).map_err(unverified)
            }
            judged => judged.map_err(unverified),
        }
    }

    async fn try_redeem(&self, code: String, pending: PendingSignIn) -> Result<Person, ProviderFault> {
        let discovered = self.discovered().await?;
        let redirect_uri = self.redirect_uri(pending.address)?;
        let tokens = discovered
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unverified)?
            .set_pkce_verifier(pending.pkce_verifier)
            .set_redirect_uri(Cow::Owned(redirect_uri))
            .request_async(&self.http)
            .await
            .map_err(|error| token_fault(&error))?;
        let id_token = tokens
            .id_token()
            .ok_or_else(|| ProviderFault::Unverified("there is no ID token in the answer".to_owned()))?;
        let (discovered, claims) = self.verified(discovered, id_token, &pending.nonce).await?;
        verify_access_token(&discovered.client, id_token, &claims, tokens.access_token())?;
        let user_info: UserInfo = discovered
            .client
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .map_err(unverified)?
            .request_async(&self.http)
            .await
            .map_err(user_info_fault)?;
        Ok(Person::new(&user_info, id_token.clone()))
    }

    /// OpenID Connect Core §3.1.3.7. A token by a key that we have not seen may mean that the provider has changed
    /// keys since we asked: then, once, with its present keys (§10.1.1).
    async fn verified(
        &self,
        discovered: Arc<Discovered>,
        id_token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<(Arc<Discovered>, CoreIdTokenClaims), ProviderFault> {
        let claims = id_token.claims(&verifier(&discovered.client), nonce).cloned();
        match claims {
            Ok(claims) => Ok((discovered, claims)),
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let afresh = self.discover().await?;
                let claims =
                    id_token.claims(&verifier(&afresh.client), nonce).cloned().map_err(unverified)?;
                Ok((afresh, claims))
            }
            Err(error) => Err(unverified(error)),
        }
    }

    async fn discovered(&self) -> Result<Arc<Discovered>, ProviderFault> {
        let still_good = self.ambient.now() - DISCOVERY_IS_GOOD_FOR;
        let remembered = self
            .remembered
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .filter(|remembered| remembered.since > still_good)
            .map(Arc::clone);
        match remembered {
            Some(discovered) => Ok(discovered),
            None => self.discover().await,
        }
    }

    /// OpenID Connect Discovery 1.0 §4, and the keys behind it. Two at once are harmless: the later one is remembered.
    async fn discover(&self) -> Result<Arc<Discovered>, ProviderFault> {
        let metadata = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(discovery_fault)?;
        let end_session_endpoint = metadata.additional_metadata().end_session_endpoint.clone();
        let keys =
            serde_json::to_value(metadata.jwks()).and_then(serde_json::from_value).map_err(unverified)?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            self.client_id.clone(),
            Some(self.client_secret.clone()),
        );
        let since = self.ambient.now();
        let discovered = Arc::new(Discovered { client, end_session_endpoint, keys, since });
        *self.remembered.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&discovered));
        Ok(discovered)
    }

    fn redirect_uri(&self, address: Address) -> Result<RedirectUrl, ProviderFault> {
        RedirectUrl::new(address.redirect_uri(self.port)).map_err(unverified)
    }
}

/// ES256 only, as registered: a token under another algorithm is not from this provider, however well it verifies.
fn verifier(client: &Client) -> CoreIdTokenVerifier<'_> {
    client.id_token_verifier().set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
}

/// The ID token and the access token belong together (OpenID Connect Core §3.1.3.8).
fn verify_access_token(
    client: &Client,
    id_token: &CoreIdToken,
    claims: &CoreIdTokenClaims,
    access_token: &AccessToken,
) -> Result<(), ProviderFault> {
    let Some(expected) = claims.access_token_hash() else {
        return Ok(());
    };
    let algorithm = id_token.signing_alg().map_err(unverified)?;
    let verifier = verifier(client);
    let key = id_token.signing_key(&verifier).map_err(unverified)?;
    let actual = AccessTokenHash::from_token(access_token, algorithm, key).map_err(unverified)?;
    if actual == *expected {
        Ok(())
    } else {
        Err(ProviderFault::Unverified("at_hash is of another access token".to_owned()))
    }
}

fn unverified(error: impl std::error::Error) -> ProviderFault {
    ProviderFault::Unverified(with_causes(&error))
}

fn discovery_fault<E: std::error::Error + 'static>(error: DiscoveryError<E>) -> ProviderFault {
    match error {
        DiscoveryError::Validation(_) => unverified(error),
        // Whatever answers there is not, or not yet, the provider.
        _ => ProviderFault::Unreachable(with_causes(&error)),
    }
}

fn token_fault<E, T>(error: &RequestTokenError<E, T>) -> ProviderFault
where
    E: std::error::Error + 'static,
    T: openidconnect::ErrorResponse + 'static,
{
    match error {
        RequestTokenError::ServerResponse(_) => ProviderFault::Refused(with_causes(error)),
        _ => ProviderFault::Unreachable(with_causes(error)),
    }
}

fn user_info_fault<E: std::error::Error + 'static>(error: UserInfoError<E>) -> ProviderFault {
    match error {
        UserInfoError::ClaimsVerification(_) | UserInfoError::Parse(_) => unverified(error),
        UserInfoError::Response(status, ..) if status.is_client_error() => {
            ProviderFault::Refused(with_causes(&error))
        }
        _ => ProviderFault::Unreachable(with_causes(&error)),
    }
}

/// An error and what is behind it, on one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string does not fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
