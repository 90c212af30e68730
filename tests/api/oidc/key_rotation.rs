//! Signing keys change hands without anybody meeting an unknown one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::TimeDelta;
use iok_id::domain::clock::{Clock as _, Moment, SettableClock};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::helpers::database::TestDatabase;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::{RelyingParty, header};
use crate::helpers::tables;
use crate::helpers::visitor::Visitor;

fn kids(jwks: &Value) -> BTreeSet<String> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

const DAILY: [(&str, &str); 1] = [("tokens.key_rotation_days", "1")];

#[tokio::test]
async fn keys_rotate_by_themselves_when_it_is_time_and_not_before() {
    // Its keys are exactly as old as its clock says.
    let provider = TestProvider::start_on(TestDatabase::fresh().await, &DAILY).await;
    let first = kids(&provider.jwks().await);
    provider.advance(TimeDelta::days(1) - TimeDelta::seconds(1));
    provider.server.look_after_keys().await.unwrap();
    assert_eq!(kids(&provider.jwks().await), first);
    provider.advance(TimeDelta::seconds(1));
    provider.server.look_after_keys().await.unwrap();
    let both = kids(&provider.jwks().await);
    assert_eq!((both.len(), both.is_superset(&first)), (8, true), "the next ones are published");
    provider.server.look_after_keys().await.unwrap();
    assert_eq!(kids(&provider.jwks().await), both, "once is enough");
    // The lead, the longest token, and as much again for a replica that reads late.
    provider.advance(TimeDelta::seconds(60 + 300 + 60));
    let second = kids(&provider.jwks().await);
    assert_eq!((second.len(), second.is_disjoint(&first)), (4, true));
    let actors = tables::column(&provider.database, "audit", "actor_kind || action").await;
    assert_eq!(actors.iter().filter(|actor| *actor == "clockkeys.rotated").count(), 1, "{actors:?}");
}

