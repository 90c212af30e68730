//! What comes from people and registrations stays text.

use scraper::Html;

use super::support::{only, select, sign_in, views};
use crate::domain::locale::Locale;
use crate::views::{
    ConsentPage, ContinuePage, ErrorKind, ErrorPage, HomePage, Link, Page, Service, SignInPage, SignedOutPage,
};

#[test]
fn what_people_and_clients_call_themselves_is_never_markup() {
    let hostile = "\"><script>alert(1)</script>";
    let page = SignInPage {
        login: hostile.to_owned(),
        client_name: Some(hostile.to_owned()),
        authorization: Some(hostile.to_owned()),
        ..sign_in()
    };
    let html = Html::parse_document(&views().sign_in(Locale::Polish, &page).expect("a page"));
    assert_eq!(select(&html, "script").len(), 1, "only our own");
    assert_eq!(only(&html, "#login").attr("value"), Some(hostile));
    assert_eq!(only(&html, "input[name=authorization]").attr("value"), Some(hostile));
}

#[test]
fn only_web_addresses_become_links() {
    for hostile in ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/", "iok-app:/", ""] {
        let services = vec![Service { name: "X".to_owned(), description: None, url: hostile.to_owned() }];
        let home = HomePage { services, ..HomePage::samples().remove(0) };
        let consent = ConsentPage {
            client_uri: Some(hostile.to_owned()),
            policy_uri: Some(hostile.to_owned()),
            tos_uri: Some(hostile.to_owned()),
            ..ConsentPage::samples().remove(0)
        };
        let back = Some(Link { name: "X".to_owned(), url: hostile.to_owned() });
        let error = ErrorPage { kind: ErrorKind::Internal, request_id: String::new(), back: back.clone() };
        let views = views();
        for page in [
            views.home(Locale::Polish, &home),
            views.consent(Locale::Polish, &consent),
            views.error(Locale::Polish, &error),
            views.signed_out(Locale::Polish, &SignedOutPage { back }),
            views.continue_page(
                Locale::Polish,
                &ContinuePage { client_name: "X".to_owned(), url: Some(hostile.to_owned()) },
            ),
        ] {
            let html = Html::parse_document(&page.expect("a page"));
            for link in select(&html, "a") {
                let address = link.attr("href").unwrap_or_default();
                assert!(
                    (address.starts_with('/') && !address.starts_with("//")) || address.starts_with("tel:"),
                    "{address}"
                );
            }
        }
    }
}
