//! `iok-id keys`.

use std::collections::BTreeSet;

use crate::helpers::binary::Installation;
use crate::helpers::people::Person;
use crate::helpers::relying_party::header;

#[tokio::test]
async fn keys_rotate_adds_the_next_pair_on_a_running_server_and_keeps_the_old_one_verifiable() {
    let installation = Installation::with_settings("tokens.key_lead_seconds = 0").await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let billing = installation.relying_party("billing").await;
    let _serving = installation.serve().await;
    let browser = installation.visitor();
    let before = published(&installation).await;
    assert_eq!(before.len(), 4, "{before:?}");
    let old = billing.tokens(&browser, &person, &[]).await;
    let old_token = old["access_token"].as_str().unwrap();
    assert!(before.contains(header(old_token)["kid"].as_str().unwrap()));

    let rotated = installation.run(&["keys", "rotate", "--json"]).await.succeeded().json();
    let new: BTreeSet<String> =
        rotated["kids"].as_array().unwrap().iter().map(|kid| kid.as_str().unwrap().to_owned()).collect();
    assert_eq!(new.len(), 4, "{rotated}");
    assert!(new.is_disjoint(&before), "{rotated}");

    // The server reads its keys every few seconds.
    let all: BTreeSet<String> = before.union(&new).cloned().collect();
    for attempt in 0.. {
        if published(&installation).await == all {
            break;
        }
        assert!(attempt < 600, "{:?} is published instead of {all:?}", published(&installation).await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let fresh = billing.tokens(&browser, &person, &[]).await;
    let fresh_token = fresh["access_token"].as_str().unwrap();
    assert!(new.contains(header(fresh_token)["kid"].as_str().unwrap()), "the new key signs");
    for token in [old_token, fresh_token] {
        let answer = billing.userinfo(token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

async fn published(installation: &Installation) -> BTreeSet<String> {
    let browser = installation.visitor();
    let metadata = browser.get("/.well-known/openid-configuration").await.json();
    let keys = browser.get(metadata["jwks_uri"].as_str().unwrap()).await.json();
    let keys = keys["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_list_says_what_each_key_is_for() {
    let installation = Installation::fresh().await;
    let listed = async || {
        let keys = installation.run(&["keys", "list", "--json"]).await.succeeded().json();
        keys.as_array().unwrap().clone()
    };
    assert!(listed().await.is_empty(), "the first server makes them");
    let serving = installation.serve().await;
    drop(serving);
    installation.run(&["keys", "rotate"]).await.succeeded();
    let keys = listed().await;
    let lines: Vec<String> = keys
        .iter()
        .map(|key| {
            let word = |name: &str| key[name].as_str().unwrap().to_owned();
            format!("{} {} {}", word("algorithm"), key["generation"], word("state"))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "ES256 1 signing",
            "ES256 2 next",
            "RS256 1 signing",
            "RS256 2 next",
            "PS256 1 signing",
            "PS256 2 next",
            "EdDSA 1 signing",
            "EdDSA 2 next"
        ]
    );
    for key in &keys {
        assert_eq!(key["published_until"].is_null(), key["state"] == "next", "{key}");
        assert_eq!(key.get("sealed"), None, "{key}");
    }
    let text = installation.run(&["keys", "list"]).await.succeeded().stdout.clone();
    assert_eq!(text.lines().count(), 8, "{text}");
    assert!(text.contains(keys[0]["kid"].as_str().unwrap()), "{text}");
}

#[tokio::test]
async fn a_key_that_somebody_else_has_is_gone_at_once_with_all_that_it_signed() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let billing = installation.relying_party("billing").await;
    let _serving = installation.serve().await;
    let browser = installation.visitor();
    let before = published(&installation).await;
    let old = billing.tokens(&browser, &person, &[]).await;
    let old_token = old["access_token"].as_str().unwrap();
    let leaked = header(old_token)["kid"].as_str().unwrap().to_owned();
    assert_eq!(billing.userinfo(old_token).await.status, 200);

    let unknown = installation.run(&["keys", "withdraw", "nobodys"]).await;
    assert!(unknown.code != Some(0) && unknown.stderr.contains("keys list"), "{}", unknown.stderr);
    assert_eq!(published(&installation).await, before);
    let withdrawn = installation.run(&["keys", "withdraw", &leaked, "--json"]).await.succeeded().json();
    let successor = withdrawn["signs_now"].as_str().unwrap().to_owned();

    // The server reads its keys every few seconds.
    for attempt in 0.. {
        let now = published(&installation).await;
        if !now.contains(&leaked) {
            assert!(now.contains(&successor), "{now:?}");
            break;
        }
        assert!(attempt < 600, "{leaked} is still published");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(billing.userinfo(old_token).await.status, 401, "whoever signed it");
    let fresh = billing.tokens(&browser, &person, &[]).await;
    let fresh_token = fresh["access_token"].as_str().unwrap();
    assert_eq!(header(fresh_token)["kid"].as_str().unwrap(), successor);
    assert_eq!(billing.userinfo(fresh_token).await.status, 200);

    // One that signs nothing any more leaves the others as they are.
    installation.run(&["keys", "rotate"]).await.succeeded();
    let again = installation.run(&["keys", "withdraw", &leaked]).await;
    assert!(again.code != Some(0), "it is gone: {}", again.stdout);
}
