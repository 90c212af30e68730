//! Devices on which the owner has signed in before: strangers never keep the owner out there, and nothing else comes of
//! them.

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use iok_id::domain::mail::Message;
use serde_json::{Value, json};

use super::lockout_races::PATIENT;
use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::{OpenBrowser, SetCookie};
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const DEVICE: &str = "iok_id_device";
const WRONG: &str = "Wrong#pass1";
const NEW: &str = "tR7#mKp2!x";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 8.0.0; SM-G930F) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/96.0 Mobile Safari/537.36";

/// A browser in which this person has signed in, and out again.
async fn own_device(provider: &TestProvider, person: &Person) -> OpenBrowser {
    let mut browser = provider.open_browser();
    assert!(signs_in(&mut browser, person).await);
    sign_out(&mut browser).await;
    browser
}

/// Somebody who comes back: the browser was closed, and has forgotten its session.
async fn signs_in(browser: &mut OpenBrowser, person: &Person) -> bool {
    browser.cookies.remove(OpenBrowser::SESSION);
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert!(matches!(answer.status.as_u16(), 303 | 401), "{} {}", answer.status, answer.body);
    answer.status == 303
}

async fn sign_out(browser: &mut OpenBrowser) {
    let home = browser.get("/").await;
    assert_eq!(browser.submit(&home, "#sign-out", &[]).await.status, 200);
}

/// Guesses from nowhere in particular.
async fn strangers_guess(provider: &TestProvider, login: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(provider.open_browser().try_sign_in(login, WRONG).await.status, 401);
    }
}

async fn guess_on(browser: &mut OpenBrowser, login: &str, times: usize) {
    browser.cookies.remove(OpenBrowser::SESSION);
    for _ in 0..times {
        assert_eq!(browser.try_sign_in(login, WRONG).await.status, 401);
    }
}

async fn locked_for_strangers(provider: &TestProvider, person: &Person) {
    strangers_guess(provider, &person.login, 6).await;
    assert!(!signs_in(&mut provider.open_browser(), person).await, "the right password, from anywhere else");
}

async fn devices(provider: &TestProvider) -> i64 {
    records::rows(provider, "trusted_device", "1 = 1").await
}

async fn lost(provider: &TestProvider, why: &str) -> usize {
    records::count_of(provider, "device.distrusted", why).await
}

#[tokio::test]
async fn strangers_who_burn_the_budget_never_keep_the_owner_out_on_their_own_device() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    for _ in 0..4 {
        locked_for_strangers(&provider, &person).await;
        for _ in 0..6 {
            assert!(signs_in(&mut own, &person).await);
            sign_out(&mut own).await;
        }
        provider.advance(TimeDelta::minutes(7));
    }
    assert_eq!(devices(&provider).await, 1, "it is one device all the time");
}

#[tokio::test]
async fn what_the_owner_mistypes_on_their_own_device_costs_unknown_devices_nothing_and_the_other_way_round() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    guess_on(&mut own, &person.login, 4).await;
    strangers_guess(&provider, &person.login, 4).await;
    assert!(signs_in(&mut own, &person).await);
    assert!(signs_in(&mut provider.open_browser(), &person).await);
    assert_eq!(records::count(&provider, "account.locked").await, 0);
}

#[tokio::test]
async fn a_device_that_burns_its_own_budget_loses_its_trust_and_is_an_unknown_one() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    let mut other = own_device(&provider, &person).await;
    guess_on(&mut own, &person.login, 5).await;
    assert_eq!(lost(&provider, "budget_used_up").await, 1);
    assert_eq!(records::count(&provider, "account.locked").await, 0, "nobody else is locked");
    assert_eq!(devices(&provider).await, 1);

    // From now on it draws on the budget of all unknown devices: five more, and not one above.
    guess_on(&mut own, &person.login, 7).await;
    assert_eq!(records::count_of(&provider, "sign_in.verdict", "wrong").await, 10);
    assert_eq!(records::count(&provider, "account.locked").await, 1);
    assert!(!signs_in(&mut own, &person).await);
    assert!(signs_in(&mut other, &person).await, "another device of the owner's is none the worse");

    provider.advance(TimeDelta::days(1));
    assert!(signs_in(&mut own, &person).await, "and it can be trusted again");
    assert_eq!(devices(&provider).await, 2);
}

