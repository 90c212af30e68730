//! How a client proves itself at the token endpoint (RFC 6749 §2.3, OpenID Connect Core §9).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::json;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::visitor::Answer;

const SECRET: &str = "p:%+&=/?\"~-0123456789";

struct Attempt<'a> {
    header: Option<String>,
    fields: Vec<(&'a str, &'a str)>,
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// As RFC 6749 §2.3.1 wants it: each half form-encoded first.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn send(provider: &TestProvider, attempt: Attempt<'_>) -> Answer {
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend(attempt.fields);
    let mut request = provider.request(Method::POST, "/token").form(&fields);
    if let Some(header) = attempt.header {
        request = request.header("authorization", header);
    }
    Answer::to(request).await
}

async fn provider_with_services() -> TestProvider {
    let provider = TestProvider::start().await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let metadata = json!({
            "grant_types": ["client_credentials"], "token_endpoint_auth_method": method, "scope": "read"
        });
        provider.server.register_client_json(method, Some(SECRET), metadata).await.unwrap();
    }
    let metadata = json!({
        "redirect_uris": ["http://rp.example.test/callback"], "token_endpoint_auth_method": "none"
    });
    provider.server.register_client_json("none", None, metadata).await.unwrap();
    provider
}

#[tokio::test]
async fn core_9_each_client_authenticates_by_the_method_it_is_registered_with() {
    let provider = provider_with_services().await;
    for header in [
        basic("client_secret_basic", &encoded(SECRET)),
        basic("client_secret_basic", &encoded(SECRET)).replace("Basic ", "basic "),
        basic("client%5Fsecret%5Fbasic", &encoded(SECRET)),
        // Many clients do not encode; read as it came, it can be nobody else's.
        basic("client_secret_basic", SECRET),
    ] {
        let answer = send(&provider, Attempt { header: Some(header), fields: vec![] }).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    // The id in the body as well is no second method.
    let header = Some(basic("client_secret_basic", &encoded(SECRET)));
    let answer =
        send(&provider, Attempt { header, fields: vec![("client_id", "client_secret_basic")] }).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let fields = vec![("client_id", "client_secret_post"), ("client_secret", SECRET)];
    let answer = send(&provider, Attempt { header: None, fields }).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // A public client is who it says; what it may do is another question.
    let answer = send(&provider, Attempt { header: None, fields: vec![("client_id", "none")] }).await;
    expect::token_error(&answer, 400, "unauthorized_client");
}

#[tokio::test]
async fn rfc_6749_5_2_a_client_that_does_not_prove_itself_is_an_invalid_client() {
    let provider = provider_with_services().await;
    let id = "client_secret_basic";
    for header in [
        basic(id, "wrong-secret-0123456789"),
        basic(id, ""),
        basic("unknown", &encoded(SECRET)),
        basic("", &encoded(SECRET)),
        basic("a%00b", &encoded(SECRET)),
        // Registered for another method.
        basic("client_secret_post", &encoded(SECRET)),
        basic("none", ""),
        basic("none", "anything-0123456789"),
        format!("Basic {}", BASE64_STANDARD.encode("no colon")),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic not!base64".to_owned(),
        format!("Basic {}", BASE64_STANDARD.encode([0xff, b':', 0xfe])),
        "Bearer abc".to_owned(),
        format!("Digest username=\"{id}\""),
    ] {
        let answer = send(&provider, Attempt { header: Some(header.clone()), fields: vec![] }).await;
        expect::token_error(&answer, 401, "invalid_client");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Basic realm="), "{header}: {challenge}");
    }
    for fields in [
        vec![],
        vec![("client_id", "")],
        vec![("client_secret", SECRET)],
        vec![("client_id", "unknown"), ("client_secret", SECRET)],
        vec![("client_id", "client_secret_post")],
        vec![("client_id", "client_secret_post"), ("client_secret", "")],
        vec![("client_id", "client_secret_post"), ("client_secret", "wrong-secret-0123456789")],
        vec![("client_id", id), ("client_secret", SECRET)],
        vec![("client_id", id)],
        vec![("client_id", "none"), ("client_secret", "anything-0123456789")],
    ] {
        let answer = send(&provider, Attempt { header: None, fields: fields.clone() }).await;
        assert_eq!(answer.status, 401, "{fields:?}: {}", answer.body);
        expect::token_error(&answer, 401, "invalid_client");
    }
}

#[tokio::test]
async fn rfc_6749_2_3_two_methods_at_once_are_an_invalid_request() {
    let provider = provider_with_services().await;
    let header = || Some(basic("client_secret_basic", &encoded(SECRET)));
    for fields in [
        vec![("client_id", "client_secret_basic"), ("client_secret", SECRET)],
        vec![("client_secret", SECRET)],
        vec![("client_id", "client_secret_post")],
    ] {
        let answer = send(&provider, Attempt { header: header(), fields }).await;
        expect::token_error(&answer, 400, "invalid_request");
    }
    let fields = vec![
        ("client_id", "client_secret_post"),
        ("client_id", "client_secret_post"),
        ("client_secret", SECRET),
    ];
    let answer = send(&provider, Attempt { header: None, fields }).await;
    expect::token_error(&answer, 400, "invalid_request");
}

/// The credentials are the request's, never the address's (RFC 6749 §2.3.1).
#[tokio::test]
async fn credentials_in_the_query_count_for_nothing() {
    let provider = provider_with_services().await;
    let address = format!("/token?client_id=client_secret_post&client_secret={}", encoded(SECRET));
    let request = provider.request(Method::POST, &address).form(&[("grant_type", "client_credentials")]);
    expect::token_error(&Answer::to(request).await, 401, "invalid_client");
}

/// Two ids that one reading makes one: the standard's reading goes first, and the other is nobody's back door.
#[tokio::test]
async fn rfc_6749_2_3_1_an_id_is_read_form_encoded_first() {
    let provider = TestProvider::start().await;
    let secrets = ["first-secret-0123456789", "other-secret-0123456789"];
    for (id, secret) in ["a+b", "ab", "a%62"].into_iter().zip([secrets[0], secrets[0], secrets[1]]) {
        let metadata = json!({"grant_types": ["client_credentials"], "scope": "read"});
        provider.server.register_client_json(id, Some(secret), metadata).await.unwrap();
    }
    for (id, secret, status) in [
        ("a%2Bb", secrets[0], 200),
        ("a+b", secrets[0], 200),
        ("ab", secrets[0], 200),
        ("a%62", secrets[0], 200),
        ("a%62", secrets[1], 401),
        ("a%2562", secrets[1], 200),
    ] {
        let answer = send(&provider, Attempt { header: Some(basic(id, secret)), fields: vec![] }).await;
        assert_eq!(answer.status, status, "{id}: {}", answer.body);
    }
}
