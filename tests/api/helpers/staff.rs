//! People who work in the office: made by the product's own calls, signed in through its own pages.

use iok_id::accounts::staff::{NamedOffice, NewMember, NewPerson};
use iok_id::domain::login::Login;
use iok_id::domain::staff::Role;
use totp_rs::{Builder, Secret, Totp};

use super::form;
use super::people::{CHOSEN, INITIAL, initial_hash};
use super::provider::TestProvider;
use super::visitor::{Answer, Visitor};

/// A member of staff, signed in, with everything they know and hold.
pub(crate) struct Clerk {
    pub(crate) login: String,
    pub(crate) password: String,
    /// Signed in, second factor and all.
    pub(crate) browser: Visitor,
    pub(crate) authenticator: Authenticator,
    pub(crate) recovery_codes: Vec<String>,
}

/// The telephone.
#[derive(Debug, Clone)]
pub(crate) struct Authenticator(Totp);

impl Authenticator {
    /// Typed in from the page that sets a second factor up.
    #[track_caller]
    pub(crate) fn reading(page: &Answer) -> Self {
        Self::in_page(&page.body)
    }

    #[track_caller]
    pub(crate) fn in_page(html: &str) -> Self {
        let seed = form::text(html, "#seed").unwrap_or_else(|| panic!("no seed: {html}"));
        let secret = Secret::try_from_base32(seed.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).with_account_name("test").build().unwrap())
    }

    /// What it shows at the time of the test's clock.
    pub(crate) fn code(&self, provider: &TestProvider) -> String {
        self.code_at(provider.now())
    }

    pub(crate) fn code_at(&self, timestamp: i64) -> String {
        self.0.generate(u64::try_from(timestamp).unwrap()).to_string()
    }

    /// Six digits that it does not show, now or in the neighbouring steps.
    pub(crate) fn wrong_code(&self, provider: &TestProvider) -> String {
        let shown = [-60, -30, 0, 30, 60].map(|seconds| self.code_at(provider.now() + seconds));
        (0..9).map(|number| format!("{number:06}")).find(|code| !shown.contains(code)).unwrap()
    }
}

impl Clerk {
    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.browser.get(address).await
    }

    pub(crate) async fn open(&self, address: &str) -> Answer {
        self.browser.open(address).await
    }

    /// Fills in the form that has this button and presses it; does not follow where it leads.
    pub(crate) async fn submit(&self, page: &Answer, button: &str, typed: &[(&str, &str)]) -> Answer {
        self.browser.submit(page, button, typed).await
    }

    /// Signs in from another browser, which takes a code of its own: the test's clock goes on by half a minute.
    pub(crate) async fn sign_in_elsewhere(&self, provider: &TestProvider) -> Visitor {
        provider.advance(chrono::TimeDelta::seconds(30));
        let browser = provider.visitor();
        let page = sign_in(&browser, &self.login, &self.password).await;
        let answer = browser.submit(&page, "#prove", &[("code", &self.authenticator.code(provider))]).await;
        assert_eq!(browser.follow(answer).await.status, 200);
        browser
    }
}

/// Types login and password; gives the page that comes of it.
pub(crate) async fn sign_in(browser: &Visitor, login: &str, password: &str) -> Answer {
    let page = browser.open("/sign-in").await;
    let answer = browser.sign_in_at(&page, login, password).await;
    browser.follow(answer).await
}

impl TestProvider {
    /// Somebody who works at this office; the office is made if there is none of that name.
    pub(crate) async fn clerk(&self, login: &str, office: &str) -> Clerk {
        self.staff(login, Role::Clerk, Some(office)).await
    }

    pub(crate) async fn supervisor(&self, login: &str) -> Clerk {
        self.staff(login, Role::Supervisor, None).await
    }

    pub(crate) async fn administrator(&self, login: &str) -> Clerk {
        self.staff(login, Role::Administrator, None).await
    }

    pub(crate) async fn auditor(&self, login: &str) -> Clerk {
        self.staff(login, Role::Auditor, None).await
    }

    pub(crate) async fn staff(&self, login: &str, role: Role, office: Option<&str>) -> Clerk {
        self.add_staff(login, role, office).await;
        let browser = self.visitor();
        let change = sign_in(&browser, login, INITIAL).await;
        let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
        let set_up = browser.follow(answer).await;
        let (authenticator, recovery_codes) = enrol(self, &browser, &set_up).await;
        Clerk { login: login.to_owned(), password: CHOSEN.to_owned(), browser, authenticator, recovery_codes }
    }

    /// Makes somebody staff, by the calls of `iok-id staff add`; a new account opens with [`INITIAL`].
    pub(crate) async fn add_staff(&self, login: &str, role: Role, office: Option<&str>) {
        let new = NewMember {
            login: &Login::parse(login).unwrap(),
            role,
            office: office.map(|name| NamedOffice { name, may_be_new: true }),
            person: Some(NewPerson {
                given_name: "Urszula",
                family_name: "Sowa",
                email: None,
                initial_password_hash: initial_hash(),
            }),
        };
        self.server.add_staff(new).await.unwrap();
    }
}

/// Sets a second factor up on its page, keeps the codes, and lands in the office.
pub(crate) async fn enrol(
    provider: &TestProvider,
    browser: &Visitor,
    set_up: &Answer,
) -> (Authenticator, Vec<String>) {
    let authenticator = Authenticator::reading(set_up);
    let answer = browser.submit(set_up, "#prove", &[("code", &authenticator.code(provider))]).await;
    let codes = browser.follow(answer).await;
    let recovery_codes = form::texts(&codes.body, "#codes li");
    assert_eq!(recovery_codes.len(), 10, "{}", codes.body);
    let answer = browser.submit(&codes, "#codes-kept", &[]).await;
    let landed = browser.follow(answer).await;
    assert_eq!(landed.status, 200, "{}", landed.body);
    (authenticator, recovery_codes)
}

/// Where people look after their second factors.
const SECOND_FACTORS: &str = "/account/second-factors";

/// Adds an app on the person's own page, and keeps the codes. Ends on that page.
pub(crate) async fn add_app(
    provider: &TestProvider,
    browser: &Visitor,
) -> (Authenticator, Vec<String>, Answer) {
    let page = browser.get(SECOND_FACTORS).await;
    let link = form::attribute(&page.body, "#add-app", "href").unwrap();
    let set_up = browser.open(&link).await;
    let authenticator = Authenticator::reading(&set_up);
    let proved = browser.submit(&set_up, "#prove", &[("code", &authenticator.code(provider))]).await;
    let codes = browser.follow(proved).await;
    let recovery_codes = form::texts(&codes.body, "#codes li");
    assert_eq!(recovery_codes.len(), 10, "{}", codes.body);
    let kept = browser.submit(&codes, "#codes-kept", &[]).await;
    assert_eq!(kept.location(), SECOND_FACTORS);
    let page = browser.follow(kept).await;
    (authenticator, recovery_codes, page)
}
