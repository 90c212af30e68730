//! Every member of the metadata is looked at (RFC 7591 §2 and §3.2.2, OpenID Connect Registration §2): what is accepted,
//! and what is refused, by its name and with the right code.

use serde_json::{Value, json};

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::registrant::{CALLBACK, metadata};

const RSA: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

fn key(more: &Value) -> Value {
    let mut key = json!({"kty": "RSA", "kid": "1", "n": RSA, "e": "AQAB"});
    for (name, value) in more.as_object().unwrap() {
        key[name] = value.clone();
    }
    json!({"keys": [key]})
}

/// Changes to good metadata, the code they are refused with, and what the description names.
#[allow(clippy::too_many_lines, reason = "a table: one row a fault")]
fn bad() -> Vec<(Value, &'static str, &'static str)> {
    const URI: &str = "invalid_redirect_uri";
    const FIELD: &str = "invalid_client_metadata";
    let long = format!("https://stranger.example/{}", "x".repeat(2048));
    let many: Vec<String> = (0..21).map(|number| format!("https://stranger.example/{number}")).collect();
    let redirect = |uri: &str| json!({"redirect_uris": [uri]});
    let native = |uri: &str| json!({"application_type": "native", "redirect_uris": [uri]});
    vec![
        // Redirect URIs.
        (json!({"redirect_uris": null}), URI, "redirect_uris"),
        (json!({"redirect_uris": []}), URI, "redirect_uris"),
        (json!({"redirect_uris": CALLBACK}), URI, "redirect_uris"),
        (json!({"redirect_uris": {"0": CALLBACK}}), URI, "redirect_uris"),
        (json!({"redirect_uris": [7]}), URI, "redirect_uris"),
        (json!({"redirect_uris": [null]}), URI, "redirect_uris"),
        (redirect(""), URI, "redirect_uris"),
        (redirect("/callback"), URI, "absolute"),
        (redirect("https://stranger.example/#"), URI, "fragment"),
        (redirect("https://stranger.example/callback#here"), URI, "fragment"),
        (redirect("https://a:b@stranger.example/"), URI, "credentials"),
        (redirect("https:///callback"), URI, "redirect_uris"),
        (redirect("https://stranger.example/ a"), URI, "spaces"),
        (redirect("https://stranger.example/ż"), URI, "ASCII"),
        (redirect("https://stranger.example/\r\nLocation: x"), URI, "control"),
        (redirect("https://stranger.example/\0"), URI, "control"),
        (redirect("http://stranger.example/callback"), URI, "https"),
        (redirect("http://127.0.0.1.stranger.example/callback"), URI, "https"),
        (redirect("javascript:alert(1)"), URI, "redirect_uris"),
        (redirect("data:text/html,x"), URI, "redirect_uris"),
        (redirect("com.example.app:/callback"), URI, "redirect_uris"),
        (redirect(&long), URI, "longer"),
        (json!({"redirect_uris": many}), URI, "entries"),
        (json!({"redirect_uris": [CALLBACK, "https://stranger.example/#x"]}), URI, "fragment"),
        (native("http://stranger.example/callback"), URI, "loopback"),
        (native("http://localhost/callback"), URI, "loopback"),
        (native("app:/callback"), URI, "period"),
        (native("javascript:alert(1)"), URI, "redirect_uris"),
        (json!({"post_logout_redirect_uris": ["nowhere"]}), FIELD, "post_logout_redirect_uris"),
        (json!({"post_logout_redirect_uris": ["https://s.example/#x"]}), FIELD, "post_logout_redirect_uris"),
        (json!({"post_logout_redirect_uris": ["http://s.example/"]}), FIELD, "post_logout_redirect_uris"),
        // Grants and responses.
        (json!({"grant_types": []}), FIELD, "grant_types"),
        (json!({"grant_types": "authorization_code"}), FIELD, "grant_types"),
        (json!({"grant_types": ["password"]}), FIELD, "grant_types"),
        (json!({"grant_types": ["implicit"]}), FIELD, "grant_types"),
        (json!({"grant_types": ["refresh_token"]}), FIELD, "grant_types"),
        (
            json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}),
            FIELD,
            "grant_types",
        ),
        (json!({"response_types": ["token"]}), FIELD, "response_types"),
        (json!({"response_types": ["code", "code id_token"]}), FIELD, "response_types"),
        (json!({"response_types": []}), FIELD, "response_types"),
        (json!({"response_types": "code"}), FIELD, "response_types"),
        (json!({"response_types": ["code"], "grant_types": ["client_credentials"]}), FIELD, "response_types"),
        (json!({"application_type": "desktop"}), FIELD, "application_type"),
        // Proof and keys.
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), FIELD, "token_endpoint_auth_method"),
        (json!({"token_endpoint_auth_method": "client_secret_jwt"}), FIELD, "token_endpoint_auth_method"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), FIELD, "private_key_jwt"),
        (json!({"token_endpoint_auth_method": true}), FIELD, "token_endpoint_auth_method"),
        (json!({"token_endpoint_auth_signing_alg": "none"}), FIELD, "token_endpoint_auth_signing_alg"),
        (json!({"token_endpoint_auth_signing_alg": "HS256"}), FIELD, "token_endpoint_auth_signing_alg"),
        (json!({"jwks": key(&json!({"d": "c2VjcmV0"}))}), FIELD, "private material"),
        (json!({"jwks": key(&json!({"p": "c2VjcmV0"}))}), FIELD, "private material"),
        (json!({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}), FIELD, "private material"),
        (json!({"jwks": {"keys": [{"kid": "1"}]}}), FIELD, "jwks"),
        (json!({"jwks": {"keys": "none"}}), FIELD, "jwks"),
        (json!({"jwks": []}), FIELD, "jwks"),
        (json!({"jwks": {}}), FIELD, "jwks"),
        (json!({"jwks": key(&json!({})), "jwks_uri": "https://stranger.example/jwks"}), FIELD, "jwks"),
        (json!({"jwks_uri": "http://stranger.example/jwks"}), FIELD, "jwks_uri"),
        (json!({"jwks_uri": "https://127.0.0.1/jwks"}), FIELD, "jwks_uri"),
        (json!({"jwks_uri": "https://169.254.169.254/latest"}), FIELD, "jwks_uri"),
        (json!({"jwks_uri": "file:///etc/passwd"}), FIELD, "jwks_uri"),
        (json!({"jwks_uri": ["https://stranger.example/jwks"]}), FIELD, "jwks_uri"),
        // Algorithms; encryption is not there at all.
        (json!({"id_token_signed_response_alg": "none"}), FIELD, "id_token_signed_response_alg"),
        (json!({"id_token_signed_response_alg": "HS256"}), FIELD, "id_token_signed_response_alg"),
        (json!({"userinfo_signed_response_alg": "none"}), FIELD, "userinfo_signed_response_alg"),
        (json!({"request_object_signing_alg": "none"}), FIELD, "request_object_signing_alg"),
        (json!({"id_token_encrypted_response_alg": "RSA-OAEP"}), FIELD, "id_token_encrypted_response_alg"),
        (json!({"id_token_encrypted_response_enc": "A128GCM"}), FIELD, "id_token_encrypted_response_enc"),
        (json!({"userinfo_encrypted_response_alg": "RSA-OAEP"}), FIELD, "userinfo_encrypted_response_alg"),
        (json!({"request_object_encryption_alg": "RSA-OAEP"}), FIELD, "request_object_encryption_alg"),
        (json!({"dpop_bound_access_tokens": true}), FIELD, "dpop_bound_access_tokens"),
        (json!({"tls_client_certificate_bound_access_tokens": true}), FIELD, "bound_access_tokens"),
        // People's names and sectors.
        (json!({"subject_type": "private"}), FIELD, "subject_type"),
        (json!({"sector_identifier_uri": "http://stranger.example/s.json"}), FIELD, "sector_identifier_uri"),
        (json!({"sector_identifier_uri": "https://10.0.0.1/s.json"}), FIELD, "sector_identifier_uri"),
        (
            json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://other.example/"]}),
            FIELD,
            "sector_identifier_uri",
        ),
        (
            json!({
                "subject_type": "pairwise", "application_type": "native",
                "redirect_uris": ["com.example.app:/callback"],
            }),
            FIELD,
            "sector_identifier_uri",
        ),
        // Sign-in.
        (json!({"default_max_age": -1}), FIELD, "default_max_age"),
        (json!({"default_max_age": "300"}), FIELD, "default_max_age"),
        (json!({"default_max_age": 1.5}), FIELD, "default_max_age"),
        (json!({"require_auth_time": "yes"}), FIELD, "require_auth_time"),
        (json!({"default_acr_values": "urn:iok-id:acr:2"}), FIELD, "default_acr_values"),
        (json!({"default_acr_values": ["x".repeat(300)]}), FIELD, "default_acr_values"),
        (json!({"initiate_login_uri": "http://stranger.example/login"}), FIELD, "initiate_login_uri"),
        (json!({"initiate_login_uri": "com.example.app:/login"}), FIELD, "initiate_login_uri"),
        (
            json!({"backchannel_logout_uri": "http://stranger.example/logout"}),
            FIELD,
            "backchannel_logout_uri",
        ),
        (
            json!({"backchannel_logout_uri": "https://stranger.example/logout#x"}),
            FIELD,
            "backchannel_logout_uri",
        ),
        (json!({"backchannel_logout_uri": "https://[::1]/logout"}), FIELD, "backchannel_logout_uri"),
        (json!({"backchannel_logout_session_required": "no"}), FIELD, "backchannel_logout_session_required"),
        // What people see.
        (json!({"client_name": 7}), FIELD, "client_name"),
        (json!({"client_name": ""}), FIELD, "client_name"),
        (json!({"client_name": "   "}), FIELD, "client_name"),
        (json!({"client_name": "x".repeat(201)}), FIELD, "client_name"),
        (json!({"client_name": "MPGL\u{0}"}), FIELD, "client_name"),
        (json!({"client_name#pl": 7}), FIELD, "client_name#pl"),
        (json!({"client_name#": "x"}), FIELD, "client_name#"),
        (json!({"client_name#p l": "x"}), FIELD, "client_name#p l"),
        (json!({"client_uri": "javascript:alert(1)"}), FIELD, "client_uri"),
        (json!({"client_uri#en": "javascript:alert(1)"}), FIELD, "client_uri#en"),
        (json!({"logo_uri": "data:image/svg+xml,x"}), FIELD, "logo_uri"),
        (json!({"logo_uri": "http://stranger.example/logo.png"}), FIELD, "logo_uri"),
        (json!({"policy_uri": "ftp://stranger.example/"}), FIELD, "policy_uri"),
        (json!({"tos_uri": "/terms"}), FIELD, "tos_uri"),
        (json!({"tos_uri": format!("https://stranger.example/{}", "x".repeat(2048))}), FIELD, "tos_uri"),
        (json!({"contacts": "admin@stranger.example"}), FIELD, "contacts"),
        (json!({"contacts": [7]}), FIELD, "contacts"),
        (json!({"contacts": ["x".repeat(300)]}), FIELD, "contacts"),
        (json!({"contacts": vec!["a@b.example"; 21]}), FIELD, "contacts"),
        (json!({"scope": "openid \"quoted\""}), FIELD, "scope"),
        (json!({"scope": ["openid"]}), FIELD, "scope"),
        (json!({"scope": "openid office"}), FIELD, "scope"),
        (json!({"software_id": 4}), FIELD, "software_id"),
        (json!({"software_version": "x".repeat(201)}), FIELD, "software_version"),
    ]
}

