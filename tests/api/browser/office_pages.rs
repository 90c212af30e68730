//! Every page of the office's console, looked at by axe-core.

use chrono::TimeDelta;

use super::pages::Inspector;
use crate::helpers::chromium::Browser;
use crate::helpers::counter;
use crate::helpers::provider::TestProvider;
use crate::helpers::staff::Clerk;
use crate::office::paper_applications::{LUCJA, OFFICE, stage, taken_in};

async fn sign_in(provider: &TestProvider, browser: &Browser, clerk: &Clerk) {
    // A code is good once.
    provider.advance(TimeDelta::seconds(30));
    browser.goto(&provider.url("/sign-in")).await;
    browser.fill_in_sign_in(&clerk.login, &clerk.password).await;
    browser.click("#sign-in").await;
    browser.type_into("#code", &clerk.authenticator.code(provider)).await;
    browser.click("#prove").await;
    browser.find("#states").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_queue_an_application_and_the_intake_in_polish() {
    the_offices_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_queue_an_application_and_the_intake_in_english() {
    the_offices_pages("en").await;
}

async fn the_offices_pages(language: &'static str) {
    let provider = stage(&[]).await;
    let took = provider.clerk("urszula", OFFICE).await;
    let supervisor = provider.supervisor("zofia").await;
    let application = taken_in(&took, &[]).await;
    let mut inspector = Inspector::reading(language).await;
    sign_in(&provider, &inspector.browser, &supervisor).await;
    inspector.look("office-queue", "#queue").await;
    inspector.browser.goto(&provider.url("/office?state=approved")).await;
    inspector.look("office-queue-empty", "#nothing").await;
    inspector.browser.goto(&provider.url("/office/intake")).await;
    inspector.look("office-intake", "#take-in").await;
    inspector.browser.click("#take-in").await;
    inspector.look("office-intake-problems", "#error").await;
    for (name, value) in LUCJA {
        let script = format!(
            "const field = document.getElementById('{name}');
             if (field.type === 'checkbox') {{ field.checked = true }} else {{ field.value = '{value}' }}"
        );
        inspector.browser.script(&script).await;
    }
    inspector.browser.script("document.getElementById('office').selectedIndex = 1").await;
    inspector.browser.click("#take-in").await;
    inspector.look("office-intake-duplicates", "#duplicates").await;
    inspector.browser.goto(&provider.url(&application)).await;
    inspector.look("office-application", "#approve").await;
    inspector.browser.click("#reject").await;
    inspector.look("office-application-problem", "#error").await;
    let page = took.open(&application).await;
    took.submit(&page, "#reject", &[("reason", "Nie nasz lokal.")]).await;
    inspector.browser.click("#approve").await;
    inspector.look("office-state-now", "#state-now").await;
    inspector.browser.click("#back").await;
    inspector.look("office-application-decided", "#told").await;
    inspector.found_nothing(9);
}

#[tokio::test]
async fn wcag_2_2_aa_printing_collecting_and_reviewing_letters_in_polish() {
    the_letters_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_printing_collecting_and_reviewing_letters_in_english() {
    the_letters_pages("en").await;
}

async fn the_letters_pages(language: &'static str) {
    let provider = TestProvider::start_with(&[("office.two_persons", "false")]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let supervisor = provider.supervisor("zofia").await;
    for login in ["anna.nowak", "halina.wrona-brzeczyszczykiewicz"] {
        counter::approved(&provider, login).await;
    }
    let mut inspector = Inspector::reading(language).await;
    sign_in(&provider, &inspector.browser, &supervisor).await;
    inspector.browser.goto(&provider.url("/office/letters")).await;
    inspector.look("office-letters", "#print").await;
    inspector.browser.click("#print").await;
    inspector.look("office-letters-problem", "#error").await;
    inspector.browser.click("form:has(#print) input[type=checkbox]").await;
    inspector.browser.click("#print").await;
    inspector.look("office-letters-printed", "#all-letters").await;
    let printed = counter::print_one(&clerk.browser).await;
    inspector.browser.goto(&provider.url("/office/letters")).await;
    inspector.look("office-letters-waiting", "#print-again").await;
    inspector.browser.goto(&provider.url("/office/collection")).await;
    inspector.look("office-collection", "#find-letter").await;
    inspector.browser.type_into("#serial", "O").await;
    inspector.browser.click("#find-letter").await;
    inspector.look("office-collection-problem", "#error").await;
    inspector.browser.type_into("#serial", &printed.serial).await;
    inspector.browser.click("#find-letter").await;
    inspector.look("office-collection-found", "#hand-over").await;
    inspector.browser.click("#hand-over").await;
    inspector.look("office-collection-incomplete", "#document-error").await;
    assert_eq!(counter::hand_over(&clerk.browser, &printed.serial).await.status, 200);
    inspector.browser.click("#document-passport").await;
    inspector.browser.click("#signed").await;
    inspector.browser.click("#hand-over").await;
    inspector.look("office-collection-refused", "#refusal").await;
    inspector.browser.goto(&provider.url("/office/review")).await;
    inspector.look("office-review", ".reviewed").await;
    inspector.found_nothing(10);
}

#[tokio::test]
async fn wcag_2_2_aa_accounts_approvals_mail_audit_and_staff_in_polish() {
    the_desks_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_accounts_approvals_mail_audit_and_staff_in_english() {
    the_desks_pages("en").await;
}

async fn the_desks_pages(language: &'static str) {
    let provider = TestProvider::start().await;
    provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let supervisor = provider.supervisor("zofia").await;
    let auditor = provider.auditor("ewa").await;
    let administrator = provider.administrator("adam").await;
    let mut inspector = Inspector::reading(language).await;
    sign_in(&provider, &inspector.browser, &supervisor).await;
    inspector.browser.goto(&provider.url("/office/accounts")).await;
    inspector.look("office-accounts", "#find-accounts").await;
    inspector.browser.type_into("#text", "halina.wrona").await;
    inspector.browser.click("#find-accounts").await;
    inspector.look("office-accounts-found", "#found").await;
    inspector.browser.click("#found td a").await;
    inspector
        .browser
        .script("for (const part of document.querySelectorAll('details')) part.open = true")
        .await;
    inspector.look("office-account", "#order-letter").await;
    inspector.browser.click("#order-letter").await;
    inspector.look("office-account-problem", "#error").await;
    let search = clerk.open("/office/accounts").await;
    let found = clerk.submit(&search, "#find-accounts", &[("text", "halina.wrona")]).await;
    let path = crate::helpers::form::hrefs(&found.body, "#found td a").remove(0);
    let page = clerk.open(&path).await;
    let typed = [("value", "nowa@example.test"), ("reason", "Była osobiście.")];
    assert_eq!(clerk.submit(&page, "#change-email", &typed).await.status, 303);
    assert_eq!(clerk.submit(&page, "#order-letter", &typed[1..]).await.status, 303);
    inspector.browser.goto(&provider.url("/office/approvals")).await;
    inspector.look("office-approvals", "[id^=agree-]").await;
    inspector.browser.click("[id^=agree-]").await;
    inspector.look("office-approvals-problem", "#error").await;
    inspector.browser.goto(&provider.url("/office/mail")).await;
    inspector.look("office-mail", "[id^=retry-]").await;
    for (member, path, name, mark) in [
        (&auditor, "/office/audit", "office-audit", "#search-audit"),
        (&administrator, "/office/staff", "office-staff", "#staff"),
        (&administrator, "/office/sign-outs", "office-sign-outs", "main h1"),
    ] {
        inspector.browser.click("#sign-out").await;
        inspector.browser.find("#sign-in-link").await;
        provider.advance(TimeDelta::seconds(30));
        inspector.browser.goto(&provider.url("/sign-in")).await;
        inspector.browser.fill_in_sign_in(&member.login, &member.password).await;
        inspector.browser.click("#sign-in").await;
        inspector.browser.type_into("#code", &member.authenticator.code(&provider)).await;
        inspector.browser.click("#prove").await;
        inspector.browser.find("#staff-name").await;
        inspector.browser.goto(&provider.url(path)).await;
        inspector.look(name, mark).await;
    }
    inspector.found_nothing(10);
}
