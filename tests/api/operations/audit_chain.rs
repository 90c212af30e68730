//! The chain of audit records: made after the fact, by one process at a time, and checkable in the database.

use std::time::Duration;

use chrono::TimeDelta;
use iok_id::app::Foundation;
use iok_id::domain::audit::{Action, Actor, AuditRecord};
use iok_id::domain::clock::{Clock as _, SettableClock};
use sea_orm::ConnectionTrait as _;

use crate::helpers::binary::Installation;
use crate::helpers::command_line::iok_id;
use crate::helpers::people::Person;
use crate::helpers::process::Finished;
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};
use crate::helpers::records::{rows, rows_on};

/// `iok-id audit verify`, and what it says.
async fn verify(provider: &TestProvider, arguments: &[&str]) -> (i32, String) {
    let mut all = vec!["audit", "verify"];
    all.extend(arguments);
    let output = iok_id(provider, &all).await;
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

async fn assert_holds(provider: &TestProvider) -> String {
    let (code, said) = verify(provider, &[]).await;
    assert_eq!(code, 0, "{said}");
    said
}

/// Until nothing is left: what the server does by the clock may be recorded between sealing and looking.
async fn seal(provider: &TestProvider) {
    for _ in 0..20 {
        provider.server.seal_audit().await.unwrap();
        if unchained(provider).await == 0 {
            return;
        }
    }
    panic!("records stay unchained");
}

async fn unchained(provider: &TestProvider) -> i64 {
    rows(provider, "audit", "id NOT IN (SELECT audit_id FROM audit_seal)").await
}

/// Writes a record as a server does whose clock is behind, or whose transaction took so long.
async fn record_late(provider: &TestProvider, late: TimeDelta) {
    let clock = SettableClock::starting_at(provider.clock.now() - late);
    let settings = settings_for(&provider.database, &provider.issuer, &[]);
    let foundation = Foundation::open(settings, ambient_of(&clock)).await.unwrap();
    let transaction = foundation.database.begin().await.unwrap();
    let record = AuditRecord::new(Action::KeysRotated, Actor::Operator);
    foundation.journal.record(&transaction, &record).await.unwrap();
    transaction.commit().await.unwrap();
    foundation.close().await;
}

#[tokio::test]
async fn what_is_committed_after_later_records_were_chained_is_chained_after_them() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    seal(&provider).await;
    record_late(&provider, TimeDelta::minutes(20)).await;
    seal(&provider).await;
    provider.active_person("jan.inny").await;
    seal(&provider).await;
    let chained = rows(&provider, "audit_seal", "1 = 1").await;
    assert_eq!(chained, rows(&provider, "audit_seal", &format!("seq BETWEEN 1 AND {chained}")).await);
    let late = "seq = 2 AND audit_id IN (SELECT id FROM audit WHERE action = 'keys.rotated')";
    assert_eq!(rows(&provider, "audit_seal", late).await, 1);
    assert_holds(&provider).await;

    // Later than anybody looks back every ten seconds: found when all are looked at.
    provider.advance(TimeDelta::hours(6));
    provider.active_person("ewa.nowa").await;
    seal(&provider).await;
    record_late(&provider, TimeDelta::hours(5)).await;
    provider.server.seal_audit().await.unwrap();
    assert_eq!(unchained(&provider).await, 1);
    assert!(assert_holds(&provider).await.contains("1 records wait for their places"));
    provider.advance(TimeDelta::hours(20));
    seal(&provider).await;
    assert_holds(&provider).await;
}

