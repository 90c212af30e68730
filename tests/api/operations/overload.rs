//! More sign-ins than the machine can hash: those on top are told when to come back, and everything else stays fast.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;

use crate::helpers::form;
use crate::helpers::people::{CHOSEN, hash_of};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

/// One thread, a queue of one, and hashes that take a while.
const NARROW: &[(&str, &str)] = &[
    ("password_hashing.threads", "1"),
    ("password_hashing.queue", "1"),
    ("password_hashing.memory_kib", "65536"),
    ("password_hashing.iterations", "5"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_the_hash_threads_are_full_sign_ins_are_shed_and_everything_else_is_answered() {
    let provider = TestProvider::start_with(NARROW).await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let signed_in = provider.visitor();
    let tokens = billing.tokens(&signed_in, &person, &[]).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();

    let mut strangers = Vec::new();
    for number in 0..12 {
        let mut browser = provider.open_browser();
        let page = browser.get(if number % 2 == 0 { "/sign-in" } else { "/sign-in?ui_locales=en" }).await;
        strangers.push((browser, page, format!("nobody.{number}")));
    }
    let flood = join_all(strangers.into_iter().map(async |(mut browser, page, login)| {
        browser.submit(&page, "#sign-in", &[("login", &login), ("password", CHOSEN)]).await
    }));
    let others = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..3 {
            let began = Instant::now();
            let code = signed_in.follow(signed_in.get(&billing.authorization(&[])).await).await;
            let code = code.parameter("code").expect("the request is answered");
            assert_eq!(billing.redeem(&code).await.status, 200);
            assert_eq!(billing.userinfo(&access).await.status, 200);
            for path in ["/healthz", "/readyz", "/jwks", "/sign-in", "/account", "/assets/style.css"] {
                assert_eq!(signed_in.open(path).await.status, 200, "{path}");
            }
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    let (answers, slowest) = join(flood, others).await;
    assert!(slowest < Duration::from_secs(20), "the others waited for the hashes: {slowest:?}");

    let shed: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!shed.is_empty(), "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    for answer in shed {
        assert_eq!(answer.header("retry-after"), "5");
        let said = answer.error().unwrap();
        assert!(said.contains("bardzo wiele osób") || said.contains("Very many people"), "{said}");
        assert!(form::has(&answer.body, "#sign-in"), "the form is there to be sent again");
        assert!(
            form::fields(&answer.body, "#sign-in")
                .iter()
                .any(|(name, value)| { name == "login" && value.starts_with("nobody.") })
        );
    }
    // What was shed took no place of anybody's budget, and the threads are free again.
    let answer = provider.visitor().sign_in(&person).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// The parameters were raised while somebody was signed in: whatever they confirm by their password applies them, as the
/// next sign-in does.
#[tokio::test]
async fn raised_parameters_are_applied_by_a_confirmation_too() {
    let provider = TestProvider::start_with(&[("password_hashing.memory_kib", "20480")]).await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    assert_eq!(records::rows(&provider, "account", "password_hash LIKE '%m=20480%'").await, 1);
    provider.execute(&format!("UPDATE account SET password_hash = '{}'", hash_of(CHOSEN))).await;
    let page = browser.open("/account/closure").await;
    let answer = browser.submit(&page, "#request-closure", &[("present_password", CHOSEN)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(records::rows(&provider, "account", "password_hash LIKE '%m=20480%'").await, 1);
    assert_eq!(records::count(&provider, "password.rehashed").await, 2);
}
