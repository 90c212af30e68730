//! `/register` (RFC 7591) and `/register/{client_id}` (RFC 7592), where anybody may register: what is refused, by which code.

use iok_id::views::ErrorKind;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Answered, Request, Row, bearer, error, page, row, run};
use crate::helpers::client_key::ClientKey;
use crate::helpers::provider::TestProvider;
use crate::helpers::registrant::{CALLBACK, metadata};

fn json_body(request: Request, body: impl Into<Vec<u8>>) -> Request {
    request.header("content-type", "application/json").body(body)
}

fn register(body: impl Into<Vec<u8>>) -> Request {
    json_body(Request::of(Method::POST, "/register"), body)
}

#[tokio::test]
async fn rfc_7591_3_2_2_metadata_that_cannot_work_is_refused_by_its_exact_code() {
    let provider = TestProvider::start_open(&[]).await;
    let key = ClientKey::new(&provider);
    let private = json!({"kty": "EC", "crv": "P-256", "x": "a", "y": "b", "d": "c"});
    let long = "x".repeat(3_000);
    let (field, redirect) = ("invalid_client_metadata", "invalid_redirect_uri");
    let mut rows: Vec<Row> = [
        (json!({"redirect_uris": null}), redirect),
        (json!({"redirect_uris": []}), redirect),
        (json!({"redirect_uris": CALLBACK}), redirect),
        (json!({"redirect_uris": [7]}), redirect),
        (json!({"redirect_uris": [""]}), redirect),
        (json!({"redirect_uris": ["/callback"]}), redirect),
        (json!({"redirect_uris": ["http://stranger.example/cb"]}), redirect),
        (json!({"redirect_uris": ["https://stranger.example/cb#x"]}), redirect),
        (json!({"redirect_uris": ["https://a:b@stranger.example/cb"]}), redirect),
        (json!({"redirect_uris": ["https://stranger.example/c b"]}), redirect),
        (json!({"redirect_uris": ["https://stränger.example/cb"]}), redirect),
        (json!({"redirect_uris": ["https://stranger.example/\u{0}"]}), redirect),
        (json!({"redirect_uris": ["javascript:alert(1)"]}), redirect),
        (json!({"redirect_uris": ["data:text/html,x"]}), redirect),
        (json!({"redirect_uris": ["file:///etc/passwd"]}), redirect),
        (json!({"redirect_uris": ["https://"]}), redirect),
        (json!({"redirect_uris": ["com.example.app:/cb"]}), redirect),
        (json!({"redirect_uris": ["app:/cb"], "application_type": "native"}), redirect),
        (json!({"redirect_uris": ["http://rp.example/cb"], "application_type": "native"}), redirect),
        (json!({"redirect_uris": [format!("https://stranger.example/{long}")]}), redirect),
        (json!({"redirect_uris": vec![CALLBACK; 21]}), redirect),
        (json!({"post_logout_redirect_uris": ["http://stranger.example/"]}), field),
        (json!({"post_logout_redirect_uris": "https://stranger.example/"}), field),
        (json!({"post_logout_redirect_uris": ["javascript:alert(1)"]}), field),
        (json!({"grant_types": []}), field),
        (json!({"grant_types": ["implicit"]}), field),
        (json!({"grant_types": ["password"]}), field),
        (json!({"grant_types": ["refresh_token"]}), field),
        (json!({"grant_types": "authorization_code"}), field),
        (json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}), field),
        (json!({"response_types": ["token"]}), field),
        (json!({"response_types": ["code id_token"]}), field),
        (json!({"response_types": []}), field),
        (json!({"grant_types": ["client_credentials"], "response_types": ["code"]}), field),
        (json!({"application_type": "desktop"}), field),
        (json!({"token_endpoint_auth_method": "client_secret_jwt"}), field),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), field),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), field),
        (json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []}}), field),
        (json!({"token_endpoint_auth_signing_alg": "HS256"}), field),
        (json!({"id_token_signed_response_alg": "none"}), field),
        (json!({"id_token_signed_response_alg": "HS256"}), field),
        (json!({"userinfo_signed_response_alg": "HS512"}), field),
        (json!({"request_object_signing_alg": "none"}), field),
        (json!({"id_token_encrypted_response_alg": "RSA-OAEP"}), field),
        (json!({"dpop_bound_access_tokens": true}), field),
        (json!({"jwks": {"keys": [private]}}), field),
        (json!({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}), field),
        (json!({"jwks": {"keys": [{"crv": "P-256"}]}}), field),
        (json!({"jwks": {"keys": vec![key.public(); 33]}}), field),
        (json!({"jwks": {}}), field),
        (json!({"jwks": [key.public()]}), field),
        (json!({"jwks": [[key.public()]]}), field),
        (json!({"jwks": key.jwks(), "jwks_uri": "https://stranger.example/jwks"}), field),
        (json!({"jwks_uri": "http://169.254.169.254/latest/meta-data/"}), field),
        (json!({"jwks_uri": "https://127.0.0.1/jwks"}), field),
        (json!({"jwks_uri": "https://[::1]/jwks"}), field),
        (json!({"jwks_uri": "file:///etc/passwd"}), field),
        (json!({"jwks_uri": "gopher://stranger.example/"}), field),
        (json!({"sector_identifier_uri": "https://10.0.0.1/sector"}), field),
        (json!({"backchannel_logout_uri": "https://192.168.0.1/logout"}), field),
        (json!({"backchannel_logout_uri": "https://stranger.example/logout#x"}), field),
        (json!({"subject_type": "pseudonymous"}), field),
        (json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://b.example/"]}), field),
        (json!({"scope": "openid iok"}), field),
        (json!({"scope": "openid \"x\""}), field),
        (json!({"scope": ["openid"]}), field),
        (json!({"default_max_age": -1}), field),
        (json!({"default_max_age": "60"}), field),
        (json!({"require_auth_time": "yes"}), field),
        (json!({"default_acr_values": "phr"}), field),
        (json!({"contacts": "a@b.example"}), field),
        (json!({"client_name": 7}), field),
        (json!({"client_name": ""}), field),
        (json!({"client_name": " \t"}), field),
        (json!({"client_name": long}), field),
        (json!({"client_name": "a\u{0}b"}), field),
        (json!({"client_name": "line\nbreak"}), field),
        (json!({"client_name#pl": 7}), field),
        (json!({"client_name#": "x"}), field),
        (json!({"client_name#<script>": "x"}), field),
        (json!({"client_uri": "stranger.example"}), field),
        (json!({"logo_uri": "data:image/svg+xml,x"}), field),
        (json!({"logo_uri": "http://stranger.example/logo.png"}), field),
        (json!({"policy_uri": "javascript:alert(1)"}), field),
        (json!({"tos_uri#pl": "javascript:alert(1)"}), field),
        (json!({"initiate_login_uri": "http://stranger.example/login"}), field),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (changes, code))| {
        let shown: String = changes.to_string().chars().take(100).collect();
        row(format!("{number}: {shown}"), register(metadata(&changes).to_string()), error(400, code))
    })
    .collect();
    let deep = format!("{{\"client_name\": {}", "[".repeat(5_000));
    rows.extend([
        row("nothing", register(""), error(400, field)),
        row("no object", register("[]"), error(400, field)),
        row("null", register("null"), error(400, field)),
        row("cut short", register("{\"redirect_uris\": ["), error(400, field)),
        row("more behind it", register(format!("{} {{}}", metadata(&json!({})))), error(400, field)),
        row("too deep", register(deep), error(400, field)),
        row("not text", register([b'{', 0xff, b'}']), error(400, field)),
        row("half a character", register(r#"{"client_name": "\ud800"}"#), error(400, field)),
        row(
            "a member twice",
            register(format!(r#"{{"redirect_uris": ["{CALLBACK}"], "redirect_uris": ["{CALLBACK}"]}}"#)),
            error(400, field),
        ),
        row("a form", Request::form("/register", &[("redirect_uris", CALLBACK)]), error(415, field)),
        row("too large", register(format!("{{\"x\": \"{}\"}}", "x".repeat(3_000_000))), error(413, field)),
        row(
            "another scheme",
            register(metadata(&json!({})).to_string()).header("authorization", "Basic eDp5"),
            bearer(400, "invalid_request"),
        ),
        row("by GET", Request::get("/register"), error(405, "invalid_request")),
        row("by PUT", Request::of(Method::PUT, "/register"), error(405, "invalid_request")),
    ]);
    run(&provider, &provider.visitor(), &rows).await;
}

#[tokio::test]
async fn rfc_7592_2_nobody_but_the_client_itself_reads_or_changes_its_registration() {
    let provider = TestProvider::start_open(&[]).await;
    provider.relying_party("billing", json!({})).await;
    let (client, other) =
        (provider.register_stranger(&json!({})).await, provider.register_stranger(&json!({})).await);
    let own = format!("/register/{}", client.id());
    let token = client.text("registration_access_token");
    let others = other.text("registration_access_token");
    let unknown = bearer(401, "invalid_token");
    let good = json!({"client_id": client.id(), "redirect_uris": [CALLBACK]});

    let mut rows: Vec<Row> = Vec::new();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = |path: &str| {
            let request = Request::of(method.clone(), path);
            if method == Method::PUT { json_body(request, good.to_string()) } else { request }
        };
        for (name, request, answer) in [
            ("no token", request(&own), Answered::NoToken),
            ("a guess", request(&own).bearer("guessed"), unknown.clone()),
            ("another client's token", request(&own).bearer(others), unknown.clone()),
            ("its secret", request(&own).bearer(client.text("client_secret")), unknown.clone()),
            ("another client", request(&format!("/register/{}", other.id())).bearer(token), unknown.clone()),
            ("a client of the operator", request("/register/billing").bearer(token), unknown.clone()),
            ("nobody", request("/register/nobody").bearer(token), unknown.clone()),
            ("NUL", request("/register/%00").bearer(token), unknown.clone()),
            (
                "a longer id",
                request(&format!("/register/{}", "x".repeat(1_000))).bearer(token),
                unknown.clone(),
            ),
            (
                "another scheme",
                request(&own).header("authorization", "Basic eDp5"),
                bearer(400, "invalid_request"),
            ),
            ("two headers", request(&own).bearer(token).bearer(others), bearer(400, "invalid_request")),
        ] {
            rows.push(row(format!("{method} with {name}"), request, answer));
        }
    }
    let field = error(400, "invalid_client_metadata");
    let put = |body: Value| json_body(Request::of(Method::PUT, &*own), body.to_string()).bearer(token);
    for changes in [
        json!({"client_id": null}),
        json!({"client_id": other.id()}),
        json!({"client_id": 7}),
        json!({"client_secret": "of-my-own-choosing-0123456789"}),
        json!({"client_secret": ["x"]}),
        json!({"registration_access_token": token}),
        json!({"registration_client_uri": "https://evil.test/"}),
        json!({"client_id_issued_at": 0}),
        json!({"client_secret_expires_at": 0}),
        json!({"grant_types": ["implicit"]}),
        json!({"jwks_uri": "http://127.0.0.1/"}),
        json!({"scope": "openid iok"}),
    ] {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        rows.push(row(changes.to_string(), put(body), field.clone()));
    }
    rows.extend([
        row(
            "an update without addresses",
            put(json!({"client_id": client.id()})),
            error(400, "invalid_redirect_uri"),
        ),
        row("an update that is no object", put(json!([good])), field.clone()),
        row(
            "an update that is a form",
            Request::of(Method::PUT, &*own)
                .header("content-type", "application/x-www-form-urlencoded")
                .bearer(token)
                .body("client_id=x"),
            error(415, "invalid_client_metadata"),
        ),
        row("by POST", json_body(Request::of(Method::POST, &*own), "{}"), error(405, "invalid_request")),
        row("by PATCH", Request::of(Method::PATCH, &*own).bearer(token), error(405, "invalid_request")),
        row("with more behind it", Request::get(format!("{own}/x")).bearer(token), page(ErrorKind::NotFound)),
    ]);
    run(&provider, &provider.visitor(), &rows).await;
    let read = client.manage(&provider, Method::GET, None).await;
    assert_eq!(read.status, 200, "it is still there: {}", read.body);
    let same = ["redirect_uris", "client_id", "scope", "grant_types", "client_name"];
    assert!(same.iter().all(|name| read.json()[name] == client.0[name]), "as it was: {}", read.body);
}