#[tokio::test]
async fn one_telephone_for_two_people_is_trusted_by_both() {
    let provider = TestProvider::start().await;
    let (halina, jan) = (Person::active("halina.wrona"), Person::active("jan.wrona"));
    let stranger = Person::active("jan.obcy");
    provider.import(&[&halina, &jan, &stranger]).await;
    let mut shared = own_device(&provider, &halina).await;
    for person in [&jan, &halina, &jan, &halina] {
        assert!(signs_in(&mut shared, person).await);
        sign_out(&mut shared).await;
    }
    assert_eq!(devices(&provider).await, 2);
    for person in [&halina, &jan, &stranger] {
        locked_for_strangers(&provider, person).await;
    }
    for person in [&jan, &halina, &jan] {
        assert!(signs_in(&mut shared, person).await);
    }
    // What one of them mistypes is nothing to the other.
    guess_on(&mut shared, &jan.login, 5).await;
    assert_eq!(lost(&provider, "budget_used_up").await, 1);
    assert!(!signs_in(&mut shared, &jan).await);
    assert!(signs_in(&mut shared, &halina).await);
    assert!(!signs_in(&mut shared, &stranger).await, "nobody trusts a device because others do");
}

#[tokio::test]
async fn the_secret_changes_with_each_sign_in_and_a_copy_of_an_old_one_is_worth_nothing() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    let mut seen = vec![own.cookies[DEVICE].clone()];
    for _ in 0..3 {
        provider.advance(TimeDelta::minutes(5));
        assert!(signs_in(&mut own, &person).await);
        sign_out(&mut own).await;
        assert!(!seen.contains(&own.cookies[DEVICE]));
        seen.push(own.cookies[DEVICE].clone());
    }
    locked_for_strangers(&provider, &person).await;
    for old in &seen[..2] {
        assert!(!signs_in(&mut provider.open_browser().holding(DEVICE, old), &person).await);
    }
    assert!(signs_in(&mut own, &person).await);
}

#[tokio::test]
async fn an_answer_that_was_lost_costs_no_trust() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    let before = own.cookies[DEVICE].clone();
    provider.advance(TimeDelta::hours(2));
    assert!(signs_in(&mut own.clone(), &person).await, "whose answer never arrives");
    locked_for_strangers(&provider, &person).await;

    // At once, as by a second click, it brings no further secret, so that the first answer's stays good.
    let mut twice = own.clone();
    assert!(signs_in(&mut twice, &person).await);
    assert_eq!(twice.cookies[DEVICE], before);
    // The next morning it does.
    provider.advance(TimeDelta::hours(15));
    locked_for_strangers(&provider, &person).await;
    assert!(signs_in(&mut own, &person).await);
    assert_ne!(own.cookies[DEVICE], before);
    // Two days later it would not have been known.
    let unheard = own.cookies[DEVICE].clone();
    assert!(signs_in(&mut own, &person).await);
    provider.advance(TimeDelta::days(2));
    locked_for_strangers(&provider, &person).await;
    assert!(!signs_in(&mut provider.open_browser().holding(DEVICE, &unheard), &person).await);
    assert!(signs_in(&mut own, &person).await);
    assert_eq!(devices(&provider).await, 1);
}

#[tokio::test]
async fn what_is_planted_in_a_browser_is_not_taken_over() {
    let provider = TestProvider::start().await;
    let (victim, attacker) = (Person::active("halina.wrona"), Person::active("jan.obcy"));
    provider.import(&[&victim, &attacker]).await;
    let attackers = own_device(&provider, &attacker).await.cookies[DEVICE].clone();
    let invented = "a".repeat(43);
    let planted = format!("{attackers}.{invented}");
    let mut browser = provider.open_browser().holding(DEVICE, &planted);
    assert!(signs_in(&mut browser, &victim).await);
    assert!(browser.cookies[DEVICE].ends_with(&planted), "somebody else's stays theirs");
    locked_for_strangers(&provider, &victim).await;
    for held in [planted.as_str(), attackers.as_str(), invented.as_str(), "x", "..", "%00"] {
        assert!(!signs_in(&mut provider.open_browser().holding(DEVICE, held), &victim).await, "{held}");
    }
    let long = format!("{invented}.").repeat(150);
    assert!(!signs_in(&mut provider.open_browser().holding(DEVICE, &long), &victim).await);
    assert!(signs_in(&mut browser, &victim).await);
}

