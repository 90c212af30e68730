//! Request objects by value (OpenID Connect Core §6.1, RFC 9101).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use iok_id::crypto::signing::SigningKey;
use iok_id::domain::token::SigningAlgorithm;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::visitor::{Answer, Visitor};

/// A client with a key of its own, and somebody who is signed in.
struct Stage {
    provider: TestProvider,
    party: RelyingParty,
    key: SigningKey,
    person: Person,
    browser: Visitor,
}

impl Stage {
    async fn set(algorithm: SigningAlgorithm, metadata: Value) -> Self {
        let provider = TestProvider::start().await;
        let person = provider.active_person("halina.wrona").await;
        let key = key(algorithm);
        let mut whole = json!({"jwks": {"keys": [key.public_jwk()]}});
        whole.as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        let party = provider.relying_party("signing", whole).await;
        let browser = provider.visitor();
        browser.sign_in(&person).await;
        Self { provider, party, key, person, browser }
    }

    /// What a good client says about itself, and these.
    fn object(&self, more: &Value) -> Value {
        let mut object = json!({
            "iss": "signing", "aud": self.provider.issuer, "client_id": "signing", "response_type": "code",
            "iat": self.provider.now(), "exp": self.provider.now() + 60,
        });
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    }

    fn sign(&self, object: &Value) -> String {
        self.key.sign_jwt("oauth-authz-req+jwt", object).unwrap()
    }

    async fn open(&self, request: &str, changes: &[(&str, &str)]) -> Answer {
        self.browser.open(&self.party.authorization(&[changes, &[("request", request)]].concat())).await
    }

    #[track_caller]
    fn refused(&self, answer: &Answer, error: &str) {
        let to = RelyingParty::REDIRECT_URI;
        expect::redirect_error(answer, to, error, Some("state-1"), &self.provider.issuer);
    }
}

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    SigningKey::parse(algorithm, &SigningKey::generate(algorithm).unwrap()).unwrap()
}

#[tokio::test]
async fn core_6_1_what_is_signed_counts_instead_of_what_is_outside() {
    for algorithm in SigningAlgorithm::ALL {
        let registered = json!({"request_object_signing_alg": algorithm.as_str()});
        let stage = Stage::set(algorithm, registered).await;
        let object = stage.object(&json!({
            "redirect_uri": RelyingParty::REDIRECT_URI, "state": "signed-state", "nonce": "signed-nonce",
            "scope": "openid email", "max_age": 600, "claims": {"id_token": {"given_name": null}},
        }));
        let outside = [("redirect_uri", "https://evil.example/"), ("nonce", "n"), ("max_age", "0")];
        for by_post in [false, true] {
            let signed = stage.sign(&object);
            let changes = [&outside[..], &[("request", &*signed)]].concat();
            let answer = if by_post {
                let fields = stage.party.authorization_parameters(&changes);
                let sent = stage.browser.post("/authorize", &fields).await;
                stage.browser.follow(sent).await
            } else {
                stage.browser.open(&stage.party.authorization(&changes)).await
            };
            assert!(answer.location().starts_with(RelyingParty::REDIRECT_URI), "{}", answer.location());
            assert_eq!(answer.parameter("state").as_deref(), Some("signed-state"));
            let tokens = stage.party.redeem(&answer.parameter("code").unwrap()).await.json();
            assert_eq!(tokens["scope"], "openid email");
            let id_token = claims(tokens["id_token"].as_str().unwrap());
            assert_eq!(id_token["nonce"], "signed-nonce", "{algorithm:?}");
            assert_eq!(id_token["given_name"], "Halina");
        }
    }
}

#[tokio::test]
async fn core_6_1_what_is_only_outside_counts_too_and_few_claims_are_enough() {
    let stage = Stage::set(SigningAlgorithm::ES256, json!({})).await;
    for object in [
        json!({}),
        json!({"state": "state-1"}),
        json!({"iss": "signing", "aud": [stage.provider.issuer, "x"]}),
    ] {
        for typ in ["JWT", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt"] {
            let answer = stage.open(&stage.key.sign_jwt(typ, &object).unwrap(), &[]).await;
            assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
            assert!(answer.parameter("code").is_some(), "{object}: {}", answer.location());
        }
    }
}

#[tokio::test]
async fn rfc_9101_6_what_the_client_did_not_sign_is_refused() {
    let stage = Stage::set(SigningAlgorithm::ES256, json!({})).await;
    let good = stage.object(&json!({}));
    let signed = stage.sign(&good);
    let public = stage.key.public_jwk().to_string();
    let five_parts = format!("{signed}.x.y");
    for wrong in [
        "x",
        "a.b.c",
        &jose::forge(&json!({"alg": "none"}), &good, None),
        &jose::forge(&json!({"alg": "HS256", "kid": stage.key.kid()}), &good, Some(public.as_bytes())),
        &jose::tampered(&signed, "scope", "openid iok".into()),
        &key(SigningAlgorithm::ES256).sign_jwt("JWT", &good).unwrap(),
        &key(SigningAlgorithm::RS256).sign_jwt("JWT", &good).unwrap(),
        &format!("{}.{}.x", signed.split('.').next().unwrap(), BASE64_URL_SAFE_NO_PAD.encode("[]")),
        &five_parts,
        &signed[..signed.len() - 4],
    ] {
        stage.refused(&stage.open(wrong, &[]).await, "invalid_request_object");
    }
    let fresh = stage.provider.relying_party("without-keys", json!({})).await;
    let answer = stage.browser.open(&fresh.authorization(&[("request", &signed)])).await;
    stage.refused(&answer, "invalid_request_object");
}

