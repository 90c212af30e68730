//! `/authorize`: by GET and by POST, from a browser in which somebody is signed in, so that a code is one mistake away.

use iok_id::views::ErrorKind;
use serde_json::json;

use super::{Answered, In, Request, Row, page, row, run, to_client};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, encode};

type Parameters = Vec<(String, String)>;

/// One row for each way to send it.
fn both(name: &str, parameters: &Parameters, answer: &Answered) -> [Row; 2] {
    let query = encode(parameters);
    [
        row(format!("GET {name}"), Request::get(format!("/authorize?{query}")), answer.clone()),
        row(format!("POST {name}"), Request::post("/authorize", query), answer.clone()),
    ]
}

/// A good request, with one parameter changed or left out.
fn changed(party: &RelyingParty, rows: &[(&str, &str, &str)], answer: impl Fn(&str) -> Answered) -> Vec<Row> {
    let parameters = |name: &str, value: &str| {
        // What it comes with does not matter then.
        party.authorization_parameters(&[(name, value)])
    };
    rows.iter()
        .flat_map(|(name, value, error)| {
            let shown: String = value.chars().take(60).collect();
            both(&format!("{name}={shown:?}"), &parameters(name, value), &answer(error))
        })
        .collect()
}

/// A good request, with one parameter more.
fn with_one_more(party: &RelyingParty, name: &str, value: &str) -> Parameters {
    let mut parameters = party.authorization_parameters(&[("prompt", "consent"), ("max_age", "100000")]);
    parameters.push((name.to_owned(), value.to_owned()));
    parameters
}

#[tokio::test]
async fn rfc_6749_4_1_2_1_nothing_unproven_gets_anything_but_a_page() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    provider.relying_party("complaints", json!({"redirect_uris": ["https://complaints.example/cb"]})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let long = "x".repeat(5_000);
    let client = page(ErrorKind::UnknownClient);
    let redirect = page(ErrorKind::UnregisteredRedirect);
    let mut rows = changed(
        &billing,
        &[
            ("client_id", "", ""),
            ("client_id", "nobody", ""),
            ("client_id", "Billing", ""),
            ("client_id", "billing ", ""),
            ("client_id", "billing\u{0}", ""),
            ("client_id", "billing\u{200b}", ""),
            ("client_id", "' OR 1=1 --", ""),
            ("client_id", "billing complaints", ""),
            ("client_id", "bi%6cling", ""),
            ("client_id", &long, ""),
        ],
        |_| client.clone(),
    );
    rows.extend(changed(
        &billing,
        &[
            ("redirect_uri", "", ""),
            ("redirect_uri", "http://rp.example.test/callback/", ""),
            ("redirect_uri", "http://rp.example.test/Callback", ""),
            ("redirect_uri", "http://rp.example.test/callback?", ""),
            ("redirect_uri", "http://rp.example.test/callback?code=mine", ""),
            ("redirect_uri", "http://rp.example.test/callback#x", ""),
            ("redirect_uri", "http://rp.example.test/x/../callback", ""),
            ("redirect_uri", "http://rp.example.test/%63allback", ""),
            ("redirect_uri", "http://rp.example.test//callback", ""),
            ("redirect_uri", "http://rp.example.test:80/callback", ""),
            ("redirect_uri", "http://RP.example.test/callback", ""),
            ("redirect_uri", "http://rp.example.test./callback", ""),
            ("redirect_uri", "https://rp.example.test/callback", ""),
            ("redirect_uri", "http://rp.example.test.evil.test/callback", ""),
            ("redirect_uri", "http://evil.test/?http://rp.example.test/callback", ""),
            ("redirect_uri", "http://rp.example.test@evil.test/callback", ""),
            ("redirect_uri", "http://evil.test\\@rp.example.test/callback", ""),
            ("redirect_uri", "http://rp.example.test\\callback", ""),
            ("redirect_uri", " http://rp.example.test/callback", ""),
            ("redirect_uri", "http://rp.example.test/callback\r\nset-cookie: a=b", ""),
            ("redirect_uri", "http://rp.example.test/callback\u{0}", ""),
            ("redirect_uri", "//rp.example.test/callback", ""),
            ("redirect_uri", "/callback", ""),
            ("redirect_uri", "javascript:alert(1)", ""),
            ("redirect_uri", "data:text/html,x", ""),
            ("redirect_uri", "*", ""),
            // Another client's.
            ("redirect_uri", "https://complaints.example/cb", ""),
            // Ours.
            ("redirect_uri", &provider.url("/"), ""),
            ("redirect_uri", &long, ""),
        ],
        |_| redirect.clone(),
    ));
    for second in ["billing", "complaints"] {
        let twice = with_one_more(&billing, "client_id", second);
        rows.extend(both(&format!("client_id twice, {second}"), &twice, &client));
    }
    for second in [RelyingParty::REDIRECT_URI, "https://evil.test/"] {
        let twice = with_one_more(&billing, "redirect_uri", second);
        rows.extend(both(&format!("redirect_uri twice, {second}"), &twice, &redirect));
    }
    rows.extend(both("nothing", &Vec::new(), &client));
    run(&provider, &browser, &rows).await;
}