/// What the answer says, without what differs between any two answers.
fn face(answer: &Answer, login: &str) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter();
    let headers = headers.filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status.as_u16(), headers.collect(), answer.body.replace(login, "LOGIN"))
}

#[tokio::test]
async fn a_refusal_says_nothing_of_whether_the_device_is_known_or_the_account_is() {
    const KNOWN: &str = "konto.zwykle";
    const OTHER: &str = "konto.drugie";
    const UNKNOWN: &str = "konto.nieist";
    let provider = TestProvider::start().await;
    let (known, other) = (Person::active(KNOWN), Person::active(OTHER));
    provider.import(&[&known, &other]).await;
    let own = own_device(&provider, &known).await;
    locked_for_strangers(&provider, &other).await;
    let mut faces = Vec::new();
    for login in [KNOWN, OTHER, UNKNOWN] {
        let mut browser = own.clone();
        let page = browser.get("/sign-in").await;
        let typed = [("login", login), ("password", WRONG)];
        let answer = browser.submit(&page, "#sign-in", &typed).await;
        assert!(SetCookie::all_of(&answer).iter().all(|cookie| cookie.name != DEVICE));
        let csrf = form::fields(&page.body, "#sign-in").remove(0).1;
        let (status, headers, body) = face(&answer, login);
        faces.push((status, headers, body.replace(&csrf, "CSRF")));
    }
    assert_eq!(faces[0], faces[1], "trusted, and locked for whoever is not");
    assert_eq!(faces[0], faces[2], "trusted, and nobody's login");
}

#[tokio::test]
async fn the_cookie_is_kept_for_a_year_and_only_a_sign_in_that_owes_nothing_sets_it() {
    let provider = TestProvider::start().await;
    let person = provider.person_with_letter("halina.wrona").await;
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert!(!browser.cookies.contains_key(DEVICE), "the letter's password is not the person's own");
    let change = browser.follow(answer).await;
    let answer = browser.change_password_at(&change, NEW, NEW).await;
    let set = SetCookie::all_of(&answer).into_iter().find(|cookie| cookie.name == DEVICE).unwrap();
    for attribute in ["httponly", "samesite=lax", "path=/", "max-age=31536000"] {
        assert!(set.attributes.iter().any(|found| found == attribute), "{attribute}: {set:?}");
    }
    assert_eq!(set.value.len(), 43);
    assert_eq!(devices(&provider).await, 1);
    assert_eq!(records::rows(&provider, "session", "device_id IS NOT NULL").await, 1);

    provider.advance(TimeDelta::days(364));
    let own = Person { password: NEW.to_owned(), ..person };
    locked_for_strangers(&provider, &own).await;
    assert!(signs_in(&mut browser, &own).await);
    provider.advance(TimeDelta::days(365));
    locked_for_strangers(&provider, &own).await;
    assert!(!signs_in(&mut browser, &own).await, "a year after the last sign-in");
    provider.server.sweep().await.unwrap();
    assert_eq!(devices(&provider).await, 0);
}

#[tokio::test]
async fn what_is_owed_comes_before_the_trust() {
    let provider = TestProvider::start().await;
    provider.publish_regulations("1").await;
    let person = provider.active_person("halina.wrona").await;
    provider.publish_regulations("2").await;
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    let page = browser.follow(answer).await;
    assert_eq!((browser.cookies.contains_key(DEVICE), devices(&provider).await), (false, 0));
    let page = page.with_every_box_ticked();
    assert_eq!(browser.submit(&page, "#accept-regulations", &[]).await.status, 303);
    assert_eq!((browser.cookies.contains_key(DEVICE), devices(&provider).await), (true, 1));

    // Staff: only when the codes of the second factor are kept.
    let clerk = provider.clerk("urszula.sowa", "Administracja nr 1").await;
    assert_eq!(devices(&provider).await, 2);
    let thief = provider.visitor();
    crate::helpers::staff::sign_in(&thief, &clerk.login, &clerk.password).await;
    assert_eq!(devices(&provider).await, 2, "a password without the second factor");
    clerk.sign_in_elsewhere(&provider).await;
    assert_eq!(devices(&provider).await, 3);
}

