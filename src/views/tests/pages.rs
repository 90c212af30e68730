//! What single pages show in their states.

use std::collections::{BTreeSet, HashSet};

use scraper::Html;

use super::support::{only, select, sign_in, text, views};
use crate::domain::locale::Locale;
use crate::domain::password_policy::{Assessment, BrokenRule};
use crate::views::{
    Brand, ChangePasswordPage, ChangePasswordProblem, ConsentLasts, ConsentPage, ErrorKind, HomePage, Page,
    SignInPage, SignOutPage, Views,
};

#[test]
fn the_home_page_shows_the_way_out_or_the_way_in() {
    for sample in HomePage::samples() {
        let html = Html::parse_document(&views().home(Locale::Polish, &sample).expect("a page"));
        let signed_in = usize::from(sample.person.is_some());
        assert_eq!(select(&html, "form[action='/sign-out'] button#sign-out").len(), signed_in);
        assert_eq!(select(&html, "a#sign-in-link[href='/sign-in']").len(), 1 - signed_in);
        assert_eq!(select(&html, ".services li a").len(), sample.services.len());
    }
}

#[test]
fn a_problem_is_announced_and_connected_with_the_fields() {
    for sample in SignInPage::samples() {
        let html = Html::parse_document(&views().sign_in(Locale::Polish, &sample).expect("a page"));
        assert_eq!(select(&html, "#error[role=alert]").len(), usize::from(sample.problem.is_some()));
        assert_eq!(select(&html, "#notice[role=status]").len(), usize::from(sample.notice.is_some()));
        for field in ["#login", "#password"] {
            let described = only(&html, field).attr("aria-describedby").unwrap_or_default();
            assert_eq!(described.split(' ').any(|id| id == "error"), sample.problem.is_some());
        }
        assert_eq!(only(&html, "#login").attr("value"), Some(sample.login.as_str()));
        assert_eq!(only(&html, "#password").attr("value"), None, "a password is never put back");
    }
}

#[test]
fn every_broken_rule_has_a_message_of_its_own_and_all_come_at_once() {
    let broken = vec![
        BrokenRule::TooShort { minimum: 3 },
        BrokenRule::TooLong { maximum: 22 },
        BrokenRule::NoLowerCase,
        BrokenRule::NoUpperCase,
        BrokenRule::NoDigit,
        BrokenRule::NoSpecial,
        BrokenRule::Unprintable,
        BrokenRule::IsInitialPassword,
        BrokenRule::ContainsLogin,
        BrokenRule::DeniedWord,
        BrokenRule::KeyboardWalk,
        BrokenRule::TooGuessable,
        BrokenRule::UsedBefore,
    ];
    let assessment = Assessment { broken: broken.clone(), strength: None };
    let page = ChangePasswordPage {
        problem: Some(ChangePasswordProblem::Rules { assessment, repeat_differs: true }),
        ..ChangePasswordPage::samples().remove(0)
    };
    for locale in Locale::ALL {
        let html = Html::parse_document(&views().change_password(locale, &page).expect("a page"));
        let messages: Vec<String> = select(&html, "#error li").into_iter().map(text).collect();
        assert_eq!(messages.len(), broken.len() + 1);
        assert_eq!(messages.iter().collect::<BTreeSet<_>>().len(), messages.len());
        assert!(messages[0].contains('3') && messages[1].contains("22"), "{messages:?}");
    }
    let polish = Html::parse_document(&views().change_password(Locale::Polish, &page).expect("a page"));
    assert!(text(only(&polish, "#error")).contains("najwyżej 22 znaki."), "Polish chooses its own plural");
}

#[test]
fn the_rules_that_are_listed_are_the_rules_that_hold() {
    let mut page = ChangePasswordPage::samples().remove(0);
    page.policy.needs_special = false;
    page.policy.needs_upper_case = false;
    page.policy.minimum = 4;
    page.policy.maximum = 64;
    let html = Html::parse_document(&views().change_password(Locale::Polish, &page).expect("a page"));
    let rules: Vec<String> = select(&html, "#rules li").into_iter().map(text).collect();
    assert_eq!(rules, ["od 4 do 64 znaków", "małą literę", "cyfrę"]);
}

#[test]
fn consent_names_what_is_released_and_shows_an_unknown_scope_as_it_is() {
    let page = ConsentPage::samples().remove(0);
    let html = Html::parse_document(&views().consent(Locale::English, &page).expect("a page"));
    let items: Vec<String> = select(&html, "ul.data li").into_iter().map(text).collect();
    assert_eq!(items.len(), page.scopes.len());
    assert!(items.contains(&"your e-mail address".to_owned()), "{items:?}");
    assert_eq!(items.last().map(String::as_str), Some("liczniki:odczyt"));
}

