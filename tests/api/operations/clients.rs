//! `iok-id client`.

use serde_json::json;

use crate::helpers::binary::Installation;
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::relying_party::RelyingParty;

fn metadata(name: &str) -> serde_json::Value {
    json!({
        "client_name": name,
        "redirect_uris": [RelyingParty::REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "first_party": true,
    })
}

/// What stands behind `name=` on a line of its own.
fn printed<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).collect()
}

#[tokio::test]
async fn client_add_prints_the_id_and_once_the_secret() {
    let installation = Installation::fresh().await;
    let file = installation.file("client.json", &metadata("Czynsze").to_string());

    let added = installation.run(&["client", "add", "--file", &file]).await;
    let stdout = &added.succeeded().stdout;
    let (ids, secrets) = (printed(stdout, "client_id"), printed(stdout, "client_secret"));
    let ([id], [secret]) = (&ids[..], &secrets[..]) else { panic!("{stdout}") };
    assert_eq!(stdout.lines().count(), 2, "{stdout}");
    assert!(secret.len() >= 32, "192 random bits at least: {secret}");

    // Nowhere else: not in the list, not in the audit record, not in the database.
    for command in [&["client", "list"][..], &["client", "list", "--json"]] {
        let listed = installation.run(command).await;
        assert!(listed.succeeded().stdout.contains(id), "{listed:?}");
        assert!(!listed.stdout.contains(secret), "{listed:?}");
    }

    // Each gets its own.
    let another = installation.run(&["client", "add", "--file", &file, "--json"]).await;
    let another = another.succeeded().json();
    assert_ne!(another["client_id"], *id);
    assert_ne!(another["client_secret"], *secret);
}

#[tokio::test]
async fn client_add_takes_a_fixed_id_and_secret_and_no_id_twice() {
    let installation = Installation::fresh().await;
    let file = installation.file("client.json", &metadata("Czynsze").to_string());
    let fixed = ["client", "add", "--file", &file, "--client-id", "billing"];
    let secret = "a-secret-that-was-chosen-by-hand";

    let added = installation.run(&[&fixed[..], &["--client-secret", secret]].concat()).await;
    assert_eq!(added.succeeded().stdout, format!("client_id=billing\nclient_secret={secret}\n"));
    let taken = installation.run(&fixed).await;
    assert!(taken.refused_in_one_line().contains("billing"), "{taken:?}");

    for (arguments, names) in [
        (&["--client-id", "with:colon"][..], "client_id"),
        (&["--client-id", ""], "client_id"),
        (&["--client-secret", "short"], "client_secret"),
    ] {
        let refused = installation.run(&[&fixed[..4], arguments].concat()).await;
        assert!(refused.refused_in_one_line().contains(names), "{refused:?}");
        assert!(!refused.stderr.contains("short"), "a secret is not repeated: {refused:?}");
    }
    assert_eq!(clients(&installation).await, ["billing"]);
}

#[tokio::test]
async fn a_public_client_has_no_secret() {
    let installation = Installation::fresh().await;
    let mut public = metadata("Aplikacja");
    public["token_endpoint_auth_method"] = "none".into();
    let file = installation.file("client.json", &public.to_string());
    let added = installation.run(&["client", "add", "--file", &file, "--client-id", "app"]).await;
    assert_eq!(added.succeeded().stdout, "client_id=app\n");
    let secret = ["client", "add", "--file", &file, "--client-secret", "a-secret-for-a-public-client"];
    let refused = installation.run(&secret).await;
    assert!(refused.refused_in_one_line().contains("client_secret"), "{refused:?}");
}

