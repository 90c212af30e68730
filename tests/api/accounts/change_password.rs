//! The forced change (the procedure's row 6): its rules, each by its own message.

use std::collections::BTreeSet;

use serde_json::json;
use unicode_normalization::UnicodeNormalization as _;

use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Short,
    Long,
    Lower,
    Upper,
    Digit,
    Special,
    Unseen,
    Initial,
    Login,
    Word,
    Walk,
    Guessable,
    Differs,
}
use Rule::{
    Differs, Digit, Guessable, Initial, Login, Long, Lower, Short, Special, Unseen, Upper, Walk, Word,
};

impl Rule {
    /// How its message begins, in Polish and in English.
    fn message(self) -> (&'static str, &'static str) {
        match self {
            Short => (
                "Hasło jest za krótkie: potrzeba co najmniej 8",
                "The password is too short: it needs at least 8",
            ),
            Long => (
                "Hasło jest za długie: może mieć najwyżej 12",
                "The password is too long: it may have at most 12",
            ),
            Lower => ("W haśle brakuje małej litery", "The password has no small letter"),
            Upper => ("W haśle brakuje wielkiej litery", "The password has no capital letter"),
            Digit => ("W haśle brakuje cyfry", "The password has no digit"),
            Special => ("W haśle brakuje znaku specjalnego", "The password has no special character"),
            Unseen => {
                ("W haśle jest znak, którego nie widać", "The password has a character that cannot be seen")
            }
            Initial => ("To jest hasło z listu", "This is the password from the letter"),
            Login => ("Hasło nie może zawierać identyfikatora", "The password must not contain your login"),
            Word => ("Hasło składa się z łatwego do odgadnięcia słowa", "The password is made of a word"),
            Walk => ("Hasło to kolejne klawisze", "The password is keys that lie side by side"),
            Guessable => ("Hasło jest zbyt łatwe do odgadnięcia", "The password is too easy to guess"),
            Differs => ("Hasła w obu polach różnią się", "The passwords in the two fields differ"),
        }
    }
}

/// What a new password breaks. The person is Halina Wrona, login `jwrona17`.
const CASES: &[(&str, &[Rule])] = &[
    // 7 characters and 13; 8 and 12 are accepted below.
    ("tR7#mKp", &[Short]),
    ("tR7#mKp2!xWq8", &[Long]),
    ("TR7#MKP2!X", &[Lower]),
    ("tr7#mkp2!x", &[Upper]),
    ("tR#mKp!xWq", &[Digit]),
    ("tR7mKp2xWq", &[Special]),
    // A space is no special character.
    ("tR7 mKp2xWq", &[Special]),
    ("tR7#mK\u{200b}p2x", &[Unseen]),
    (INITIAL, &[Initial]),
    ("#JWrona17aZ", &[Login]),
    ("Haslo123!", &[Word]),
    ("H@sł0!2345", &[Word]),
    ("Stycz3n!41", &[Word]),
    ("Halina#774", &[Word]),
    ("MPGL!20259", &[Lower, Word]),
    ("Qwerty12#", &[Word, Walk, Guessable]),
    ("Aaaaaaa1!", &[Guessable]),
    // Every capital is beyond ASCII, and there is no small letter.
    ("ŻŁ7#ŚĆĘÓ", &[Lower]),
    ("żł7#śćęó", &[Upper]),
    ("", &[Short, Lower, Upper, Digit, Special, Guessable]),
    ("haslo", &[Short, Upper, Digit, Special, Word, Guessable]),
    ("aaaaaaaa", &[Upper, Digit, Special, Guessable]),
    ("aB1 aB1 aB1 aB1 aB1", &[Long, Special]),
];

async fn person(provider: &TestProvider) -> Person {
    let person = Person::with_letter("jwrona17");
    provider.import(&[&person]).await;
    person
}

async fn change_page(browser: &mut OpenBrowser, person: &Person) -> Answer {
    let answer = browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(answer.location(), "/change-password");
    browser.follow(answer).await
}

