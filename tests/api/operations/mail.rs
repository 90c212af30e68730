//! Mail, from the transaction that it tells of to the mail server.

use chrono::TimeDelta;
use iok_id::domain::ids::AccountId;
use iok_id::domain::locale::Locale;
use iok_id::domain::mail::{Mail, Message};
use uuid::Uuid;

use crate::helpers::binary::Installation;
use crate::helpers::database::dump;
use crate::helpers::people::{Person, lock_out};
use crate::helpers::process::Running;
use crate::helpers::provider::{TestProvider, ambient_of, settings_for};
use crate::helpers::records;
use crate::helpers::smtp::{Authority, MailServer, PASSWORD, USERNAME};
use crate::helpers::wire::{self, Wire};

const HALINA: &str = "halina@example.test";

fn to(address: &str, locale: Locale, message: Message) -> Mail {
    Mail {
        to: address.to_owned(),
        name: "Halina Wrona".to_owned(),
        locale,
        about: Uuid::from_u128(7),
        message,
    }
}

fn resumed(address: &str) -> Mail {
    to(address, Locale::Polish, Message::AccountResumed { new_letter: None })
}

fn changed(locale: Locale) -> Mail {
    let at = "2026-07-01T10:05:00Z".parse().unwrap();
    to(HALINA, locale, Message::PasswordChanged { account: AccountId::from(Uuid::from_u128(7)), at })
}

/// The queue as its table has it: given up?, tries, what went wrong.
async fn queue(provider: &TestProvider) -> Vec<(bool, u32, String)> {
    let connection = provider.database.connect().await;
    let mails = iok_id::storage::mail::not_sent(&connection, 200).await.unwrap();
    connection.close().await.unwrap();
    mails
        .into_iter()
        .map(|mail| (mail.given_up_at.is_some(), mail.attempts, mail.last_error.unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn a_message_arrives_as_text_and_html_in_the_language_of_its_person() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    for (locale, subject, moment) in [
        (Locale::Polish, "IOK: hasło zostało zmienione", "1 lipca 2026, godz. 12:05"),
        (Locale::English, "IOK: your password was changed", "1 July 2026 at 12:05"),
    ] {
        provider.enqueue(&[changed(locale)]).await;
        provider.deliver_mail().await;
        let received = mail.received().pop().unwrap();
        assert_eq!((received.subject.as_str(), received.kind.as_str()), (subject, "password_changed"));
        assert_eq!(received.to, [HALINA]);
        for part in [&received.text, &received.html] {
            assert!(part.contains(moment), "{part}");
            let link = format!("{}/block/", provider.issuer);
            assert!(part.replace("&#x2f;", "/").contains(&link), "{part}");
        }
        assert_eq!(received.header("Content-Language").as_deref(), Some(locale.tag()));
        assert_eq!(received.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert!(received.raw.contains("Content-Type: multipart/alternative"), "{}", received.raw);
        assert_eq!(received.headers_named("Date"), 1);
        assert_eq!(received.links().len(), 1, "{}", received.text);
    }
}

#[tokio::test]
async fn what_was_sent_is_forgotten_and_only_the_fact_is_kept() {
    let (provider, _mail) = TestProvider::start_with_mail().await;
    provider.enqueue(&[changed(Locale::Polish)]).await;
    provider.deliver_mail().await;
    assert_eq!(records::rows(&provider, "mail", "sent_at IS NOT NULL AND sealed = ''").await, 1);
    assert_eq!(records::rows(&provider, "outbox", "topic = 'mail.sent'").await, 1);
    for (table, row) in dump(&provider.database).await {
        assert!(!row.contains(HALINA), "{table}: {row}");
    }
}

#[tokio::test]
async fn the_owner_learns_of_a_lock_by_mail_once() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    let person = provider.active_person("halina.wrona").await;
    let nameless = {
        let mut person = Person::active("bez.poczty");
        person.row.email = String::new();
        person.row.email_verified = String::new();
        provider.import(&[&person]).await;
        person
    };
    lock_out(&provider, &nameless).await;
    lock_out(&provider, &person).await;
    lock_out(&provider, &person).await;
    provider.deliver_mail().await;
    let received = mail.wait_for(&person.row.email, "account_locked").await;
    assert_eq!(mail.received().len(), 1);
    assert!(received.link_to("/help").starts_with(&provider.issuer));
    for secret in [person.login.as_str(), person.password.as_str(), "Zgadywane#1"] {
        let words: Vec<&str> = received.text.split_whitespace().collect();
        assert!(!words.contains(&secret), "{}", received.text);
    }
}

#[tokio::test]
async fn while_the_mail_server_is_down_nothing_is_lost_and_no_try_is_counted() {
    let (provider, mut mail) = TestProvider::start_with_mail().await;
    mail.stop().await;
    provider.enqueue(&[resumed("a@example.test"), resumed("b@example.test")]).await;
    // A day of outage, looked at every minute.
    for _ in 0..30 {
        assert!(provider.deliver_mail().await.outage);
        provider.advance(TimeDelta::minutes(48));
    }
    let waiting = queue(&provider).await;
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    for (given_up, attempts, error) in waiting {
        assert!(!given_up && attempts == 0, "{attempts}");
        assert!(error.is_empty() || error.contains("mail server"), "{error}");
    }
    mail.resume().await;
    provider.deliver_mail().await;
    assert_eq!(mail.received().len(), 2);
    assert!(queue(&provider).await.is_empty());
}

#[tokio::test]
async fn a_mailbox_that_is_busy_is_tried_again_after_growing_pauses() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    mail.refuse(HALINA, 450, &format!("4.2.1 <{HALINA}> is greylisted"));
    provider.enqueue(&[resumed(HALINA), resumed("b@example.test")]).await;
    provider.deliver_mail().await;
    assert_eq!(mail.received_by("b@example.test").len(), 1, "one busy mailbox holds up nobody else");
    for (attempts, minutes) in [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240)] {
        let expected = (false, attempts, "the mail server answered 450 4.2.1".to_owned());
        assert_eq!(queue(&provider).await, [expected], "after {attempts}");
        provider.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(provider.deliver_mail().await.failed, 0, "too early after {attempts}");
        provider.advance(TimeDelta::seconds(1));
        provider.deliver_mail().await;
    }
    mail.accept(HALINA);
    provider.advance(TimeDelta::hours(12));
    provider.deliver_mail().await;
    assert_eq!(mail.received_by(HALINA).len(), 1);
}