#[tokio::test]
async fn switched_off_no_device_is_trusted_and_nobody_is_told() {
    let provider = TestProvider::start_with(&[("devices.trusted_days", "0")]).await;
    let person = provider.active_person("halina.wrona").await;
    for _ in 0..2 {
        let own = own_device(&provider, &person).await;
        assert!(!own.cookies.contains_key(DEVICE));
    }
    assert_eq!((devices(&provider).await, provider.mails().await.len()), (0, 0));
    let mut browser = provider.open_browser();
    signs_in(&mut browser, &person).await;
    assert!(!form::has(&browser.get("/account/sessions").await.body, "#trusted"));
}

#[tokio::test]
async fn a_recovery_takes_the_trust_from_every_device_and_the_new_password_gives_it_to_this_one() {
    let provider = TestProvider::start().await;
    let (person, letter) = provider.person_with_codes("halina.wrona").await;
    let mut thiefs = own_device(&provider, &person).await;
    let mut owners = provider.open_browser();
    let answer = owners.try_recover(&person.login, &letter.serial, CODES[0]).await;
    assert!(!owners.cookies.contains_key(DEVICE), "a letter alone makes no device trusted");
    assert_eq!((devices(&provider).await, lost(&provider, "recovered").await), (0, 1));
    let change = owners.follow(answer).await;
    owners.change_password_at(&change, NEW, NEW).await;
    let own = Person { password: NEW.to_owned(), ..person };
    locked_for_strangers(&provider, &own).await;
    assert!(signs_in(&mut owners, &own).await);
    assert!(!signs_in(&mut thiefs, &own).await);
    assert_eq!(provider.mailed_to(&own.row.email).await, ["account_locked", "account_recovered"]);
}

#[tokio::test]
async fn a_change_of_password_keeps_this_device_and_takes_the_trust_from_the_others() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut elsewhere = own_device(&provider, &person).await;
    let mut here = own_device(&provider, &person).await;
    assert!(signs_in(&mut here, &person).await);
    let page = here.open("/account/password").await;
    let typed = [("present_password", CHOSEN), ("new_password", NEW), ("new_password_repeat", NEW)];
    assert_eq!(here.submit(&page, "#replace-password", &typed).await.status, 303);
    sign_out(&mut here).await;
    assert_eq!((devices(&provider).await, lost(&provider, "password_changed").await), (1, 1));
    let person = Person { password: NEW.to_owned(), ..person };
    locked_for_strangers(&provider, &person).await;
    assert!(signs_in(&mut here, &person).await);
    assert!(!signs_in(&mut elsewhere, &person).await);
}

#[tokio::test]
async fn the_owners_link_that_blocks_the_account_leaves_no_device_trusted() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    own_device(&provider, &person).await;
    let mut browser = provider.open_browser();
    let page = browser.get(&provider.block_link(&person.login).await).await;
    browser.submit(&page, "#block", &[]).await;
    assert_eq!((devices(&provider).await, lost(&provider, "blocked_by_link").await), (0, 1));
}