/// The rules that the page says are broken. A message that is nobody's fails the test.
fn told(page: &Answer, english: bool) -> BTreeSet<Rule> {
    let rules =
        [Short, Long, Lower, Upper, Digit, Special, Unseen, Initial, Login, Word, Walk, Guessable, Differs];
    let messages = form::texts(&page.body, "#error li");
    let told: BTreeSet<Rule> = messages
        .iter()
        .map(|message| {
            let is_said = |rule: &Rule| {
                let (polish, in_english) = rule.message();
                message.starts_with(if english { in_english } else { polish })
            };
            rules.into_iter().find(is_said).unwrap_or_else(|| panic!("{message:?} is nobody's"))
        })
        .collect();
    assert_eq!(told.len(), messages.len(), "each once: {messages:?}");
    told
}

#[tokio::test]
async fn every_broken_rule_is_told_at_once_by_its_own_message() {
    let provider = TestProvider::start().await;
    let person = person(&provider).await;
    let mut surprises = Vec::new();
    for (language, english) in [("pl", false), ("en", true)] {
        let mut browser = provider.open_browser().sending("accept-language", language);
        let mut page = change_page(&mut browser, &person).await;
        for (password, rules) in CASES {
            for repeat in [password, "Inne#Has1oo"] {
                let mut expected: BTreeSet<Rule> = rules.iter().copied().collect();
                if repeat != *password {
                    expected.insert(Differs);
                    // Compared only once nothing else is wrong: no form tries the letter's password for free.
                    expected.remove(&Initial);
                }
                let answer = browser.change_password_at(&page, password, repeat).await;
                assert_eq!(answer.status, 422, "{password:?}: {}", answer.body);
                let told = told(&answer, english);
                if told != expected {
                    surprises.push(format!("{password:?} {repeat:?} is told {told:?}, not {expected:?}"));
                }
                assert!(
                    password.len() < 8 || !answer.body.contains(password),
                    "a password is never put back"
                );
                page = answer;
            }
        }
        assert!(!browser.is_signed_in().await, "the debt is still owed");
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    assert_eq!(records::count(&provider, "password.changed").await, 0);
}

#[tokio::test]
async fn good_passwords_are_accepted_at_both_ends_of_the_length_and_with_letters_beyond_ascii() {
    let provider = TestProvider::start().await;
    let decomposed: String = "żÓłw4&Gęś!k".nfd().collect();
    for (number, (password, later)) in [
        ("Wq8$zbLn", "Wq8$zbLn"),
        ("tR7#mKp2!xWq", "tR7#mKp2!xWq"),
        // `ż` is the only small letter, `Ż` the only capital.
        ("ŻŻ7#TRKż", "ŻŻ7#TRKż"),
        ("Żżżż7#łó", "Żżżż7#łó"),
        // Counted, stored and compared in NFC.
        (decomposed.as_str(), "żÓłw4&Gęś!k"),
        // Pasted with a space in it.
        ("ab7 Kx#q 9Lm", "ab7 Kx#q 9Lm"),
    ]
    .into_iter()
    .enumerate()
    {
        let person = provider.person_with_letter(&format!("kontrahent-{number}")).await;
        let mut browser = provider.open_browser();
        let page = change_page(&mut browser, &person).await;
        let answer = browser.change_password_at(&page, password, later).await;
        assert_eq!(answer.status, 303, "{password:?}: {:?}", form::texts(&answer.body, "#error li"));
        assert!(browser.is_signed_in().await);
        let again = provider.open_browser().try_sign_in(&person.login, later).await;
        assert_eq!(again.location(), "/", "{later:?}");
        let letter = provider.open_browser().try_sign_in(&person.login, INITIAL).await;
        assert_eq!(letter.status, 401, "the initial password dies at the change");
    }
}

#[tokio::test]
async fn the_policy_is_configuration() {
    let provider = TestProvider::start_with(&[
        ("password_policy.minimum", "4"),
        ("password_policy.maximum", "64"),
        ("password_policy.needs_special", "false"),
        ("password_policy.denied_words", "[\"gołąbki\"]"),
    ])
    .await;
    let person = person(&provider).await;
    let mut browser = provider.open_browser();
    let page = change_page(&mut browser, &person).await;
    assert!(form::text(&page.body, "#rules").unwrap().contains("od 4 do 64 znaków"), "{}", page.body);
    let denied = browser.change_password_at(&page, "G0labki24", "G0labki24").await;
    assert!(told(&denied, false).contains(&Word));
    let long = "Wysoki zamek nad 7 rzekami";
    assert_eq!(browser.change_password_at(&denied, long, long).await.location(), "/");
}

#[tokio::test]
async fn broken_rules_cost_nothing_of_what_is_on_the_way() {
    let provider = TestProvider::start().await;
    let person = person(&provider).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut browser = provider.open_browser();
    let request = [("state", "keep-me & more"), ("ui_locales", "en")];
    let page = browser.open(&billing.authorization(&request)).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let mut page = browser.follow(answer).await;
    for attempt in ["", "short", INITIAL, "Haslo123!"] {
        page = browser.change_password_at(&page, attempt, "something else").await;
        assert_eq!(page.status, 422);
        assert_eq!(form::attribute(&page.body, "html", "lang").as_deref(), Some("en"));
    }
    let changed = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    let back = browser.follow(changed).await;
    assert_eq!(back.parameter("state").as_deref(), Some("keep-me & more"));
    let code = back.parameter("code").expect("the service gets its code in the end");
    assert_eq!(billing.redeem(&code).await.status, 200);
}

#[tokio::test]
async fn a_debt_is_settled_also_when_the_request_that_waited_has_expired() {
    let provider = TestProvider::start_with(&[("session.idle_minutes", "120")]).await;
    let person = person(&provider).await;
    let billing = provider.relying_party("billing", json!({})).await;
    let mut browser = provider.open_browser();
    let page = browser.open(&billing.authorization(&[])).await;
    let typed = [("login", person.login.as_str()), ("password", person.password.as_str())];
    let answer = browser.submit(&page, "#sign-in", &typed).await;
    let page = browser.follow(answer).await;
    provider.advance(chrono::TimeDelta::minutes(31));
    let changed = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    let expired = browser.follow(changed).await;
    assert!(expired.status.is_client_error(), "{} {}", expired.status, expired.body);
    assert!(browser.is_signed_in().await, "but the change counts");
}

#[tokio::test]
async fn the_change_page_is_for_those_who_owe_a_change() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let mut browser = provider.open_browser();
    assert_eq!(browser.get("/change-password").await.location(), "/sign-in");
    // A form that was never given out: the token of the sign-in page, and the fields of the change.
    let page = browser.get("/sign-in").await;
    let mut fields = form::fields(&page.body, "#sign-in");
    fields.retain(|(name, _)| name == "csrf");
    for name in ["new_password", "new_password_repeat"] {
        fields.push((name.to_owned(), "tR7#mKp2!x".to_owned()));
    }
    assert_eq!(browser.post("/change-password", &fields).await.location(), "/sign-in");
    browser.try_sign_in(&person.login, &person.password).await;
    assert_eq!(browser.get("/change-password").await.location(), "/");
    assert_eq!(browser.post("/change-password", &fields).await.location(), "/");
    assert_eq!(records::count(&provider, "password.changed").await, 0, "a session alone changes no password");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, CHOSEN).await.location(), "/");
}

#[tokio::test]
async fn the_change_ends_every_other_session_of_the_account() {
    let provider = TestProvider::start().await;
    let person = person(&provider).await;
    let mut one = provider.open_browser();
    let page = change_page(&mut one, &person).await;
    // Whoever saw the letter came in beside the owner.
    let mut other = provider.open_browser();
    let other_page = change_page(&mut other, &person).await;

    assert_eq!(one.change_password_at(&page, CHOSEN, CHOSEN).await.location(), "/");
    assert_eq!(other.clone().get("/change-password").await.location(), "/sign-in");
    let late = other.change_password_at(&other_page, "tR7#mKp2!x", "tR7#mKp2!x").await;
    assert_eq!(late.location(), "/sign-in");
    assert_eq!(provider.open_browser().try_sign_in(&person.login, "tR7#mKp2!x").await.status, 401);
    assert!(one.is_signed_in().await);
    assert_eq!(records::count_of(&provider, "session.ended", "password_changed").await, 1);
    assert_eq!(records::count(&provider, "password.changed").await, 1);
}
