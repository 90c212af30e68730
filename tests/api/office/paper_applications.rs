//! Paper applications, and the register they are compared with.

use chrono::NaiveDate;
use iok_id::integrations::register::Scope;

use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::register::{TitleRow, csv};
use crate::helpers::staff::Clerk;
use crate::helpers::visitor::Answer;

pub(crate) const OFFICE: &str = "Administracja nr 1";

/// A provider with Regulations, and one contractor of the register: Łucja Żółkiewska, K-17, at Katowicka 12/4.
pub(crate) async fn stage(settings: &[(&str, &str)]) -> TestProvider {
    let provider = TestProvider::start_with(settings).await;
    provider.publish_regulations("2026-1").await;
    let holds = TitleRow::new("K-17", "L-17").named("Łucja", "Żółkiewska").at("ul. Katowicka 12/4");
    let ended = TitleRow::new("K-18", "L-18").named("Łucja", "Żółkiewska").at("ul. Bytomska 1");
    let ended = ended.until(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap());
    provider.server.import_register(&csv([&holds, &ended]), Scope::Changes).await.unwrap();
    provider
}

/// The application that lies on the clerk's desk.
pub(crate) const LUCJA: [(&str, &str); 14] = [
    ("scan_reference", "Segregator 4, k. 17"),
    ("received_on", "2026-01-02"),
    ("applicant", "person"),
    ("given_name", "Łucja"),
    ("family_name", "Żółkiewska"),
    ("contractor_number", "K-17"),
    ("street", "Katowicka 12 m. 4"),
    ("postal_code", "41600"),
    ("city", "Świętochłowice"),
    ("title_role", "owner"),
    ("email", "lucja@example.pl"),
    ("phone_number", ""),
    ("regulations_version", "2026-1"),
    ("regulations", "yes"),
];

/// Types it in, with some fields otherwise.
pub(crate) async fn take_in(clerk: &Clerk, otherwise: &[(&str, &str)]) -> Answer {
    let page = clerk.open("/office/intake").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut typed: Vec<(&str, &str)> = LUCJA.to_vec();
    for (name, value) in otherwise {
        typed.retain(|(known, _)| known != name);
        typed.push((name, value));
    }
    clerk.submit(&page, "#take-in", &typed).await
}

/// The same, where it goes well: the application's address.
pub(crate) async fn taken_in(clerk: &Clerk, otherwise: &[(&str, &str)]) -> String {
    let answer = take_in(clerk, otherwise).await;
    assert_eq!(answer.status, 303, "{:?}", form::texts(&answer.body, "#error, #duplicates"));
    answer.location().to_owned()
}

/// Presses the button on the application's page with its proposed boxes ticked.
pub(crate) async fn press(clerk: &Clerk, application: &str, button: &str, typed: &[(&str, &str)]) -> Answer {
    let page = clerk.open(application).await;
    assert_eq!(page.status, 200, "{}", page.body);
    clerk.submit(&page, button, typed).await
}