#[tokio::test]
async fn without_a_schedule_keys_stay_until_somebody_rotates_them() {
    let provider = TestProvider::start_with(&[("tokens.key_rotation_days", "0")]).await;
    let first = kids(&provider.jwks().await);
    provider.advance(TimeDelta::days(4000));
    provider.server.look_after_keys().await.unwrap();
    assert_eq!(kids(&provider.jwks().await), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_replicas_that_notice_at_once_one_rotates() {
    let provider = TestProvider::start_with(&DAILY).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(provider.replica_with(&DAILY).await);
    }
    provider.advance(TimeDelta::days(1));
    let mine = provider.server.look_after_keys();
    let theirs = futures_util::future::join_all(others.iter().map(|other| other.server.look_after_keys()));
    let (mine, theirs) = tokio::join!(mine, theirs);
    mine.unwrap();
    for done in theirs {
        done.unwrap();
    }
    assert_eq!(tables::row_counts(&provider.database).await["signing_key"], 8);
    let actions = tables::column(&provider.database, "audit", "action").await;
    assert_eq!(actions.iter().filter(|action| *action == "keys.rotated").count(), 1);
}

#[tokio::test]
async fn a_copy_of_the_keys_may_be_kept_for_half_the_lead() {
    for (lead, kept) in [("60", "30"), ("3600", "30"), ("20", "10"), ("0", "0")] {
        let provider = TestProvider::start_with(&[("tokens.key_lead_seconds", lead)]).await;
        let answer = provider.visitor().get("/jwks").await;
        assert_eq!(answer.header("cache-control"), format!("public, max-age={kept}"));
    }
}

/// A relying party that keeps the keys for as long as it was told, and asks any of two replicas.
struct Poller {
    clock: SettableClock,
    replicas: Vec<Visitor>,
    copy: Option<(Moment, BTreeSet<String>)>,
    fetched: usize,
}

impl Poller {
    /// Is this key in its copy, or in a new one where the copy is too old?
    async fn knows(&mut self, kid: &str) -> bool {
        let now = self.clock.now();
        if self.copy.as_ref().is_none_or(|(good_until, _)| *good_until <= now) {
            let replica = &self.replicas[self.fetched % self.replicas.len()];
            self.fetched += 1;
            let answer = replica.get("/jwks").await;
            let seconds = answer.header("cache-control").split("max-age=").nth(1).unwrap().parse().unwrap();
            self.copy = Some((now + TimeDelta::seconds(seconds), kids(&answer.json())));
        }
        self.copy.as_ref().is_some_and(|(_, known)| known.contains(kid))
    }
}

/// What the test's tasks share.
struct Load {
    clock: SettableClock,
    poller: Mutex<Poller>,
    /// Tokens that were issued, to be looked at again just before they end.
    issued: Mutex<Vec<(Moment, String)>>,
    signers: Mutex<BTreeSet<String>>,
    unknown: AtomicUsize,
    count: AtomicUsize,
    goes_on: AtomicBool,
}

impl Load {
    async fn issue(self: Arc<Self>, party: RelyingParty) {
        while self.goes_on.load(Ordering::Relaxed) {
            let tokens = party.token(&[("grant_type", "client_credentials")]).await.json();
            let kid = header(tokens["access_token"].as_str().unwrap())["kid"].as_str().unwrap().to_owned();
            let at = self.clock.now();
            if !self.poller.lock().await.knows(&kid).await {
                self.unknown.fetch_add(1, Ordering::Relaxed);
            }
            self.signers.lock().await.insert(kid.clone());
            self.issued.lock().await.push((at, kid));
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tokens about to end are as good as on their first day.
    async fn look_again(&self) {
        let now = self.clock.now();
        let mut issued = self.issued.lock().await;
        let (old, young): (Vec<_>, Vec<_>) =
            issued.drain(..).partition(|(at, _)| *at + TimeDelta::seconds(290) <= now);
        *issued = young;
        drop(issued);
        let kids: BTreeSet<String> = old.into_iter().map(|(_, kid)| kid).collect();
        let mut poller = self.poller.lock().await;
        for kid in kids {
            if !poller.knows(&kid).await {
                self.unknown.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Two replicas issue as fast as they can while keys rotate four times; the clock is the test's, and moves five seconds a
/// step, which is how often replicas read their keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load_a_relying_party_that_polls_never_meets_an_unknown_key() {
    const ROTATIONS: usize = 4;
    let provider = TestProvider::start().await;
    let replica = provider.replica().await;
    let mut parties = Vec::new();
    for algorithm in ["ES256", "RS256", "PS256", "EdDSA"] {
        let metadata =
            json!({"grant_types": ["client_credentials"], "access_token_signed_response_alg": algorithm});
        let party = provider.relying_party(algorithm, metadata).await;
        parties.push(replica.relying_party(&party));
        parties.push(party);
    }
    let replicas = vec![Visitor::new(&provider.issuer), Visitor::new(&replica.address)];
    let load = Arc::new(Load {
        clock: provider.clock.clone(),
        poller: Mutex::new(Poller { clock: provider.clock.clone(), replicas, copy: None, fetched: 0 }),
        issued: Mutex::default(),
        signers: Mutex::default(),
        unknown: AtomicUsize::new(0),
        count: AtomicUsize::new(0),
        goes_on: AtomicBool::new(true),
    });
    let mut issuers = JoinSet::new();
    for party in parties {
        issuers.spawn(Arc::clone(&load).issue(party));
    }
    for _ in 0..ROTATIONS {
        provider.rotate_keys().await;
        for step in 0..90 {
            provider.advance(TimeDelta::seconds(5));
            // One after the other, each in turn the later one.
            let servers = [&provider.server, &replica.server];
            for server in [servers[step % 2], servers[(step + 1) % 2]] {
                server.look_after_keys().await.unwrap();
            }
            load.look_again().await;
            // Not faster than tokens come: between two steps there is always somebody who gets one.
            let before = load.count.load(Ordering::Relaxed);
            while load.count.load(Ordering::Relaxed) < before + 4 {
                tokio::task::yield_now().await;
            }
        }
    }
    load.goes_on.store(false, Ordering::Relaxed);
    issuers.join_all().await;
    let count = load.count.load(Ordering::Relaxed);
    assert_eq!(load.unknown.load(Ordering::Relaxed), 0, "of {count} tokens");
    assert_eq!(load.signers.lock().await.len(), 4 * (ROTATIONS + 1), "every generation signed");
    assert!(count > 1000, "{count}");
}