#[tokio::test]
async fn a_message_is_given_up_after_the_configured_tries_and_staff_can_send_it_again() {
    let mail = MailServer::start().await;
    let provider = TestProvider::start_beside(&mail, &[("mail.attempts", "2")]).await;
    mail.refuse(HALINA, 451, "try again");
    provider.enqueue(&[resumed(HALINA)]).await;
    provider.deliver_mail().await;
    provider.advance(TimeDelta::minutes(1));
    provider.deliver_mail().await;
    assert_eq!(queue(&provider).await, [(true, 2, "the mail server answered 451".to_owned())]);
    assert_eq!(records::count_of(&provider, "mail.given_up", "tries_used_up").await, 1);
    provider.advance(TimeDelta::days(2));
    assert_eq!(provider.deliver_mail().await.failed, 0, "it is tried no more");

    mail.accept(HALINA);
    let administrator = provider.administrator("adam.zieba").await;
    let page = administrator.open("/office/mail").await;
    assert_eq!(administrator.submit(&page, "[id^=retry-]", &[]).await.status, 303);
    provider.deliver_mail().await;
    assert_eq!(mail.received_by(HALINA).len(), 1);
    assert_eq!(records::count(&provider, "mail.retried").await, 1);
    assert_eq!(administrator.submit(&page, "[id^=retry-]", &[]).await.status, 409, "it was sent");
}

#[tokio::test]
async fn rfc_5321_4_2_1_a_mailbox_that_does_not_exist_is_given_up_at_once() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    mail.refuse(HALINA, 550, &format!("5.1.1 <{HALINA}>: no such user"));
    provider.enqueue(&[resumed(HALINA), resumed("not an address")]).await;
    provider.deliver_mail().await;
    let queue = queue(&provider).await;
    assert!(queue.iter().all(|(given_up, attempts, _)| *given_up && *attempts == 1), "{queue:?}");
    assert!(queue.iter().all(|(_, _, error)| !error.contains("example.test")), "{queue:?}");
    assert_eq!(records::count_of(&provider, "mail.given_up", "no_such_mailbox").await, 1);
    assert_eq!(records::count_of(&provider, "mail.given_up", "no_such_address").await, 1);
}

#[tokio::test]
async fn replicas_send_each_message_once() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    let settings = mail.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let second = provider.second_server(&settings).await;
    let third = provider.second_server(&settings).await;
    let mails: Vec<Mail> = (0..30).map(|n| resumed(&format!("osoba{n}@example.test"))).collect();
    provider.enqueue(&mails).await;
    // The others' clocks are their own, and a little ahead.
    second.advance(TimeDelta::seconds(30));
    third.advance(TimeDelta::seconds(30));
    tokio::join!(provider.deliver_mail(), second.deliver_mail(), third.deliver_mail());
    for n in 0..30 {
        let address = format!("osoba{n}@example.test");
        mail.wait_for(&address, "account_resumed").await;
    }
    assert_eq!(mail.received().len(), 30);
}

