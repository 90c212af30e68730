//! More sign-ins than the machine can hash: those on top are told when to come back, and everything else stays fast.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;
use tokio::task::JoinSet;

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
const TRUSTED: (&str, &str) = ("server.trusted_proxies", "127.0.0.0/8,::1/128");

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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_fills_the_queue_of_hashes_from_one_network_sheds_nobody_elses_sign_in() {
    let settings = [NARROW, &[("password_hashing.queue", "4"), TRUSTED]].concat();
    let provider = TestProvider::start_with(&settings).await;
    let person = provider.active_person("halina.wrona").await;
    let mut at_home = provider.open_browser().sending("x-forwarded-for", "198.51.100.7");
    let own_page = at_home.get("/sign-in").await;
    let mut bots = JoinSet::new();
    for number in 0..24 {
        let mut bot = provider.open_browser().sending("x-forwarded-for", &format!("203.0.113.{number}"));
        let page = bot.get("/sign-in").await;
        bots.spawn(async move {
            let nobody = format!("nobody.{number}");
            bot.submit(&page, "#sign-in", &[("login", &nobody), ("password", CHOSEN)]).await.status
        });
    }
    // The first that is shed tells that the queue is full.
    while bots.join_next().await.expect("some are shed").unwrap() != 503 {}
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = at_home.submit(&own_page, "#sign-in", &typed).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    assert!(!bots.is_empty(), "the flood was over before: this shows nothing");
    bots.join_all().await;
}

/// However many networks guess beyond their limits, nobody's sign-in waits for them, and they are answered as ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_source_is_refused_costs_no_hash_that_others_wait_for() {
    let limits = [
        TRUSTED,
        ("sources.failures", "1"),
        ("sources.failures_per_hour", "1"),
        ("sources.neighbourhood", "1"),
    ];
    let provider = TestProvider::start_with(&[NARROW, &limits].concat()).await;
    let mut bots = Vec::new();
    for number in 0..6 {
        let mut bot = provider.open_browser().sending("x-forwarded-for", &format!("10.0.{number}.7"));
        assert_eq!(bot.try_sign_in(&format!("nobody.{number}"), CHOSEN).await.status, 401);
        let page = bot.get("/sign-in").await;
        bots.push((bot, page));
    }
    let answers = join_all(bots.into_iter().map(async |(mut bot, page)| {
        let typed = [("login", "nobody.else"), ("password", CHOSEN)];
        bot.submit(&page, "#sign-in", &typed).await
    }))
    .await;
    for answer in &answers {
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert_eq!(answer.body.len(), answers[0].body.len());
    }
    assert_eq!(records::count_of(&provider, "sign_in.refused", "source").await, 6);
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
