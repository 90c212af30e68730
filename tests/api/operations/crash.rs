//! `kill -9`: what was answered is kept (DESIGN.md's invariant 6).

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};

use crate::helpers::binary::Installation;
use crate::helpers::form;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::relying_party::encode;
use crate::helpers::visitor::{Answer, Visitor};

const ROUNDS: usize = 4;
const TOGETHER: usize = 4;

fn people(prefix: &str, count: usize, make: fn(&str) -> Person) -> Vec<Person> {
    (0..count).map(|number| make(&format!("{prefix}.{number}"))).collect()
}

/// Does this cookie, kept by a thief, open anything?
async fn has_session(installation: &Installation, cookie: &str) -> bool {
    let request = installation.visitor().request(Method::GET, "/").header(COOKIE, cookie);
    form::has(&Answer::of(request.send().await.unwrap()).await.body, "#sign-out")
}

/// `None` if the server died before it answered.
async fn try_to_sign_in(browser: &Visitor, person: &Person) -> Option<Answer> {
    let page = browser.open("/sign-in").await;
    let mut fields = form::fields(&page.body, "#sign-in");
    fields.retain(|(name, _)| name == "csrf");
    fields.push(("login".to_owned(), person.login.clone()));
    fields.push(("password".to_owned(), person.password.clone()));
    let request = browser
        .request(Method::POST, "/sign-in")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(encode(&fields));
    match request.send().await {
        Ok(response) => Some(Answer::of(response).await),
        Err(_) => None,
    }
}

/// Several sign in at once; the server dies with the first answers on the way.
#[tokio::test]
async fn a_session_that_was_answered_survives() {
    let installation = Installation::fresh().await;
    let people = people("osoba", ROUNDS * TOGETHER, Person::active);
    installation.import(&people.iter().collect::<Vec<_>>()).await;
    for (round, group) in people.chunks(TOGETHER).enumerate() {
        let mut serving = installation.serve().await;
        let mut signing_in: FuturesUnordered<_> = group
            .iter()
            .map(|person| {
                let browser = installation.visitor();
                async move {
                    let answer = try_to_sign_in(&browser, person).await;
                    answer.map(|answer| (browser, answer))
                }
            })
            .collect();
        let mut answered: Vec<(Visitor, Answer)> = Vec::new();
        while let Some(answer) = signing_in.next().await {
            answered.extend(answer);
            // A different number of them each time.
            if answered.len() > round % TOGETHER {
                break;
            }
        }
        serving.process.kill();
        // Answers that were already on the way count as well.
        while let Some(answer) = signing_in.next().await {
            answered.extend(answer);
        }
        assert!(answered.len() > round % TOGETHER);

        let _again = installation.serve().await;
        for (browser, answer) in &answered {
            assert_eq!(answer.location(), "/", "{}", answer.body);
            assert!(browser.is_signed_in().await, "round {round}: a session is lost");
        }
    }
}

#[tokio::test]
async fn a_password_that_was_changed_stays_changed() {
    let installation = Installation::fresh().await;
    let people = people("osoba", ROUNDS, Person::with_letter);
    installation.import(&people.iter().collect::<Vec<_>>()).await;
    for person in people {
        let mut serving = installation.serve().await;
        let browser = installation.visitor();
        let change = browser.sign_in(&person).await;
        let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
        serving.process.kill();
        assert_eq!(changed.location(), "/", "{}", changed.body);

        let _again = installation.serve().await;
        assert!(browser.is_signed_in().await, "the session that the change has made is lost");
        let old = installation.visitor().sign_in(&person).await;
        assert_eq!(old.status, 401, "the letter opens the account again");
        let new = Person { password: CHOSEN.to_owned(), ..person };
        let home = installation.visitor().sign_in(&new).await;
        assert!(form::has(&home.body, "#sign-out"), "the new password is lost: {}", home.body);
    }
}

#[tokio::test]
async fn a_code_that_was_redeemed_stays_redeemed_and_its_tokens_work() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let billing = installation.relying_party("billing").await;
    let browser = installation.visitor();
    for round in 0..ROUNDS {
        let mut serving = installation.serve().await;
        let code = billing.code(&browser, &person, &[]).await;
        let answer = billing.redeem(&code).await;
        serving.process.kill();
        assert_eq!(answer.status, 200, "{}", answer.body);
        let tokens = answer.json();
        let (access, refresh) =
            (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());

        let mut serving = installation.serve().await;
        let userinfo = billing.userinfo(access).await;
        assert_eq!(userinfo.status, 200, "round {round}: {}", userinfo.body);
        let refreshed = billing.refresh(refresh).await;
        serving.process.kill();
        assert_eq!(refreshed.status, 200, "round {round}: {}", refreshed.body);
        let next = refreshed.json()["refresh_token"].as_str().unwrap().to_owned();

        let _serving = installation.serve().await;
        let refreshed = billing.refresh(&next).await;
        assert_eq!(refreshed.status, 200, "round {round}: a rotation is lost: {}", refreshed.body);
        let replayed = billing.redeem(&code).await;
        assert_eq!(replayed.json()["error"], "invalid_grant", "round {round}: {}", replayed.body);
        assert_eq!(billing.userinfo(access).await.status, 401, "the replay has revoked what the code gave");
    }
}

/// A guess costs its place in the budget even if the server dies with the answer: otherwise guessing would be free
/// for whoever can make it crash.
#[tokio::test]
async fn a_verdict_that_was_answered_stays_counted() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    let wrong = Person { password: "Zgadywanka#1".to_owned(), ..person.clone() };
    for _ in 0..5 {
        let mut serving = installation.serve().await;
        let answer = installation.visitor().sign_in(&wrong).await;
        serving.process.kill();
        assert_eq!(answer.status, 401, "{}", answer.body);
    }
    let _serving = installation.serve().await;
    let answer = installation.visitor().sign_in(&person).await;
    assert_eq!(answer.status, 401, "after five wrong guesses the sixth gets no verdict, right or wrong");
    let shown = installation.run(&["account", "show", "halina.wrona", "--json"]).await.succeeded().json();
    assert!(shown["locked_until"].is_string(), "{shown}");
}

/// Signed out is signed out.
#[tokio::test]
async fn a_session_that_was_ended_stays_ended() {
    let installation = Installation::fresh().await;
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    for _ in 0..ROUNDS {
        let mut serving = installation.serve().await;
        let browser = installation.visitor();
        let page = browser.open("/sign-in").await;
        let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let home = browser.follow(answer).await;
        assert!(has_session(&installation, &cookie).await, "the cookie is the session's");
        let left = browser.submit(&home, "#sign-out", &[]).await;
        serving.process.kill();
        assert_eq!(left.status, 200, "{}", left.body);

        let _again = installation.serve().await;
        assert!(!has_session(&installation, &cookie).await, "the session lives");
    }
}
