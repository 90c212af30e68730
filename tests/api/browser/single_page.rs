//! A client that lives in a browser: a public client whose page redeems its code by script, from an origin of its own.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use crate::helpers::chromium::Browser;
use crate::helpers::provider::TestProvider;

/// What such an application does, as short as it can be (RFC 7636, OAuth 2.0 for Browser-Based Apps).
const PAGE: &str = r##"<!doctype html><title>An application</title><p id="said">…</p><script type="module">
const issuer = "ISSUER", clientId = "app", redirectUri = location.origin + "/";
const said = (text) => { document.querySelector("#said").textContent = text; document.body.id = "done"; };
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const answers = new URLSearchParams(location.search);
try {
    const metadata = await (await fetch(issuer + "/.well-known/openid-configuration")).json();
    if (!answers.has("code")) {
        const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
        sessionStorage.setItem("verifier", verifier);
        const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
        location.href = metadata.authorization_endpoint + "?" + new URLSearchParams({
            response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: "openid profile",
            state: "s", nonce: "n", code_challenge: challenge, code_challenge_method: "S256" });
    } else {
        const keys = await (await fetch(metadata.jwks_uri)).json();
        const redeem = () => fetch(metadata.token_endpoint, { method: "POST", body: new URLSearchParams({
            grant_type: "authorization_code", code: answers.get("code"), redirect_uri: redirectUri,
            client_id: clientId, code_verifier: sessionStorage.getItem("verifier") }) });
        const tokens = await (await redeem()).json();
        // An Authorization header makes the browser ask first.
        const bearer = { headers: { authorization: "Bearer " + tokens.access_token } };
        const claims = await (await fetch(metadata.userinfo_endpoint, bearer)).json();
        const refused = await fetch(metadata.userinfo_endpoint, { headers: { authorization: "Bearer nonsense" } });
        const why = refused.headers.get("www-authenticate");
        let page = "unreadable";
        try { page = (await fetch(issuer + "/account", { credentials: "include" })).status; } catch {}
        said([keys.keys.length > 0, claims.name, refused.status, why.includes("invalid_token"), page].join(" | "));
    }
} catch (error) { said("" + error); }
</script>"##;

#[tokio::test]
async fn a_single_page_application_redeems_its_code_and_reads_who_signed_in_from_its_own_origin() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    // Another site, not only another port.
    let origin = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let page = PAGE.replace("ISSUER", &provider.issuer);
    let app = Router::new().route("/", get(async move || Html(page)));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let metadata = json!({"token_endpoint_auth_method": "none", "redirect_uris": [format!("{origin}/")]});
    provider.relying_party("app", metadata).await;

    let browser = Browser::open().await;
    browser.goto(&origin).await;
    browser.fill_in_sign_in(&person.login, &person.password).await;
    browser.click("#sign-in").await;
    browser.find("#done").await;
    let said = browser.text("#said").await;
    let parts: Vec<&str> = said.split(" | ").collect();
    assert_eq!(parts.len(), 5, "{said}");
    assert_eq!([parts[0], parts[2], parts[3], parts[4]], ["true", "401", "true", "unreadable"], "{said}");
    assert!(parts[1].contains(&person.row.family_name), "{said}");
}
