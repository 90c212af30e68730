//! A relying party made of plain requests, so that tests can send what no library would.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use sha2::{Digest as _, Sha256};

use super::client_key::{ClientKey, JWT_BEARER};
use super::people::Person;
use super::visitor::{Answer, Visitor};

/// 43 characters, as RFC 7636 §4.1 wants at least.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[derive(Clone)]
pub(crate) struct RelyingParty {
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) issuer: String,
    method: String,
    key: Option<ClientKey>,
    /// Whom its assertions are for, wherever it sends them.
    audience: String,
    http: reqwest::Client,
}

impl RelyingParty {
    pub(crate) const REDIRECT_URI: &str = "http://rp.example.test/callback";
    pub(crate) const SIGNED_OUT_URI: &str = "http://rp.example.test/signed-out?from=provider";

    pub(crate) fn new(issuer: &str, client_id: &str, client_secret: Option<String>, method: String) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret,
            issuer: issuer.to_owned(),
            method,
            key: None,
            audience: issuer.to_owned(),
            http: reqwest::Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    /// With a key that it proves itself with.
    pub(crate) fn signing_with(self, key: ClientKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same relying party, with a way of its own to the provider.
    pub(crate) fn through(self, client: reqwest::ClientBuilder) -> Self {
        Self { http: client.redirect(Policy::none()).build().unwrap(), ..self }
    }

    /// Whose assertions are for this audience.
    pub(crate) fn addressing(self, audience: &str) -> Self {
        Self { audience: audience.to_owned(), ..self }
    }

    /// The same relying party, talking to another address of its provider.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self { issuer: address.to_owned(), ..self.clone() }
    }

    /// A good authorization request; `changes` replace, add, or (empty value) leave out parameters.
    pub(crate) fn authorization(&self, changes: &[(&str, &str)]) -> String {
        format!("/authorize?{}", encode(&self.authorization_parameters(changes)))
    }

    pub(crate) fn authorization_parameters(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut parameters: Vec<(String, String)> = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", Self::REDIRECT_URI),
            ("scope", "openid"),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        for (name, value) in changes {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        parameters
    }

    /// Signs a person in for this client and returns the code.
    pub(crate) async fn code(&self, browser: &Visitor, person: &Person, changes: &[(&str, &str)]) -> String {
        let page = browser.open(&self.authorization(changes)).await;
        let answer = if page.status.is_redirection() {
            page
        } else {
            let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
            browser.follow(answer).await
        };
        answer.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", answer.location(), answer.body))
    }

    /// Posts to the token endpoint, authenticated as registered.
    pub(crate) async fn token(&self, parameters: &[(&str, &str)]) -> Answer {
        Answer::to(self.authenticated("/token", parameters)).await
    }

    /// A POST to one of the endpoints for clients, authenticated as registered.
    pub(crate) fn authenticated(&self, path: &str, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let mut parameters: Vec<(String, String)> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut request = self
            .http
            .post(format!("{}{path}", self.issuer))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        match (self.method.as_str(), &self.client_secret) {
            ("client_secret_basic", Some(secret)) => {
                request = request.basic_auth(&self.client_id, Some(secret));
            }
            ("private_key_jwt", _) => {
                let key = self.key.as_ref().expect("a key");
                let assertion = key.assertion(&self.client_id, &self.audience);
                parameters.push(("client_assertion_type".to_owned(), JWT_BEARER.to_owned()));
                parameters.push(("client_assertion".to_owned(), assertion));
            }
            (_, secret) => {
                parameters.push(("client_id".to_owned(), self.client_id.clone()));
                if let Some(secret) = secret {
                    parameters.push(("client_secret".to_owned(), secret.clone()));
                }
            }
        }
        request.body(encode(&parameters))
    }

    pub(crate) async fn introspect(&self, token: &str) -> Answer {
        Answer::to(self.authenticated("/introspect", &[("token", token)])).await
    }

    pub(crate) async fn revoke(&self, token: &str) -> Answer {
        Answer::to(self.authenticated("/revoke", &[("token", token)])).await
    }

    /// Redeems a code as it should be.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.redeem_with(code, &[]).await
    }

    /// The same with `changes`, which replace, add, or (empty value) leave out parameters.
    pub(crate) async fn redeem_with(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", Self::REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changes {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        self.token(&parameters).await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Signs in, redeems, and returns the token response.
    pub(crate) async fn tokens(
        &self,
        browser: &Visitor,
        person: &Person,
        changes: &[(&str, &str)],
    ) -> serde_json::Value {
        let code = self.code(browser, person, changes).await;
        let answer = self.redeem(&code).await;
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
        answer.json()
    }

    pub(crate) async fn userinfo(&self, access_token: &str) -> Answer {
        let request = self.http.get(format!("{}/userinfo", self.issuer)).bearer_auth(access_token);
        Answer::of(request.send().await.unwrap()).await
    }
}

pub(crate) fn encode(parameters: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The claims of a JWT, unverified: for looking at.
pub(crate) fn claims(jwt: &str) -> serde_json::Value {
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// The header of a JWT.
pub(crate) fn header(jwt: &str) -> serde_json::Value {
    let header = jwt.split('.').next().unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}
