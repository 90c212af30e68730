//! Who is let into the console, and what they find there.

use iok_id::domain::staff::Role;
use iok_id::http::router::{Guard, ROUTES};

use crate::helpers::command_line::iok_id;
use crate::helpers::expect;
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::visitor::Answer;

const OFFICE: &str = "Administracja nr 1";

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let other = provider.visitor();
    let sent = other.get("/office").await;
    assert_eq!(sent.location(), "/sign-in?authorization=office");
    assert_eq!(clerk.get("/sign-in").await.location(), "/office", "staff are at home in the office");
    assert_eq!(clerk.get("/second-factor").await.location(), "/office");
    assert_eq!(clerk.get("/second-factor?authorization=office").await.location(), "/office");
}

#[tokio::test]
async fn a_contractor_is_told_that_the_console_is_not_theirs_and_lands_at_home() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    let page = browser.get("/sign-in").await;
    assert_eq!(browser.sign_in_at(&page, &person.login, &person.password).await.location(), "/");
    let refused = browser.get("/office").await;
    expect::error_page(&refused, 403);
    assert!(!refused.body.contains("Halina"), "{}", refused.body);
    assert_eq!(browser.get("/second-factor").await.location(), "/");
}

#[tokio::test]
async fn a_session_without_a_second_factor_opens_no_console_even_if_it_owes_none() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    // Behind the product's back: it would have ended this session.
    provider
        .execute(
            "INSERT INTO staff (account_id, role, created_at) \
             SELECT id, 'supervisor', created_at FROM account WHERE login = 'halina.wrona'",
        )
        .await;
    expect::error_page(&browser.get("/office").await, 403);
    expect::error_page(&browser.get("/office/accounts").await, 403);
}

#[tokio::test]
async fn every_door_of_the_console_opens_for_the_roles_that_may_and_for_no_other() {
    let provider = TestProvider::start().await;
    for (role, member) in [
        (Role::Clerk, provider.clerk("urszula.sowa", OFFICE).await),
        (Role::Supervisor, provider.supervisor("irena.czajka").await),
        (Role::Administrator, provider.administrator("adam.zieba").await),
        (Role::Auditor, provider.auditor("ewa.drozd").await),
    ] {
        for route in ROUTES {
            let Guard::Staff(task) = route.guard else { continue };
            let path = route.path.replace("{id}", "0197f3a0-0000-7000-8000-000000000001");
            let answer = Answer::to(
                member
                    .browser
                    .request(route.method.clone(), &path)
                    .header("content-type", "application/x-www-form-urlencoded"),
            )
            .await;
            let turned_away = answer.status == 403 && form::has(&answer.body, "#error");
            // What a POST without our form's token is told is 403 too: a role that may is seen at GET only.
            if !role.may(task) || route.method == reqwest::Method::GET {
                assert_eq!(turned_away, !role.may(task), "{role} {} {}", route.method, route.path);
            }
        }
        let home = member.get("/office").await;
        assert_eq!(home.status, 200);
        for way in form::hrefs(&home.body, "nav.places a") {
            assert_eq!(member.open(&way).await.status, 200, "{role}: {way}");
        }
    }
}

#[tokio::test]
async fn staff_who_were_let_go_are_out_at_once_everywhere() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let elsewhere = clerk.sign_in_elsewhere(&provider).await;
    let ended = iok_id(&provider, &["staff", "end", "urszula.sowa"]).await;
    assert!(ended.status.success(), "{ended:?}");
    for browser in [&clerk.browser, &elsewhere] {
        assert_eq!(browser.get("/office").await.location(), "/sign-in?authorization=office");
    }
    assert_eq!(records::count(&provider, "staff.ended").await, 1);
    assert_eq!(records::rows(&provider, "second_factor", "true").await, 0);
    // The account stays, as anybody's: a password opens it, and the console is closed.
    let page = clerk.get("/sign-in").await;
    let answer = clerk.browser.sign_in_at(&page, &clerk.login, &clerk.password).await;
    assert_eq!(answer.location(), "/");
    expect::error_page(&clerk.get("/office").await, 403);
    let twice = iok_id(&provider, &["staff", "end", "urszula.sowa"]).await;
    assert_eq!(twice.status.code(), Some(1));
}

#[tokio::test]
async fn a_row_that_ends_behind_an_open_session_closes_the_next_request() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    assert_eq!(clerk.get("/office").await.status, 200);
    provider.execute("UPDATE staff SET ended_at = created_at").await;
    expect::error_page(&clerk.get("/office").await, 403);
}

#[tokio::test]
async fn a_contractor_who_is_made_staff_is_signed_out_and_owes_a_second_factor() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    provider.add_staff(&person.login, Role::Clerk, Some(OFFICE)).await;
    assert_eq!(browser.get("/office").await.location(), "/sign-in?authorization=office");
    let page = browser.sign_in(&person).await;
    assert!(form::has(&page.body, "#seed"), "the password stays what it was: {}", page.body);
}
