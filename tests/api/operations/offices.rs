//! `[calendar]` and `[offices]`: what people are told about the offices, and that the offices are there.

use crate::helpers::binary::{Installation, until_ready};
use crate::helpers::form;
use crate::helpers::people::Person;
use crate::helpers::ports::free_ports;
use crate::helpers::process::Running;
use crate::helpers::provider::TestProvider;
use crate::helpers::records::rows_on;

#[tokio::test]
async fn the_help_page_tells_hours_and_the_next_open_day_of_every_office() {
    let ratusz = "{address = \"ul. Katowicka 54\", phone = \"32 245 00 54\", thursday = \"closed\", sunday = \"10-12\"}";
    let provider =
        TestProvider::start_with(&[("offices.Ratusz", ratusz), ("calendar.closed_days", "[\"2030-05-06\"]")])
            .await;
    // An office that only an import knows: with the hours of the house.
    provider.import(&[&Person::active("halina.wrona")]).await;
    // Tuesday, half past three in Świętochłowice: closed for today. Then a holiday, an open Thursday, a holiday.
    provider.advance_to("2030-04-30T13:30:00Z");
    let help = async |language: &str| {
        let page = provider.visitor().get(&format!("/help?ui_locales={language}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        form::texts(&page.body, "#offices > li")
    };

    let polish = help("pl").await;
    assert_eq!(polish.len(), 2, "{polish:?}");
    for expected in [
        "Administracja nr 1",
        "poniedziałek: 7:00–17:00",
        "wtorek – czwartek: 7:00–15:00",
        "piątek: 7:00–13:00",
        "czwartek, 2 maja 2030, 7:00–15:00",
    ] {
        assert!(polish[0].contains(expected), "{expected}: {}", polish[0]);
    }
    // Its Thursdays are closed, Friday is a holiday, on Sunday it opens.
    for expected in ["Ratusz", "ul. Katowicka 54", "32 245 00 54", "niedziela, 5 maja 2030, 10:00–12:00"] {
        assert!(polish[1].contains(expected), "{expected}: {}", polish[1]);
    }
    assert!(help("en").await[0].contains("Thursday, 2 May 2030"), "{:?}", help("en").await);

    // The house is closed on the Monday after.
    provider.advance_to("2030-05-05T16:00:00Z");
    for office in help("en").await {
        assert!(office.contains("Tuesday, 7 May 2030"), "{office}");
    }
}

#[tokio::test]
async fn offices_of_the_configuration_are_there_once_after_starts_at_once() {
    let installation = Installation::with_settings(
        "[offices.\"Administracja nr 1\"]\nphone = \"32 245 00 01\"\n[offices.\"Administracja nr 2\"]\n",
    )
    .await;
    installation.run(&["migrate"]).await.succeeded();
    let ports = free_ports(3);
    let mut servers: Vec<(u16, Running)> = (ports..ports + 3)
        .map(|port| {
            let mut command = installation.command(&["serve"]);
            command.env("IOK_ID__SERVER__LISTEN", format!("127.0.0.1:{port}"));
            (port, Running::start(&mut command))
        })
        .collect();
    for (port, server) in &mut servers {
        until_ready(server, &format!("http://127.0.0.1:{port}")).await;
    }
    let database = installation.database.connect().await;
    assert_eq!(rows_on(&database, "office", "1 = 1").await, 2);
    assert_eq!(rows_on(&database, "office", "name = 'Administracja nr 2'").await, 1);
}

#[tokio::test]
async fn a_wrong_hour_or_key_of_an_office_is_told_with_the_offices_name() {
    let installation = Installation::with_settings(
        "[offices.\"Administracja nr 1\"]\nmonday = \"17-7\"\ntelefon = \"32 245 00 01\"\n",
    )
    .await;
    let refused = installation.run(&["client", "list"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for expected in [
        "offices.Administracja nr 1.monday is \"17-7\"; wanted is opening hours",
        "unknown key offices.Administracja nr 1.telefon; did you mean offices.Administracja nr 1.phone?",
    ] {
        assert!(refused.stderr.contains(expected), "{expected}: {refused:?}");
    }
}