#[tokio::test]
async fn rfc_9101_6_2_the_registered_algorithm_is_the_only_one() {
    let (registered, other) = (key(SigningAlgorithm::PS256), key(SigningAlgorithm::ES256));
    let provider = TestProvider::start().await;
    let metadata = json!({
        "jwks": {"keys": [registered.public_jwk(), other.public_jwk()]}, "request_object_signing_alg": "PS256",
    });
    let party = provider.relying_party("signing", metadata).await;
    let browser = provider.visitor();
    let sent = async |key: &SigningKey| {
        browser.get(&party.authorization(&[("request", &key.sign_jwt("JWT", &json!({})).unwrap())])).await
    };
    assert_eq!(sent(&other).await.parameter("error").as_deref(), Some("invalid_request_object"));
    assert!(sent(&registered).await.location().starts_with("/authorize/"));
}

#[tokio::test]
async fn rfc_9101_4_a_request_object_is_from_this_client_for_us_and_for_now() {
    let stage = Stage::set(SigningAlgorithm::EdDsa, json!({})).await;
    let now = stage.provider.now();
    for more in [
        json!({"iss": "somebody"}),
        json!({"iss": ["signing"]}),
        json!({"aud": "https://elsewhere.example"}),
        json!({"aud": []}),
        json!({"sub": "signing"}),
        json!({"exp": now - 61}),
        json!({"exp": "soon"}),
        json!({"nbf": now + 61}),
        json!({"client_id": "somebody"}),
        json!({"response_type": "token"}),
        json!({"request": "x.y.z"}),
        json!({"request_uri": "https://rp.example.test/request"}),
        json!({"scope": [7]}),
    ] {
        let answer = stage.open(&stage.sign(&stage.object(&more)), &[]).await;
        assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request_object"), "{more}");
    }
    for typ in ["at+jwt", "logout+jwt", "secevent+jwt"] {
        let token = stage.key.sign_jwt(typ, &stage.object(&json!({}))).unwrap();
        stage.refused(&stage.open(&token, &[]).await, "invalid_request_object");
    }
    // What is wrong with a parameter inside is wrong as it would be outside.
    for (more, error) in [
        (json!({"prompt": "none login"}), "invalid_request"),
        (json!({"scope": ["openid", "email"]}), "invalid_request"),
        (json!({"registration": {}}), "registration_not_supported"),
        (json!({"max_age": -1}), "invalid_request"),
        (json!({"response_mode": "query.jwt"}), "invalid_request"),
    ] {
        let answer = stage.open(&stage.sign(&stage.object(&more)), &[]).await;
        stage.refused(&answer, error);
    }
    let fraction: Value = serde_json::from_str(&format!("{}.5", now + 30)).unwrap();
    let within_skew = stage.object(&json!({"exp": now - 30, "nbf": fraction}));
    assert!(stage.open(&stage.sign(&within_skew), &[]).await.parameter("code").is_some());
}

/// The address inside counts; if neither can be proven, nobody is sent anywhere.
#[tokio::test]
async fn core_6_1_an_address_is_proven_wherever_it_comes_from() {
    let stage = Stage::set(SigningAlgorithm::ES256, json!({})).await;
    let evil = stage.sign(&stage.object(&json!({"redirect_uri": "https://evil.example/"})));
    expect::error_page(&stage.open(&evil, &[]).await, 400);
    for nowhere in [[("redirect_uri", "https://evil.example/")], [("redirect_uri", "")]] {
        expect::error_page(&stage.open("not signed", &nowhere).await, 400);
    }
    let form_post = stage.sign(&stage.object(&json!({"response_mode": "form_post", "prompt": "none"})));
    let page = stage.open(&form_post, &[("response_mode", "query")]).await;
    assert!(form::has(&page.body, "form#answer"), "the mode inside counts: {}", page.status);
}

#[tokio::test]
async fn core_6_2_request_objects_by_reference_are_not_supported_and_never_fetched() {
    let stage = Stage::set(SigningAlgorithm::ES256, json!({})).await;
    let signed = stage.sign(&stage.object(&json!({})));
    let by_reference = [("request_uri", "http://169.254.169.254/request")];
    let answer = stage.browser.get(&stage.party.authorization(&by_reference)).await;
    stage.refused(&answer, "request_uri_not_supported");
    stage.refused(&stage.open(&signed, &by_reference).await, "request_uri_not_supported");
    let twice = [
        stage.party.authorization_parameters(&[("request", &signed)]),
        vec![("request".into(), signed.clone())],
    ];
    let request = stage.provider.request(Method::POST, "/authorize").form(&twice.concat());
    stage.refused(&Answer::to(request).await, "invalid_request");
}

/// A request that is signed still needs its person.
#[tokio::test]
async fn a_signed_request_signs_nobody_in() {
    let stage = Stage::set(SigningAlgorithm::ES256, json!({})).await;
    let signed = stage.sign(&stage.object(&json!({"login_hint": "halina.wrona"})));
    let visitor = stage.provider.visitor();
    let page = visitor.open(&stage.party.authorization(&[("request", &signed)])).await;
    assert_eq!(form::attribute(&page.body, "#login", "value").as_deref(), Some("halina.wrona"));
    let answer = visitor.sign_in_at(&page, &stage.person.login, &stage.person.password).await;
    assert!(visitor.follow(answer).await.parameter("code").is_some());
}
