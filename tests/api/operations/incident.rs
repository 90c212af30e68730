//! `iok-id incident export`: who may be affected, for a breach notice.

use chrono::{SecondsFormat, TimeDelta};
use iok_id::domain::clock::Clock as _;
use serde_json::{Value, json};

use crate::helpers::command_line::iok_id;
use crate::helpers::provider::TestProvider;
use crate::helpers::records::count;

const REASON: &str = "Wyciek z serwisu.";

fn now(provider: &TestProvider) -> String {
    provider.clock.now().to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn export(provider: &TestProvider, from: &str, to: &str, more: &[&str]) -> Value {
    let mut arguments = vec!["incident", "export", "--from", from, "--to", to, "--reason", REASON];
    arguments.extend(more);
    let output = iok_id(provider, &arguments).await;
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn logins(exported: &Value) -> Vec<&str> {
    let mut logins: Vec<&str> =
        exported["accounts"].as_object().unwrap().values().map(|of| of["login"].as_str().unwrap()).collect();
    logins.sort_unstable();
    logins
}

#[tokio::test]
async fn accounts_that_were_here_between_two_moments_are_listed_and_that_is_noted() {
    let provider = TestProvider::start().await;
    let (halina, jan) =
        (provider.active_person("halina.wrona").await, provider.active_person("jan.inny").await);
    provider.active_person("ewa.obca").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let meters = provider.relying_party("meters", json!({})).await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    // The command goes by the system's clock: all of this lies behind it.
    provider.advance(TimeDelta::milliseconds(1));
    let began = now(&provider);
    provider.advance(TimeDelta::milliseconds(1));
    billing.tokens(&provider.visitor(), &halina, &[]).await;
    provider.advance(TimeDelta::milliseconds(1));
    let between = now(&provider);
    provider.advance(TimeDelta::milliseconds(1));
    let visitor = provider.visitor();
    meters.tokens(&visitor, &jan, &[]).await;
    // Refused, so that nothing but a record tells of it.
    let asks = visitor.open(&partner.authorization(&[])).await;
    assert!(visitor.submit(&asks, "#deny", &[]).await.parameter("error").is_some());
    provider
        .visitor()
        .sign_in(&crate::helpers::people::Person { password: "Zgadywanka#1".to_owned(), ..jan.clone() })
        .await;
    provider.advance(TimeDelta::milliseconds(1));
    let ended = now(&provider);

    assert_eq!(logins(&export(&provider, &began, &between, &[]).await), ["halina.wrona"]);
    assert_eq!(count(&provider, "incident.exported").await, 2, "once for all, and once for each account");
    let later = export(&provider, &between, &ended, &[]).await;
    assert_eq!(logins(&later), ["halina.wrona", "jan.inny"], "her session and grant went on");
    assert_eq!(logins(&export(&provider, &between, &ended, &["--client", "meters"]).await), ["jan.inny"]);
    let of = |login: &str| {
        let accounts = later["accounts"].as_object().unwrap();
        accounts.values().find(|of| of["login"] == login).unwrap().clone()
    };
    let (halina, jan) = (of("halina.wrona"), of("jan.inny"));
    assert_eq!(
        (&halina["sign_ins"], &halina["sessions"], &halina["grants"]),
        (&json!(0), &json!(1), &json!(1))
    );
    assert_eq!(
        (&jan["sign_ins"], &jan["failed_sign_ins"], &jan["clients"]),
        (&json!(1), &json!(1), &json!(["meters", "partner"]))
    );
    assert_eq!(halina["clients"], json!(["billing"]), "no record, and a grant that went on");
    assert!(jan["email"].is_string() && jan["first_at"].is_string(), "{jan}");

    // The reason is in the person's own history, and nowhere readable.
    let auditor = provider.auditor("ewa.drozd").await;
    let start = auditor.open("/office/audit").await;
    let asked = [("account", "jan.inny"), ("action", "incident.exported"), ("opened", "yes")];
    assert!(auditor.submit(&start, "#search-audit", &asked).await.body.contains(REASON));

    let file = provider.database.folder.path().join("incident.csv");
    let written = iok_id(
        &provider,
        &[
            "incident",
            "export",
            "--from",
            &between,
            "--to",
            &ended,
            "--reason",
            REASON,
            "--format",
            "csv",
            "--out",
            file.to_str().unwrap(),
        ],
    )
    .await;
    assert!(written.status.success(), "{written:?}");
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(csv.starts_with("account,login,name,email"), "{csv}");
    assert!(csv.lines().count() == 3 && csv.contains("jan.inny"), "{csv}");
    let noted = count(&provider, "incident.exported").await;
    for (from, to, reason) in [(&ended, &began, REASON), (&began, &ended, " ")] {
        let output =
            iok_id(&provider, &["incident", "export", "--from", from, "--to", to, "--reason", reason]).await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
    let again = [
        "incident",
        "export",
        "--from",
        &began,
        "--to",
        &ended,
        "--reason",
        REASON,
        "--out",
        file.to_str().unwrap(),
    ];
    assert_eq!(iok_id(&provider, &again).await.status.code(), Some(1), "the file is there already");
    assert_eq!(count(&provider, "incident.exported").await, noted, "and nothing is noted for nothing");
}
