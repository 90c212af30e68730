//! Proof Key for Code Exchange (RFC 7636), S256 only.

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, VERIFIER};

const NO_PKCE: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

#[tokio::test]
async fn rfc_7636_4_4_1_a_request_without_a_good_challenge_is_an_invalid_request() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let confidential = provider.relying_party("billing", json!({})).await;
    // What a public client says of itself does not matter.
    let public = provider
        .relying_party("app", json!({"token_endpoint_auth_method": "none", "require_pkce": false}))
        .await;
    for party in [&confidential, &public] {
        for changes in [
            &NO_PKCE[..],
            &[("code_challenge", "")],
            &[("code_challenge_method", "")],
            &[("code_challenge_method", "plain")],
            &[("code_challenge_method", "s256")],
            &[("code_challenge_method", "plain"), ("code_challenge", VERIFIER)],
            &[("code_challenge", "short")],
            &[("code_challenge", &"A".repeat(42))],
            &[("code_challenge", &"A".repeat(44))],
            &[("code_challenge", &"A".repeat(128))],
            &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")],
            &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")],
        ] {
            let answer = provider.visitor().get(&party.authorization(changes)).await;
            let to = RelyingParty::REDIRECT_URI;
            expect::redirect_error(&answer, to, "invalid_request", Some("state-1"), &provider.issuer);
        }
    }
}

#[tokio::test]
async fn rfc_7636_4_6_a_wrong_verifier_is_an_invalid_grant_and_costs_the_code_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let app = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    for party in [&billing, &app] {
        let code = party.code(&provider.visitor(), &person, &[]).await;
        let other = VERIFIER.replace('d', "e");
        let with_newline = format!("{VERIFIER}\n");
        let long = "a".repeat(129);
        for verifier in ["", "short", &*other, &*with_newline, &*long, &VERIFIER[..42]] {
            let refused = party.redeem_with(&code, &[("code_verifier", verifier)]).await;
            expect::token_error(&refused, 400, "invalid_grant");
        }
        let redeemed = party.redeem(&code).await;
        assert_eq!(redeemed.status, 200, "whoever guesses must not lock out the client: {}", redeemed.body);
    }
}

#[tokio::test]
async fn a_confidential_client_whose_policy_says_so_works_without_pkce() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let old = provider.relying_party("old-portal", json!({"require_pkce": false})).await;

    let code = old.code(&provider.visitor(), &person, &NO_PKCE).await;
    // RFC 9700 §2.1.1, downgrade: a verifier that belongs to no challenge.
    expect::token_error(&old.redeem(&code).await, 400, "invalid_grant");
    let redeemed = old.redeem_with(&code, &[("code_verifier", "")]).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);

    // Where it does send a challenge, it is held to it.
    let code = old.code(&provider.visitor(), &person, &[]).await;
    expect::token_error(&old.redeem_with(&code, &[("code_verifier", "")]).await, 400, "invalid_grant");
    assert_eq!(old.redeem(&code).await.status, 200);
}
