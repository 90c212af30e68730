//! Every page, in Polish and English, on a phone and on a desk: axe-core finds nothing, and nothing is cut off.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;
use iok_id::domain::staff::Role;
use serde_json::json;

use crate::helpers::accessibility;
use crate::helpers::applicants::Applicant;
use crate::helpers::chromium::{Browser, Habits};
use crate::helpers::demo::Demo;
use crate::helpers::letters::CODES;
use crate::helpers::people::{CHOSEN, INITIAL, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::RelyingParty;
use crate::helpers::staff::{Authenticator, sign_in};

const NARROW: u32 = 320;
const WIDE: u32 = 1280;

/// A browser that looks closely at each page it is shown.
pub(super) struct Inspector {
    pub(super) browser: Browser,
    language: &'static str,
    seen: BTreeSet<String>,
    faults: Vec<String>,
}

impl Inspector {
    pub(super) async fn reading(language: &'static str) -> Self {
        let browser = Browser::with(Habits { language, ..Habits::default() }).await;
        Self { browser, language, seen: BTreeSet::new(), faults: Vec::new() }
    }

    /// Looks at the page that is open; `mark` is something that only this page has.
    pub(super) async fn look(&mut self, name: &str, mark: &str) {
        self.browser.find(mark).await;
        assert!(self.seen.insert(name.to_owned()), "{name} was looked at before");
        let language = self.browser.script("return document.documentElement.lang").await;
        if language != self.language {
            self.faults.push(format!("{name}: is in {language}, not in {}", self.language));
        }
        let title = self.browser.driver.title().await.unwrap();
        if title.trim().is_empty() {
            self.faults.push(format!("{name}: has no title"));
        }
        for width in [NARROW, WIDE] {
            self.browser.resize(width, 900).await;
            let picture = format!("{name}-{}-{width}", self.language);
            self.browser.screenshot(&picture).await;
            let root = "const root = document.documentElement; return [root.clientWidth, root.scrollWidth]";
            let widths = self.browser.script(root).await;
            if widths != json!([width, width]) {
                self.faults.push(format!("{picture}: there is {} wide, needed is {}", widths[0], widths[1]));
            }
            for scheme in ["light", "dark"] {
                self.browser.prefer_colour_scheme(scheme).await;
                let found = accessibility::violations(&self.browser).await;
                self.faults.extend(found.into_iter().map(|fault| format!("{picture}-{scheme}: {fault}")));
            }
            self.browser.prefer_colour_scheme("light").await;
        }
    }

    /// Types a code of a second factor, and sends it.
    async fn type_code(&self, code: &str) {
        self.browser.type_into("#code", code).await;
        self.browser.click("#prove").await;
    }

    #[track_caller]
    pub(super) fn found_nothing(self, pages: usize) {
        assert_eq!(self.seen.len(), pages, "{:?}", self.seen);
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

#[tokio::test]
async fn wcag_2_2_aa_the_providers_pages_in_polish() {
    the_providers_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_providers_pages_in_english() {
    the_providers_pages("en").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_services_pages_in_polish() {
    the_services_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_services_pages_in_english() {
    the_services_pages("en").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_staffs_pages_in_polish() {
    the_staffs_pages("pl").await;
}

#[tokio::test]
async fn wcag_2_2_aa_the_staffs_pages_in_english() {
    the_staffs_pages("en").await;
}

async fn the_staffs_pages(language: &'static str) {
    const LOGIN: &str = "urszula.sowa";
    let provider = TestProvider::start_with(&[("brand.phone", "+48 32 245 00 00")]).await;
    provider.add_staff(LOGIN, Role::Clerk, Some("Administracja nr 1 Centrum")).await;
    let mut inspector = Inspector::reading(language).await;

    inspector.browser.goto(&provider.url("/office")).await;
    inspector.browser.fill_in_sign_in(LOGIN, INITIAL).await;
    inspector.browser.click("#sign-in").await;
    inspector.browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    inspector.browser.click("#change-password").await;
    inspector.look("second-factor-set-up", "#seed").await;
    let page = inspector.browser.driver.source().await.unwrap();
    let authenticator = Authenticator::in_page(&page);
    inspector.type_code(&authenticator.wrong_code(&provider)).await;
    inspector.look("second-factor-set-up-wrong", "#error").await;
    inspector.type_code(&authenticator.code(&provider)).await;
    inspector.look("second-factor-codes", "#codes").await;
    inspector.browser.click("#codes-kept").await;
    inspector.look("office", "#staff-name").await;
    inspector.browser.click("#sign-out").await;
    inspector.browser.find("#sign-in-link").await;

    inspector.browser.goto(&provider.url("/sign-in")).await;
    inspector.browser.fill_in_sign_in(LOGIN, CHOSEN).await;
    inspector.browser.click("#sign-in").await;
    inspector.look("second-factor-prove", "#code-hint").await;
    inspector.type_code("000000").await;
    inspector.look("second-factor-wrong", "#error").await;
    // The rest of the budget goes elsewhere, so that the next page here is the refusal.
    let elsewhere = provider.visitor();
    let page = sign_in(&elsewhere, LOGIN, CHOSEN).await;
    for _ in 0..4 {
        elsewhere.submit(&page, "#prove", &[("code", "000000")]).await;
    }
    inspector.type_code("000000").await;
    inspector.look("second-factor-refused", "#error").await;
    inspector.browser.click("#sign-out").await;
    inspector.browser.find("#sign-in-link").await;

    let person = provider.active_person("halina.wrona").await;
    inspector.browser.goto(&provider.url("/sign-in")).await;
    inspector.browser.fill_in_sign_in(&person.login, &person.password).await;
    inspector.browser.click("#sign-in").await;
    inspector.browser.find("#sign-out").await;
    inspector.browser.goto(&provider.url("/office")).await;
    inspector.look("error-not-for-you", "#error").await;

    inspector.found_nothing(8);
}

#[allow(clippy::too_many_lines, reason = "one walk through every page")]
async fn the_providers_pages(language: &'static str) {
    let provider =
        TestProvider::start_open(&[("brand.phone", "+48 32 245 00 00"), ("registration.scopes", "openid")])
            .await;
    // A name with everything that a name may have.
    let mut newcomer = Person::with_letter("halina.wrona");
    newcomer.row.family_name = "Wrona-Świętochłowska-Brzęczyszczykiewicz".into();
    provider.import(&[&newcomer]).await;
    provider.publish_regulations("2026-2").await;
    let partner = provider
        .relying_party(
            "partner",
            json!({
                "first_party": false,
                "client_name": "Spółdzielcza Kasa Ubezpieczeń Mieszkaniowych",
                "client_uri": provider.url("/help"),
                "policy_uri": "https://partner.example/privacy",
                "tos_uri": "https://partner.example/terms",
                // The answer comes back here: nobody has to listen at another address.
                "redirect_uris": [provider.url("/partner-callback")],
            }),
        )
        .await;
    provider.relying_party("billing", json!({"client_uri": "https://billing.example/"})).await;
    let callback = provider.url("/partner-callback");
    let everything = "openid profile email phone address iok offline_access";
    let authorization = provider.url(&partner.authorization(&[
        ("redirect_uri", &callback),
        ("scope", everything),
        ("prompt", "consent"),
    ]));
    let mut inspector = Inspector::reading(language).await;

    // Before anybody signs in.
    inspector.browser.goto(&provider.url("/")).await;
    inspector.look("home-signed-out", "#sign-in-link").await;
    inspector.browser.goto(&provider.url("/help")).await;
    inspector.look("help", "main ol").await;
    inspector.browser.goto(&provider.url("/regulations")).await;
    inspector.look("regulations", "main .point").await;
    inspector.browser.goto(&provider.url("/apply")).await;
    inspector.look("apply", "#send").await;
    inspector.browser.type_into("#given-name", "Zofia").await;
    inspector.browser.click("#send").await;
    inspector.look("apply-problems", "#error").await;
    assert_eq!(
        inspector.browser.script("return document.querySelector('#given-name').value").await,
        json!("Zofia")
    );
    inspector.browser.goto(&provider.url("/apply/sent")).await;
    inspector.look("apply-sent", "#sent").await;
    inspector.browser.goto(&provider.url("/apply/paper")).await;
    inspector.look("apply-paper", ".paper").await;
    let applicant = Applicant::files(&provider, &[]).await;
    // What one applied in is what the links speak.
    provider.execute(&format!("UPDATE application SET locale = '{language}'")).await;
    let confirm = provider.link(LinkPurpose::ConfirmApplication, applicant.id);
    inspector.browser.goto(&provider.url(&confirm)).await;
    inspector.look("apply-confirm", "#confirm").await;
    inspector.browser.click("#confirm").await;
    inspector.look("apply-status", "#state").await;
    inspector.browser.click("#ask-withdraw").await;
    inspector.look("apply-withdraw", "#withdraw").await;
    provider.execute("UPDATE application SET state = 'needs_correction', decision_reason = '?'").await;
    let correct = provider.link(LinkPurpose::CorrectApplication, applicant.id);
    inspector.browser.goto(&provider.url(&correct)).await;
    inspector.look("apply-correct", "#asked").await;
    inspector.browser.goto(&provider.url("/apply/status/torn-link")).await;
    inspector.look("error-dead-link", "#request-id").await;
    inspector.browser.goto(&provider.url("/sign-in")).await;
    inspector.look("sign-in", "#password").await;
    let stranger = stranger(&provider, &callback).await;
    inspector.browser.goto(&provider.url(&stranger)).await;
    inspector.look("sign-in-for-stranger", "#service-unverified").await;
    let drawn = "return document.querySelector('#service-logo').naturalWidth > 0";
    assert_eq!(inspector.browser.script(drawn).await, json!(true), "the policy lets the logo in");
    inspector.browser.goto(&authorization).await;
    inspector.look("sign-in-for-service", "#password").await;
    inspector.browser.fill_in_sign_in(&newcomer.login, "Wrong-guess1").await;
    inspector.browser.click("#sign-in").await;
    inspector.look("sign-in-refused", "#error").await;

    // Without the password: by the letter, or by one from before.
    provider.person_with_codes("jan.kowalski").await;
    inspector.browser.goto(&provider.url("/recover")).await;
    inspector.look("recover", "#recover").await;
    inspector.browser.click("#recover").await;
    inspector.look("recover-refused", "#error").await;
    inspector.browser.click("details:not([open]) summary").await;
    inspector.look("recover-from-before", "#recover-from-before").await;
    inspector.browser.click("#recover-from-before").await;
    inspector.look("recover-from-before-refused", "#error").await;
    let block = provider.url(&provider.block_link("jan.kowalski").await);
    inspector.browser.goto(&block).await;
    inspector.look("block", "#block").await;
    inspector.browser.click("#block").await;
    inspector.look("blocked", "#office").await;
    inspector.browser.goto(&provider.url("/block/cut-off")).await;
    inspector.look("block-no-link", "main .card").await;
    let (person, letter) = provider.person_with_codes("anna.nowak").await;
    inspector.browser.goto(&provider.url("/recover")).await;
    inspector.browser.fill_in_recovery(&person.login, &letter.serial, CODES[0]).await;
    inspector.browser.click("#recover").await;
    inspector.look("change-password-recovered", "#letter-left").await;
    inspector.browser.click("#sign-out").await;
    inspector.browser.find("#sign-in-link").await;
    inspector.browser.goto(&authorization).await;
    inspector.browser.fill_in_sign_in(&newcomer.login, "Wrong-guess1").await;
    inspector.browser.click("#sign-in").await;
    inspector.browser.find("#error").await;

    // The letter, and the change.
    inspector.browser.fill_in_sign_in(&newcomer.login, &newcomer.password).await;
    inspector.browser.click("#sign-in").await;
    inspector.look("change-password", "#new-password").await;
    inspector.browser.fill_in_new_password("\u{200b}", "other").await;
    inspector.browser.click("#change-password").await;
    inspector.look("change-password-many-rules", "#error").await;
    inspector.browser.fill_in_new_password(&newcomer.login.to_uppercase().repeat(2), "").await;
    inspector.browser.click("#change-password").await;
    inspector.look("change-password-other-rules", "#error").await;
    inspector.browser.fill_in_new_password(&newcomer.password, &newcomer.password).await;
    inspector.browser.click("#change-password").await;
    inspector.look("change-password-initial-again", "#error").await;
    inspector.browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    inspector.browser.click("#change-password").await;

    // The Regulations that were published since.
    inspector.look("regulations-accept", "#accept-regulations").await;
    inspector.browser.click("#accept-regulations").await;
    inspector.look("regulations-accept-not-ticked", "#error").await;
    inspector.browser.click("#accept").await;
    inspector.browser.click("#accept-regulations").await;

    // Consent, and what comes of asking twice.
    inspector.look("consent", "#approve").await;
    let waiting = inspector.browser.address().await;
    let id = waiting.split_once("authorization=").unwrap().1.to_owned();
    inspector.browser.click("#deny").await;
    inspector.look("error-not-found", "#error").await;
    assert!(inspector.browser.address().await.starts_with(&format!("{callback}?error=access_denied")));
    inspector.browser.goto(&provider.url(&format!("/authorize/{id}"))).await;
    inspector.look("continue", "#continue").await;

    // Signed in.
    inspector.browser.goto(&provider.url("/")).await;
    inspector.look("home-signed-in", "#sign-out").await;

    // The contractor's own page.
    inspector.browser.goto(&provider.url("/account")).await;
    inspector.look("account", "#data").await;
    inspector.browser.goto(&provider.url("/account/password")).await;
    inspector.look("account-password", "#present-password").await;
    inspector.browser.fill_in_new_password("abc", "other").await;
    inspector.browser.click("#replace-password").await;
    inspector.look("account-password-faults", "#error").await;
    inspector.browser.goto(&provider.url("/account/sessions")).await;
    inspector.look("account-sessions", "#devices").await;
    inspector.browser.goto(&provider.url("/account/second-factors")).await;
    inspector.look("account-second-factors", "#no-factors").await;
    inspector.browser.goto(&provider.url("/account/access")).await;
    inspector.look("account-access", "main h1").await;
    inspector.browser.goto(&provider.url("/account/closure")).await;
    inspector.look("account-closure", "#request-closure").await;
    inspector.browser.click("#request-closure").await;
    inspector.look("account-closure-faults", "#error").await;
    inspector.browser.type_into("#present-password", CHOSEN).await;
    inspector.browser.click("#request-closure").await;
    inspector.look("account-closure-requested", "#requested").await;

    // The clock is the test's: without this, the sign-in would be as new as the request.
    provider.advance(TimeDelta::minutes(1));
    let again = provider.url(&partner.authorization(&[("redirect_uri", &callback), ("prompt", "login")]));
    inspector.browser.goto(&again).await;
    inspector.look("sign-in-again", "#password").await;

    // Errors, each with its own words on one page.
    inspector.browser.goto(&provider.url("/authorize?client_id=nobody&response_type=code")).await;
    inspector.look("error-unknown-client", "#error").await;
    let elsewhere = partner.authorization(&[("redirect_uri", RelyingParty::REDIRECT_URI)]);
    inspector.browser.goto(&provider.url(&elsewhere)).await;
    inspector.look("error-unregistered-redirect", "#error").await;
    inspector.browser.goto(&provider.url("/sign-out")).await;
    inspector.look("error-method-not-allowed", "#error").await;
    let stranger = provider.visitor().get(&authorization).await.location().to_owned();
    provider.visitor().get(&stranger).await;
    inspector.browser.goto(&provider.url(&stranger)).await;
    inspector.look("error-authorization-elsewhere", "#error").await;

    // Signing out: asked first, because the request proves nothing.
    inspector.browser.goto(&provider.url("/logout?client_id=partner")).await;
    inspector.look("sign-out-question", "#confirm").await;
    inspector.browser.click("#confirm").await;
    inspector.look("signed-out", "#sign-in-link").await;

    // A form that was open for too long, and a request that was.
    inspector.browser.goto(&authorization).await;
    inspector.browser.find("#password").await;
    inspector.browser.driver.delete_all_cookies().await.unwrap();
    inspector.browser.click("#sign-in").await;
    inspector.look("sign-in-form-expired", "#error").await;
    inspector.browser.goto(&authorization).await;
    inspector.browser.find("#password").await;
    provider.advance(TimeDelta::hours(2));
    inspector.browser.driver.refresh().await.unwrap();
    inspector.look("error-authorization-expired", "#error").await;

    inspector.found_nothing(52);
}

/// The request of a client that registered itself, with all that it can say about itself.
async fn stranger(provider: &TestProvider, callback: &str) -> String {
    let client = provider
        .register_stranger(&json!({
            "client_name": "Sąsiedzki portal ogłoszeń i wymiany przysług",
            "redirect_uris": [callback],
            "logo_uri": provider.url("/assets/logo.svg"),
            "client_uri": "https://stranger.example/",
            "policy_uri": "https://stranger.example/privacy",
            "tos_uri": "https://stranger.example/terms",
        }))
        .await;
    client.relying_party(provider).authorization(&[("redirect_uri", callback)])
}

async fn the_services_pages(language: &'static str) {
    const LOGIN: &str = "anna.nowak";
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let mut inspector = Inspector::reading(language).await;
    let (billing, complaints) = (demo.billing(), demo.complaints());

    inspector.browser.goto(&billing).await;
    inspector.look("billing-signed-out", "#sign-in").await;
    inspector.browser.goto(&complaints).await;
    inspector.look("complaints-signed-out", "#sign-in").await;
    inspector.browser.goto(&format!("{billing}/nowhere")).await;
    inspector.look("billing-not-found", "#error").await;
    inspector.browser.goto(&format!("{billing}/callback?error=access_denied&state=x")).await;
    inspector.look("billing-declined", "#error").await;

    inspector.browser.goto(&billing).await;
    inspector.browser.click("#sign-in").await;
    inspector.browser.fill_in_sign_in(LOGIN, demo.initial_password(LOGIN)).await;
    inspector.browser.click("#sign-in").await;
    inspector.browser.fill_in_new_password(CHOSEN, CHOSEN).await;
    inspector.browser.click("#change-password").await;
    inspector.look("billing-signed-in", "#who").await;
    inspector.browser.goto(&complaints).await;
    inspector.browser.click("#sign-in").await;
    inspector.look("complaints-signed-in", "#who").await;
    inspector.browser.goto(&demo.provider()).await;
    inspector.look("home-with-services", "#services").await;
    inspector.browser.goto(&billing).await;
    inspector.browser.click("#sign-out").await;
    inspector.look("billing-just-signed-out", "#sign-in").await;

    inspector.found_nothing(8);
}