#[tokio::test]
async fn rfc_7591_3_2_2_bad_metadata_is_refused_with_its_code_and_its_name() {
    let provider = TestProvider::start_open(&[]).await;
    let rows = bad();
    assert!(rows.len() >= 100, "{}", rows.len());
    for (changes, code, named) in rows {
        let answer = provider.try_to_register(None, &metadata(&changes)).await;
        assert_eq!(answer.status, 400, "{changes}: {}", answer.body);
        expect::token_error(&answer, 400, code);
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.contains(named), "{changes} is refused without {named}: {description}");
    }
    assert_eq!(records::rows(&provider, "client", "1 = 1").await, 0);
}

#[tokio::test]
async fn registration_2_good_metadata_is_registered_as_it_was_sent() {
    let provider = TestProvider::start_open(&[]).await;
    let page = |path: &str| format!("https://stranger.example/{path}");
    for changes in [
        json!({"redirect_uris": [CALLBACK, "https://stranger.example/cb?x=%7e", "https://other.example:8443/"]}),
        // The issuer of this test is on http itself: somebody tries things out on their own machine.
        json!({"redirect_uris": ["http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:1/cb"]}),
        json!({
            "application_type": "native", "token_endpoint_auth_method": "none",
            "redirect_uris": ["com.example.app:/callback", "http://127.0.0.1/cb", "https://stranger.example/app"],
        }),
        json!({"grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"]}),
        json!({"token_endpoint_auth_method": "client_secret_post"}),
        json!({"jwks": key(&json!({"use": "sig", "alg": "RS256"})), "request_object_signing_alg": "RS256"}),
        json!({"jwks_uri": "https://stranger.example/jwks"}),
        json!({"id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "RS256"}),
        json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://stranger.example/other"]}),
        json!({"default_max_age": 300, "require_auth_time": true, "default_acr_values": ["urn:iok-id:acr:2"]}),
        json!({"initiate_login_uri": page("login?from=iok"), "post_logout_redirect_uris": [page("out?x=1")]}),
        json!({"backchannel_logout_uri": page("logout"), "backchannel_logout_session_required": true}),
        json!({"client_name": "Any", "client_name#pl": "Ogłoszenia", "client_name#en-GB": "Notices"}),
        json!({"client_uri": page(""), "logo_uri": page("l.png"), "policy_uri#pl": page("p"), "tos_uri": page("t")}),
        json!({"contacts": ["admin@stranger.example"], "software_id": "app", "software_version": "2.1"}),
        json!({"scope": "openid email"}),
    ] {
        let client = provider.register_stranger(&changes).await;
        for (name, value) in changes.as_object().unwrap() {
            assert_eq!(client.0[name], *value, "{name}");
        }
    }
}

#[tokio::test]
async fn a_client_for_client_credentials_alone_needs_no_redirect_uri() {
    let provider = TestProvider::start_open(&[]).await;
    let service = provider
        .register_stranger(&json!({"grant_types": ["client_credentials"], "redirect_uris": null}))
        .await;
    assert_eq!(service.0["response_types"], json!([]));
    assert_eq!(service.0["redirect_uris"], json!([]));
    assert_eq!(service.0.get("scope"), None);
    let token = service.relying_party(&provider).token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(token.status, 200, "{}", token.body);
}

/// OpenID Connect Registration §2: nothing in the clear, not even at home, where the issuer is on https.
#[tokio::test]
async fn behind_an_issuer_on_https_everything_is_https() {
    let provider = TestProvider::start_open(&[("server.issuer", "https://id.example")]).await;
    for redirect_uri in ["http://localhost:3000/cb", "http://127.0.0.1/cb"] {
        let answer =
            provider.try_to_register(None, &metadata(&json!({"redirect_uris": [redirect_uri]}))).await;
        expect::token_error(&answer, 400, "invalid_redirect_uri");
    }
    let native = json!({
        "application_type": "native", "token_endpoint_auth_method": "none", "redirect_uris": ["http://127.0.0.1/cb"]
    });
    assert_eq!(provider.try_to_register(None, &metadata(&native)).await.status, 201);
}
