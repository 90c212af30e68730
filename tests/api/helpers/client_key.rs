//! A client's private key, and what it signs with it.

use std::sync::Arc;

use iok_id::crypto::signing::SigningKey;
use iok_id::domain::clock::{Clock as _, SettableClock};
use iok_id::domain::secret::{BearerSecret, SystemEntropy};
use iok_id::domain::token::SigningAlgorithm;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::provider::TestProvider;

/// RFC 7523 §2.2.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[derive(Clone)]
pub(crate) struct ClientKey {
    key: Arc<SigningKey>,
    pkcs8: Arc<[u8]>,
    clock: SettableClock,
}

impl ClientKey {
    pub(crate) fn new(provider: &TestProvider) -> Self {
        Self::of(provider, SigningAlgorithm::ES256)
    }

    pub(crate) fn of(provider: &TestProvider, algorithm: SigningAlgorithm) -> Self {
        let pkcs8 = SigningKey::generate(algorithm).unwrap();
        let key = Arc::new(SigningKey::parse(algorithm, &pkcs8).unwrap());
        Self { key, pkcs8: pkcs8.as_slice().into(), clock: provider.clock.clone() }
    }

    pub(crate) fn public(&self) -> &Value {
        self.key.public_jwk()
    }

    pub(crate) fn jwks(&self) -> Value {
        json!({"keys": [self.public()]})
    }

    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> String {
        self.key.sign_jwt(typ, claims).unwrap()
    }

    /// The same without `kid`, for ES256.
    pub(crate) fn sign_without_kid(&self, claims: &Value) -> String {
        let key = EncodingKey::from_ec_der(&self.pkcs8);
        jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, &key).unwrap()
    }

    /// The claims of a good assertion; `changes` replace, add, or (null) leave out members.
    pub(crate) fn claims(&self, client_id: &str, audience: &str, changes: &Value) -> Value {
        let now = self.clock.now().timestamp();
        let mut claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": now,
            "exp": now + 60,
            "jti": BearerSecret::generate(&SystemEntropy).expose(),
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    /// A good assertion.
    pub(crate) fn assertion(&self, client_id: &str, audience: &str) -> String {
        self.assertion_with(client_id, audience, &json!({}))
    }

    pub(crate) fn assertion_with(&self, client_id: &str, audience: &str, changes: &Value) -> String {
        self.sign("JWT", &self.claims(client_id, audience, changes))
    }
}
