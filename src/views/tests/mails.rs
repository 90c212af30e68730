//! What holds for every mail, in both languages.

use std::collections::BTreeSet;

use scraper::Html;

use super::support::{only, select, text, views};
use crate::domain::ids::AccountId;
use crate::domain::locale::Locale;
use crate::domain::mail::Message;
use crate::domain::office::OfficeNotice;
use crate::views::mail::messages;
use crate::views::{MailLinks, MailPage, MailText};

fn every_mail() -> Vec<(String, Locale, MailText)> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            let samples = views().mail_samples(locale).expect("every mail can be written");
            samples.into_iter().map(move |(name, mail)| (format!("{name}.{locale}"), locale, mail))
        })
        .collect()
}

#[test]
fn every_kind_of_mail_is_on_the_list_that_the_console_has_words_for() {
    let sampled: BTreeSet<&str> = messages().iter().map(Message::kind).collect();
    assert_eq!(sampled, BTreeSet::from(Message::KINDS));
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn every_mail_says_the_same_as_text_and_as_html() {
    for (name, locale, mail) in every_mail() {
        let html = Html::parse_document(&mail.html);
        assert_eq!(only(&html, "html").attr("lang"), Some(locale.tag()), "{name}");
        let plain = words(&mail.text).join(" ");
        for paragraph in select(&html, "div > p:not(:has(br)):not(:has(a)), blockquote") {
            let said = text(paragraph);
            let is_letterhead = said.contains(" · ");
            assert!(is_letterhead || plain.contains(&said), "{name}: {said}");
        }
        for link in select(&html, "a") {
            let address = link.attr("href").expect("an address");
            assert!(address.starts_with("https://id.example.org/"), "{name}: {address}");
            assert!(
                mail.text.lines().any(|line| line == address),
                "{name}: {address} has no line of its own"
            );
        }
        assert!(mail.text.contains("32 000 00 00"), "{name}");
        assert!(mail.subject.starts_with("IOK: ") && !mail.subject.contains('\n'), "{name}");
        assert!(mail.text.lines().all(|line| line.chars().count() <= 72), "{name}: {}", mail.text);
        assert!(!mail.text.contains("\n\n\n"), "{name}: {}", mail.text);
    }
}

#[test]
fn every_mail_loads_nothing_and_runs_nothing() {
    for (name, _, mail) in every_mail() {
        let html = Html::parse_document(&mail.html);
        assert!(select(&html, "script, img, link, iframe, form, style, [src]").is_empty(), "{name}");
        for element in select(&html, "*") {
            assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{name}: {element:?}");
        }
    }
}

#[test]
fn a_link_that_acts_says_that_opening_it_does_nothing() {
    let mut acting = BTreeSet::new();
    for (name, locale, mail) in every_mail() {
        let harmless = match locale {
            Locale::Polish => "Samo otwarcie linku niczego nie zmienia",
            Locale::English => "Opening the link changes nothing",
        };
        if mail.text.contains("/apply/status/") {
            assert!(words(&mail.text).join(" ").contains(harmless), "{name}");
            acting.insert(
                name.split_once('-').expect("a name").1.rsplit_once('-').expect("a name").0.to_owned(),
            );
        }
    }
    let expected = [
        "account_recovered",
        "application_needs_correction",
        "application_received",
        "confirm_application",
        "correction_reminder",
        "new_device",
        "password_changed",
        "second_factor_added",
        "second_factor_removed",
    ];
    assert_eq!(acting.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn the_office_is_described_in_words() {
    let (_, mail) = views().mail_samples(Locale::Polish).expect("mails").remove(3);
    for line in [
        "do dnia 17 marca 2027.",
        "Adres: ul. Bytomska 8, 41-600 Świętochłowice",
        "Godziny otwarcia: poniedziałek 7–17, wtorek–czwartek 7–15, piątek 7–13",
        "Najbliższy dzień otwarcia: poniedziałek, 8 listopada 2027, 7–15",
        "dokument tożsamości",
    ] {
        assert!(words(&mail.text).join(" ").contains(line), "{line}: {}", mail.text);
    }
}

#[test]
fn a_moment_is_told_by_the_offices_clock_in_summer_and_winter() {
    let links = MailLinks { own: Some("https://id.example.org/block/x".to_owned()), ..MailLinks::default() };
    for (at, shown) in [
        ("2027-01-31T23:30:00Z", "1 lutego 2027, godz. 0:30"),
        ("2027-07-01T10:05:00Z", "1 lipca 2027, godz. 12:05"),
    ] {
        let message = Message::PasswordChanged {
            account: AccountId::from(uuid::Uuid::nil()),
            at: at.parse().expect("a moment"),
        };
        let page = MailPage { name: "X", message: &message, links: &links, zone: chrono_tz::Europe::Warsaw };
        let mail = views().mail(Locale::Polish, &page).expect("a mail");
        assert!(mail.text.contains(shown), "{}", mail.text);
    }
}

#[test]
fn what_people_and_clerks_write_stays_text() {
    let hostile = "<script>alert(1)</script>\r\nBcc: obcy@example.org";
    let office = OfficeNotice {
        name: hostile.to_owned(),
        address: Some(hostile.to_owned()),
        phone: None,
        hours: Vec::new(),
        next_open: None,
    };
    let message = Message::ApplicationRejected {
        application: uuid::Uuid::nil().into(),
        reason: hostile.to_owned(),
        office,
    };
    let page = MailPage {
        name: hostile,
        message: &message,
        links: &MailLinks::default(),
        zone: chrono_tz::Europe::Warsaw,
    };
    let mail = views().mail(Locale::Polish, &page).expect("a mail");
    let html = Html::parse_document(&mail.html);
    assert!(select(&html, "script").is_empty());
    assert!(mail.text.lines().all(|line| !line.starts_with("Bcc:")), "{}", mail.text);
    assert_eq!(mail.subject.lines().count(), 1);
}