/// RFC 7591 §3.2.2: the operator reads which field is wrong; nothing of it was registered.
#[tokio::test]
async fn rfc_7591_3_2_2_bad_metadata_names_the_field() {
    let installation = Installation::fresh().await;
    for (field, value) in [
        ("redirect_uris", json!([])),
        ("redirect_uris", json!(["/relative"])),
        ("redirect_uris", json!(["https://client.example/callback#fragment"])),
        ("redirect_uris", json!("https://client.example/callback")),
        ("post_logout_redirect_uris", json!(["nowhere"])),
        ("grant_types", json!(["password"])),
        ("grant_types", json!([])),
        ("response_types", json!(["token"])),
        ("token_endpoint_auth_method", json!("tls_client_auth")),
        ("id_token_signed_response_alg", json!("none")),
        ("application_type", json!("desktop")),
        ("client_name", json!(7)),
        ("client_uri", json!("javascript:alert(1)")),
        ("policy_uri", json!("ftp://client.example/")),
        ("default_max_age", json!(-1)),
        ("resource", json!("not an address")),
        ("first_party", json!("yes")),
    ] {
        let mut bad = metadata("Czynsze");
        bad[field] = value.clone();
        let file = installation.file("client.json", &bad.to_string());
        let refused = installation.run(&["client", "add", "--file", &file]).await;
        let line = refused.refused_in_one_line();
        assert!(line.contains(field), "{field} = {value} is refused without its name: {line}");
    }
    for text in ["", "{", "[]", "null", r#"{"client_name": "one", "client_name": "two"}"#] {
        let file = installation.file("client.json", text);
        let refused = installation.run(&["client", "add", "--file", &file]).await;
        assert!(refused.refused_in_one_line().contains("client.json"), "{refused:?}");
    }
    let nowhere = installation.run(&["client", "add", "--file", "nowhere.json"]).await;
    assert!(nowhere.refused_in_one_line().contains("nowhere.json"), "{nowhere:?}");
    assert!(clients(&installation).await.is_empty());
}

#[tokio::test]
async fn client_list_shows_every_client_to_people_and_to_scripts() {
    let installation = Installation::fresh().await;
    let nobody = installation.run(&["client", "list"]).await;
    assert_eq!(nobody.succeeded().stdout, "no clients\n");
    assert_eq!(installation.run(&["client", "list", "--json"]).await.json(), json!([]));

    for (id, name) in [("billing", "Czynsze i opłaty"), ("complaints", "Zgłoszenia")] {
        let file = installation.file("client.json", &metadata(name).to_string());
        installation.run(&["client", "add", "--file", &file, "--client-id", id]).await.succeeded();
    }
    let listed = installation.run(&["client", "list"]).await;
    let lines: Vec<&str> = listed.succeeded().stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{listed:?}");
    assert!(lines[0].starts_with("billing") && lines[0].ends_with("Czynsze i opłaty"), "{listed:?}");
    assert!(lines[1].starts_with("complaints") && lines[1].ends_with("Zgłoszenia"), "{listed:?}");

    let listed = installation.run(&["client", "list", "--json"]).await.json();
    assert_eq!(listed[0]["client_id"], "billing");
    assert_eq!(listed[0]["redirect_uris"], json!([RelyingParty::REDIRECT_URI]));
    assert_eq!(listed[1]["client_name"], "Zgłoszenia");
}

#[tokio::test]
async fn a_client_that_is_added_works_on_a_running_server() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let _serving = installation.serve().await;
    let browser = installation.visitor();

    let before = browser.open("/authorize?client_id=billing&response_type=code").await;
    assert_eq!(before.status, 400, "{}", before.body);
    assert!(form::has(&before.body, "#error"), "{}", before.body);

    let billing = installation.relying_party("billing").await;
    let tokens = billing.tokens(&browser, &person, &[]).await;
    assert!(tokens["id_token"].is_string(), "{tokens}");
}

async fn clients(installation: &Installation) -> Vec<String> {
    let listed = installation.run(&["client", "list", "--json"]).await;
    let listed = listed.succeeded().json();
    let ids =
        listed.as_array().unwrap().iter().map(|client| client["client_id"].as_str().unwrap().to_owned());
    ids.collect()
}
