//! The first start, and starts that must not be.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use iok_id::app::Foundation;
use sea_orm::{ConnectionTrait as _, Statement};

use crate::helpers::applicants::Applicant;
use crate::helpers::binary::{Installation, until_ready};
use crate::helpers::ports::free_ports;
use crate::helpers::process::{Finished, Running};
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};

async fn count(installation: &Installation, table: &str) -> i64 {
    let database = installation.database.connect().await;
    let backend = database.get_database_backend();
    let query = Statement::from_string(backend, format!("SELECT COUNT(*) AS rows FROM {table}"));
    let row = database.query_one_raw(query).await.unwrap().unwrap();
    let rows = row.try_get::<i64>("", "rows").unwrap();
    database.close().await.unwrap();
    rows
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_first_start_makes_a_private_sealing_key_apart_from_the_database() {
    let installation = Installation::fresh().await;
    let serving = installation.serve().await;
    let key = installation.sealing_key();
    assert_eq!(mode(&key), 0o600);
    assert_eq!(mode(key.parent().unwrap()), 0o700);
    assert_eq!(names_in(key.parent().unwrap()), ["sealing.key"]);
    let content = std::fs::read_to_string(&key).unwrap();
    assert_eq!(content.trim_end().len(), 43, "32 bytes as base64url");

    // A second start takes the same one, and the same signing keys.
    let published = installation.visitor().get("/jwks").await.body;
    serving.process.terminate().await.succeeded();
    let _again = installation.serve().await;
    assert_eq!(std::fs::read_to_string(&key).unwrap(), content);
    assert_eq!(installation.visitor().get("/jwks").await.body, published);
}

/// DESIGN.md's invariant 3: race-safe. Several servers that begin together on nothing share one of everything.
#[tokio::test]
async fn first_starts_at_once_make_one_pair_of_signing_keys_and_one_sealing_key() {
    const TOGETHER: u16 = 4;
    // Without a schema they take turns; with one they all come to the keys at the same moment.
    for has_schema in [false, false, true, true, true, true] {
        let installation = Installation::fresh().await;
        if has_schema {
            installation.run(&["migrate"]).await.succeeded();
        }
        let ports = free_ports(TOGETHER);
        let mut servers: Vec<(u16, Running)> = (ports..ports + TOGETHER)
            .map(|port| {
                let mut command = installation.command(&["serve"]);
                command.env("IOK_ID__SERVER__LISTEN", format!("127.0.0.1:{port}"));
                (port, Running::start(&mut command))
            })
            .collect();
        let mut published = Vec::new();
        for (port, server) in &mut servers {
            let address = format!("http://127.0.0.1:{port}");
            until_ready(server, &address).await;
            let keys = reqwest::get(format!("{address}/jwks")).await.unwrap();
            published.push(keys.json::<serde_json::Value>().await.unwrap());
        }
        let mut algorithms: Vec<_> =
            published[0]["keys"].as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap()).collect();
        algorithms.sort_unstable();
        assert_eq!(algorithms, ["ES256", "EdDSA", "PS256", "RS256"]);
        assert!(published.iter().all(|keys| *keys == published[0]), "{published:#?}");
        assert_eq!(count(&installation, "signing_key").await, 4);
        assert_eq!(names_in(installation.sealing_key().parent().unwrap()), ["sealing.key"]);
        for (_, server) in servers {
            server.terminate().await.succeeded();
        }
    }
}

