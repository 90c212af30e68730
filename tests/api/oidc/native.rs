//! Native apps (RFC 8252).

use serde_json::json;

use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn rfc_8252_7_3_a_native_app_is_answered_on_whatever_loopback_port_it_got() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let app = provider
        .relying_party(
            "app",
            json!({
                "application_type": "native", "token_endpoint_auth_method": "none",
                "post_logout_redirect_uris": [],
                "redirect_uris": [
                    "http://127.0.0.1/callback?app=1", "http://[::1]:1/callback", "com.example.app:/callback"
                ]
            }),
        )
        .await;
    for redirect_uri in [
        "http://127.0.0.1/callback?app=1",
        "http://127.0.0.1:49152/callback?app=1",
        "http://127.0.0.1:1/callback?app=1",
        "http://[::1]:65535/callback",
        "http://[::1]/callback",
        "com.example.app:/callback",
    ] {
        let browser = provider.visitor();
        let answer = browser.open(&app.authorization(&[("redirect_uri", redirect_uri)])).await;
        assert!(form::has(&answer.body, "#sign-in"), "{redirect_uri}: {}", answer.body);
        let answer = browser.sign_in_at(&answer, &person.login, &person.password).await;
        let answer = browser.follow(answer).await;
        assert!(answer.location().starts_with(redirect_uri), "{}", answer.location());
        let (_, code) = answer.location().split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();

        // The code is bound to the port it was asked for.
        for other in ["http://127.0.0.1:49153/callback?app=1", "http://[::1]:2/callback"] {
            let refused = app.redeem_with(code, &[("redirect_uri", other)]).await;
            expect::token_error(&refused, 400, "invalid_grant");
        }
        let tokens = app.redeem_with(code, &[("redirect_uri", redirect_uri)]).await;
        assert_eq!(tokens.status, 200, "{redirect_uri}: {}", tokens.body);
    }
}

#[tokio::test]
async fn rfc_8252_8_3_what_only_looks_like_the_loopback_is_a_page() {
    let provider = TestProvider::start().await;
    let app = provider
        .relying_party(
            "app",
            json!({
                "application_type": "native", "token_endpoint_auth_method": "none",
                "post_logout_redirect_uris": [],
                "redirect_uris": ["http://127.0.0.1/callback", "com.example.app:/callback"]
            }),
        )
        .await;
    for near in [
        "http://127.0.0.1:49152/other",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/callback?x=1",
        "http://127.0.0.1:49152/callback#x",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:+80/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:80@evil.test/callback",
        "http://127.0.0.1@evil.test/callback",
        "http://127.0.0.1.evil.test/callback",
        "http://127.0.0.1:80.evil.test/callback",
        "http://127.0.0.1:80\\@evil.test/callback",
        "http://user@127.0.0.1:80/callback",
        "http://127.0.0.2:80/callback",
        "http://localhost:80/callback",
        "http://[::1]:80/callback",
        "http://[::ffff:127.0.0.1]:80/callback",
        "https://127.0.0.1:80/callback",
        "com.example.app:/other",
        "com.example.app://callback",
        "com.example.app2:/callback",
        "com.example.APP:/callback",
    ] {
        let answer = provider.visitor().get(&app.authorization(&[("redirect_uri", near)])).await;
        expect::error_page(&answer, 400);
    }
}
