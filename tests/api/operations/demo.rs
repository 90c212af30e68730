//! `iok-id demo` from the terminal's side.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, Statement};

use crate::helpers::demo::{Demo, demo_command, letters_in};
use crate::helpers::form;
use crate::helpers::people::CHOSEN;
use crate::helpers::ports::{free_ports, is_free};
use crate::helpers::process::{Finished, Running};
use crate::helpers::visitor::Visitor;

/// Twelve contractors, and five who work in the office.
const LETTERS: usize = 17;

async fn refusal(port: u16, data_dir: &Path) -> Finished {
    Running::start(&mut demo_command(port, data_dir)).finish().await
}

/// Signs in at the provider itself; gives the page that comes of it.
async fn sign_in(demo: &Demo, login: &str, password: &str) -> (Visitor, crate::helpers::visitor::Answer) {
    let browser = Visitor::new(&demo.provider());
    let page = browser.open("/sign-in").await;
    let answer = browser.sign_in_at(&page, login, password).await;
    let page = browser.follow(answer).await;
    (browser, page)
}

#[tokio::test]
async fn the_terminal_says_what_to_open_and_one_letter_for_each_contractor_and_member_of_staff() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("demo");
    let demo = Demo::start(&data_dir).await;
    let text = demo.process.stdout();
    for address in [demo.provider(), demo.billing(), demo.complaints()] {
        assert!(text.contains(&address), "{address} is not in {text}");
    }
    assert_eq!(demo.letters.len(), LETTERS, "{text}");
    let different: std::collections::BTreeSet<_> = demo.letters.values().collect();
    assert_eq!(different.len(), LETTERS, "two letters have the same password");

    let letters = data_dir.join("letters.txt");
    assert_eq!(std::fs::metadata(&letters).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(letters_in(&std::fs::read_to_string(&letters).unwrap()), demo.letters);
    // What others may look into holds no secrets.
    for private in ["secrets", "database"] {
        let mode = std::fs::metadata(data_dir.join(private)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{private}");
    }

    // Every letter opens the change page, and nothing else.
    for (login, password) in &demo.letters {
        let (_, page) = sign_in(&demo, login, password).await;
        assert!(form::has(&page.body, "#new-password"), "{login}: {}", page.body);
    }
}

#[tokio::test]
async fn ctrl_c_stops_everything_cleanly_and_frees_the_ports() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let ports = demo.port..demo.port + 3;
    // Somebody is connected: that keeps nobody waiting.
    let open = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, demo.port)).unwrap();
    let ended = demo.process.interrupt().await;
    ended.succeeded();
    assert_eq!(ended.stderr, "", "{ended:?}");
    drop(open);
    for port in ports {
        assert!(is_free(port), "{port}");
    }
}

#[tokio::test]
async fn a_restart_keeps_the_data_and_prints_the_letters_that_still_work() {
    const LOGIN: &str = "anna.nowak";
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("demo");
    let first = Demo::start(&data_dir).await;
    let (port, letters) = (first.port, first.letters.clone());
    let (browser, change) = sign_in(&first, LOGIN, first.initial_password(LOGIN)).await;
    let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    let home = browser.follow(changed).await;
    assert!(form::has(&home.body, "#sign-out"), "{}", home.body);
    let published = browser.get("/jwks").await.body;
    first.process.interrupt().await.succeeded();

    let second = Demo::start_at(port, &data_dir, &[]).await;
    let mut working = letters.clone();
    working.remove(LOGIN);
    assert_eq!(second.letters, working);
    let home = browser.open("/").await;
    assert!(form::has(&home.body, "#sign-out"), "still signed in: {}", home.body);
    assert_eq!(browser.get("/jwks").await.body, published);
    let (_, home) = sign_in(&second, LOGIN, CHOSEN).await;
    assert!(form::has(&home.body, "#sign-out"), "the new password is kept: {}", home.body);
    let (login, password) = working.first_key_value().unwrap();
    let (_, page) = sign_in(&second, login, password).await;
    assert!(form::has(&page.body, "#new-password"), "a printed letter works: {}", page.body);
    second.process.interrupt().await.succeeded();

    let fresh = Demo::start_at(port, &data_dir, &["--fresh"]).await;
    assert_eq!(fresh.letters.len(), LETTERS);
    assert!(fresh.letters.iter().all(|(login, password)| letters[login] != *password), "old letters");
    let home = browser.open("/").await;
    assert!(!form::has(&home.body, "#sign-out"), "--fresh starts over: {}", home.body);
    let (_, refused) = sign_in(&fresh, LOGIN, CHOSEN).await;
    assert_eq!(refused.status, 401);
    assert_ne!(browser.get("/jwks").await.body, published);
}

