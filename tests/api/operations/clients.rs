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

#[tokio::test]
async fn rfc_7591_2_a_policy_that_cannot_work_is_refused() {
    let installation = Installation::fresh().await;
    let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    for (field, changes) in [
        ("jwks", json!({"token_endpoint_auth_method": "private_key_jwt"})),
        ("jwks", json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []}})),
        ("jwks", json!({"jwks": {"keys": [key]}, "jwks_uri": "https://client.example/jwks"})),
        ("jwks", json!({"jwks": {"keys": [{"kty": "OKP", "d": "secret"}]}})),
        ("token_endpoint_auth_signing_alg", json!({"token_endpoint_auth_signing_alg": "none"})),
        ("access_token_seconds", json!({"access_token_seconds": 0})),
        ("id_token_seconds", json!({"id_token_seconds": -1})),
        ("assertion_audience", json!({"assertion_audience": "anybody"})),
        ("subject_type", json!({"subject_type": "secret"})),
        (
            "sector_identifier_uri",
            json!({"subject_type": "pairwise", "redirect_uris": ["https://a.example/", "https://b.example/"]}),
        ),
        ("sector_identifier_uri", json!({"sector_identifier_uri": "http://127.0.0.1:1/sector.json"})),
    ] {
        let mut bad = metadata("Czynsze");
        for (name, value) in changes.as_object().unwrap() {
            bad[name] = value.clone();
        }
        let file = installation.file("client.json", &bad.to_string());
        let refused = installation.run(&["client", "add", "--file", &file]).await;
        let line = refused.refused_in_one_line();
        assert!(line.contains(field), "{changes} is refused without {field}: {line}");
        assert!(!line.contains("\"secret\""), "{line}");
    }
    assert!(clients(&installation).await.is_empty());

    let mut signing = metadata("Czynsze");
    signing["token_endpoint_auth_method"] = "private_key_jwt".into();
    signing["jwks"] = json!({"keys": [key]});
    let file = installation.file("client.json", &signing.to_string());
    let given = ["client", "add", "--file", &file, "--client-secret", "a-secret-for-a-signing-client"];
    assert!(installation.run(&given).await.refused_in_one_line().contains("private_key_jwt"));
    let added = installation.run(&["client", "add", "--file", &file, "--client-id", "meter"]).await;
    assert_eq!(added.succeeded().stdout, "client_id=meter\n", "whoever signs has no secret");
    let none = installation.run(&["client", "rotate-secret", "meter"]).await;
    assert!(none.refused_in_one_line().contains("private_key_jwt"), "{none:?}");
}

#[tokio::test]
async fn client_show_tells_everything_but_the_secret() {
    let installation = Installation::fresh().await;
    let file = installation.file("client.json", &metadata("Czynsze").to_string());
    let secret = "a-fixed-secret-0123456789";
    let add = ["client", "add", "--file", &file, "--client-id", "billing", "--client-secret", secret];
    installation.run(&add).await.succeeded();
    let shown = installation.run(&["client", "show", "billing"]).await;
    let lines = &shown.succeeded().stdout;
    assert!(
        lines.lines().any(|line| line.starts_with("client_name ") && line.ends_with(" Czynsze")),
        "{lines}"
    );
    assert!(lines.lines().any(|line| line.starts_with("token_endpoint_auth_method ")), "{lines}");
    let json = installation.run(&["client", "show", "billing", "--json"]).await;
    assert_eq!(json.succeeded().json()["client_id"], "billing");
    for text in [lines, &json.stdout] {
        assert!(!text.contains(secret) && !text.contains("digest"), "{text}");
    }
    let nobody = installation.run(&["client", "show", "nobody"]).await;
    assert!(nobody.refused_in_one_line().contains("nobody"), "{nobody:?}");
}

#[tokio::test]
async fn client_rotate_secret_kills_the_old_one_at_once() {
    let installation = Installation::fresh().await;
    let serving = installation.serve().await;
    let party = installation.relying_party("billing").await;
    let works = async |secret: &str| {
        let request = reqwest::Client::new()
            .post(format!("{}/token", installation.issuer))
            .basic_auth("billing", Some(secret))
            .form(&[("grant_type", "refresh_token"), ("refresh_token", "unknown")]);
        let error = request.send().await.unwrap().json::<serde_json::Value>().await.unwrap()["error"].clone();
        error == "invalid_grant"
    };
    let old = party.client_secret.clone().unwrap();
    assert!(works(&old).await);
    let rotated =
        installation.run(&["client", "rotate-secret", "billing", "--json"]).await.succeeded().json();
    let new = rotated["client_secret"].as_str().unwrap();
    assert_eq!(new.len(), 43);
    assert!(!works(&old).await, "the running server knows at once");
    assert!(works(new).await);
    let rows = installation.database_text().await;
    assert!(!rows.iter().any(|(_, row)| row.contains(new)), "only its digest is kept");
    assert!(rows.iter().any(|(table, row)| table == "audit" && row.contains("client.secret_rotated")));
    let nobody = installation.run(&["client", "rotate-secret", "nobody"]).await;
    assert!(nobody.refused_in_one_line().contains("nobody"), "{nobody:?}");
    serving.process.terminate().await.succeeded();
}

#[tokio::test]
async fn client_remove_ends_everything_that_it_was_granted() {
    let installation = Installation::fresh().await;
    let serving = installation.serve().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let (party, other) =
        (installation.relying_party("billing").await, installation.relying_party("complaints").await);
    let tokens = party.tokens(&installation.visitor(), &person, &[]).await;
    let others = other.tokens(&installation.visitor(), &person, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(party.userinfo(access_token).await.status, 200);

    let asked = installation.run(&["client", "remove", "billing"]).await;
    assert!(asked.refused_in_one_line().contains("--yes"), "{asked:?}");
    assert_eq!(clients(&installation).await, ["billing", "complaints"]);
    let removed = installation.run(&["client", "remove", "billing", "--yes", "--json"]).await;
    assert_eq!(removed.succeeded().json()["ended_grants"], 1);
    assert_eq!(clients(&installation).await, ["complaints"]);

    assert_eq!(party.userinfo(access_token).await.status, 401);
    let refresh = party.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refresh.json()["error"], "invalid_client");
    let answer = installation.visitor().get(&party.authorization(&[])).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(other.userinfo(others["access_token"].as_str().unwrap()).await.status, 200);
    let rows = installation.database_text().await;
    assert!(rows.iter().any(|(table, row)| table == "audit" && row.contains("client.removed")));
    let again = installation.run(&["client", "remove", "billing", "--yes"]).await;
    assert!(again.refused_in_one_line().contains("billing"), "{again:?}");
    serving.process.terminate().await.succeeded();
}