/// At least once: killed after the server took it and before that was written down, it is sent again; whoever gets it
/// twice can tell by the Message-ID.
#[tokio::test]
async fn killed_between_sending_and_marking_it_is_sent_again_under_the_same_message_id() {
    let mail = MailServer::start().await;
    let (near, wire) = wire::lay(mail.address.clone()).await;
    let lines = format!(
        "mail.server = \"{near}\"\nmail.security = \"none\"\nmail.from = \"iok@example.test\"\nmail.timeout_seconds = 60"
    );
    let installation = Installation::with_settings(&lines).await;
    let mut serving = installation.serve().await;
    // Its answer never arrives.
    mail.on_received(move || {
        wire.send_replace(Wire::Frozen);
    });
    let person = Person::active("halina.wrona");
    installation.import(&[&person]).await;
    for _ in 0..5 {
        let stranger = installation.visitor();
        let page = stranger.open("/sign-in").await;
        stranger.sign_in_at(&page, &person.login, "Zgadywane#1").await;
    }
    let first = mail.wait_for(&person.row.email, "account_locked").await;
    serving.process.kill();

    mail.on_received(|| {});
    let settings = mail.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let next = TestProvider::start_on(installation.database.again(), &settings).await;
    next.deliver_mail().await;
    assert_eq!(mail.received().len(), 1, "somebody may still be sending it");
    next.advance(TimeDelta::hours(1));
    next.deliver_mail().await;
    let ids: Vec<String> =
        mail.received_by(&person.row.email).into_iter().map(|mail| mail.message_id).collect();
    assert_eq!(ids, [first.message_id.clone(), first.message_id]);
}

#[tokio::test]
async fn rfc_3207_mail_goes_under_starttls_to_a_server_of_a_private_authority() {
    let authority = Authority::for_server("localhost");
    let mail = MailServer::with_sign_in(authority.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, &authority.certificate).unwrap();
    let file = file.to_str().unwrap();
    let settings = [("mail.ca_file", file), ("mail.username", USERNAME), ("mail.password", PASSWORD)];
    let provider = TestProvider::start_beside(&mail, &settings).await;
    provider.enqueue(&[resumed(HALINA)]).await;
    provider.deliver_mail().await;
    assert_eq!(mail.received_by(HALINA).len(), 1, "{:?}", queue(&provider).await);
    assert!(mail.has_let_in(USERNAME));

    // With a wrong password nobody's tries are used up.
    let wrong = [("mail.ca_file", file), ("mail.username", USERNAME), ("mail.password", "nie to")];
    let provider = TestProvider::start_beside(&mail, &wrong).await;
    provider.enqueue(&[resumed(HALINA)]).await;
    assert!(provider.deliver_mail().await.outage);
    let waiting = queue(&provider).await;
    assert!(
        matches!(&waiting[..], [(false, 0, error)] if error.contains("does not let us in: 535")),
        "{waiting:?}"
    );
    assert!(!waiting[0].2.contains("nie to"));
}

#[tokio::test]
async fn a_mail_server_that_cannot_prove_itself_gets_nothing() {
    let trusted = Authority::for_server("localhost");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, &trusted.certificate).unwrap();
    let file = [("mail.ca_file", file.to_str().unwrap())];
    let another = MailServer::start_tls(Authority::for_server("localhost")).await;
    let misnamed = Authority::for_server("poczta.example");
    let misnamed_file = folder.path().join("misnamed.pem");
    std::fs::write(&misnamed_file, &misnamed.certificate).unwrap();
    let misnamed_file = [("mail.ca_file", misnamed_file.to_str().unwrap())];
    let misnamed = MailServer::start_tls(misnamed).await;
    let plain = MailServer::start().await;
    for (server, settings, security) in [
        (&another, &file, "starttls"),
        (&misnamed, &misnamed_file, "starttls"),
        (&plain, &file, "starttls"),
        (&plain, &file, "tls"),
    ] {
        let mut settings = settings.to_vec();
        settings.extend([("mail.security", security), ("mail.timeout_seconds", "2")]);
        let provider = TestProvider::start_beside(server, &settings).await;
        provider.enqueue(&[resumed(HALINA)]).await;
        assert!(provider.deliver_mail().await.outage, "{security}");
        let waiting = queue(&provider).await;
        assert!(
            matches!(&waiting[..], [(false, 0, error)] if error.contains("cannot be used")),
            "{waiting:?}"
        );
        assert!(server.received().is_empty());
    }
}

