//! A refresh whose answer was lost (docs/adr/0010): the immediate predecessor, from the same client, within ten seconds
//! and while its successor is unused, gets the identical answer again. Anything else revokes the family (RFC 9700
//! §4.14.2).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::helpers::binary::Installation;
use crate::helpers::expect;
use crate::helpers::lossy_way::LossyWay;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::tables;
use crate::helpers::visitor::Answer;

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

async fn start() -> (TestProvider, RelyingParty, Value) {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let tokens = billing.tokens(&provider.visitor(), &person, &[("scope", "openid email")]).await;
    (provider, billing, tokens)
}

async fn refresh_with(party: &RelyingParty, token: &str, changes: &[(&str, &str)]) -> Answer {
    let request = [&[("grant_type", "refresh_token"), ("refresh_token", token)][..], changes].concat();
    party.token(&request).await
}

/// Neither the tokens of this answer nor any of its family are good for anything.
async fn is_dead(party: &RelyingParty, last: &Value) {
    expect::token_error(&party.refresh(refresh_token(last)).await, 400, "invalid_grant");
    let userinfo = party.userinfo(last["access_token"].as_str().unwrap()).await;
    expect::bearer_error(&userinfo, 401, "invalid_token");
}

async fn answers_kept(provider: &TestProvider) -> usize {
    let kept = tables::column(&provider.database, "refresh_token", "sealed_answer IS NOT NULL").await;
    kept.iter().filter(|kept| matches!(kept.as_str(), "1" | "true")).count()
}