#[tokio::test]
async fn without_the_sealing_key_or_with_another_one_nothing_starts_and_nothing_is_made() {
    let installation = Installation::fresh().await;
    installation.serve().await.process.terminate().await.succeeded();
    let key = installation.sealing_key();
    let right = std::fs::read(&key).unwrap();
    let keys_before = count(&installation, "signing_key").await;
    let audit_before = count(&installation, "audit").await;

    let refused = |finished: &Finished| finished.refused_in_one_line().to_owned();
    std::fs::remove_file(&key).unwrap();
    for command in [&["serve"][..], &["keys", "rotate"], &["client", "list"]] {
        let line = refused(&installation.run(command).await);
        assert!(line.contains("sealing key"), "{command:?}: {line}");
        assert!(!key.exists(), "{command:?} has made a sealing key");
    }

    let another = format!("{}\n", "A".repeat(43));
    std::fs::write(&key, &another).unwrap();
    for command in [&["serve"][..], &["keys", "rotate"]] {
        let line = refused(&installation.run(command).await);
        assert!(line.contains("sealing key"), "{command:?}: {line}");
    }
    let mut by_config = installation.command(&["serve"]);
    by_config.env("IOK_ID__SEALING__KEY", "A".repeat(43));
    let line = refused(&Running::start(&mut by_config).finish().await);
    assert!(line.contains("sealing key") && !line.contains("AAAA"), "{line}");

    for nonsense in ["", "nonsense", "\u{0}"] {
        std::fs::write(&key, nonsense).unwrap();
        let line = refused(&installation.run(&["serve"]).await);
        assert!(line.contains("sealing.key"), "{line}");
        assert_eq!(std::fs::read_to_string(&key).unwrap(), nonsense, "it was replaced");
    }

    assert_eq!(count(&installation, "signing_key").await, keys_before);
    assert_eq!(count(&installation, "audit").await, audit_before);
    std::fs::write(&key, right).unwrap();
    installation.serve().await;
}

#[tokio::test]
async fn a_start_that_cannot_be_says_why_in_one_line() {
    let installation = Installation::fresh().await;
    let serving = installation.serve().await;
    let taken = installation.run(&["serve"]).await;
    let line = taken.stderr.lines().last().unwrap_or_default();
    assert_eq!(taken.code, Some(1), "{taken:?}");
    assert!(line.contains(&installation.port.to_string()), "{taken:?}");

    let mut elsewhere = installation.command(&["serve"]);
    elsewhere
        .env("IOK_ID__SERVER__LISTEN", format!("127.0.0.1:{}", free_ports(1)))
        .env("IOK_ID__DATABASE__URL", "postgres://iok:hunter2@127.0.0.1:1/iok_id")
        .env("IOK_ID__DATABASE__ACQUIRE_TIMEOUT_SECONDS", "1");
    let refused = Running::start(&mut elsewhere).finish().await;
    let line = refused.refused_in_one_line();
    assert!(line.contains("127.0.0.1:1/iok_id") && !line.contains("hunter2"), "{line}");

    // SIGINT and SIGTERM both end it cleanly.
    let ended = serving.process.interrupt().await;
    assert!(ended.succeeded().stderr.contains("stopped"), "{ended:?}");
}

#[tokio::test]
async fn whatever_is_sealed_is_enough_to_refuse_another_sealing_key() {
    let provider = TestProvider::start().await;
    provider.clerk("urszula.sowa", "Administracja nr 1").await;
    Applicant::files(&provider, &[]).await;
    let file = provider.database.folder.path().join("secrets/another.key");
    std::fs::write(&file, "A".repeat(43)).unwrap();
    let file = file.display().to_string();
    let another = || settings_for(&provider.database, &provider.issuer, &[("sealing.key_file", &file)]);
    for (left, forget) in [
        ("everything", "DELETE FROM signing_key"),
        ("keys of people, second factors, mail", "DELETE FROM person_key"),
        ("second factors and mail", "DELETE FROM second_factor"),
        ("mail and the audit's keys", "DELETE FROM mail"),
        ("the audit's keys", "DELETE FROM audit_key"),
    ] {
        let refused = Foundation::open(another(), ambient_of(&provider.clock)).await.unwrap_err();
        assert!(refused.to_string().contains("the sealing key does not open"), "{left}: {refused:#}");
        provider.execute(forget).await;
    }
    Foundation::open(another(), ambient_of(&provider.clock)).await.unwrap().close().await;
}