#[tokio::test]
async fn every_change_of_a_chained_record_in_the_database_is_found_and_named() {
    let provider = TestProvider::start().await;
    for login in ["halina.wrona", "jan.inny", "ewa.nowa", "adam.czwarty"] {
        provider.active_person(login).await;
        provider.advance(TimeDelta::seconds(1));
    }
    let person = Person::active("halina.wrona");
    provider.visitor().sign_in(&person).await;
    seal(&provider).await;
    assert_holds(&provider).await;
    let place_2 = "id = (SELECT audit_id FROM audit_seal WHERE seq = 2)";
    for (column, value) in [
        ("action", "'account.erased'"),
        ("actor_kind", "'staff'"),
        ("actor_id", "'somebody'"),
        ("account_id", "id"),
        ("session_id", "id"),
        ("client_id", "''"),
        ("outcome", "'wrong'"),
        ("personal", "'sealed'"),
        ("at", "(SELECT MAX(at) FROM audit)"),
    ] {
        provider.execute("CREATE TABLE put_away AS SELECT * FROM audit").await;
        provider.execute(&format!("UPDATE audit SET {column} = {value} WHERE {place_2}")).await;
        let (code, said) = verify(&provider, &[]).await;
        assert_eq!(code, 1, "{column}: {said}");
        assert!(said.contains("record 2 (") && said.contains("is not what was chained"), "{column}: {said}");
        assert_eq!(said.matches("BROKEN").count(), 1, "{said}");
        provider
            .execute(&format!(
                "UPDATE audit SET {column} = (SELECT {column} FROM put_away WHERE put_away.id = audit.id)"
            ))
            .await;
        provider.execute("DROP TABLE put_away").await;
    }
    assert_holds(&provider).await;

    // Two change places: the ids of their seals.
    provider.execute("CREATE TABLE put_away AS SELECT * FROM audit_seal").await;
    provider.execute("DELETE FROM audit_seal WHERE seq IN (2, 3)").await;
    for (seq, other) in [(2, 3), (3, 2)] {
        let swap = format!(
            "INSERT INTO audit_seal (seq, audit_id, hash) SELECT here.seq, there.audit_id, here.hash FROM put_away here, \
             put_away there WHERE here.seq = {seq} AND there.seq = {other}"
        );
        provider.execute(&swap).await;
    }
    let (code, said) = verify(&provider, &[]).await;
    assert!(code == 1 && said.contains("record 2 (") && said.contains("record 3 ("), "{said}");
    provider.execute("DELETE FROM audit_seal WHERE seq IN (2, 3)").await;
    let back = "INSERT INTO audit_seal (seq, audit_id, hash) SELECT seq, audit_id, hash FROM put_away WHERE seq IN (2, 3)";
    provider.execute(back).await;
    assert_holds(&provider).await;

    provider.execute(&format!("DELETE FROM audit WHERE {place_2}")).await;
    let (code, said) = verify(&provider, &[]).await;
    assert!(code == 1 && said.contains("record 2 (") && said.contains("is missing"), "{said}");
    provider.execute("DELETE FROM audit_seal WHERE seq = 2").await;
    let (code, said) = verify(&provider, &[]).await;
    assert!(code == 1 && said.contains("records 2 to 2 are missing"), "{said}");
    provider.execute("DELETE FROM audit_seal WHERE seq = 1").await;
    assert!(verify(&provider, &[]).await.1.contains("records 1 to 2 are missing"));
}

/// Who can write the database can make the chain anew: hashes are no secret. A signed checkpoint says otherwise, and one
/// that was kept elsewhere says so even if those in the database are gone, too.
#[tokio::test]
async fn a_chain_that_was_made_anew_or_cut_off_does_not_fit_its_checkpoints() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    seal(&provider).await;
    let file = provider.database.folder.path().join("kept.jsonl");
    let first: serde_json::Value =
        serde_json::from_slice(&iok_id(&provider, &["audit", "seal", "--json"]).await.stdout).unwrap();
    provider.active_person("jan.inny").await;
    let last: serde_json::Value =
        serde_json::from_slice(&iok_id(&provider, &["audit", "seal", "--json"]).await.stdout).unwrap();
    assert_eq!(last["number"].as_u64(), first["number"].as_u64().map(|number| number + 1), "{first} {last}");
    let member = |name: &str| last[name].clone();
    let kept = format!(
        "{{\"checkpoint\":{{\"number\":{},\"seq\":{},\"hash\":{},\"at\":{},\"statement\":{}}}}}\n",
        member("number"),
        member("seq"),
        member("hash"),
        exact(last["at"].as_str().unwrap()),
        member("statement")
    );
    std::fs::write(&file, kept).unwrap();
    let kept = ["--checkpoint", file.to_str().unwrap()];
    assert_eq!(verify(&provider, &kept).await.0, 0, "{}", verify(&provider, &kept).await.1);

    // Made anew: the record is changed, and the places from it on are given out again.
    provider
        .execute(
            "UPDATE audit SET outcome = 'other' WHERE id IN (SELECT audit_id FROM audit_seal WHERE seq = 2)",
        )
        .await;
    provider.execute("DELETE FROM audit_seal WHERE seq >= 2").await;
    provider.execute("UPDATE audit_chain SET looked_everywhere_at = NULL").await;
    seal(&provider).await;
    let (code, said) = verify(&provider, &[]).await;
    assert!(code == 1 && said.contains("is not the one that checkpoint"), "{said}");

    // Cut off, with its checkpoints: nothing in the database knows.
    provider.execute("DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_seal WHERE seq >= 2)").await;
    provider.execute("DELETE FROM audit_seal WHERE seq >= 2").await;
    provider.execute(&format!("DELETE FROM audit_checkpoint WHERE number > {}", first["number"])).await;
    assert_holds(&provider).await;
    let (code, said) = verify(&provider, &kept).await;
    assert!(code == 1 && said.contains("were cut off"), "{said}");
}

