//! What holds for every page, looked at in every sample and both languages.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};

use super::support::{every_sample, only, select, text};

#[test]
fn every_page_is_a_whole_document_in_its_language() {
    for (name, locale, page) in every_sample() {
        let html = Html::parse_document(&page);
        assert!(page.starts_with("<!doctype html>"), "{name}");
        assert_eq!(only(&html, "html").attr("lang"), Some(locale.tag()), "{name}");
        assert_eq!(select(&html, "h1").len(), 1, "{name} has one heading of the first level");
        assert_eq!(select(&html, "main").len(), 1, "{name}");
        let title = text(only(&html, "title"));
        assert!(title.ends_with("· IOK") && title.len() > "· IOK".len(), "{name} is titled {title:?}");
        let ids: Vec<_> = select(&html, "[id]").iter().filter_map(|element| element.attr("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name} repeats an id");
        for element in select(&html, "[aria-describedby], [aria-labelledby], label[for]") {
            let referred = ["aria-describedby", "aria-labelledby", "for"];
            for id in referred.iter().filter_map(|name| element.attr(name)).flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name} refers to #{id}, which is not there");
            }
        }
    }
}

#[test]
fn no_page_has_inline_code_or_asks_anybody_else_for_more_than_a_services_mark() {
    for (name, _, page) in every_sample() {
        let html = Html::parse_document(&page);
        assert!(select(&html, "style, [style], script:not([src]), iframe, base").is_empty(), "{name}");
        for element in select(&html, "*") {
            assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{name}: {element:?}");
        }
        // The one image that may come from elsewhere: the mark of the service that asks.
        for element in select(&html, "[src]:not(#service-logo), link[href]") {
            let address = element.attr("src").or(element.attr("href")).unwrap_or_default();
            assert!(address.starts_with("/assets/") && address.contains("?v="), "{name} loads {address}");
        }
        assert!(
            page.chars().all(|c| !matches!(c, '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')),
            "{name} has invisible characters"
        );
    }
}

