//! A real browser: Debian's Chromium without a screen, driven through its own driver.

use std::fmt::Debug;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::common::command::{Command as DriverCommand, ExtensionCommand};
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::ports::free_ports;
use super::process::Running;

/// As many at a time as a small machine can bear. A journey of two people takes two, so that two of them cannot wait for
/// each other.
static PLACES: Semaphore = Semaphore::const_new(3);

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A fresh browser: nobody's cookies, nothing remembered.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    chromedriver: Running,
    driver_port: u16,
    _profile: TempDir,
    _place: SemaphorePermit<'static>,
}

/// How a browser differs from the usual one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// What it prefers to read, as in `Accept-Language`.
    pub(crate) language: &'static str,
    /// Does it run pages' scripts?
    pub(crate) scripts: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self { language: "pl", scripts: true }
    }
}

impl Browser {
    pub(crate) async fn open() -> Self {
        Self::with(Habits::default()).await
    }

    pub(crate) async fn with(habits: Habits) -> Self {
        let place = PLACES.acquire().await.unwrap();
        let profile = tempfile::tempdir().unwrap();
        let driver_port = free_ports(1);
        let mut chromedriver =
            Running::start(Command::new("chromedriver").arg(format!("--port={driver_port}")));
        chromedriver.until_it_says("was started successfully").await;
        let address = format!("http://127.0.0.1:{driver_port}");
        let driver = WebDriver::new(address, capabilities(habits, &profile)).await.unwrap();
        driver.set_poller(Arc::new(AtMost(PATIENCE)));
        Self { driver, chromedriver, driver_port, _profile: profile, _place: place }
    }

    pub(crate) async fn goto(&self, address: &str) {
        self.driver.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Waits for an element of the page, or of the one that is about to come.
    pub(crate) async fn find(&self, selector: &str) -> WebElement {
        match self.driver.query(By::Css(selector)).first().await {
            Ok(element) => element,
            Err(error) => panic!("no {selector} at {}: {error}", self.where_it_is().await),
        }
    }

    /// Is it on this very page? Does not wait: ask after something of the page was found.
    pub(crate) async fn has(&self, selector: &str) -> bool {
        self.driver.query(By::Css(selector)).nowait().exists().await.unwrap()
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// As an impatient person does.
    pub(crate) async fn double_click(&self, selector: &str) {
        let element = self.find(selector).await;
        element.scroll_into_view().await.unwrap();
        self.driver.action_chain().double_click_element(&element).perform().await.unwrap();
    }

    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Fills in the sign-in page, without sending it.
    pub(crate) async fn fill_in_sign_in(&self, login: &str, password: &str) {
        self.type_into("#login", login).await;
        self.type_into("#password", password).await;
    }

    /// Fills in the page that asks for a letter with codes, without sending it.
    pub(crate) async fn fill_in_recovery(&self, login: &str, serial: &str, code: &str) {
        self.type_into("#login", login).await;
        self.type_into("#serial", serial).await;
        self.type_into("#code", code).await;
    }

    /// Fills in the page that replaces the initial password, without sending it.
    pub(crate) async fn fill_in_new_password(&self, new: &str, repeat: &str) {
        self.type_into("#new-password", new).await;
        self.type_into("#new-password-repeat", repeat).await;
    }

    pub(crate) async fn back(&self) {
        self.driver.back().await.unwrap();
    }

    /// A window of exactly this size, in CSS pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        assert_eq!(self.script("return window.innerWidth").await, json!(width));
    }

    /// Light or dark, as the person has set it up; without motion, so that no colour is on its way to another.
    pub(crate) async fn prefer_colour_scheme(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Runs a script beside the page: its Content-Security-Policy does not concern the driver.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Keeps a picture of the whole page for looking at, in `target/screenshots`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let whole = json!({"captureBeyondViewport": true});
        let taken = self.devtools("Page.captureScreenshot", whole).await;
        let picture = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            taken["data"].as_str().unwrap(),
        );
        std::fs::write(folder.join(format!("{name}.png")), picture.unwrap()).unwrap();
    }

