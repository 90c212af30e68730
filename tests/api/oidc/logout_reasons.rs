//! Whatever ends a session, its clients are told; what does not end it, they are not.

use chrono::TimeDelta;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::logout_receiver::{ALLOWED, LogoutReceiver};
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::{RelyingParty, claims};
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::{Answer, Visitor};

const OFFICE: &str = "Administracja nr 1";
const NEW: &str = "tR7#mKp2!x";

struct Stage {
    provider: TestProvider,
    receiver: LogoutReceiver,
    billing: RelyingParty,
}

impl Stage {
    async fn set() -> Self {
        let provider = TestProvider::start_with(&[ALLOWED]).await;
        let receiver = LogoutReceiver::start().await;
        let billing = provider.relying_party("billing", receiver.metadata()).await;
        Self { provider, receiver, billing }
    }

    /// Billing is used in a browser; with the `sid` that it knows.
    async fn used_in(&self, browser: &Visitor, person: &Person) -> String {
        let tokens = self.billing.tokens(browser, person, &[]).await;
        claims(tokens["id_token"].as_str().unwrap())["sid"].as_str().unwrap().to_owned()
    }

    async fn used_by(&self, person: &Person) -> String {
        self.used_in(&self.provider.visitor(), person).await
    }

    /// The newest news is about this session, and it is the `count`th.
    async fn hears(&self, count: usize, sid: &str, why: &str) {
        let received = self.receiver.until_received(count).await;
        assert_eq!(received.len(), count, "{why}");
        assert_eq!(received[count - 1].sid(), sid, "{why}");
        let reasons = records::rows(&self.provider, "logout_notice", &format!("why = '{why}'")).await;
        assert_eq!(reasons, 1, "{why}");
    }
}

/// The account's page in the console, and a button on it.
async fn help(clerk: &Clerk, login: &str, button: &str) -> Answer {
    let page = clerk.open("/office/accounts").await;
    let found = clerk.submit(&page, "#find-accounts", &[("text", login)]).await;
    let page = clerk.open(&form::hrefs(&found.body, "#found td a").remove(0)).await;
    let done = clerk.submit(&page, button, &[("reason", "Była osobiście.")]).await;
    assert_eq!(done.status, 303, "{button}: {}", done.body);
    done
}

#[tokio::test]
async fn whatever_the_owner_does_to_end_a_session_is_told() {
    let stage = Stage::set().await;
    let provider = &stage.provider;
    let person = provider.active_person("halina.wrona").await;

    let browser = provider.visitor();
    let sid = stage.used_in(&browser, &person).await;
    let home = browser.open("/").await;
    browser.submit(&home, "#sign-out", &[]).await;
    stage.hears(1, &sid, "signed_out").await;

    let sid = stage.used_by(&person).await;
    let mut here = provider.open_browser();
    here.try_sign_in(&person.login, &person.password).await;
    let page = here.open("/account/sessions").await;
    here.submit(&page, ".sign-out-device", &[]).await;
    stage.hears(2, &sid, "ended_by_owner").await;

    // In the same browser somebody else signs in over an old page.
    let other = provider.active_person("adam.kos").await;
    let browser = provider.visitor();
    let page = browser.get("/sign-in").await;
    let sid = stage.used_in(&browser, &person).await;
    assert_eq!(browser.sign_in_at(&page, &other.login, &other.password).await.location(), "/");
    stage.hears(3, &sid, "replaced").await;

    let sid = stage.used_by(&person).await;
    provider.advance(TimeDelta::minutes(1));
    let page = here.open("/account/password").await;
    let typed = [("present_password", CHOSEN), ("new_password", NEW), ("new_password_repeat", NEW)];
    assert_eq!(here.submit(&page, "#replace-password", &typed).await.status, 303);
    let received = stage.receiver.until_received(4).await;
    assert_eq!(received[3].sid(), sid, "a change of password ends the other sessions");
    assert!(here.is_signed_in().await);
}

