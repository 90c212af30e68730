//! What the tests look at pages with.

use scraper::{ElementRef, Html, Selector};

use crate::domain::locale::Locale;
use crate::views::{Brand, Page, SignInPage, Views};

pub(super) fn views() -> Views {
    Views::new(Brand { phone: Some("32 000 00 00".to_owned()), ..Brand::default() })
}

/// Every sample in every language: its name, its language, the page.
pub(super) fn every_sample() -> Vec<(String, Locale, String)> {
    let views = views();
    Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            let samples = views.samples(locale).expect("every sample can be rendered");
            samples.into_iter().map(move |(name, html)| (format!("{name}.{locale}"), locale, html))
        })
        .collect()
}

pub(super) fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

pub(super) fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page's only element for a selector.
pub(super) fn only<'a>(html: &'a Html, selector: &str) -> ElementRef<'a> {
    let found = select(html, selector);
    assert_eq!(found.len(), 1, "exactly one {selector}");
    found[0]
}

pub(super) fn sign_in() -> SignInPage {
    SignInPage::samples().remove(0)
}