#[tokio::test]
async fn rfc_6749_4_1_2_1_what_is_wrong_is_told_to_a_proven_client_by_its_exact_code() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let too_long = "x".repeat(2_049);
    let big_claims = format!("{{\"userinfo\": {{\"{too_long}\": null, \"x{too_long}\": null}}}}");
    let deep_claims = "{\"userinfo\":".repeat(600);
    let mut rows = changed(
        &billing,
        &[
            // OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1.
            ("response_type", "", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("response_type", "id_token token", "unsupported_response_type"),
            ("response_type", "code code", "unsupported_response_type"),
            ("response_type", "code\u{a0}", "unsupported_response_type"),
            ("response_type", "Code", "unsupported_response_type"),
            ("response_mode", "web_message", "invalid_request"),
            ("response_mode", "form_post.jwt", "invalid_request"),
            ("response_mode", "query fragment", "invalid_request"),
            ("display", "none", "invalid_request"),
            ("display", "PAGE", "invalid_request"),
            ("registration", "{\"redirect_uris\": [\"https://evil.test/\"]}", "registration_not_supported"),
            ("request_uri", "urn:ietf:params:oauth:request_uri:guessed", "request_uri_not_supported"),
            ("request_uri", "file:///etc/passwd", "request_uri_not_supported"),
            ("scope", "", "invalid_scope"),
            ("scope", " ", "invalid_scope"),
            ("scope", "admin", "invalid_scope"),
            ("scope", "openid\u{7f}", "invalid_scope"),
            ("scope", "openid\nprofile", "invalid_scope"),
            ("scope", "openid \\profile", "invalid_scope"),
            ("scope", "openid\u{0}", "invalid_request"),
            ("scope", &too_long, "invalid_request"),
            // RFC 7636 §4.4.1, RFC 9700 §2.1.1.
            ("code_challenge", "", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge", &"A".repeat(44), "invalid_request"),
            ("code_challenge", &format!("{}=", "A".repeat(43)), "invalid_request"),
            ("code_challenge", &"+".repeat(43), "invalid_request"),
            ("code_challenge", &"A".repeat(10_000), "invalid_request"),
            ("code_challenge_method", "", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge_method", "s256", "invalid_request"),
            ("code_challenge_method", "S512", "invalid_request"),
            // §3.1.2.1.
            ("prompt", "create", "invalid_request"),
            ("prompt", "None", "invalid_request"),
            ("prompt", "none consent", "invalid_request"),
            ("prompt", "none none", "invalid_request"),
            ("prompt", "login\u{a0}consent", "invalid_request"),
            ("max_age", "-1", "invalid_request"),
            ("max_age", "+1", "invalid_request"),
            ("max_age", "1e3", "invalid_request"),
            ("max_age", "0x10", "invalid_request"),
            ("max_age", " 1", "invalid_request"),
            ("max_age", "4294967296", "invalid_request"),
            ("max_age", "\u{661}", "invalid_request"),
            ("nonce", "a\u{0}b", "invalid_request"),
            ("nonce", &too_long, "invalid_request"),
            ("login_hint", &too_long, "invalid_request"),
            ("ui_locales", &too_long, "invalid_request"),
            ("acr_values", &too_long, "invalid_request"),
            ("claims_locales", &too_long, "invalid_request"),
            // §5.5.
            ("claims", "null", "invalid_request"),
            ("claims", "[]", "invalid_request"),
            ("claims", "{\"userinfo\": {\"name\": null}", "invalid_request"),
            ("claims", "{\"userinfo\": null}", "invalid_request"),
            ("claims", "{\"id_token\": \"name\"}", "invalid_request"),
            ("claims", "{\"id_token\": {\"name\": [\"x\"]}}", "invalid_request"),
            ("claims", "{\"id_token\": {\"name\": {\"essential\": 1}}}", "invalid_request"),
            ("claims", "{\"id_token\": {\"name\": {\"values\": {}}}}", "invalid_request"),
            ("claims", "{\"userinfo\": {\"a\u{0}\": null}}", "invalid_request"),
            ("claims", &big_claims, "invalid_request"),
            ("claims", &deep_claims, "invalid_request"),
            ("claims", "{\"id_token\": {\"sub\": {\"values\": [\"a\", \"b\"]}}}", "invalid_request"),
            // RFC 8707 §2.
            ("resource", "read", "invalid_target"),
            ("resource", "https://api.example/#x", "invalid_target"),
            ("resource", "https://nobodys.example/", "invalid_target"),
            // What could be asked, and cannot be had.
            (
                "claims",
                "{\"id_token\": {\"acr\": {\"values\": [\"phr\"], \"essential\": true}}}",
                "unmet_authentication_requirements",
            ),
            ("id_token_hint", "x", "invalid_request"),
            ("id_token_hint", "..", "invalid_request"),
            ("id_token_hint", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "invalid_request"),
        ],
        to_client,
    );
    for name in
        ["response_type", "scope", "state", "nonce", "code_challenge", "prompt", "max_age", "", "\u{fffd}"]
    {
        let mut twice = with_one_more(&billing, name, "again");
        twice.push((name.to_owned(), "again".to_owned()));
        rows.extend(both(&format!("{name:?} twice"), &twice, &to_client("invalid_request")));
    }
    for (mode, place) in [("fragment", In::Fragment), ("form_post", In::Form)] {
        let parameters = billing.authorization_parameters(&[("response_mode", mode), ("scope", "admin")]);
        let answer = Answered::ToClient(place, "invalid_scope".to_owned());
        rows.extend(both(&format!("an error by {mode}"), &parameters, &answer));
    }
    run(&provider, &browser, &rows).await;
}

#[tokio::test]
async fn a_client_gets_nothing_beyond_its_registration_and_prompt_none_asks_nobody() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let newcomer = provider.person_with_letter("10018").await;
    let narrow = provider.relying_party("narrow", json!({"scope": "openid email"})).await;
    let service = provider
        .relying_party("service", json!({"grant_types": ["client_credentials"], "scope": "read"}))
        .await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let no_pkce = provider.relying_party("no-pkce", json!({"require_pkce": false})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;

    let mut rows = changed(
        &narrow,
        &[
            // Of a scope that is too wide the rest would be granted (RFC 6749 §3.3): here nothing is left.
            ("scope", "profile phone", "invalid_scope"),
            ("scope", "iok", "invalid_scope"),
            ("scope", "offline_access", "invalid_scope"),
        ],
        to_client,
    );
    rows.extend(changed(&service, &[("scope", "read", "unauthorized_client")], to_client));
    rows.extend(changed(
        &partner,
        &[("prompt", "none", "consent_required"), ("prompt", "none ", "consent_required")],
        to_client,
    ));
    // Where PKCE may be left out, half of it is still nothing.
    rows.extend(changed(
        &no_pkce,
        &[("code_challenge", "", "invalid_request"), ("code_challenge_method", "plain", "invalid_request")],
        to_client,
    ));
    run(&provider, &browser, &rows).await;

    let nobody = provider.visitor();
    let silent = [("prompt", "none", "login_required")];
    run(&provider, &nobody, &changed(&narrow, &silent, to_client)).await;

    // Whoever owes a change of password gets nothing either, and the client does not learn who it is.
    let owing = provider.visitor();
    owing.sign_in(&newcomer).await;
    let silent = [("prompt", "none", "interaction_required")];
    run(&provider, &owing, &changed(&narrow, &silent, to_client)).await;
}
