//! Clients are told of a sign-out behind the browser's back (OpenID Connect Back-Channel Logout).

use serde_json::json;

use super::requests::NEEDS_A_PAGE;
use super::suite::{SIGNED_OUT, Suite};
use crate::helpers::logout_receiver::{ALLOWED, LogoutReceiver};
use crate::helpers::relying_party::{encode, header};

/// The event that a logout token tells of.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// As `oidcc_rp_initiated_logout`, by a client that is told as well. The suite takes the news and the browser in any order,
/// and answers with 200.
#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let suite = Suite::start_with(&[ALLOWED]).await;
    let receiver = LogoutReceiver::start().await;
    for (turn, run) in suite.runs_with(&receiver.metadata()).await.into_iter().enumerate() {
        let (tokens, id_token) = run.flow(&[]).await;
        let parameters = [
            ("id_token_hint", tokens["id_token"].as_str().unwrap()),
            ("post_logout_redirect_uri", SIGNED_OUT),
            ("state", "state-2"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = run.browser.open(&format!("/logout?{}", encode(&parameters))).await;
        assert_eq!(answer.location(), format!("{SIGNED_OUT}?state=state-2"), "{}", run.name);

        let so_far = receiver.until_received(turn + 1).await;
        let news = &so_far[turn];
        assert_eq!(news.content_type, "application/x-www-form-urlencoded");
        // `token` looks that it came alone.
        let alg = header(news.token())["alg"].clone();
        assert_eq!(alg, "RS256", "{}: as the client's ID tokens", run.name);
        let claims = news.claims(&suite.provider.jwks().await);
        assert_eq!(claims["iss"], *suite.provider.issuer, "{}", run.name);
        assert!(claims["aud"] == json!(run.party.client_id) || claims["aud"] == json!([run.party.client_id]));
        let age = suite.provider.now() - claims["iat"].as_i64().unwrap();
        assert!((0..300).contains(&age), "{}: {age} s", run.name);
        assert!(!claims["jti"].as_str().unwrap().is_empty());
        assert_eq!(claims["events"], json!({ EVENT: {} }), "{}: that, empty, and no other", run.name);
        assert_eq!(claims["sub"], id_token["sub"], "{}", run.name);
        assert_eq!(claims["sid"], id_token["sid"], "{}", run.name);
        assert_eq!(claims.get("nonce"), None, "{}", run.name);
        run.refused(&[("prompt", "none")], &NEEDS_A_PAGE).await;
        // Also while the notice of the sign-out is still kept.
        run.leave().await;
    }
}