#[test]
fn every_form_proves_that_it_is_ours_and_labels_what_it_asks_for() {
    let mut forms = 0;
    for (name, _, page) in every_sample() {
        let html = Html::parse_document(&page);
        for form in select(&html, "form") {
            // A search changes nothing, and what proves that a form is ours has no business in an address.
            if form.attr("role") == Some("search") {
                assert_eq!(form.attr("method"), Some("get"), "{name}");
                assert!(!form.html().contains("csrf"), "{name}");
                continue;
            }
            // An answer to a service: it proves itself by its code, and ours is nobody else's business.
            if form.attr("id") == Some("answer") {
                assert!(name.starts_with("form-post-") && !form.html().contains("csrf"), "{name}");
                continue;
            }
            forms += 1;
            assert_eq!(form.attr("method"), Some("post"), "{name}");
            assert!(form.attr("action").is_some_and(|action| action.starts_with('/')), "{name}");
            let csrf = Selector::parse("input[type=hidden][name=csrf]").expect("a selector");
            let found: Vec<_> = form.select(&csrf).filter_map(|field| field.attr("value")).collect();
            assert_eq!(found, ["csrf-sample"], "{name}");
        }
        for field in select(&html, "input:not([hidden]):not([type=hidden]), select, textarea") {
            let id = field.attr("id").expect("a field has an id");
            assert!(!text(only(&html, &format!("label[for={id}]"))).is_empty(), "{name} labels {id}");
        }
    }
    assert!(forms > 0);
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table: one row a page")]
fn the_fixed_ids_are_there() {
    let fixed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        (
            "sign-in",
            [
                "input#login[name=login][autocomplete=username][autocapitalize=none][spellcheck=false]",
                "input#password[name=password][type=password][autocomplete=current-password]",
                "form[action='/sign-in'] button#sign-in[type=submit]",
                "a[href^='/help']",
                "a#recover[href^='/recover']",
            ]
            .as_slice(),
        ),
        (
            "change-password",
            &[
                "input#new-password[name=new_password][type=password][autocomplete=new-password]:not([minlength])",
                "input#new-password-repeat[name=new_password_repeat][type=password][autocomplete=new-password]",
                "form[action='/change-password'] button#change-password[type=submit]",
                "input[autocomplete=username][value='jan.kowalski']:not([name])",
            ],
        ),
        (
            "second-factor",
            &[
                "form[action='/second-factor'] button.primary[type=submit]",
                "form[action='/sign-out'] button#sign-out",
            ],
        ),
        (
            "consent",
            &[
                "form[action^='/consent?authorization='] button#approve[name=decision][value=approve]",
                "form[action^='/consent?authorization='] button#deny[name=decision][value=deny]",
                "form input[name=authorization]",
            ],
        ),
        (
            "sign-out",
            &[
                "form[action='/logout/confirm'] button#confirm[name=decision][value=confirm]",
                "form[action='/logout/confirm'] button#stay[name=decision][value=stay]",
            ],
        ),
        ("home", &["main .card"]),
        ("continue", &["a#continue"]),
        ("form-post", &["form#answer[method=post][data-send-at-once] button#continue[type=submit]"]),
        ("signed-out", &["a#sign-in-link[href='/sign-in']"]),
        ("regulations", &["main .card h1"]),
        (
            "regulations-accept",
            &[
                "form[action='/regulations/accept'] input#accept[type=checkbox][name=accept]",
                "form[action='/regulations/accept'] button#accept-regulations[type=submit]",
                "form[action='/sign-out'] button#sign-out",
                "#regulations h2",
            ],
        ),
        (
            "account",
            &[
                "dl#data",
                "nav a#part-data[aria-current=page]",
                "form[action='/account/export'] button#export[type=submit]",
            ],
        ),
        (
            "account-password",
            &[
                "nav a#part-password[aria-current=page]",
                "input#present-password[name=present_password][type=password][autocomplete=current-password]",
                "input#new-password[name=new_password][type=password][autocomplete=new-password]",
                "input#new-password-repeat[name=new_password_repeat][type=password]",
                "form[action='/account/password'] button#replace-password[type=submit]",
            ],
        ),
        ("account-second-factors", &["nav a#part-second-factors[aria-current=page]"]),
        (
            "account-sessions",
            &["nav a#part-sessions[aria-current=page]", "form[action='/sign-out'] button#sign-out"],
        ),
        ("account-access", &["nav a#part-access[aria-current=page]"]),
        ("account-closure", &["nav a#part-closure[aria-current=page]"]),
        (
            "recover",
            &[
                "form[action='/recover'] input#login[name=login][autocomplete=off][autocapitalize=none]",
                "form[action='/recover'] input#serial[name=serial][autocomplete=off][spellcheck=false]",
                "form[action='/recover'] input#code[name=code][autocomplete=off]:not([value])",
                "form[action='/recover'] button#recover[type=submit]",
            ],
        ),
        ("block", &["main .card h1"]),
        ("help", &["a.button[href^='/sign-in']", "a#recover[href^='/recover']"]),
        (
            "apply",
            &[
                "form[action^='/apply'] button#send[type=submit]",
                "input#given-name[name=given_name][autocomplete=given-name]",
                "input#phone-number[type=tel][autocomplete=tel]",
                "select#office[name=office]",
                "input#applicant-person[type=radio]",
            ],
        ),
        ("apply-sent", &["#sent", "main a.button[href='/apply']"]),
        ("apply-confirm", &["form[action='/apply/confirm/token-sample'] button[name=do]"]),
        ("apply-status", &["#state[data-state]", "#dates"]),
        ("apply-paper", &["#how", ".paper h1"]),
        ("error", &["#error h1", "#request-id"]),
        ("office-letters", &["h2#to-print", "h2#waiting", "nav a#nav-letters[aria-current=page]"]),
        (
            "office-letters-printed",
            &["#all-letters", "article.letter .letter-password", "article.letter .letter-receipt"],
        ),
        (
            "office-collection",
            &["form[action='/office/collection'] input#serial[name=serial]", "button#find-letter"],
        ),
        ("office-review", &["nav a#nav-review[aria-current=page]"]),
        ("office-application", &["#state", "#history", "#register-title"]),
        ("office-intake", &["form[method=post] button#take-in", "#scan_reference", "#has_no_email"]),
        ("office-state-now", &["#state-now #state", "a#back[href^='/office/']"]),
        ("office-accounts", &["form[action='/office/accounts'] #find-accounts", "input#text[name=text]"]),
        ("office-account", &["#state", "h2#history", "nav a#nav-accounts[aria-current=page]"]),
        ("office-approvals", &["nav a#nav-approvals[aria-current=page]"]),
        ("office-mail", &["#waiting", "#sent-today", "#given-up"]),
        ("office-sign-outs", &["#lead", "nav a#nav-sign-outs[aria-current=page]"]),
        ("office-audit", &["form[action='/office/audit'] #search-audit", "#audit-csv", "#audit-json"]),
        ("office-staff", &["table#staff"]),
        ("office-home", &["#staff-name", "nav a#nav-home[aria-current=page]", "button#sign-out"]),
    ]);
    let mut seen = BTreeSet::new();
    for (name, _, page) in every_sample() {
        let (kind, _) = name.rsplit_once('-').expect("a numbered sample");
        let html = Html::parse_document(&page);
        for selector in fixed[kind] {
            assert_eq!(
                select(&html, selector).len(),
                1 + usize::from(kind == "sign-in" && *selector == "a[href^='/help']"),
                "{name}: {selector}"
            );
        }
        seen.insert(kind.to_owned());
    }
    assert_eq!(seen.len(), fixed.len(), "every page is in the table above");
}
