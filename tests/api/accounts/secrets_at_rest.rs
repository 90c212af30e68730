//! DESIGN.md's invariant 3: no secret is stored readable.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use crate::helpers::database::{Kind, dump};
use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::VERIFIER;

const GUESS: &str = "Zgadywane#1x";
const REFUSED: &str = "Odrzucone#H4slo-za-dlugie";

/// Somebody does everything there is to do, and remembers every secret they typed or were given.
async fn live(provider: &TestProvider) -> Vec<(&'static str, String)> {
    let mut secrets = Vec::new();
    let mut know = |name, secret: &str| secrets.push((name, secret.to_owned()));
    for (name, password) in [
        ("initial password", INITIAL),
        ("chosen password", CHOSEN),
        ("wrong guess", GUESS),
        ("refused password", REFUSED),
        ("PKCE verifier", VERIFIER),
    ] {
        know(name, password);
    }
    let person = provider.person_with_letter("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    know("client secret", billing.client_secret.as_ref().unwrap());
    know("client secret", partner.client_secret.as_ref().unwrap());

    let mut browser = provider.open_browser();
    let offline = [("scope", "openid profile email offline_access")];
    let page = browser.open(&partner.authorization(&offline)).await;
    know("visit cookie", &browser.cookies[OpenBrowser::VISIT]);
    let fields = form::fields(&page.body, "#sign-in");
    know("csrf token", &fields.iter().find(|(name, _)| name == "csrf").unwrap().1);
    let typed = |password| [("login", "halina.wrona"), ("password", password)];
    let refused = browser.submit(&page, "#sign-in", &typed(GUESS)).await;
    browser.submit(&refused, "#sign-in", &[("login", GUESS), ("password", GUESS)]).await;
    let answer = browser.submit(&refused, "#sign-in", &typed(person.password.as_str())).await;
    know("session cookie that owes", &browser.session());
    let change = browser.follow(answer).await;
    browser.change_password_at(&change, REFUSED, REFUSED).await;
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    know("session cookie", &browser.session());
    know("device cookie", &browser.cookies["iok_id_device"]);
    let consent = browser.follow(answer).await;
    let code = browser.submit(&consent, "#approve", &[]).await.parameter("code").unwrap();
    know("used code", &code);
    let tokens = partner.redeem(&code).await.json();
    let refreshed = partner.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
    for (answer, name) in [(&tokens, "used refresh token"), (&refreshed, "refresh token")] {
        know(name, answer["refresh_token"].as_str().unwrap());
        know("access token", answer["access_token"].as_str().unwrap());
        know("ID token", answer["id_token"].as_str().unwrap());
    }
    partner.userinfo(tokens["access_token"].as_str().unwrap()).await;
    let waiting = browser.open(&billing.authorization(&[])).await.parameter("code").unwrap();
    know("code that waits", &waiting);

    let key_file = provider.database.folder.path().join("secrets/sealing.key");
    know("sealing key", std::fs::read_to_string(key_file).unwrap().trim());
    secrets
}

/// How a secret might lie about: as it is, in hexadecimal, or as the bytes that it encodes.
fn disguises(secret: &str) -> Vec<String> {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    };
    let mut disguises = vec![
        secret.to_owned(),
        hex(secret.as_bytes()),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        base64::prelude::BASE64_STANDARD_NO_PAD.encode(secret),
    ];
    disguises.extend(BASE64_URL_SAFE_NO_PAD.decode(secret).ok().map(|bytes| hex(&bytes)));
    // The signature of a JWT is what makes it one.
    disguises.extend(secret.rsplit('.').next().filter(|signature| signature.len() > 40).map(str::to_owned));
    disguises
}

#[tokio::test]
async fn nothing_that_was_typed_or_given_out_lies_readable_in_any_table() {
    let provider = TestProvider::start().await;
    let secrets = live(&provider).await;
    let everything = dump(&provider.database).await;

    // The control: what is no secret is found, and every table that should have rows has some.
    for public in ["halina.wrona", "billing", "argon2id", "nonce-1"] {
        assert!(everything.iter().any(|(_, row)| row.contains(public)), "{public}");
    }
    for table in [
        "account",
        "session",
        "authorization_code",
        "refresh_token",
        "client",
        "audit",
        "outbox",
        "signing_key",
        "person_key",
    ] {
        assert!(everything.iter().any(|(found, _)| found == table), "{table} is empty");
    }
    for (name, secret) in &secrets {
        for disguise in disguises(secret) {
            for (table, row) in &everything {
                let row = row.to_lowercase();
                assert!(!row.contains(&disguise.to_lowercase()), "the {name} lies in {table}: {row}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_lies_readable_in_the_files_of_an_embedded_database_either() {
    let provider = TestProvider::start().await;
    if provider.database.kind != Kind::Sqlite {
        return;
    }
    let secrets = live(&provider).await;
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(provider.database.folder.path().join("database")).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let finds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(finds("halina.wrona"), "the control");
    for (name, secret) in &secrets {
        assert!(!finds(secret), "the {name} is in a file, perhaps in a page that was freed");
    }
}

#[tokio::test]
async fn secrets_that_machines_bear_have_two_hundred_and_fifty_six_random_bits() {
    let provider = TestProvider::start().await;
    for (name, secret) in live(&provider).await {
        if ["visit cookie", "session cookie", "used code", "code that waits", "refresh token"].contains(&name)
        {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(&secret).unwrap_or_default();
            assert!(bytes.len() >= 32, "the {name} has {} bytes", bytes.len());
        }
    }
}
