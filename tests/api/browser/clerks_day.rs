//! A clerk's whole day without a mouse: everything is reached with Tab, pressed with Enter or Space, chosen with the
//! arrows and typed; at every stop on the way one sees where the keyboard is, and no stop is above the one before.

use thirtyfour::Key;

use crate::helpers::chromium::Browser;
use crate::helpers::counter::{self, Letter};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::staff::Clerk;
use crate::office::paper_applications::{OFFICE, stage, taken_in};

/// More presses than any page has stops.
const MOST_STOPS: usize = 120;

/// What is wrong with how the focused element shows that it is; empty if nothing is.
const FOCUS_FAULTS: &str = "
    const here = document.activeElement;
    const faults = [];
    if (!here.matches(':focus-visible')) faults.push('is not :focus-visible');
    const style = getComputedStyle(here);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) faults.push('has no ring');
    const box = here.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (box.width < 1 || box.height < 1) faults.push('has no size');
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) faults.push('is out of sight');
    // In the order in which one reads: a stop is not above the one before, unless it is to its right.
    const at = { top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left + scrollX, right: box.right + scrollX };
    // The page may have begun again.
    const before = here.matches('.skip') ? undefined : window.stopBefore;
    window.stopBefore = at;
    if (before && at.bottom <= before.top && at.left < before.right) faults.push('is above the stop before');
    const seen = document.elementFromPoint(x, y);
    if (seen && !here.contains(seen) && !seen.contains(here)) faults.push('is covered');
    return faults.join(', ') && `${here.outerHTML.slice(0, 120)}: ${faults.join(', ')}`";

/// Is the keyboard at a stop, and not between the end of the page and its beginning?
const IS_SOMEWHERE: &str = "
    if (document.activeElement !== document.body) return true;
    window.stopBefore = undefined;
    return false;";

const WHY: &str = "Była osobiście, zgubiła list.";

/// Ten fingers, and nothing else.
struct Keyboard {
    browser: Browser,
}

