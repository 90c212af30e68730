//! A client that registers itself (RFC 7591) and looks after its registration (RFC 7592).

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::provider::TestProvider;
use super::relying_party::RelyingParty;
use super::visitor::Answer;

/// Where strangers take people back to: https, as they must.
pub(crate) const CALLBACK: &str = "https://stranger.example/callback";

/// Metadata that is good, with changes.
pub(crate) fn metadata(changes: &Value) -> Value {
    let mut metadata = json!({"client_name": "Ogłoszenia", "redirect_uris": [CALLBACK]});
    for (name, value) in changes.as_object().unwrap() {
        metadata[name] = value.clone();
    }
    metadata
}

impl TestProvider {
    /// A provider where anybody may register a client.
    pub(crate) async fn start_open(settings: &[(&str, &str)]) -> Self {
        let open = [("registration.mode", "open"), ("registration.per_source_per_hour", "0")];
        Self::start_with(&[&open[..], settings].concat()).await
    }

    pub(crate) async fn try_to_register(&self, token: Option<&str>, metadata: &Value) -> Answer {
        registration_request(self, Method::POST, "/register", token, Some(metadata)).await
    }

    /// Registers a client, and returns what it is told.
    pub(crate) async fn register_stranger(&self, changes: &Value) -> Registrant {
        let answer = self.try_to_register(None, &metadata(changes)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        Registrant(answer.json())
    }
}

/// What a client was told when it registered.
pub(crate) struct Registrant(pub(crate) Value);

impl Registrant {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }

    pub(crate) fn id(&self) -> &str {
        self.text("client_id")
    }

    /// The client, doing what it registered for. It uses [`CALLBACK`].
    pub(crate) fn relying_party(&self, provider: &TestProvider) -> RelyingParty {
        let secret = self.0["client_secret"].as_str().map(str::to_owned);
        let method = self.text("token_endpoint_auth_method").to_owned();
        RelyingParty::new(&provider.issuer, self.id(), secret, method)
    }

    /// At its own address (RFC 7592 §2), with its own token.
    pub(crate) async fn manage(
        &self,
        provider: &TestProvider,
        method: Method,
        body: Option<&Value>,
    ) -> Answer {
        let token = self.text("registration_access_token");
        self.manage_with(provider, method, Some(token), body).await
    }

    pub(crate) async fn manage_with(
        &self,
        provider: &TestProvider,
        method: Method,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let path = self.text("registration_client_uri").strip_prefix(&provider.issuer).unwrap().to_owned();
        registration_request(provider, method, &path, token, body).await
    }
}

pub(crate) async fn registration_request(
    provider: &TestProvider,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Answer {
    let mut request = provider.request(method, path);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
    }
    Answer::to(request).await
}