/// However early it is killed, the next start has an account for each letter and a letter for each account.
#[tokio::test]
async fn a_killed_demo_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_ports(3);
    let files =
        ["demo.lock", "secrets/clients.json", "secrets/sealing.key", "database/iok-id.sqlite", "letters.txt"];
    for made in files.into_iter().chain(["accounts"]) {
        let data_dir = folder.path().join(made.replace('/', "-"));
        let mut process = Running::start(&mut demo_command(port, &data_dir));
        loop {
            let is_made =
                if made == "accounts" { has_accounts(&data_dir).await } else { data_dir.join(made).exists() };
            if is_made {
                break;
            }
            process.still_runs();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        process.kill();
        let mut demo = Demo::start_at(port, &data_dir, &[]).await;
        assert_eq!(demo.letters.len(), LETTERS, "killed when {made} was there");
        for (login, password) in demo.letters.iter().take(2) {
            let (_, page) = sign_in(&demo, login, password).await;
            assert!(form::has(&page.body, "#new-password"), "{login}: {}", page.body);
        }
        demo.process.kill();
    }
}

/// Looks into the demo's database while it is being made.
async fn has_accounts(data_dir: &Path) -> bool {
    let url = format!("sqlite://{}?mode=ro", data_dir.join("database/iok-id.sqlite").display());
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let Ok(database) = Database::connect(options).await else { return false };
    let query = Statement::from_string(database.get_database_backend(), "SELECT 1 FROM account LIMIT 1");
    let found = database.query_one_raw(query).await.is_ok_and(|row| row.is_some());
    database.close().await.unwrap();
    found
}

#[tokio::test]
async fn a_taken_port_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("demo");
    let port = free_ports(3);
    for (offset, purpose) in [(0, "provider"), (1, "billing"), (2, "complaints")] {
        let taken = port + offset;
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, taken)).unwrap();
        let refused = refusal(port, &data_dir).await;
        let line = refused.refused_in_one_line();
        assert!(line.contains(&taken.to_string()) && line.contains(purpose), "{line}");
        assert!(!data_dir.exists(), "{line}");
        drop(holder);
    }
    for impossible in [0, 65_534, 65_535] {
        let refused = refusal(impossible, &data_dir).await;
        assert!(refused.refused_in_one_line().contains("--port"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "somebody's").unwrap();
    // `/proc` refuses root as well.
    for impossible in [file.clone(), file.join("below"), "/proc/iok-id-demo".into()] {
        let refused = refusal(free_ports(3), &impossible).await;
        assert!(refused.refused_in_one_line().contains(&*impossible.to_string_lossy()), "{refused:?}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody's");
}

#[tokio::test]
async fn a_second_demo_on_the_same_data_is_refused_and_disturbs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("demo");
    let mut first = Demo::start(&data_dir).await;
    for more in [&[][..], &["--fresh"]] {
        let second = Running::start(demo_command(free_ports(3), &data_dir).args(more)).finish().await;
        let line = second.refused_in_one_line();
        assert!(line.contains("already running") && line.contains(&*data_dir.to_string_lossy()), "{line}");
    }
    first.process.still_runs();
    let (login, password) = first.letters.first_key_value().unwrap();
    let (_, page) = sign_in(&first, login, password).await;
    assert!(form::has(&page.body, "#new-password"), "{}", page.body);
}

#[tokio::test]
async fn the_demos_mail_can_be_read_at_the_providers_address() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("demo")).await;
    let browser = Visitor::new(&demo.provider());
    assert!(demo.process.stdout().contains(&format!("{}/demo/mail", demo.provider())));
    let empty = browser.get("/demo/mail?lang=en").await;
    assert!(empty.body.contains("There is no message yet"), "{}", empty.body);

    for _ in 0..5 {
        sign_in(&demo, "anna.nowak", "Zgadywane#1").await;
    }
    let began = std::time::Instant::now();
    let page = loop {
        let page = browser.get("/demo/mail?lang=pl").await;
        if form::has(&page.body, "article") {
            break page;
        }
        assert!(began.elapsed() < crate::helpers::process::PATIENCE, "{}", page.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(form::has(&page.body, &format!("article a[href='{}/help']", demo.provider())), "{}", page.body);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    let html = browser.get("/demo/mail/1/html").await;
    assert!(
        form::has(&html.body, "h1") && html.header("content-security-policy").contains("default-src 'none'")
    );
    assert_eq!(browser.get("/demo/mail/style.css").await.status, 200);
    assert_eq!(browser.get("/demo/mail/2/html").await.status, 404);
    // Nothing of it is in `serve`.
    let provider = crate::helpers::provider::TestProvider::start().await;
    assert_eq!(provider.visitor().get("/demo/mail").await.status, 404);
}
