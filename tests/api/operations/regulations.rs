//! `iok-id regulations`, and the pages that show what was published.

use serde_json::json;

use crate::helpers::binary::Installation;
use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::records::rows_on;
use crate::helpers::visitor::Visitor;

async fn publish(
    installation: &Installation,
    version: &str,
    polish: &str,
    english: &str,
) -> crate::helpers::process::Finished {
    let polish = installation.file("regulations.pl.md", polish);
    let english = installation.file("regulations.en.md", english);
    let command = [
        "regulations",
        "publish",
        "--version",
        version,
        "--polish",
        &polish,
        "--english",
        &english,
        "--json",
    ];
    installation.run(&command).await
}

async fn page(browser: &Visitor, address: &str) -> String {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn a_version_is_published_once_listed_and_read_on_a_running_server() {
    let installation = Installation::fresh().await;
    let _serving = installation.serve().await;
    let browser = installation.visitor();
    expect::error_page(&browser.get("/regulations").await, 404);
    assert!(!form::has(&page(&browser, "/help").await, "a[href='/regulations']"));
    let nothing = installation.run(&["regulations", "list"]).await;
    assert_eq!(nothing.succeeded().stdout, "no version was published yet\n");

    let first =
        publish(&installation, "2026-1", "# Regulamin\n\n7. Siódmy.\n", "# Regulations\n\n7. The seventh.")
            .await;
    assert_eq!(first.succeeded().json()["published_now"], true);
    // The answer was lost, so somebody asks again; with other line ends, as another computer writes them.
    let again =
        publish(&installation, "2026-1", "# Regulamin\r\n\r\n7. Siódmy.", "# Regulations\n\n7. The seventh.")
            .await;
    assert_eq!(again.succeeded().json()["published_now"], false);
    let other =
        publish(&installation, "2026-1", "# Regulamin\n\n7. Ósmy.", "# Regulations\n\n7. The seventh.").await;
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(other.stderr.contains("2026-1 was published with other words"), "{other:?}");
    publish(&installation, "2026-2", "# Regulamin\n\n8. Ósmy.", "# Regulations\n\n8. The eighth.")
        .await
        .succeeded();

    let listed = installation.run(&["regulations", "list", "--json"]).await.json();
    let shown: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["version"].clone(), row["in_force"].clone()))
        .collect();
    assert_eq!(shown, [(json!("2026-2"), json!(true)), (json!("2026-1"), json!(false))]);
    let database = installation.database.connect().await;
    assert_eq!(rows_on(&database, "audit", "action = 'regulations.published'").await, 2);
    assert_eq!(rows_on(&database, "regulations", "1 = 1").await, 2);

    let current = page(&browser, "/regulations").await;
    // The number is the one that was written, not the list's.
    assert_eq!(form::texts(&current, "main .point"), ["8. Ósmy."]);
    let switch = form::attribute(&current, "a.language", "href").unwrap();
    assert_eq!(form::texts(&page(&browser, &switch).await, "main .point"), ["8. The eighth."]);
    let earlier = form::attribute(&current, ".aside a", "href").unwrap();
    assert_eq!(earlier, "/regulations/2026-1");
    let earlier = page(&browser, &earlier).await;
    assert_eq!(form::texts(&earlier, "main .point"), ["7. The seventh."]);
    assert!(form::has(&earlier, ".notice a[href='/regulations']"), "{earlier}");
    let switch = form::attribute(&earlier, "a.language", "href").unwrap();
    assert_eq!(form::texts(&page(&browser, &switch).await, "main .point"), ["7. Siódmy."]);
    for address in ["/help", "/"] {
        assert!(form::has(&page(&browser, address).await, "a[href='/regulations']"), "{address}");
    }
    for nowhere in ["/regulations/2026-3", "/regulations/%00", "/regulations/%C5%BC"] {
        assert!(browser.get(nowhere).await.status.is_client_error(), "{nowhere}");
    }
}

#[tokio::test]
async fn words_stay_words() {
    let installation = Installation::fresh().await;
    let hostile =
        "<script>alert(1)</script> {{ 7 * 7 }} [here](javascript:alert(1)) <img src=x onerror=alert(1)>";
    publish(&installation, "1", &format!("# {hostile}\n\n{hostile}\n\n1. {hostile}"), hostile)
        .await
        .succeeded();
    let _serving = installation.serve().await;
    let shown = page(&installation.visitor(), "/regulations").await;
    assert!(!form::has(&shown, "main script") && !form::has(&shown, "main img"), "{shown}");
    assert_eq!(form::text(&shown, "main h2").as_deref(), Some(hostile));
    assert_eq!(form::texts(&shown, "main .card > p:not(.point)").last().map(String::as_str), Some(hostile));
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_with_its_reason() {
    let installation = Installation::fresh().await;
    for (version, polish, english, reason) in [
        ("accept", "a", "b", "is not a version"),
        ("1/2", "a", "b", "is not a version"),
        ("1", " \n", "b", "the Polish text: the text is empty"),
        ("1", "a", "one\ntwo\u{7}", "the English text: line 2"),
    ] {
        let refused = publish(&installation, version, polish, english).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains(reason), "{reason}: {refused:?}");
    }
    let english = installation.file("regulations.en.md", "fine");
    let polish = installation.folder().join("latin2.md");
    std::fs::write(&polish, b"# Regulamin\n\nza\xbf\xf3\xb3\xe6\n").unwrap();
    let polish = polish.to_str().unwrap();
    let command = ["regulations", "publish", "--version", "1", "--polish", polish, "--english", &english];
    let refused = installation.run(&command).await;
    assert!(refused.refused_in_one_line().contains("latin2.md, line 3"), "{refused:?}");
    let command =
        ["regulations", "publish", "--version", "1", "--polish", "nowhere.md", "--english", &english];
    assert!(installation.run(&command).await.refused_in_one_line().contains("nowhere.md"));
    assert_eq!(installation.run(&["regulations", "list", "--json"]).await.json(), json!([]));
}