#[tokio::test]
async fn an_answer_that_was_dropped_on_the_way_is_given_again_byte_for_byte() {
    let (provider, billing, first) = start().await;
    let way = LossyWay::to(&provider.issuer).await;
    let far = billing.at(&way.address);
    way.lose_answers(true);
    let request = [("grant_type", "refresh_token"), ("refresh_token", refresh_token(&first))];
    for _ in 0..2 {
        far.authenticated("/token", &request).send().await.expect_err("the answer was lost");
    }
    way.lose_answers(false);

    provider.advance(TimeDelta::seconds(9));
    let answer = far.refresh(refresh_token(&first)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let again = far.refresh(refresh_token(&first)).await;
    assert_eq!(answer.body, again.body);
    let second = answer.json();
    assert_eq!(
        expect::members(&second),
        ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]
    );
    assert_eq!(tables::row_counts(&provider.database).await["refresh_token"], 2, "one successor");
    assert_eq!(billing.userinfo(second["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(billing.refresh(refresh_token(&second)).await.status, 200, "the family goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_simultaneous_refreshes_on_two_replicas_get_one_answer_and_one_successor() {
    let (provider, billing, first) = start().await;
    let replica = provider.replica().await;
    let elsewhere = replica.relying_party(&billing);
    let mut refreshes = JoinSet::new();
    for turn in 0..50 {
        let party = if turn % 2 == 0 { billing.clone() } else { elsewhere.clone() };
        let token = refresh_token(&first).to_owned();
        refreshes.spawn(async move { party.refresh(&token).await });
    }
    let answers = refreshes.join_all().await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let bodies: BTreeSet<&str> = answers.iter().map(|answer| answer.body.as_str()).collect();
    assert_eq!(bodies.len(), 1, "all of them the same");
    assert_eq!(tables::row_counts(&provider.database).await["refresh_token"], 2);
    let second = answers[0].json();
    assert_eq!(elsewhere.refresh(refresh_token(&second)).await.status, 200);
}

#[tokio::test]
async fn after_ten_seconds_a_second_use_revokes_the_family() {
    let (provider, billing, first) = start().await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    provider.advance(TimeDelta::seconds(10));
    expect::token_error(&billing.refresh(refresh_token(&first)).await, 400, "invalid_grant");
    is_dead(&billing, &second).await;
    assert_eq!(answers_kept(&provider).await, 0, "what was kept went with the family");
}

#[tokio::test]
async fn after_the_successor_was_used_a_second_use_revokes_the_family() {
    let (provider, billing, first) = start().await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    let third = billing.refresh(refresh_token(&second)).await.json();
    assert_eq!(answers_kept(&provider).await, 1, "the predecessor's answer was received, and is deleted");
    expect::token_error(&billing.refresh(refresh_token(&first)).await, 400, "invalid_grant");
    is_dead(&billing, &third).await;
}

/// Another client learns nothing, and cannot sign this one's people out either.
#[tokio::test]
async fn another_client_gets_nothing_and_the_answer_stays_for_whom_it_was_meant() {
    let (provider, billing, first) = start().await;
    let stranger = provider.relying_party("complaints", json!({})).await;
    let public = provider.relying_party("app", json!({"token_endpoint_auth_method": "none"})).await;
    let answer = billing.refresh(refresh_token(&first)).await;
    for other in [&stranger, &public] {
        expect::token_error(&other.refresh(refresh_token(&first)).await, 400, "invalid_grant");
    }
    assert_eq!(billing.refresh(refresh_token(&first)).await.body, answer.body);
}

/// Who asks for another scope or resource does not ask for the answer that was lost.
#[tokio::test]
async fn a_second_request_that_asks_for_something_else_revokes_the_family() {
    for change in [("scope", "openid"), ("resource", "https://charges.example.test/")] {
        let (provider, _, _) = start().await;
        let person = provider.active_person("jan.nowak").await;
        let resources = json!({"resources": ["https://charges.example.test/"]});
        let party = provider.relying_party("party", resources).await;
        let first = party.tokens(&provider.visitor(), &person, &[("scope", "openid email")]).await;
        let narrow = refresh_with(&party, refresh_token(&first), &[change]).await;
        assert_eq!(narrow.status, 200, "{}", narrow.body);
        let again = refresh_with(&party, refresh_token(&first), &[change]).await;
        assert_eq!(again.body, narrow.body, "the same request");
        expect::token_error(&party.refresh(refresh_token(&first)).await, 400, "invalid_grant");
        is_dead(&party, &narrow.json()).await;
    }
}

#[tokio::test]
async fn nothing_is_given_again_once_the_grant_the_session_or_the_account_is_over() {
    // A revocation by the client.
    let (_provider, billing, first) = start().await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    assert_eq!(billing.revoke(refresh_token(&second)).await.status, 200);
    expect::token_error(&billing.refresh(refresh_token(&first)).await, 400, "invalid_grant");

    // A sign-out.
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();
    let first = billing.tokens(&browser, &person, &[]).await;
    billing.refresh(refresh_token(&first)).await;
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    expect::token_error(&billing.refresh(refresh_token(&first)).await, 400, "invalid_grant");

    // An account that may not act.
    let (provider, billing, first) = start().await;
    billing.refresh(refresh_token(&first)).await;
    provider.execute("UPDATE account SET state = 'suspended'").await;
    expect::token_error(&billing.refresh(refresh_token(&first)).await, 400, "invalid_grant");
}

/// RFC 6749 §4.1.2: codes get no grace.
#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_answered_again() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let code = billing.code(&provider.visitor(), &person, &[]).await;
    assert_eq!(billing.redeem(&code).await.status, 200);
    expect::token_error(&billing.redeem(&code).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_kept_answer_lies_sealed_and_is_swept() {
    let (provider, billing, first) = start().await;
    let second = billing.refresh(refresh_token(&first)).await.json();
    assert_eq!(answers_kept(&provider).await, 1);
    let everything = crate::helpers::database::dump(&provider.database).await;
    for token in ["access_token", "refresh_token", "id_token"] {
        let token = second[token].as_str().unwrap();
        assert!(everything.iter().all(|(_, row)| !row.contains(token)), "{token} lies readable");
    }
    provider.advance(TimeDelta::seconds(9));
    provider.server.sweep().await.unwrap();
    assert_eq!(answers_kept(&provider).await, 1, "it may still be asked for");
    provider.advance(TimeDelta::seconds(1));
    provider.server.sweep().await.unwrap();
    assert_eq!(answers_kept(&provider).await, 0);
    assert_eq!(billing.refresh(refresh_token(&second)).await.status, 200);
}

/// `kill -9` with the answer on its way: the next server gives the same one.
#[tokio::test]
async fn an_answer_that_died_with_its_server_is_given_by_the_next() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let billing = installation.relying_party("billing").await;
    let mut serving = installation.serve().await;
    let first = billing.tokens(&installation.visitor(), &person, &[]).await;
    let answer = billing.refresh(refresh_token(&first)).await;
    serving.process.kill();
    assert_eq!(answer.status, 200, "{}", answer.body);

    let _serving = installation.serve().await;
    let again = billing.refresh(refresh_token(&first)).await;
    assert_eq!(again.body, answer.body);
    assert_eq!(billing.refresh(refresh_token(&again.json())).await.status, 200);
}