#[tokio::test]
async fn a_recovery_is_told() {
    let stage = Stage::set().await;
    let (person, letter) = stage.provider.person_with_codes("halina.wrona").await;
    let sid = stage.used_by(&person).await;
    let mut browser = stage.provider.open_browser();
    let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    stage.hears(1, &sid, "recovered").await;
}

#[tokio::test]
async fn whatever_the_office_does_to_end_a_session_is_told() {
    let stage = Stage::set().await;
    let provider = &stage.provider;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    for (count, button) in [(1, "#end-sessions"), (2, "#suspend"), (3, "#close")] {
        let person = provider.active_person(&format!("osoba.{count}")).await;
        let sid = stage.used_by(&person).await;
        help(&clerk, &person.login, button).await;
        let received = stage.receiver.until_received(count).await;
        assert_eq!((received.len(), received[count - 1].sid()), (count, sid), "{button}");
    }
}

#[tokio::test]
async fn a_session_that_runs_out_is_ended_and_told() {
    let stage = Stage::set().await;
    let provider = &stage.provider;
    let person = provider.active_person("halina.wrona").await;
    let idle = stage.used_by(&person).await;
    provider.advance(TimeDelta::minutes(29));
    let browser = provider.visitor();
    let busy = stage.used_in(&browser, &person).await;
    assert_eq!(provider.server.end_expired_sessions().await.unwrap(), 0);
    provider.advance(TimeDelta::minutes(1));
    provider.server.end_expired_sessions().await.unwrap();
    stage.hears(1, &idle, "expired").await;
    assert_eq!(records::count_of(provider, "session.ended", "expired").await, 1);
    assert_eq!(records::count_of(provider, "grant.revoked", "expired").await, 1);

    // Never idle, and over all the same.
    for _ in 0..24 {
        assert!(form::has(&browser.get("/").await.body, "#sign-out"));
        provider.advance(TimeDelta::minutes(29));
    }
    assert!(form::has(&browser.get("/").await.body, "#sign-out"));
    provider.advance(TimeDelta::minutes(28));
    provider.server.end_expired_sessions().await.unwrap();
    let received = stage.receiver.until_received(2).await;
    assert_eq!(received[1].sid(), busy);
    let record =
        records::audit(provider).await.into_iter().rfind(|record| record.is("session.ended", "expired"));
    assert_eq!(record.unwrap().actor_kind, "clock");
}

/// Both look at the same moment; one of them ends it.
#[tokio::test]
async fn two_servers_end_a_session_once() {
    let stage = Stage::set().await;
    let second = stage.provider.second_server(&[ALLOWED]).await;
    let person = stage.provider.active_person("halina.wrona").await;
    for _ in 0..8 {
        stage.used_by(&person).await;
    }
    stage.provider.advance(TimeDelta::hours(1));
    second.advance(TimeDelta::hours(1));
    let (one, other) =
        tokio::join!(stage.provider.server.end_expired_sessions(), second.server.end_expired_sessions());
    assert_eq!(one.unwrap() + other.unwrap(), 8);
    assert_eq!(records::count_of(&stage.provider, "session.ended", "expired").await, 8);
    assert_eq!(records::rows(&stage.provider, "logout_notice", "why = 'expired'").await, 8);
}

#[tokio::test]
async fn a_lock_ends_nothing_and_nobody_is_told() {
    let stage = Stage::set().await;
    let person = stage.provider.active_person("halina.wrona").await;
    let browser = stage.provider.visitor();
    stage.used_in(&browser, &person).await;
    for _ in 0..6 {
        let stranger = stage.provider.visitor();
        let page = stranger.open("/sign-in").await;
        stranger.sign_in_at(&page, &person.login, "Zgadywane#1").await;
    }
    assert_eq!(records::count(&stage.provider, "account.locked").await, 1);
    assert!(form::has(&browser.get("/").await.body, "#sign-out"));
    assert_eq!(records::rows(&stage.provider, "logout_notice", "true").await, 0);
}
