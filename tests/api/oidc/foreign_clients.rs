//! Clients that partners will come with, which nobody here wrote: each through sign-in, userinfo, refresh and logout.

use openidconnect::core::{CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl,
    LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};
use serde_json::{Value, json};

use crate::helpers::foreign::ForeignParty;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::visitor::Visitor;

const SCOPE: &str = "openid profile email offline_access";

#[tokio::test]
async fn openid_client_from_npm_goes_all_the_way() {
    for (method, algorithm) in
        [("client_secret_basic", "RS256"), ("client_secret_post", "ES256"), ("client_secret_basic", "EdDSA")]
    {
        all_the_way(ForeignParty::openid_client(), method, algorithm).await;
    }
}

#[tokio::test]
async fn authlib_from_pypi_goes_all_the_way() {
    for (method, algorithm) in
        [("client_secret_basic", "RS256"), ("client_secret_post", "ES256"), ("client_secret_basic", "PS256")]
    {
        all_the_way(ForeignParty::authlib(), method, algorithm).await;
    }
}

/// Sign-in, userinfo, introspection, refresh, revocation and logout, as a partner's framework does them.
async fn all_the_way(mut party: ForeignParty, method: &str, algorithm: &str) {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let metadata = json!({"token_endpoint_auth_method": method, "id_token_signed_response_alg": algorithm});
    let registered = provider.relying_party("partner", metadata.clone()).await;
    let browser = provider.visitor();

    let discover = json!({
        "issuer": provider.issuer, "client_id": registered.client_id, "client_secret": registered.client_secret,
        "metadata": metadata,
    });
    party.step("discover", discover).await;
    let start = json!({"redirect_uri": RelyingParty::REDIRECT_URI, "scope": SCOPE,
        "parameters": {"prompt": "consent", "max_age": "300"}});
    let way_there = party.step("start", start).await;
    let way_back = sign_in_at(&browser, &way_there, &person).await;
    let finished = party.step("finish", json!({"url": way_back})).await;
    assert_eq!(finished["refreshable"], true);
    assert_eq!(finished["claims"].get("name"), None);

    let userinfo = party.step("userinfo", json!({})).await;
    assert_eq!(userinfo["claims"]["sub"], finished["claims"]["sub"]);
    assert_eq!(userinfo["claims"]["name"], "Halina Wrona");
    let introspected = party.step("introspect", json!({})).await;
    assert_eq!(introspected["active"], true);

    let refreshed = party.step("refresh", json!({})).await;
    assert_eq!((&refreshed["rotated"], &refreshed["renewed"]), (&json!(true), &json!(true)));
    if let Some(claims) = refreshed["claims"].as_object() {
        assert_eq!(claims["sub"], finished["claims"]["sub"]);
    }

    let logout = json!({"post_logout_redirect_uri": RelyingParty::SIGNED_OUT_URI, "state": "bye"});
    let way_out = party.step("logout", logout).await;
    let signed_out = browser.open(path_of(&way_out, &provider.issuer)).await;
    assert_eq!(signed_out.location(), format!("{}&state=bye", RelyingParty::SIGNED_OUT_URI));

    // It was granted for a time when nobody is there, until it is given back.
    party.step("refresh", json!({})).await;
    party.step("revoke", json!({})).await;
    let error = party.try_to("refresh", json!({})).await.expect_err("the token was given back");
    assert!(error.contains("invalid_grant"), "{error}");
}

#[tokio::test]
async fn openid_client_proves_itself_with_a_key_of_its_own() {
    proves_itself_with_a_key(ForeignParty::openid_client()).await;
}

#[tokio::test]
async fn authlib_proves_itself_with_a_key_of_its_own() {
    proves_itself_with_a_key(ForeignParty::authlib()).await;
}

async fn proves_itself_with_a_key(mut party: ForeignParty) {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    // RFC 7515 §A.3.1: a key that everybody knows.
    let mut key = json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "partner-1",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    });
    let private = key.clone();
    key.as_object_mut().unwrap().remove("d");
    let metadata = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key]}});
    let registered = provider.relying_party("partner", metadata.clone()).await;
    let browser = provider.visitor();

    let discover = json!({
        "issuer": provider.issuer, "client_id": registered.client_id, "private_jwk": private, "metadata": metadata,
    });
    party.step("discover", discover).await;
    let start = json!({"redirect_uri": RelyingParty::REDIRECT_URI, "scope": "openid"});
    let way_there = party.step("start", start).await;
    let way_back = sign_in_at(&browser, &way_there, &person).await;
    party.step("finish", json!({"url": way_back})).await;
    party.step("refresh", json!({})).await;
}

#[tokio::test]
async fn the_openidconnect_crate_goes_all_the_way() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let registered = provider.relying_party("partner", json!({})).await;
    let browser = provider.visitor();
    let http = openidconnect::reqwest::Client::builder()
        .redirect(openidconnect::reqwest::redirect::Policy::none())
        .build()
        .unwrap();

    let issuer = IssuerUrl::new(provider.issuer.clone()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let client = openidconnect::core::CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(registered.client_id.clone()),
        registered.client_secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(RelyingParty::REDIRECT_URI.to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_ui_locale(LanguageTag::new("pl".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let way_back = sign_in_at(&browser, &json!({"url": url.as_str()}), &person).await;
    let way_back: url::Url = way_back.parse().unwrap();
    let parameter = |name: &str| {
        way_back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
    };
    assert_eq!(&parameter("state"), state.secret());

    let tokens = client
        .exchange_code(AuthorizationCode::new(parameter("code")))
        .unwrap()
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await
        .unwrap();
    let id_token_verifier = client.id_token_verifier();
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&id_token_verifier, &nonce).unwrap();
    let hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().unwrap(),
        id_token.signing_key(&id_token_verifier).unwrap(),
    );
    assert_eq!(Some(&hash.unwrap()), claims.access_token_hash());

    let userinfo: openidconnect::core::CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    assert_eq!(userinfo.name().unwrap().get(None).unwrap().as_str(), "Halina Wrona");

    let refreshed = client
        .exchange_refresh_token(tokens.refresh_token().unwrap())
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    assert_ne!(refreshed.access_token().secret(), tokens.access_token().secret());

    let logout = format!(
        "/logout?id_token_hint={id_token}&post_logout_redirect_uri={}",
        url::form_urlencoded::byte_serialize(RelyingParty::SIGNED_OUT_URI.as_bytes()).collect::<String>(),
    );
    assert_eq!(browser.open(&logout).await.location(), RelyingParty::SIGNED_OUT_URI);
}

/// Goes where the party sends the person, signs in there, agrees where that is asked, and comes back.
async fn sign_in_at(browser: &Visitor, way_there: &Value, person: &Person) -> String {
    let page = browser.open(path_of(way_there, &browser.issuer)).await;
    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    let mut answer = browser.follow(answer).await;
    if answer.status.is_success() {
        answer = browser.submit(&answer, "button[value=approve]", &[]).await;
        answer = browser.follow(answer).await;
    }
    answer.location().to_owned()
}

fn path_of<'u>(answer: &'u Value, issuer: &str) -> &'u str {
    answer["url"].as_str().unwrap().strip_prefix(issuer).expect("an address of the provider's")
}