#[test]
fn consent_says_for_how_long_it_is_given() {
    for (lasts, says) in [
        (ConsentLasts::WhileSignedIn, "Dopóki to urządzenie jest zalogowane."),
        (ConsentLasts::UntilTakenBack { days: 365 }, "najdłużej rok."),
        (ConsentLasts::UntilTakenBack { days: 1 }, "najdłużej jeden dzień."),
        (ConsentLasts::UntilTakenBack { days: 22 }, "najdłużej 22 dni."),
    ] {
        let page = ConsentPage { lasts, ..ConsentPage::samples().remove(0) };
        let html = Html::parse_document(&views().consent(Locale::Polish, &page).expect("a page"));
        assert!(text(only(&html, "#lasts")).contains(says), "{lasts:?}");
    }
}

#[test]
fn the_language_switch_stays_with_the_authorization() {
    let page = SignInPage { authorization: Some("a&b=c".to_owned()), ..sign_in() };
    let html = Html::parse_document(&views().sign_in(Locale::Polish, &page).expect("a page"));
    let switch = only(&html, "a.language");
    assert_eq!(switch.attr("href"), Some("/sign-in?authorization=a%26b%3Dc&ui_locales=en"));
    assert_eq!((switch.attr("lang"), text(switch).as_str()), (Some("en"), "English"));

    let html = Html::parse_document(&views().sign_in(Locale::English, &sign_in()).expect("a page"));
    assert_eq!(only(&html, "a.language").attr("href"), Some("/sign-in?ui_locales=pl"));
}

#[test]
fn whoever_meets_a_page_by_surprise_can_choose_its_language() {
    for (name, page) in views().samples(Locale::Polish).expect("pages") {
        let html = Html::parse_document(&page);
        let surprises = ["error-", "continue-", "sign-out-", "signed-out-", "block-"];
        if surprises.iter().any(|page| name.starts_with(page)) {
            let href = only(&html, "a.language").attr("href").unwrap_or_default();
            assert!(href.starts_with('/') && href.ends_with("ui_locales=en"), "{name}: {href}");
        }
    }
}

#[test]
fn a_page_with_a_query_of_its_own_keeps_it_in_the_other_language() {
    let page = SignOutPage { path: "/logout?client_id=a%26b".to_owned(), ..SignOutPage::samples().remove(0) };
    let html = Html::parse_document(&views().sign_out(Locale::Polish, &page).expect("a page"));
    assert_eq!(only(&html, "a.language").attr("href"), Some("/logout?client_id=a%26b&ui_locales=en"));
}

#[test]
fn asvs_7_4_4_every_part_of_my_account_has_the_way_out() {
    let mut parts = 0;
    for (name, page) in views().samples(Locale::Polish).expect("pages") {
        let html = Html::parse_document(&page);
        if !select(&html, "nav.parts").is_empty() {
            only(&html, "header form[action='/sign-out'] input[name=csrf]");
            assert_eq!(select(&html, "header #sign-out").len(), 1, "{name}");
            parts += 1;
        }
    }
    assert!(parts > 6, "{parts}");
}

#[test]
fn the_number_to_call_is_on_every_page_if_there_is_one() {
    for (phone, shown) in [(Some("+48 32 000 00 00".to_owned()), true), (None, false)] {
        let views = Views::new(Brand { phone, ..Brand::default() });
        for (name, page) in views.samples(Locale::Polish).expect("pages") {
            let html = Html::parse_document(&page);
            // Once: twice looks like two numbers.
            assert_eq!(select(&html, "a[href='tel:+48320000000']").len(), usize::from(shown), "{name}");
        }
    }
}

#[test]
fn another_company_finds_only_its_own_names() {
    let brand = Brand {
        company_name: "ZBM \"Przykład\"".to_owned(),
        product_name: "eLokator".to_owned(),
        product_full_name: "Elektroniczny Lokator".to_owned(),
        phone: None,
    };
    for (name, page) in Views::new(brand).samples(Locale::Polish).expect("pages") {
        let html = Html::parse_document(&page);
        assert!(text(only(&html, "title")).ends_with("· eLokator"), "{name}");
        assert_eq!(text(only(&html, "header .brand")), "eLokator ZBM \"Przykład\"", "{name}");
        assert!(!page.contains("MPGL") && !page.contains("IOK"), "{name}");
    }
}

#[test]
fn every_error_has_a_status_of_its_kind() {
    for kind in ErrorKind::ALL {
        assert!((400..=599).contains(&kind.status()), "{kind:?}");
    }
    assert_eq!(ErrorKind::Unavailable.status(), 503);
    assert_eq!(ErrorKind::ALL.into_iter().collect::<HashSet<_>>().len(), ErrorKind::ALL.len());
}