#[tokio::test]
async fn the_owner_sees_trusted_devices_and_takes_the_trust_away() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut phone = provider.open_browser().sending("user-agent", PHONE);
    assert!(signs_in(&mut phone, &person).await);
    provider.advance(TimeDelta::seconds(1));
    let mut desk = provider.open_browser();
    assert!(signs_in(&mut desk, &person).await);
    let page = desk.open("/account/sessions").await;
    let shown = form::texts(&page.body, "#trusted > li > p:first-child");
    assert_eq!(shown, ["Nieznane urządzenie to urządzenie", "Chrome, Android"]);

    let button = "#trusted > li:nth-child(2) .distrust";
    let answer = desk.submit(&page, button, &[]).await;
    assert_eq!(answer.location(), "/account/sessions?notice=distrusted");
    assert_eq!(desk.submit(&page, button, &[]).await.status, 303, "a double click is no error");
    assert_eq!((devices(&provider).await, lost(&provider, "by_owner").await), (1, 1));
    assert!(phone.is_signed_in().await, "that is another matter");
    let page = desk.follow(answer).await;
    assert!(form::text(&page.body, "#notice").unwrap().contains("nie jest już zaufane"));
    assert!(!form::has(&page.body, "#distrust-all"), "one is not all");

    sign_out(&mut phone).await;
    locked_for_strangers(&provider, &person).await;
    assert!(!signs_in(&mut phone, &person).await);
    provider.advance(TimeDelta::hours(1));
    assert!(signs_in(&mut phone, &person).await);
    let page = phone.open("/account/sessions").await;
    phone.submit(&page, "#distrust-all", &[]).await;
    assert_eq!(devices(&provider).await, 0);
}

#[tokio::test]
async fn nobody_takes_the_trust_from_somebody_elses_device() {
    let provider = TestProvider::start().await;
    let (owner, stranger) = (Person::active("halina.wrona"), Person::active("jan.obcy"));
    provider.import(&[&owner, &stranger]).await;
    let mut owners = provider.open_browser();
    signs_in(&mut owners, &owner).await;
    let page = owners.open("/account/sessions").await;
    let (action, fields) = form::filled_in(&page.body, ".distrust", &[]);
    let device = fields.iter().find(|(name, _)| name == "device").unwrap().clone();
    let mut strangers = provider.open_browser();
    signs_in(&mut strangers, &stranger).await;
    let page = strangers.open("/account/sessions").await;
    let (_, mut fields) = form::filled_in(&page.body, ".distrust", &[]);
    fields.iter_mut().filter(|(name, _)| name == "device").for_each(|field| field.1.clone_from(&device.1));
    strangers.post(&action, &fields).await;
    assert_eq!((devices(&provider).await, records::count(&provider, "device.distrusted").await), (2, 0));
    fields.retain(|(name, _)| name != "csrf");
    assert_eq!(strangers.post(&action, &fields).await.status, 403);
}

#[tokio::test]
async fn signing_out_from_afar_keeps_the_trust_unless_the_device_is_nobodys_one_knows() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut here = provider.open_browser();
    signs_in(&mut here, &person).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = provider.open_browser();
        signs_in(&mut other, &person).await;
        others.push(other);
    }
    let page = here.open("/account/sessions").await;
    here.submit(&page, ".sign-out-device", &[]).await;
    assert_eq!(devices(&provider).await, 4);
    let page = here.open("/account/sessions").await;
    here.submit(&page, ".sign-out-device", &[("not_mine", "yes")]).await;
    assert_eq!((devices(&provider).await, lost(&provider, "disowned").await), (3, 1));
    let page = here.open("/account/sessions").await;
    here.submit(&page, "#sign-out-others", &[("not_mine", "yes")]).await;
    assert_eq!((devices(&provider).await, lost(&provider, "disowned").await), (1, 2));
    for other in &mut others {
        assert!(!other.is_signed_in().await);
    }
    sign_out(&mut here).await;
    locked_for_strangers(&provider, &person).await;
    assert!(signs_in(&mut here, &person).await, "the device that one sits at is one's own");
}

