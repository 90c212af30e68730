//! Limits against floods of applications, and what the answers do not tell.

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;

use crate::helpers::applicants::{Applicant, EMAIL, fill_in};
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::tables;

async fn provider(settings: &[(&str, &str)]) -> TestProvider {
    let provider = TestProvider::start_with(settings).await;
    provider.active_person("halina.wrona").await;
    provider
}

#[tokio::test]
async fn over_the_limit_of_a_source_the_form_is_kept_and_told_when_to_come_back() {
    let provider = provider(&[("applications.per_source_per_hour", "2")]).await;
    for name in ["Anna", "Ewa"] {
        Applicant::files(&provider, &[("given_name", name), ("email", &format!("{name}@example.pl"))]).await;
    }
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    let refused = fill_in(&browser, &page, &[]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 3_600);
    assert!(refused.error().unwrap().contains("o godz."), "{:?}", refused.error());
    assert_eq!(form::attribute(&refused.body, "#family-name", "value").unwrap(), "Brzoza");
    assert_eq!(provider.mails().await.len(), 2);
    provider.advance(TimeDelta::hours(1));
    assert_eq!(browser.submit(&refused, "#send", &[]).await.location(), "/apply/sent");
    let subjects = tables::column(&provider.database, "flood_counter", "subject").await;
    assert!(subjects.iter().all(|subject| !subject.contains('.') && !subject.contains('@')), "{subjects:?}");
}

#[tokio::test]
async fn over_the_limit_of_an_address_the_answer_is_as_ever_and_nothing_is_sent() {
    let provider = provider(&[("applications.per_address_per_day", "2")]).await;
    for name in ["Anna", "Ewa"] {
        Applicant::files(&provider, &[("given_name", name)]).await;
    }
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    let answer = fill_in(&browser, &page, &[("email", "Zofia.Brzoza@example.pl")]).await;
    assert_eq!(answer.location(), "/apply/sent", "nobody can tell");
    assert_eq!(provider.mails().await.len(), 2);
    assert_eq!(records::rows(&provider, "application", "1 = 1").await, 2);
    provider.advance(TimeDelta::days(1));
    Applicant::files(&provider, &[]).await;
}

#[tokio::test]
async fn new_links_draw_on_the_same_limits() {
    let provider = provider(&[("applications.per_address_per_day", "2")]).await;
    let applicant = Applicant::files(&provider, &[]).await;
    let link = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    provider.advance(TimeDelta::days(2));
    let page = applicant.browser.get(&link).await;
    for _ in 0..4 {
        let sent = applicant.browser.submit(&page, "#new-link", &[]).await;
        assert_eq!(sent.location(), "/apply/sent");
    }
    assert_eq!(provider.mailed_to(EMAIL).await.len(), 3);
}

#[tokio::test]
async fn zero_is_no_limit() {
    let settings = [("applications.per_source_per_hour", "0"), ("applications.per_address_per_day", "0")];
    let provider = provider(&settings).await;
    for number in 0..8 {
        Applicant::files(&provider, &[("given_name", &format!("Anna {number}"))]).await;
    }
}

#[tokio::test]
async fn whoever_is_known_gets_the_same_answer_as_whoever_is_not() {
    let provider = provider(&[]).await;
    let mut known = Person::active("jan.znany");
    known.row.email = "jan.znany@example.pl".to_owned();
    known.row.contractor_number = "K/000123".to_owned();
    provider.import(&[&known]).await;
    let mut answers = Vec::new();
    for (name, email, number) in
        [("Jan", known.row.email.as_str(), known.row.contractor_number.as_str()), ("Ewa", EMAIL, "K/999")]
    {
        let browser = provider.visitor();
        let page = browser.get("/apply").await;
        let typed = [("given_name", name), ("email", email), ("contractor_number", number)];
        let answer = fill_in(&browser, &page, &typed).await;
        answers.push((answer.status, answer.location().to_owned(), browser.follow(answer).await.body));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(provider.mails().await.len(), 2);
}