#[tokio::test]
async fn rfc_5322_2_2_no_name_makes_a_header_or_another_recipient() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    let names = [
        "Halina\r\nBcc: obcy@example.test\r\n\r\n<h1>x</h1>",
        "Halina\nSubject: inny",
        "\"Halina\" <obcy@example.test>, ktoś",
        "=?utf-8?q?Halina=0D=0ABcc:_obcy@example.test?=",
        "Halina\u{2028}Bcc: obcy@example.test",
        &"ż".repeat(5_000),
    ];
    for (number, name) in (1..).zip(names) {
        provider.enqueue(&[Mail { name: name.to_owned(), ..resumed(HALINA) }]).await;
        provider.deliver_mail().await;
        assert_eq!(mail.received().len(), number, "{name:?}");
        let received = mail.received().pop().unwrap();
        assert_eq!(received.to, [HALINA], "{name:?}");
        assert_eq!(
            (received.headers_named("Bcc"), received.headers_named("Subject")),
            (0, 1),
            "{}",
            received.raw
        );
        assert_eq!(received.subject, "IOK: konto znów działa");
        assert!(received.raw.lines().all(|line| line.len() <= 998), "{}", received.raw);
    }
}

#[tokio::test]
async fn no_line_of_the_log_says_who_gets_mail() {
    let mail = MailServer::start().await;
    let lines = format!(
        "mail.server = \"{}\"\nmail.security = \"none\"\nmail.from = \"iok@example.test\"\nlog.filter = \"debug\"",
        mail.address
    );
    let installation = Installation::with_settings(&lines).await;
    let serving = installation.serve().await;
    let (well, ill) = (Person::active("halina.wrona"), Person::active("jan.kos"));
    mail.refuse(&ill.row.email, 550, &format!("5.1.1 <{}> unknown", ill.row.email));
    installation.import(&[&well, &ill]).await;
    for person in [&ill, &well] {
        for _ in 0..5 {
            let stranger = installation.visitor();
            let page = stranger.open("/sign-in").await;
            stranger.sign_in_at(&page, &person.login, "Zgadywane#1").await;
        }
    }
    mail.wait_for(&well.row.email, "account_locked").await;
    let mut process = serving.process;
    process.until_it_says("mail.sent").await;
    process.until_it_says("a mail was given up").await;
    let ended = process.terminate().await;
    for address in [&well.row.email, &ill.row.email] {
        assert!(
            !ended.stderr.contains(address.as_str()) && !ended.stdout.contains(address.as_str()),
            "{ended:?}"
        );
    }
}

#[tokio::test]
async fn without_a_mail_server_mail_waits_and_doctor_says_so() {
    let installation = Installation::fresh().await;
    let found = installation.run(&["doctor"]).await;
    assert!(found.succeeded().stdout.contains("set mail.server"), "{found:?}");

    let provider = TestProvider::start().await;
    provider.enqueue(&[resumed(HALINA)]).await;
    provider.deliver_mail().await;
    assert_eq!(queue(&provider).await.len(), 1);
}

#[tokio::test]
async fn doctor_asks_the_mail_server_and_sends_nothing() {
    let mut mail = MailServer::start().await;
    let lines = format!(
        "mail.server = \"{}\"\nmail.security = \"none\"\nmail.from = \"iok@example.test\"\nmail.timeout_seconds = 2",
        mail.address
    );
    let installation = Installation::with_settings(&lines).await;
    let found = installation.run(&["doctor"]).await;
    assert!(found.succeeded().stdout.contains("takes mail from us"), "{found:?}");
    assert!(mail.received().is_empty());
    mail.stop().await;
    let found = Running::start(&mut installation.command(&["doctor"])).finish().await;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.stdout.contains("check mail.server"), "{found:?}");
}

#[tokio::test]
async fn mail_is_swept_when_its_retention_is_over() {
    let (provider, mail) = TestProvider::start_with_mail().await;
    mail.refuse(HALINA, 550, "5.1.1 unknown");
    provider.enqueue(&[resumed(HALINA), resumed("b@example.test")]).await;
    provider.deliver_mail().await;
    let remaining = async |days| {
        let settings = settings_for(&provider.database, &provider.issuer, &[]);
        let foundation = iok_id::app::Foundation::open(settings, ambient_of(&provider.clock)).await.unwrap();
        let now = foundation.ambient.now() + TimeDelta::days(days);
        let transaction = foundation.database.begin().await.unwrap();
        let (sent, given_up) = (now - TimeDelta::days(7), now - TimeDelta::days(30));
        iok_id::storage::mail::sweep(&transaction, sent, given_up).await.unwrap();
        transaction.commit().await.unwrap();
        records::rows(&provider, "mail", "1 = 1").await
    };
    assert_eq!(remaining(6).await, 2);
    assert_eq!(remaining(8).await, 1);
    assert_eq!(remaining(31).await, 0);
}