    /// Prints the page, keeps it in `target/screenshots`, and reads what is on each sheet of paper.
    pub(crate) async fn print_to_text(&self, name: &str) -> Vec<String> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let printed = self.devtools("Page.printToPDF", json!({"preferCSSPageSize": true})).await;
        let pdf = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            printed["data"].as_str().unwrap(),
        );
        let file = folder.join(format!("{name}.pdf"));
        std::fs::write(&file, pdf.unwrap()).unwrap();
        let read = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        // A form feed ends each page.
        let text = String::from_utf8(read.stdout).unwrap();
        let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
        assert_eq!(pages.pop().as_deref(), Some(""));
        pages
    }

    /// What the browser complained about since it was asked last: refused code, failed requests, errors of scripts.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.unwrap();
        entries.into_iter().map(|entry| format!("{} {}", entry.level, entry.message)).collect()
    }

    /// Every address that pages asked for since this was asked last, whatever became of it. The browser's own pages
    /// (a new tab) are inside it.
    pub(crate) async fn requested(&self) -> Vec<String> {
        let entries = self.driver.get_log("performance").await.unwrap();
        entries
            .iter()
            .filter_map(|entry| {
                let event: Value = serde_json::from_str(&entry.message).unwrap();
                let event = &event["message"];
                (event["method"] == "Network.requestWillBeSent")
                    .then(|| event["params"]["request"]["url"].as_str().unwrap().to_owned())
            })
            .filter(|address| !["chrome:", "data:"].iter().any(|inside| address.starts_with(inside)))
            .collect()
    }

    /// Chromium's own protocol, through its driver.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let command = Devtools(json!({"cmd": method, "params": parameters}));
        let answer = self.driver.cmd(DriverCommand::ExtensionCommand(Box::new(command))).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}")).value_json().unwrap()
    }

    async fn where_it_is(&self) -> String {
        let address = self.address().await;
        let text = match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        format!("{address}, which says:\n{text}\n")
    }
}

/// Chromedriver closes its browsers when it is asked to end; killed, it would leave them.
impl Drop for Browser {
    fn drop(&mut self) {
        // It would close the session from here, blocking; what follows ends it as well.
        let _closed = self.driver.clone().leak();
        if let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.driver_port)) {
            let _bounded = connection.set_read_timeout(Some(Duration::from_secs(20)));
            let asked = connection.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n");
            if asked.is_ok() {
                let _answer = connection.read(&mut [0; 1024]);
            }
        }
        self.chromedriver.let_end(Duration::from_secs(10));
    }
}

fn capabilities(habits: Habits, profile: &TempDir) -> ChromeCapabilities {
    let mut capabilities = ChromeCapabilities::new();
    let profile = format!("--user-data-dir={}", profile.path().display());
    let language = format!("--accept-lang={}", habits.language);
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        // The whole width is the page's, as on a phone.
        "--hide-scrollbars",
        &profile,
        &language,
    ] {
        capabilities.add_arg(argument).unwrap();
    }
    if !habits.scripts {
        // 2: blocked, as a cautious person sets it for all sites.
        let preferences = json!({"profile.managed_default_content_settings.javascript": 2});
        capabilities.add_experimental_option("prefs", preferences).unwrap();
    }
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
    capabilities
}

#[derive(Debug)]
struct Devtools(Value);

impl ExtensionCommand for Devtools {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }

    fn method(&self) -> reqwest::Method {
        reqwest::Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/goog/cdp/execute".into()
    }
}

/// Looks often, gives up late.
#[derive(Debug)]
struct AtMost(Duration);

impl thirtyfour::extensions::query::IntoElementPoller for AtMost {
    fn start(&self) -> Box<dyn ElementPoller + Send + Sync> {
        Box::new(ElementPollerWithTimeout::new(self.0, LOOK_EVERY))
    }
}
