//! Applying for an account (the procedure's rows 1 and 2): the form, the link, and what follows.

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;
use reqwest::Method;

use crate::helpers::applicants::{Applicant, EMAIL, fill_in};
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::smtp::MailServer;
use crate::helpers::tables;
use crate::helpers::visitor::Answer;

/// A provider with an office and Regulations.
async fn provider() -> TestProvider {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    provider.publish_regulations("2026-1").await;
    provider
}

async fn states(provider: &TestProvider) -> Vec<String> {
    tables::column(&provider.database, "application", "state").await
}

fn shown_state(page: &Answer) -> String {
    form::attribute(&page.body, "#state", "data-state").unwrap_or_else(|| panic!("{}", page.body))
}

const OFFICE: &str = "Administracja nr 1";

#[tokio::test]
async fn row_2_only_the_button_behind_the_link_submits() {
    let provider = provider().await;
    let applicant = Applicant::files(&provider, &[]).await;
    assert_eq!(states(&provider).await, ["email_pending"]);
    assert_eq!(provider.mailed_to(EMAIL).await, ["confirm_application"]);
    assert_eq!(records::count(&provider, "application.filed").await, 1);
    let filed = records::audit(&provider).await;
    let filed = filed.iter().find(|record| record.action == "application.filed").unwrap();
    assert_eq!(filed.actor_kind, "visitor");
    assert!(filed.personal.is_some(), "from where is kept, sealed under the applicant's key");

    let link = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    // A mail scanner opens every link, and asks for the head of others.
    for method in [Method::GET, Method::HEAD] {
        let opened = provider.request(method, &link).send().await.unwrap();
        assert_eq!(opened.status(), 200);
        assert_eq!(opened.headers()["cache-control"], "no-store");
        assert_eq!(opened.headers()["referrer-policy"], "same-origin");
    }
    // Nor does a form that is not ours.
    let stranger = provider.visitor().post(&link, &[("do".to_owned(), "confirm".to_owned())]).await;
    assert_eq!(stranger.status, 403);
    assert_eq!(states(&provider).await, ["email_pending"]);

    let confirmed = applicant.confirms(&link).await;
    let status = applicant.browser.follow(confirmed).await;
    assert_eq!(shown_state(&status), "submitted");
    assert!(status.body.contains("Adres jest potwierdzony"), "{}", status.body);
    assert_eq!(provider.mailed_to(EMAIL).await, ["application_received", "confirm_application"]);
    assert_eq!(records::count(&provider, "application.submitted").await, 1);

    let again = applicant.confirms(&link).await;
    let again = applicant.browser.follow(again).await;
    assert!(again.body.contains("był już wcześniej potwierdzony"), "{}", again.body);
    assert_eq!(records::count(&provider, "application.submitted").await, 1, "the second press does nothing");
    assert_eq!(provider.mails().await.len(), 2);
}