#[tokio::test]
async fn the_owner_is_told_of_a_new_device_once_an_hour_and_can_block_the_account_from_there() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut own = own_device(&provider, &person).await;
    assert!(provider.mails().await.is_empty(), "the first sign-in has nobody to warn");
    assert!(signs_in(&mut own, &person).await);
    assert!(provider.mails().await.is_empty(), "nor has one on a device that is known");

    let mut thiefs = provider.open_browser().sending("user-agent", PHONE);
    signs_in(&mut thiefs, &person).await;
    for _ in 0..3 {
        signs_in(&mut provider.open_browser(), &person).await;
    }
    let mails = provider.mails().await;
    assert_eq!(mails.len(), 1);
    let Message::NewDevice { device, .. } = &mails[0].message else { panic!("{:?}", mails[0]) };
    assert_eq!(
        (device.as_deref(), mails[0].to.as_str()),
        (Some("Chrome, Android"), person.row.email.as_str())
    );
    provider.advance(TimeDelta::hours(1));
    signs_in(&mut provider.open_browser(), &person).await;
    assert_eq!(provider.mailed_to(&person.row.email).await, ["new_device"; 2]);

    provider.advance(TimeDelta::seconds(5));
    let mut anywhere = provider.open_browser();
    let page = anywhere.get(&provider.block_link(&person.login).await).await;
    let done = anywhere.submit(&page, "#block", &[]).await;
    assert_eq!(form::text(&done.body, "h1").as_deref(), Some("Konto jest zablokowane"));
    assert!(!thiefs.is_signed_in().await);
    assert_eq!(devices(&provider).await, 0);
}

#[tokio::test]
async fn an_account_trusts_its_last_twenty_devices() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut first = own_device(&provider, &person).await;
    for _ in 0..24 {
        provider.advance(TimeDelta::seconds(30));
        own_device(&provider, &person).await;
        assert!(signs_in(&mut first, &person).await);
    }
    assert_eq!((devices(&provider).await, lost(&provider, "too_many").await), (20, 5));
    locked_for_strangers(&provider, &person).await;
    assert!(signs_in(&mut first, &person).await, "used all the time, it stays");
}

#[tokio::test]
async fn devices_are_in_the_copy_of_a_persons_data() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut phone = provider.open_browser().sending("user-agent", PHONE);
    signs_in(&mut phone, &person).await;
    let page = phone.open("/account").await;
    let copy = phone.submit(&page, "#export", &[]).await;
    let copy: Value = serde_json::from_str(&copy.body).unwrap();
    assert_eq!(copy["trusted_devices"][0]["device"], json!("Chrome, Android"));
    assert!(!copy.to_string().contains(&phone.cookies[DEVICE]));
}

/// Sends these passwords at the same time from one browser that has the page open already.
async fn at_once_on(browser: &OpenBrowser, page: &Answer, login: &str, passwords: Vec<String>) -> Vec<u16> {
    join_all(passwords.into_iter().map(|password| {
        let mut browser = browser.clone();
        async move {
            let typed = [("login", login), ("password", password.as_str())];
            browser.submit(page, "#sign-in", &typed).await.status.as_u16()
        }
    }))
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_devices_budget_is_exact_across_replicas_and_nobody_else_pays_for_it() {
    let one = TestProvider::start_with(PATIENT).await;
    let two = one.second_server(PATIENT).await;
    let person = one.active_person("halina.wrona").await;
    let own = own_device(&one, &person).await;
    let held = own.cookies[DEVICE].clone();
    let (mut here, mut there) = (own, two.open_browser().holding(DEVICE, &held));
    let (form_here, form_yonder) = (here.get("/sign-in").await, there.get("/sign-in").await);
    let right = || vec![person.password.clone(); 25];
    let (first, second) = join(
        at_once_on(&here, &form_here, &person.login, right()),
        at_once_on(&there, &form_yonder, &person.login, right()),
    )
    .await;
    assert!(first.iter().chain(&second).all(|status| *status == 303), "{first:?} {second:?}");
    assert_eq!(devices(&one).await, 1, "one device, however often it signs in at once");
    assert_eq!(records::rows(&one, "attempt", "1 = 1").await, 0);

    let wrong = || (0..40).map(|number| format!("Wrong#pass{number}")).collect();
    let (first, second) = join(
        at_once_on(&here, &form_here, &person.login, wrong()),
        at_once_on(&there, &form_yonder, &person.login, wrong()),
    )
    .await;
    assert!(first.iter().chain(&second).all(|status| *status == 401), "{first:?} {second:?}");
    let verdicts = records::count_of(&one, "sign_in.verdict", "wrong").await;
    assert!(
        (5..=10).contains(&verdicts),
        "five as a known device, and at most five as an unknown one: {verdicts}"
    );
    assert_eq!(lost(&one, "budget_used_up").await, 1);
    assert_eq!(devices(&one).await, 0);
}
