//! Somebody who has no account yet, and asks for one.

use chrono::TimeDelta;
use iok_id::domain::link::LinkPurpose;
use scraper::{Html, Selector};
use uuid::Uuid;

use super::provider::TestProvider;
use super::staff::Clerk;
use super::visitor::{Answer, Visitor};

pub(crate) const EMAIL: &str = "zofia.brzoza@example.pl";

/// What one types into the form, in good order.
pub(crate) const TYPED: [(&str, &str); 12] = [
    ("applicant", "person"),
    ("given_name", "Zofia"),
    ("family_name", "Brzoza"),
    ("contractor_number", "K/000777"),
    ("street", "ul. Wodna 3/8"),
    ("postal_code", "41 605"),
    ("city", "Świętochłowice"),
    ("title_role", "tenant"),
    ("email", EMAIL),
    ("phone_number", "32 245-00-00"),
    ("regulations", "yes"),
    ("organisation_name", ""),
];

/// The first office that the form offers.
pub(crate) fn office(page: &Answer) -> String {
    let html = Html::parse_document(&page.body);
    let options = Selector::parse("#office option[value]").unwrap();
    let mut ids = html.select(&options).filter_map(|option| option.attr("value"));
    ids.find(|id| !id.is_empty()).expect("an office can be chosen").to_owned()
}

/// Fills in the form, some fields otherwise than usual, and sends it.
pub(crate) async fn fill_in(browser: &Visitor, page: &Answer, otherwise: &[(&str, &str)]) -> Answer {
    let office = office(page);
    let mut typed = TYPED.to_vec();
    typed.push(("office", &office));
    for (name, value) in otherwise {
        typed.retain(|(known, _)| known != name);
        typed.push((name, value));
    }
    browser.submit(page, "#send", &typed).await
}

/// An application on its way, as its applicant holds it.
pub(crate) struct Applicant {
    pub(crate) browser: Visitor,
    pub(crate) id: Uuid,
}

impl Applicant {
    /// Opens the form, fills it in and sends it.
    pub(crate) async fn files(provider: &TestProvider, otherwise: &[(&str, &str)]) -> Self {
        let before = provider.mails().await.len();
        // So that the newest message is the one of this application.
        provider.advance(TimeDelta::seconds(1));
        let browser = provider.visitor();
        let page = browser.get("/apply").await;
        let answer = fill_in(&browser, &page, otherwise).await;
        assert_eq!(answer.location(), "/apply/sent", "{}", answer.body);
        let mails = provider.mails().await;
        assert_eq!(mails.len(), before + 1);
        Self { browser, id: mails.last().unwrap().about }
    }

    /// The same, with the address confirmed.
    pub(crate) async fn submits(provider: &TestProvider, otherwise: &[(&str, &str)]) -> Self {
        let applicant = Self::files(provider, otherwise).await;
        let answer = applicant.confirms(&provider.link(LinkPurpose::ConfirmApplication, applicant.id)).await;
        assert!(answer.location().contains("notice=confirmed"), "{}", answer.location());
        applicant
    }

    /// Opens a mailed link and presses its button.
    pub(crate) async fn confirms(&self, link: &str) -> Answer {
        let page = self.browser.get(link).await;
        if page.status.is_redirection() {
            return page;
        }
        self.browser.submit(&page, "#confirm", &[]).await
    }

    /// A member of staff presses this button on the application's page.
    pub(crate) async fn is_decided(&self, clerk: &Clerk, button: &str, typed: &[(&str, &str)]) {
        let page = clerk.open(&format!("/office/applications/{}", self.id)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let answer = clerk.submit(&page, button, typed).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// The office asks for a correction.
    pub(crate) async fn is_sent_back(&self, clerk: &Clerk, what: &str) {
        self.is_decided(clerk, "#send-back", &[("reason", what)]).await;
    }

    /// The page that says where the application stands.
    pub(crate) async fn status(&self, provider: &TestProvider) -> Answer {
        self.browser.get(&provider.link(LinkPurpose::FollowApplication, self.id)).await
    }
}