#[tokio::test]
async fn two_presses_at_once_submit_once() {
    let provider = provider().await;
    let applicant = Applicant::files(&provider, &[]).await;
    let link = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    let page = applicant.browser.get(&link).await;
    let press = || applicant.browser.submit(&page, "#confirm", &[]);
    let (one, two) = tokio::join!(press(), press());
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    assert_eq!(records::count(&provider, "application.submitted").await, 1);
    assert_eq!(provider.mailed_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn what_was_typed_is_stored_in_good_order_with_the_regulations_that_were_accepted() {
    let provider = provider().await;
    Applicant::files(&provider, &[("given_name", "  Zofia\u{a0} Anna ")]).await;
    for (column, expected) in [
        ("given_name", "Zofia Anna"),
        ("premises_postal_code", "41-605"),
        ("phone_number", "+48322450000"),
        ("regulations_version", "2026-1"),
        ("channel", "online"),
        ("locale", "pl"),
    ] {
        assert_eq!(tables::column(&provider.database, "application", column).await, [expected], "{column}");
    }
    let keys = tables::column(&provider.database, "application", "name_key").await;
    assert_eq!(keys, ["brzoza zofia"]);
}

#[tokio::test]
async fn a_newer_version_of_the_regulations_is_asked_for_again() {
    let provider = provider().await;
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    provider.publish_regulations("2026-2").await;
    let answer = fill_in(&browser, &page, &[]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(form::texts(&answer.body, "#error li").len(), 1);
    assert!(form::text(&answer.body, "#regulations-problem").unwrap().contains("właśnie się zmienił"));
    let sent = browser.submit(&answer, "#send", &[("regulations", "yes")]).await;
    assert_eq!(sent.location(), "/apply/sent", "{}", sent.body);
    let versions = tables::column(&provider.database, "application", "regulations_version").await;
    assert_eq!(versions, ["2026-2"]);
}

#[tokio::test]
async fn every_problem_is_told_at_its_field_and_nothing_typed_is_lost() {
    let provider = provider().await;
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    let empty = browser.submit(&page, "#send", &[]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(form::texts(&empty.body, "#error li a").len(), 10);
    let odd = [
        ("given_name", "Zo\u{0}fia"),
        ("family_name", "\u{200b}"),
        ("street", "<script>alert(1)</script>"),
        ("postal_code", "416"),
        ("email", "zofia@"),
        ("phone_number", "12"),
    ];
    let answer = fill_in(&browser, &page, &odd).await;
    assert_eq!(answer.status, 422);
    assert_eq!(form::texts(&answer.body, "#error li a").len(), 5, "{}", answer.body);
    for id in ["given-name", "family-name", "postal-code", "email", "phone-number"] {
        assert!(form::has(
            &answer.body,
            &format!("#{id}[aria-invalid=true][aria-describedby~={id}-problem]")
        ));
    }
    let value = |id: &str| form::attribute(&answer.body, &format!("#{id}"), "value").unwrap();
    assert_eq!((value("postal-code").as_str(), value("email").as_str()), ("416", "zofia@"));
    assert_eq!(value("street"), "<script>alert(1)</script>");
    assert_eq!(value("given-name"), "", "nobody can keep NUL");
    assert!(form::has(&answer.body, "#title-role-tenant[checked]"));
    assert!(form::has(&answer.body, "#office option[selected]"));
    let long = "x".repeat(3_000);
    let answer = fill_in(&browser, &page, &[("family_name", &long)]).await;
    assert!(form::text(&answer.body, "#family-name-problem").unwrap().contains("100 znaków"));
    let huge = "x".repeat(70_000);
    assert_eq!(fill_in(&browser, &page, &[("family_name", &huge)]).await.status, 413);
    assert!(states(&provider).await.is_empty());
    assert!(provider.mails().await.is_empty());
}

#[tokio::test]
async fn who_has_no_address_is_kindly_shown_the_paper_form() {
    let provider = provider().await;
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    let answer = fill_in(&browser, &page, &[("email", ""), ("has_no_email", "yes")]).await;
    assert_eq!(answer.status, 422);
    assert!(form::text(&answer.body, "#email-problem").unwrap().contains("formularz papierowy"));
    assert!(form::has(&answer.body, "a[href='/apply/paper']"));
    let paper = browser.get("/apply/paper").await;
    assert_eq!(paper.status, 200);
    assert!(form::has(&paper.body, ".paper .write") && form::has(&paper.body, "#offices li"));
}

#[tokio::test]
async fn a_double_click_files_one_application_and_a_mended_address_another() {
    let provider = provider().await;
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    let (one, two) = tokio::join!(fill_in(&browser, &page, &[]), fill_in(&browser, &page, &[]));
    assert_eq!((one.location(), two.location()), ("/apply/sent", "/apply/sent"));
    assert_eq!(states(&provider).await.len(), 1);
    assert_eq!(provider.mails().await.len(), 1);
    // Back, and the slip in the address is mended.
    let mended = fill_in(&browser, &page, &[("email", "zofia@example.pl")]).await;
    assert_eq!(mended.location(), "/apply/sent");
    assert_eq!(provider.mailed_to("zofia@example.pl").await, ["confirm_application"]);
}

#[tokio::test]
async fn two_people_may_share_an_address() {
    let provider = provider().await;
    let one = Applicant::submits(&provider, &[]).await;
    let two = Applicant::files(&provider, &[("given_name", "Jan")]).await;
    assert_ne!(one.id, two.id);
    two.confirms(&provider.link(LinkPurpose::ConfirmApplication, two.id)).await;
    assert_eq!(states(&provider).await, ["submitted", "submitted"]);
}

#[tokio::test]
async fn an_old_link_offers_a_new_one() {
    let provider = provider().await;
    let applicant = Applicant::files(&provider, &[]).await;
    let link = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    let opened_in_time = applicant.browser.get(&link).await;
    provider.advance(TimeDelta::hours(24));
    // The page was open when the link grew old.
    let late = applicant.browser.submit(&opened_in_time, "#confirm", &[]).await;
    assert_eq!(late.status, 410);
    assert_eq!(states(&provider).await, ["email_pending"]);

    let page = applicant.browser.get(&link).await;
    assert!(form::has(&page.body, "#link-is-old") && !form::has(&page.body, "#confirm"));
    let sent = applicant.browser.submit(&page, "#new-link", &[]).await;
    assert_eq!(sent.location(), "/apply/sent");
    assert_eq!(provider.mailed_to(EMAIL).await, ["confirm_application"; 2]);
    assert_eq!(records::count(&provider, "application.link_sent").await, 1);
    applicant.confirms(&provider.link(LinkPurpose::ConfirmApplication, applicant.id)).await;
    assert_eq!(states(&provider).await, ["submitted"]);
}

#[tokio::test]
async fn nobody_confirms_in_time_and_the_application_expires() {
    let provider = provider().await;
    let applicant = Applicant::files(&provider, &[]).await;
    provider.advance(TimeDelta::days(7) - TimeDelta::minutes(1));
    let _replica = provider.replica().await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(states(&provider).await, ["email_pending"]);
    provider.advance(TimeDelta::minutes(2));
    let _other = provider.replica().await;
    records::until_rows(&provider, "application", "state = 'expired'", 1).await;
    assert_eq!(states(&provider).await, ["expired"]);
    let records = records::audit(&provider).await;
    let expired = records.iter().find(|record| record.action == "application.expired").unwrap();
    assert_eq!(expired.actor_kind, "clock");
    assert_eq!(shown_state(&applicant.status(&provider).await), "expired");
    let late = applicant.confirms(&provider.link(LinkPurpose::ConfirmApplication, applicant.id)).await;
    assert_eq!(shown_state(&applicant.browser.follow(late).await), "expired");
    assert_eq!(records::count(&provider, "application.submitted").await, 0);
}

#[tokio::test]
async fn what_came_to_nothing_is_erased_with_its_key() {
    let provider = provider().await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let kept = Applicant::submits(&provider, &[("given_name", "Jan")]).await;
    withdraw(&provider, &applicant).await;
    let keys = records::rows(&provider, "person_key", "1 = 1").await;
    provider.advance(TimeDelta::days(91));
    assert_eq!(applicant.status(&provider).await.status, 404, "nobody follows it any more");
    assert_eq!(shown_state(&kept.status(&provider).await), "submitted", "an open one has no end");
    provider.advance(TimeDelta::days(366));
    let _replica = provider.replica().await;
    records::until_rows(&provider, "application", "true", 1).await;
    assert_eq!(states(&provider).await, ["submitted"]);
    assert_eq!(records::rows(&provider, "person_key", "1 = 1").await, keys - 1);
    assert_eq!(records::count(&provider, "application.withdrawn").await, 1, "what was recorded stays");
}

async fn withdraw(provider: &TestProvider, applicant: &Applicant) -> Answer {
    let link = provider.link(LinkPurpose::FollowApplication, applicant.id);
    let question = applicant.browser.get(&format!("{link}?withdraw=ask")).await;
    let answer = applicant.browser.submit(&question, "#withdraw", &[]).await;
    applicant.browser.follow(answer).await
}

#[tokio::test]
async fn an_application_is_withdrawn_after_a_question_and_only_while_it_is_open() {
    let provider = provider().await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let status = applicant.status(&provider).await;
    assert!(!form::has(&status.body, "#withdraw"), "asked first");
    let withdrawn = withdraw(&provider, &applicant).await;
    assert_eq!(shown_state(&withdrawn), "withdrawn");
    assert_eq!(records::count(&provider, "application.withdrawn").await, 1);
    assert!(provider.mailed_to(EMAIL).await.contains(&"application_withdrawn"));

    let decided = Applicant::submits(&provider, &[("given_name", "Jan")]).await;
    let link = provider.link(LinkPurpose::FollowApplication, decided.id);
    let question = decided.browser.get(&format!("{link}?withdraw=ask")).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    decided.is_decided(&clerk, "#reject", &[("reason", "Nie nasz lokal.")]).await;
    let late = decided.browser.submit(&question, "#withdraw", &[]).await;
    let late = decided.browser.follow(late).await;
    assert_eq!(shown_state(&late), "rejected");
    assert!(late.body.contains("nie można już wycofać"), "{}", late.body);
    assert_eq!(records::count(&provider, "application.withdrawn").await, 1);
}

#[tokio::test]
async fn the_status_page_says_in_every_state_where_it_stands() {
    let provider = TestProvider::start_with(&[("applications.per_address_per_day", "0")]).await;
    provider.active_person("halina.wrona").await;
    let words = [("reason", "Słowa Administracji")];
    let waits = Applicant::files(&provider, &[("given_name", "Ada")]).await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let sent_back = Applicant::submits(&provider, &[("given_name", "Ewa")]).await;
    let rejected = Applicant::submits(&provider, &[("given_name", "Jan")]).await;
    let approved = Applicant::submits(&provider, &[("given_name", "Iga")]).await;
    let withdrawn = Applicant::submits(&provider, &[("given_name", "Ola")]).await;
    let supervisor = provider.supervisor("urszula.sowa").await;
    sent_back.is_decided(&supervisor, "#send-back", &words).await;
    rejected.is_decided(&supervisor, "#reject", &words).await;
    let no_title = [("override_reason", "Umowa podpisana wczoraj.")];
    approved.is_decided(&supervisor, "#approve", &no_title).await;
    withdraw(&provider, &withdrawn).await;
    for (applicant, state) in [
        (&waits, "email-pending"),
        (&applicant, "submitted"),
        (&sent_back, "needs-correction"),
        (&rejected, "rejected"),
        (&approved, "approved"),
        (&withdrawn, "withdrawn"),
    ] {
        let page = applicant.status(&provider).await;
        assert_eq!(page.status, 200);
        assert_eq!(shown_state(&page), state);
        let shows_reason = ["needs-correction", "rejected"].contains(&state);
        assert_eq!(page.body.contains("Słowa Administracji"), shows_reason, "{state}");
        assert_eq!(form::has(&page.body, "#correct"), state == "needs-correction");
    }
    provider.advance(TimeDelta::days(8));
    provider.server.age_accounts().await.unwrap();
    assert_eq!(shown_state(&waits.status(&provider).await), "expired");
    let forged = provider.link(LinkPurpose::FollowApplication, uuid::Uuid::from_u128(7));
    assert_eq!(applicant.browser.get(&forged).await.status, 404);
    let other_purpose = provider
        .link(LinkPurpose::FollowApplication, applicant.id)
        .replace("/apply/status/", "/apply/confirm/");
    assert_eq!(applicant.browser.get(&other_purpose).await.status, 404, "a link opens its own page only");
}

#[tokio::test]
async fn what_the_office_asks_for_is_corrected_but_never_the_address() {
    let provider = provider().await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let link = provider.link(LinkPurpose::CorrectApplication, applicant.id);
    let early = applicant.browser.get(&link).await;
    assert!(early.location().contains("notice=nothing-to-correct"));
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    applicant.is_sent_back(&clerk, "Proszę podać numer mieszkania.").await;

    let page = applicant.browser.get(&link).await;
    assert_eq!(form::text(&page.body, "#asked").unwrap(), "Proszę podać numer mieszkania.");
    assert_eq!(form::attribute(&page.body, "#family-name", "value").unwrap(), "Brzoza");
    assert!(form::has(&page.body, "#title-role-tenant[checked]") && !form::has(&page.body, "#email"));
    assert!(form::text(&page.body, "#fixed-email").unwrap().contains(EMAIL));
    let wrong = applicant.browser.submit(&page, "#send", &[("postal_code", "1")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(states(&provider).await, ["needs_correction"]);

    let typed = [("street", "ul. Wodna 3/9"), ("postal_code", "41-605"), ("email", "thief@example.pl")];
    let corrected = applicant.browser.submit(&wrong, "#send", &typed).await;
    assert_eq!(shown_state(&applicant.browser.follow(corrected).await), "submitted");
    let streets = tables::column(&provider.database, "application", "premises_street").await;
    assert_eq!(streets, ["ul. Wodna 3/9"]);
    assert_eq!(tables::column(&provider.database, "application", "email").await, [EMAIL]);
    assert_eq!(records::count(&provider, "application.corrected").await, 1);
    let twice = applicant.browser.submit(&page, "#send", &[]).await;
    assert!(twice.location().contains("notice=nothing-to-correct"));
    assert_eq!(records::count(&provider, "application.corrected").await, 1);
}

#[tokio::test]
async fn a_correction_accepts_newer_regulations() {
    let provider = provider().await;
    let applicant = Applicant::submits(&provider, &[]).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    applicant.is_sent_back(&clerk, "?").await;
    let link = provider.link(LinkPurpose::CorrectApplication, applicant.id);
    let page = applicant.browser.get(&link).await;
    assert!(!form::has(&page.body, "#regulations"), "accepted already");
    provider.publish_regulations("2026-2").await;
    let asked = applicant.browser.submit(&page, "#send", &[]).await;
    assert_eq!(asked.status, 422);
    assert!(form::has(&asked.body, "#regulations-problem"));
    applicant.browser.submit(&asked, "#send", &[("regulations", "yes")]).await;
    let versions = tables::column(&provider.database, "application", "regulations_version").await;
    assert_eq!(versions, ["2026-2"]);
}

#[tokio::test]
async fn the_way_to_the_form_is_shown_to_whoever_has_no_account() {
    let provider = provider().await;
    for page in ["/", "/sign-in", "/help"] {
        let answer = provider.visitor().get(page).await;
        assert!(form::has(&answer.body, "#apply-link[href='/apply']"), "{page}");
    }
}

#[tokio::test]
async fn the_mail_says_how_long_its_link_works() {
    let mail = MailServer::start().await;
    let provider = TestProvider::start_beside(&mail, &[("applications.link_hours", "48")]).await;
    provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let page = browser.get("/apply").await;
    assert_eq!(fill_in(&browser, &page, &[]).await.location(), "/apply/sent");
    let sent = mail.wait_for(EMAIL, "confirm_application").await;
    assert!(sent.text.contains("Link działa przez 48 godzin."), "{}", sent.text);
}