fn exact(at: &str) -> String {
    let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
    format!("\"{}\"", at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}

#[tokio::test]
async fn an_erased_person_leaves_a_chain_that_holds() {
    let provider = TestProvider::start().await;
    let ends = (provider.clock.now() + TimeDelta::days(10)).date_naive();
    let mut person = Person::active("halina.wrona");
    person.row.premises = format!("P-1:owner:residential:{ends}");
    provider.import(&[&person]).await;
    provider.visitor().sign_in(&person).await;
    seal(&provider).await;
    let sealed = rows(&provider, "audit", "personal IS NOT NULL").await;
    assert!(sealed > 0);
    for days in [101, 740] {
        provider.advance(TimeDelta::days(days));
        provider.server.age_accounts().await.unwrap();
    }
    assert_eq!(rows(&provider, "person_key", "1 = 1").await, 0, "the key is gone");
    assert_eq!(rows(&provider, "audit", "personal IS NOT NULL").await, sealed, "and what it sealed stays");
    seal(&provider).await;
    assert_holds(&provider).await;
}

#[tokio::test]
async fn several_servers_make_one_chain() {
    let provider = TestProvider::start().await;
    let replicas = [provider.replica().await, provider.replica().await];
    for round in 0..6 {
        let people: Vec<Person> =
            (0..40).map(|number| Person::active(&format!("osoba.{round}.{number}"))).collect();
        provider.import(&people.iter().collect::<Vec<_>>()).await;
        let (one, two, three) = tokio::join!(
            provider.server.seal_audit(),
            replicas[0].server.seal_audit(),
            replicas[1].server.seal_audit()
        );
        for round in [one, two, three] {
            round.unwrap();
        }
    }
    let records = rows(&provider, "audit", "1 = 1").await;
    assert_eq!(unchained(&provider).await, 0);
    assert_eq!(rows(&provider, "audit_seal", &format!("seq BETWEEN 1 AND {records}")).await, records);
    assert_holds(&provider).await;
}

#[tokio::test]
async fn a_sealer_that_is_killed_loses_nothing() {
    const RECORDS: usize = 4_000;
    let installation = Installation::fresh().await;
    installation.run(&["audit", "seal"]).await.succeeded();
    let connection = installation.database.connect().await;
    for chunk in 0..RECORDS / 500 {
        let values: Vec<String> = (0..500)
            .map(|number| {
                let id = uuid::Uuid::from_u128((chunk * 500 + number + 1) as u128).to_string();
                format!(
                    "({}, '2026-11-22 10:00:00+00:00', 'sign_in.verdict', 'visitor')",
                    installation.database.uuid(&id)
                )
            })
            .collect();
        let sql = format!("INSERT INTO audit (id, at, action, actor_kind) VALUES {}", values.join(", "));
        connection.execute_unprepared(&sql).await.unwrap();
    }
    // Whoever looks at all of them will.
    connection.execute_unprepared("UPDATE audit_chain SET looked_everywhere_at = NULL").await.unwrap();
    let mut serving = installation.serve().await;
    for _ in 0..2_000 {
        if rows_on(&connection, "audit_seal", "1 = 1").await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serving.process.kill();
    let before = rows_on(&connection, "audit_seal", "1 = 1").await;
    assert!(before > 0);

    // The lease of the dead one runs out first.
    installation.run(&["audit", "seal"]).await.succeeded();
    let records = rows_on(&connection, "audit", "1 = 1").await;
    assert_eq!(rows_on(&connection, "audit_seal", "1 = 1").await, records);
    let checked: Finished = installation.run(&["audit", "verify", "--json"]).await;
    let report = checked.succeeded().json();
    assert_eq!(report["records"].as_i64(), Some(records), "{report}");
    assert_eq!(report["signed_up_to"].as_i64(), Some(records), "{report}");
}

#[tokio::test]
async fn nothing_is_forgotten_whose_checkpoint_was_not_written_out() {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    seal(&provider).await;
    // As if the place where checkpoints go had been full ever since.
    provider.execute("UPDATE audit_checkpoint SET written_at = NULL").await;
    provider.advance(TimeDelta::days(800));
    let all = rows(&provider, "audit", "1 = 1").await;
    provider.server.sweep().await.unwrap();
    assert_eq!(rows(&provider, "audit", "1 = 1").await, all);
    seal(&provider).await;
    provider.server.sweep().await.unwrap();
    assert!(rows(&provider, "audit", "1 = 1").await < all, "it is written out now");
    assert_holds(&provider).await;
}

#[tokio::test]
async fn retention_ends_at_a_checkpoint_and_says_where_the_chain_begins() {
    let provider = TestProvider::start().await;
    for login in ["halina.wrona", "jan.inny"] {
        provider.active_person(login).await;
    }
    // The day's checkpoint.
    provider.advance(TimeDelta::days(1));
    seal(&provider).await;
    provider.advance(TimeDelta::days(400));
    provider.active_person("ewa.nowa").await;
    seal(&provider).await;
    let (all, recent) =
        (rows(&provider, "audit", "1 = 1").await, rows(&provider, "audit_seal", "seq > 2").await);
    assert!(all > recent && recent > 0);
    provider.server.sweep().await.unwrap();
    assert_eq!(rows(&provider, "audit", "1 = 1").await, all, "nothing is two years old");

    provider.advance(TimeDelta::days(340));
    // As old as what will be forgotten, but without a place.
    record_late(&provider, TimeDelta::days(735)).await;
    provider.server.sweep().await.unwrap();
    assert_eq!(rows(&provider, "audit", "1 = 1").await, recent + 1, "the unchained one stays");
    let said = assert_holds(&provider).await;
    assert!(said.contains("after number 2"), "{said}");
    let file = provider.database.folder.path().join("audit.jsonl");
    let file = file.to_str().unwrap();
    assert_eq!(iok_id(&provider, &["audit", "export", "--out", file]).await.status.code(), Some(0));
    let (code, said) = verify(&provider, &[file]).await;
    assert_eq!(code, 0, "{said}");

    // Whoever forgets by hand has nobody who signs for it.
    let (first, last) = (3, 3);
    provider
        .execute(&format!(
            "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_seal WHERE seq <= {last})"
        ))
        .await;
    provider.execute(&format!("DELETE FROM audit_seal WHERE seq <= {last}")).await;
    let (code, said) = verify(&provider, &[]).await;
    assert!(code == 1 && said.contains(&format!("records {first} to {last} are missing")), "{said}");
    provider.execute(&format!("UPDATE audit_chain SET beginning_seq = {last}")).await;
    let (code, said) = verify(&provider, &[]).await;
    assert_eq!(code, 1, "{said}");
}

#[tokio::test]
async fn checkpoints_are_signed_while_things_happen_and_with_every_new_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoints.jsonl");
    let provider = TestProvider::start_with(&[("audit.checkpoint_file", file.to_str().unwrap())]).await;
    let lines = || std::fs::read_to_string(&file).unwrap_or_default().lines().count();
    provider.advance_to("2030-04-30T08:00:00Z");
    provider.active_person("halina.wrona").await;
    seal(&provider).await;
    let so_far = lines();
    assert!(so_far >= 1);
    provider.active_person("jan.inny").await;
    seal(&provider).await;
    assert_eq!(lines(), so_far, "not every ten seconds");
    provider.advance(TimeDelta::minutes(61));
    seal(&provider).await;
    assert_eq!(lines(), so_far + 1);
    provider.advance(TimeDelta::hours(3));
    seal(&provider).await;
    assert_eq!(lines(), so_far + 1, "nothing new");
    provider.advance_to("2030-04-30T22:30:00Z");
    seal(&provider).await;
    assert_eq!(lines(), so_far + 2, "by the house's clock a new day has begun");
    let (code, said) = verify(&provider, &["--checkpoint", file.to_str().unwrap()]).await;
    assert_eq!(code, 0, "{said}");
    // What cannot be written out is signed all the same, and written later.
    let aside = folder.path().join("aside");
    std::fs::rename(&file, &aside).unwrap();
    std::fs::create_dir(&file).unwrap();
    provider.advance(TimeDelta::days(1));
    assert!(provider.server.seal_audit().await.is_err());
    std::fs::remove_dir(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    seal(&provider).await;
    assert_eq!(lines(), so_far + 3);
}