impl Keyboard {
    async fn press(&self, keys: &str) {
        self.browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    async fn key(&self, key: Key) {
        self.press(&key.value().to_string()).await;
    }

    /// Goes on with the tabulator until the keyboard is here.
    async fn tab_to(&self, selector: &str) {
        // The page that is on its way has to be there.
        self.browser.find(selector).await;
        for _ in 0..MOST_STOPS {
            self.key(Key::Tab).await;
            let is_here = format!("return document.activeElement.matches({})", serde_json::json!(selector));
            // The end of the page is the body's; after it the page begins again.
            if self.browser.script(IS_SOMEWHERE).await == true {
                let faults = self.browser.script(FOCUS_FAULTS).await;
                assert_eq!(faults, "", "at {}", self.browser.address().await);
            }
            if self.browser.script(&is_here).await == true {
                return;
            }
        }
        panic!("the keyboard never reaches {selector} at {}", self.browser.address().await);
    }

    /// One stop back, which is this one.
    async fn back_to(&self, selector: &str) {
        let (shift, tab) = (Key::Shift.value(), Key::Tab.value().to_string());
        let keys = self.browser.driver.action_chain().key_down(shift).send_keys(tab).key_up(shift);
        keys.perform().await.unwrap();
        let is_here = format!("return document.activeElement.matches({})", serde_json::json!(selector));
        assert_eq!(self.browser.script(&is_here).await, true, "at {}", self.browser.address().await);
    }

    /// The first stop of a page leads past its head and navigation, into its content.
    async fn skip_to_content(&self) {
        self.key(Key::Tab).await;
        let first = self.browser.script("return document.activeElement.className").await;
        assert_eq!(first, "skip", "at {}", self.browser.address().await);
        assert_eq!(self.browser.script(FOCUS_FAULTS).await, "");
        self.enter("#content:focus").await;
        self.key(Key::Tab).await;
        let is_inside = "return document.activeElement.closest('#content') !== null";
        assert_eq!(self.browser.script(is_inside).await, true, "at {}", self.browser.address().await);
    }

    /// Opens what is folded up, types why, and presses the button in it.
    async fn help(&self, folded: &str, button: &str) {
        self.tab_to(&format!("{folded} > summary")).await;
        self.key(Key::Enter).await;
        self.tab_to(&format!("{folded} {button}")).await;
        // Why was forgotten.
        self.back_to(&format!("{folded} textarea")).await;
        self.press(WHY).await;
        self.tab_to(&format!("{folded} {button}")).await;
        self.enter("#notice").await;
    }

    async fn type_at(&self, selector: &str, text: &str) {
        self.tab_to(selector).await;
        self.press(text).await;
    }

    /// Presses what is focused, and waits for the page that comes of it.
    async fn enter(&self, next: &str) {
        self.key(Key::Enter).await;
        self.browser.find(next).await;
    }

    async fn value_of(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({}).value", serde_json::json!(selector));
        self.browser.script(&script).await.as_str().unwrap().to_owned()
    }

    async fn is_ticked(&self, selector: &str) -> bool {
        let script = format!("return document.querySelector({}).checked", serde_json::json!(selector));
        self.browser.script(&script).await == true
    }

    async fn sign_in(&self, provider: &TestProvider, clerk: &Clerk) {
        // A code is good once.
        provider.advance(chrono::TimeDelta::seconds(30));
        self.browser.goto(&provider.url("/office")).await;
        self.type_at("#login", &clerk.login).await;
        self.type_at("#password", &clerk.password).await;
        self.enter("#code-hint").await;
        self.type_at("#code", &clerk.authenticator.code(provider)).await;
        self.tab_to("#prove").await;
        self.enter("#states").await;
    }

    /// Types a serial at the counter.
    async fn find_letter(&self, serial: &str) {
        self.tab_to("#nav-collection").await;
        self.enter("#find-letter").await;
        self.type_at("#serial", serial).await;
        self.enter("#letter").await;
    }
}

#[tokio::test]
async fn a_clerks_whole_day_is_done_with_the_keyboard_alone() {
    let provider = stage(&[]).await;
    let urszula = provider.clerk("urszula", OFFICE).await;
    let jan = provider.clerk("jan", OFFICE).await;
    // A letter that a colleague printed waits for its owner, and an application waits for Jan.
    counter::approved(&provider, "halina.wrona").await;
    let halinas = counter::print_one(&urszula.browser).await;
    taken_in(&urszula, &[]).await;
    let day = Keyboard { browser: Browser::open().await };

    day.sign_in(&provider, &jan).await;
    day.skip_to_content().await;

    // The queue, narrowed to paper.
    day.tab_to("#q").await;
    day.press("Katowicka").await;
    day.tab_to("#channel").await;
    day.key(Key::Down).await;
    day.key(Key::Down).await;
    assert_eq!(day.value_of("#channel").await, "paper");
    day.tab_to("#search").await;
    day.enter("#queue").await;
    assert!(day.browser.address().await.contains("channel=paper"), "{}", day.browser.address().await);

    // The decision.
    day.tab_to("#queue a").await;
    day.enter("#register").await;
    day.tab_to("#contractor-1").await;
    assert!(day.is_ticked("#contractor-1").await, "it was proposed");
    day.press(" ").await;
    assert!(!day.is_ticked("#contractor-1").await);
    day.press(" ").await;
    day.tab_to("#approve").await;
    day.enter("#told").await;
    assert!(day.browser.text("#state").await.contains("przyjęty"));

    // The letter.
    day.tab_to("#nav-letters").await;
    day.enter("#print").await;
    day.tab_to("form:has(#print) input[type=checkbox]").await;
    day.press(" ").await;
    day.tab_to("#print").await;
    day.enter("#all-letters").await;
    let lucjas = Letter::all_in(&day.browser.driver.source().await.unwrap()).remove(0);
    let paper = day.browser.print_to_text("clerks-day-letter").await.concat();
    assert!(paper.contains(&lucjas.serial), "{paper}");
    day.tab_to("a.button[href='/office/letters']").await;
    day.enter("#nothing-to-print").await;

    // The counter: not what he printed himself, but what his colleague did.
    day.find_letter(&lucjas.serial).await;
    assert!(day.browser.has("#refusal").await && !day.browser.has("#hand-over").await);
    day.find_letter(&halinas.serial).await;
    // What is forgotten is said, and reading goes on there.
    day.tab_to("#hand-over").await;
    day.enter("#error").await;
    assert_eq!(day.browser.script("return document.activeElement.id").await, "error");
    day.tab_to("[name=document]").await;
    day.key(Key::Down).await;
    assert!(day.is_ticked("#document-mobile_identity_card").await);
    day.tab_to("#signed").await;
    day.press(" ").await;
    day.tab_to("#hand-over").await;
    day.enter("#notice").await;

    // At the telephone: she cannot sign in, and then she cannot find the letter either.
    day.tab_to("#nav-accounts").await;
    day.enter("#find-accounts").await;
    day.type_at("#text", "halina.wrona").await;
    day.enter("#found td a").await;
    day.tab_to("#found td a").await;
    day.enter("#actions").await;
    day.help("details:has(#unlock)", "#unlock").await;
    day.help(".account-letter details", "button").await;
    day.help("details:has(#order-letter)", "#order-letter").await;
    assert!(day.browser.text("#order").await.contains("czeka na druk"));

    day.tab_to("#sign-out").await;
    day.enter("#sign-in-link").await;
    assert_eq!(urszula.get("/office").await.status, 200, "nobody else is signed out");

    // A colleague at the same computer hands over what he printed.
    day.sign_in(&provider, &urszula).await;
    day.find_letter(&lucjas.serial).await;
    day.tab_to("[name=document]").await;
    day.press(" ").await;
    day.tab_to("#signed").await;
    day.press(" ").await;
    day.tab_to("#hand-over").await;
    day.enter("#notice").await;

    // And all of it happened.
    assert_eq!(counter::state_of(&provider, "halina.wrona").await, "initial_password");
    assert_eq!(counter::state_of(&provider, &lucjas.login).await, "initial_password");
    assert_eq!(records::count(&provider, "application.approved").await, 1);
    assert_eq!(records::count(&provider, "letter.collected").await, 2);
    assert_eq!(records::count_of(&provider, "account.unlocked", "was_open").await, 1);
    assert_eq!(records::count_of(&provider, "letter.voided", "by_office").await, 1);
    assert_eq!(records::count_of(&provider, "letter.ordered", "approved").await, 1);
}
