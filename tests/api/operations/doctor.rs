//! `iok-id doctor`.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::helpers::binary::Installation;
use crate::helpers::database::Kind;

fn verdict<'a>(findings: &'a Value, check: &str) -> &'a str {
    let found = findings.as_array().unwrap().iter().find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("no {check} in {findings}"))["verdict"].as_str().unwrap()
}

#[tokio::test]
async fn doctor_finds_a_sound_installation_sound() {
    let installation = Installation::fresh().await;
    installation.run(&["client", "list"]).await.succeeded();
    let found = installation.run(&["doctor"]).await;
    assert!(!found.succeeded().stdout.contains("broken"), "{found:?}");
    assert!(found.stdout.lines().count() >= 6, "{found:?}");
    let findings = installation.run(&["doctor", "--json"]).await.succeeded().json();
    for check in ["config", "database", "clock", "sealing", "keys", "hashing", "outbound"] {
        assert_eq!(verdict(&findings, check), "ok", "{findings}");
    }
    // An http issuer is for this machine only, and doctor says so.
    assert_eq!(verdict(&findings, "issuer"), "warning", "{findings}");
}

#[tokio::test]
async fn doctor_says_what_is_broken_and_what_to_mend() {
    let installation = Installation::fresh().await;
    installation.serve().await.process.terminate().await.succeeded();

    // Others can read the key.
    let key = installation.sealing_key();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let found = installation.run(&["doctor", "--json"]).await;
    assert_eq!(verdict(&found.succeeded().json(), "sealing"), "warning", "{found:?}");
    assert!(found.stdout.contains("chmod 600"), "{found:?}");

    // The key is gone: nothing makes another.
    std::fs::rename(&key, installation.folder().join("put-aside")).unwrap();
    let found = installation.run(&["doctor", "--json"]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert_eq!(verdict(&found.json(), "sealing"), "broken", "{found:?}");
    assert!(!key.exists(), "doctor has made a sealing key");

    // The key is another one.
    std::fs::write(&key, format!("{}\n", "A".repeat(43))).unwrap();
    let found = installation.run(&["doctor", "--json"]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert_eq!(verdict(&found.json(), "sealing"), "broken", "{found:?}");
    assert!(found.stdout.contains("give the sealing key that belongs"), "{found:?}");

    // The database is away.
    let gone = match installation.database.kind {
        Kind::Sqlite => "sqlite:///proc/iok-id/nowhere.sqlite".to_owned(),
        Kind::Postgres => "postgres://iok:hunter2@127.0.0.1:1/iok_id".to_owned(),
    };
    let mut command = installation.command(&["doctor", "--json"]);
    command.env("IOK_ID__DATABASE__URL", gone).env("IOK_ID__DATABASE__ACQUIRE_TIMEOUT_SECONDS", "1");
    let found = crate::helpers::process::Running::start(&mut command).finish().await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert_eq!(verdict(&found.json(), "database"), "broken", "{found:?}");
    assert!(!found.stdout.contains("hunter2") && !found.stderr.contains("hunter2"), "{found:?}");
}

#[tokio::test]
async fn doctor_says_where_our_own_requests_go_and_whom_they_trust() {
    let installation = Installation::with_settings("outbound.allowed_networks = [\"10.20.0.0/16\"]").await;
    let found = installation.run(&["doctor"]).await;
    assert!(found.succeeded().stdout.contains("10.20.0.0/16"), "{found:?}");
    let installation = Installation::with_settings("outbound.ca_file = \"nowhere.pem\"").await;
    let found = installation.run(&["doctor", "--json"]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert_eq!(verdict(&found.json(), "outbound"), "broken", "{found:?}");
    assert!(found.stdout.contains("nowhere.pem"), "{found:?}");
}
