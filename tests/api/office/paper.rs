//! The letter on paper, as a real browser prints it.

use crate::helpers::chromium::Browser;
use crate::helpers::counter::{Letter, OFFICE, approved, promote};
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn each_letter_is_exactly_one_page_with_everything_on_it() {
    let provider = TestProvider::start_with(&[
        ("brand.phone", "+48 32 245 00 00"),
        ("brand.company_name", "Miejskie Przedsiębiorstwo Gospodarki Lokalowej w Świętochłowicach"),
    ])
    .await;
    for login in ["nowa.osoba", "druga.osoba", "maximilian.wilhelm-brzeczyszczykiewicz"] {
        approved(&provider, login).await;
    }
    provider.execute("UPDATE account SET locale = 'en' WHERE login = 'druga.osoba'").await;
    provider
        .execute("UPDATE account SET family_name = 'Wrona-Świętochłowska-Brzęczyszczykiewicz-Grzegżółka' WHERE login LIKE 'max%'")
        .await;
    let mut clerk = Person::active("ewa.drukarska");
    OFFICE.clone_into(&mut clerk.row.office);
    provider.import(&[&clerk]).await;
    let browser = Browser::open().await;
    browser.goto(&provider.url("/sign-in")).await;
    browser.fill_in_sign_in(&clerk.login, &clerk.password).await;
    browser.click("#sign-in").await;
    browser.find("#sign-out").await;
    promote(&provider, &clerk.login, OFFICE).await;
    browser.goto(&provider.url("/office/letters")).await;
    browser.find("#print").await;
    browser
        .script("document.querySelectorAll('input[value=new]').forEach(box => { box.checked = true; })")
        .await;
    browser.click("#print").await;
    browser.find("#all-letters").await;
    browser.screenshot("letters-printed").await;
    let html = browser.driver.source().await.unwrap();
    let letters = Letter::all_in(&html);
    assert_eq!(letters.len(), 3, "{html}");
    let pages = browser.print_to_text("letters").await;
    assert_eq!(pages.len(), letters.len(), "one page a letter: {pages:#?}");
    for (letter, page) in letters.iter().zip(&pages) {
        let squeezed: String = page.split_whitespace().collect();
        for wanted in [&letter.login, &letter.password, &letter.serial].into_iter().chain(&letter.codes) {
            assert!(squeezed.contains(wanted.as_str()), "{wanted} is not in:\n{page}");
        }
        assert!(squeezed.contains(&provider.url("/sign-in")), "{page}");
        // The strip that stays at the office says neither the password nor a code.
        let cut = page.find("Tu odciąć").or(page.find("Cut here")).expect("a line to cut along");
        let strip: String = page[cut..].split_whitespace().collect();
        assert!(strip.contains(&letter.serial) && strip.contains(&letter.login), "{strip}");
        assert!(!strip.contains(&letter.password) && !letter.codes.iter().any(|code| strip.contains(code)));
        assert!(
            strip.contains("podpispracownika") || strip.contains("signatureoftheclerk"),
            "nothing is cut off: {strip}"
        );
        assert!(page.contains(OFFICE));
    }
    assert!(
        pages.iter().filter(|page| page.contains("Initial password")).count() == 1,
        "the addressee's language"
    );
}
