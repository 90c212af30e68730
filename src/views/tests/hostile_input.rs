//! What comes from people and registrations stays text.

use scraper::Html;

use super::support::{only, select, sign_in, views};
use crate::domain::locale::Locale;
use crate::views::{
    AskingService, ConsentPage, ContinuePage, ErrorKind, ErrorPage, HomePage, Link, Page, Service,
    SignInPage, SignedOutPage,
};

/// A service that says this about itself, wherever it may say something.
fn hostile_service(hostile: &str) -> AskingService {
    let said = || Some(hostile.to_owned());
    AskingService {
        name: hostile.to_owned(),
        client_uri: said(),
        logo_uri: said(),
        policy_uri: said(),
        tos_uri: said(),
        unverified_at: said(),
    }
}

#[test]
fn what_people_and_clients_call_themselves_is_never_markup() {
    let hostile = "\"><script>alert(1)</script>";
    let page = SignInPage {
        login: hostile.to_owned(),
        service: Some(hostile_service(hostile)),
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
        let consent = ConsentPage { service: hostile_service(hostile), ..ConsentPage::samples().remove(0) };
        let back = Some(Link { name: "X".to_owned(), url: hostile.to_owned() });
        let error = ErrorPage {
            path: "/nowhere".to_owned(),
            kind: ErrorKind::Internal,
            request_id: String::new(),
            back: back.clone(),
        };
        let views = views();
        for page in [
            views.home(Locale::Polish, &home),
            views.consent(Locale::Polish, &consent),
            views.error(Locale::Polish, &error),
            views.signed_out(Locale::Polish, &SignedOutPage { path: "/logout".to_owned(), back }),
            views.continue_page(
                Locale::Polish,
                &ContinuePage {
                    path: "/".to_owned(),
                    client_name: "X".to_owned(),
                    url: Some(hostile.to_owned()),
                },
            ),
        ] {
            let html = Html::parse_document(&page.expect("a page"));
            for image in select(&html, "img") {
                assert!(
                    image.attr("src").is_some_and(|address| address.starts_with("/assets/")),
                    "{image:?}"
                );
            }
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
