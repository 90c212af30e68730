//! DESIGN.md's invariant 1: no door opens while a session owes something.
//!
//! Every row of the router's table is tried, by everything that could plausibly open it, first with a session
//! that owes a change of password and then, as the control, with one that owes nothing. A row that nobody has
//! said how to knock at fails the test: a new route is covered when it is added, or the suite is red.

use iok_id::domain::staff::Role;
use iok_id::http::router::{ROUTES, Route};
use reqwest::Method;
use serde_json::json;

use crate::helpers::form;
use crate::helpers::letters::CODES;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, Person};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party::{RelyingParty, VERIFIER, encode};
use crate::helpers::staff::enrol;
use crate::helpers::visitor::Answer;

/// One request.
struct Knock {
    address: String,
    body: Option<Vec<(String, String)>>,
    authorization: Option<String>,
}

impl Knock {
    fn at(address: impl Into<String>) -> Self {
        Self { address: address.into(), body: None, authorization: None }
    }

    fn with(mut self, fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.body = Some(fields.collect());
        self
    }

    fn bearing(mut self, authorization: String) -> Self {
        self.authorization = Some(authorization);
        self
    }
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Password,
    /// By a new letter each time: its codes work once.
    Letter,
}

/// A browser with a session, and everything it knows that might open a door.
struct Situation {
    browser: OpenBrowser,
    person: Person,
    csrf: String,
    /// Stored requests, bound to this browser: of a client that needs no consent, and of one that does.
    first_party: String,
    third_party: String,
}

struct Stage {
    provider: TestProvider,
    billing: RelyingParty,
    partner: RelyingParty,
}

impl Stage {
    async fn set() -> Self {
        let provider = TestProvider::start().await;
        let billing = provider.relying_party("billing", json!({})).await;
        let partner = provider.relying_party("partner", json!({"first_party": false})).await;
        Self { provider, billing, partner }
    }

    /// Somebody whose data would be recognised anywhere.
    async fn contractor(&self, mut person: Person) -> Person {
        "Bronisława".clone_into(&mut person.row.given_name);
        "Gżegżółka".clone_into(&mut person.row.family_name);
        self.provider.import(&[&person]).await;
        person
    }

    async fn arrive(&self, person: &Person, way: Way) -> Situation {
        let mut browser = self.provider.open_browser();
        let mut stored = Vec::new();
        let mut csrf = String::new();
        for client in [&self.billing, &self.partner] {
            let authorization = client.authorization(&[("scope", "openid profile email phone address iok")]);
            let page = browser.open(&authorization).await;
            let fields = form::fields(&page.body, "#sign-in");
            let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
            stored.push(field("authorization"));
            csrf = field("csrf");
        }
        let mut person = person.clone();
        let answer = match way {
            Way::Password => browser.try_sign_in(&person.login, &person.password).await,
            Way::Letter => {
                let letter = self.provider.letter_of(&person.login).await;
                let answer = browser.try_recover(&person.login, &letter.serial, CODES[0]).await;
                // The old password died of it, so signing in would only give the login back; and nothing that is tried
                // may be a good new password.
                "nobody.at.all".clone_into(&mut person.login);
                "Haslo123!".clone_into(&mut person.password);
                answer
            }
        };
        assert_eq!(answer.status, 303, "{}", answer.body);
        let third_party = stored.pop().unwrap();
        let first_party = stored.pop().unwrap();
        Situation { browser, person, csrf, first_party, third_party }
    }
}

/// How to knock at a door, and whether it opens for somebody who owes nothing.
#[allow(clippy::too_many_lines, reason = "a table: one row a door")]
fn knocks(route: &Route, stage: &Stage, of: &Situation) -> (Vec<Knock>, bool) {
    let (csrf, first, third) = (of.csrf.as_str(), of.first_party.as_str(), of.third_party.as_str());
    let session = of.browser.session();
    let for_both = |path: &str| {
        let knock = |id: &str| Knock::at(format!("{path}?authorization={id}"));
        vec![Knock::at(path), knock(first), knock(third)]
    };
    // What this browser holds, presented as if it were a code or a token.
    let secrets = [session.as_str(), &of.browser.cookies[OpenBrowser::VISIT], csrf, first, third, "x"];
    match (route.method.as_str(), route.path) {
        ("GET", "/") => (vec![Knock::at("/")], true),
        ("GET", "/sign-in") => (for_both("/sign-in"), true),
        ("POST", "/sign-in") => {
            let login = of.person.login.as_str();
            let password = of.person.password.as_str();
            let fields = [("csrf", csrf), ("login", login), ("password", password)];
            let mut knocks = vec![Knock::at("/sign-in").with(&fields)];
            for id in [first, third] {
                knocks.push(Knock::at("/sign-in").with(&[&fields[..], &[("authorization", id)]].concat()));
            }
            (knocks, true)
        }
        ("GET", "/change-password") => (for_both("/change-password"), true),
        ("POST", "/change-password") => {
            let attempt = |new, repeat, id| {
                Knock::at("/change-password").with(&[
                    ("csrf", csrf),
                    ("new_password", new),
                    ("new_password_repeat", repeat),
                    ("authorization", id),
                ])
            };
            // Nothing that settles the debt: too weak, not repeated, the initial password itself.
            let initial = of.person.password.as_str();
            let knocks = vec![
                attempt("", "", first),
                attempt("Haslo123!", "Haslo123!", first),
                attempt(CHOSEN, "Inne#Has1oo", third),
                attempt(initial, initial, third),
            ];
            (knocks, true)
        }
        ("GET", "/second-factor") => {
            let mut knocks = for_both("/second-factor");
            knocks.push(Knock::at("/second-factor?authorization=office"));
            (knocks, true)
        }
        ("POST", "/second-factor") => {
            let attempt = |name, value, id| {
                Knock::at("/second-factor").with(&[("csrf", csrf), (name, value), ("authorization", id)])
            };
            let knocks = vec![
                attempt("code", "123456", first),
                attempt("code", "7h3k-9m2x-p4dq-vw8z", "office"),
                attempt("kept", "yes", third),
                attempt("kept", "yes", "office"),
            ];
            (knocks, true)
        }
        ("POST", "/sign-in/passkey") => {
            let attempt = |id| {
                Knock::at(route.path).with(&[
                    ("csrf", csrf),
                    ("ceremony", session.as_str()),
                    ("passkey", "{}"),
                    ("authorization", id),
                ])
            };
            (vec![attempt(first), attempt("office")], false)
        }
        ("POST", "/second-factor/decline") => {
            let decline = |id| Knock::at(route.path).with(&[("csrf", csrf), ("authorization", id)]);
            // Nobody asked for a second factor: the request goes on as it is, and owes what it owes.
            (vec![decline(first), decline(third), decline("office")], true)
        }
        ("GET", "/account/second-factors") => (for_both(route.path), true),
        ("POST", "/account/second-factors") => {
            let attempt = |what, name, value| {
                Knock::at(route.path).with(&[("csrf", csrf), ("do", what), (name, value)])
            };
            let knocks = vec![
                attempt("confirm", "present_password", "x"),
                attempt("remove-app", "authorization", first),
                attempt("remove-passkey", "id", first),
                attempt("add-passkey", "ceremony", session.as_str()),
            ];
            (knocks, true)
        }
        ("GET", "/recover") => (for_both("/recover"), false),
        ("POST", "/recover") => {
            let attempt = |letter, id| {
                Knock::at("/recover").with(&[
                    ("csrf", csrf),
                    ("letter", letter),
                    ("login", "nobody.at.all"),
                    ("serial", "7KQ2M-XA9TB"),
                    ("code", CODES[1]),
                    ("initial_password", "Wrong#pass1"),
                    ("authorization", id),
                ])
            };
            (vec![attempt("with-codes", first), attempt("from-before", third)], false)
        }
        ("GET", "/block/{token}") => {
            (secrets.map(|secret| Knock::at(format!("/block/{secret}"))).into(), false)
        }
        ("POST", "/block/{token}") => {
            let press = |secret| Knock::at(format!("/block/{secret}")).with(&[("csrf", csrf)]);
            (secrets.map(press).into(), false)
        }
        ("GET", "/consent") => (for_both("/consent"), true),
        ("POST", "/consent") => {
            let decide = |id, decision| {
                Knock::at("/consent").with(&[("csrf", csrf), ("authorization", id), ("decision", decision)])
            };
            (vec![decide(third, "approve"), decide(first, "approve"), decide(third, "deny")], true)
        }
        ("GET", "/account") => (vec![Knock::at("/account")], true),
        ("GET", "/account/closure") => (vec![Knock::at(route.path)], true),
        ("GET", "/account/password" | "/account/sessions" | "/account/access") => {
            (vec![Knock::at(route.path)], false)
        }
        ("POST", "/account/export" | "/account/closure/take-back") => {
            (vec![Knock::at(route.path).with(&[("csrf", csrf)])], true)
        }
        ("POST", "/account/password") => {
            let present = of.person.password.as_str();
            let attempt = |present, new| {
                Knock::at("/account/password").with(&[
                    ("csrf", csrf),
                    ("present_password", present),
                    ("new_password", new),
                    ("new_password_repeat", "Zielony@Mo2t"),
                ])
            };
            // Nothing that changes the password: no present one, a wrong one, nothing new.
            (vec![attempt("", ""), attempt("x", "Zielony@Mo2t"), attempt(present, "")], false)
        }
        ("POST", "/account/sessions") => {
            let end = |session| Knock::at("/account/sessions").with(&[("csrf", csrf), ("session", session)]);
            (vec![end("others"), end(first), end("x")], false)
        }
        ("POST", "/account/access") => {
            let end = |client| Knock::at("/account/access").with(&[("csrf", csrf), ("client", client)]);
            (vec![end("billing"), end("partner"), end("nobody")], false)
        }
        ("POST", "/account/closure") => {
            let ask = |password| {
                Knock::at("/account/closure").with(&[
                    ("csrf", csrf),
                    ("reason", ""),
                    ("present_password", password),
                ])
            };
            (vec![ask(""), ask("x"), ask(of.person.password.as_str())], true)
        }
        ("POST", "/sign-out") => (vec![Knock::at("/sign-out").with(&[("csrf", csrf)])], false),
        ("GET", "/help") => (for_both("/help"), false),
        // No contractor comes in, and what is said to them names nobody.
        ("POST", "/office/letters/print") => {
            (vec![Knock::at(route.path).with(&[("csrf", csrf), ("what", "today")])], false)
        }
        ("POST", "/office/collection") => {
            (vec![Knock::at(route.path).with(&[("csrf", csrf), ("serial", "22222-22222")])], false)
        }
        ("POST", "/office/review") => {
            (vec![Knock::at(route.path).with(&[("csrf", csrf), ("letter", first)])], false)
        }
        ("GET", path @ ("/apply" | "/apply/sent" | "/apply/paper")) => (vec![Knock::at(path)], false),
        ("POST", "/apply") => (vec![Knock::at("/apply").with(&[("csrf", csrf)])], false),
        // A link opens what it was made for, and no session is a link.
        ("GET", path) if path.starts_with("/apply/") => {
            (secrets.map(|secret| Knock::at(path.replace("{token}", secret))).into(), false)
        }
        ("POST", path) if path.starts_with("/apply/") => {
            let knock = |secret: &str| {
                Knock::at(path.replace("{token}", secret)).with(&[("csrf", csrf), ("do", "confirm")])
            };
            (secrets.map(knock).into(), false)
        }
        ("GET", "/office/applications/{id}") => {
            (vec![Knock::at(format!("/office/applications/{first}"))], false)
        }
        ("GET", "/office/applications/{id}/correct") => {
            (vec![Knock::at(format!("/office/applications/{first}/correct"))], false)
        }
        ("POST", "/office/intake") => (vec![Knock::at("/office/intake").with(&[("csrf", csrf)])], false),
        (
            "POST",
            path @ ("/office/applications/{id}/approve"
            | "/office/applications/{id}/send-back"
            | "/office/applications/{id}/reject"
            | "/office/applications/{id}/correct"),
        ) => {
            let fields = [("csrf", csrf), ("reason", "x"), ("override_reason", "x")];
            (vec![Knock::at(path.replace("{id}", third)).with(&fields)], false)
        }
        ("GET", path) if path.starts_with("/office/") => {
            (vec![Knock::at(path.replace("{id}", "0197f3a0-0000-7000-8000-000000000001"))], false)
        }
        ("POST", path) if path.starts_with("/office/") => {
            let at = path.replace("{id}", "0197f3a0-0000-7000-8000-000000000001");
            let fields =
                [("csrf", csrf), ("text", of.person.login.as_str()), ("action", "close"), ("reason", "x")];
            (vec![Knock::at(at).with(&fields)], false)
        }
        ("GET", "/regulations") => (vec![Knock::at("/regulations")], false),
        ("GET", "/regulations/{version}") => (vec![Knock::at("/regulations/nowa")], false),
        ("GET", "/regulations/accept") => (for_both("/regulations/accept"), true),
        ("POST", "/regulations/accept") => {
            let attempt = |accept, id| {
                Knock::at("/regulations/accept").with(&[
                    ("csrf", csrf),
                    ("accept", accept),
                    ("authorization", id),
                ])
            };
            // Nothing that settles the debt: no box ticked, no version, one that is not there.
            let knocks = vec![
                attempt("", first),
                attempt("on", third),
                attempt("0197f3a0-0000-7000-8000-000000000001", first),
                Knock::at("/regulations/accept").with(&[("csrf", csrf)]),
            ];
            (knocks, true)
        }
        ("GET", "/assets/{name}") => (
            ["style.css", "office.css", "page.js", "passkey.js", "logo.svg"]
                .map(|name| Knock::at(format!("/assets/{name}")))
                .into(),
            false,
        ),
        // No contractor comes into the office, and what is said to them names nobody.
        (
            "GET",
            "/.well-known/openid-configuration"
            | "/.well-known/oauth-authorization-server"
            | "/jwks"
            | "/healthz"
            | "/readyz"
            | "/office"
            | "/office/intake"
            | "/office/letters"
            | "/office/collection"
            | "/office/review",
        ) => (vec![Knock::at(route.path)], false),
        ("GET", "/authorize") => {
            let mut knocks = Vec::new();
            for client in [&stage.billing, &stage.partner] {
                for changes in authorization_requests() {
                    knocks.push(Knock::at(client.authorization(changes)));
                }
            }
            (knocks, true)
        }
        ("POST", "/authorize") => {
            let mut knocks = Vec::new();
            for client in [&stage.billing, &stage.partner] {
                for changes in authorization_requests() {
                    let mut knock = Knock::at("/authorize");
                    knock.body = Some(client.authorization_parameters(changes));
                    knocks.push(knock);
                }
            }
            (knocks, true)
        }
        ("GET", "/authorize/{id}") => {
            ([first, third].map(|id| Knock::at(format!("/authorize/{id}"))).into(), true)
        }
        ("POST", "/token") => {
            let mut knocks = Vec::new();
            for client in [&stage.billing, &stage.partner] {
                let id_and_secret =
                    format!("{}:{}", client.client_id, client.client_secret.as_ref().unwrap());
                let basic = format!("Basic {}", base64(&id_and_secret));
                for secret in secrets {
                    let code = [
                        ("grant_type", "authorization_code"),
                        ("code", secret),
                        ("redirect_uri", RelyingParty::REDIRECT_URI),
                        ("code_verifier", VERIFIER),
                    ];
                    let refresh = [("grant_type", "refresh_token"), ("refresh_token", secret)];
                    knocks.push(Knock::at("/token").with(&code).bearing(basic.clone()));
                    knocks.push(Knock::at("/token").with(&refresh).bearing(basic.clone()));
                }
            }
            (knocks, false)
        }
        ("POST", path @ ("/introspect" | "/revoke")) => {
            let mut knocks = Vec::new();
            for client in [&stage.billing, &stage.partner] {
                let id_and_secret =
                    format!("{}:{}", client.client_id, client.client_secret.as_ref().unwrap());
                let basic = format!("Basic {}", base64(&id_and_secret));
                knocks.extend(
                    secrets.map(|secret| Knock::at(path).with(&[("token", secret)]).bearing(basic.clone())),
                );
            }
            (knocks, false)
        }
        ("GET", "/userinfo") => {
            let bearing = |secret| Knock::at("/userinfo").bearing(format!("Bearer {secret}"));
            (secrets.map(bearing).into_iter().chain([Knock::at("/userinfo")]).collect(), false)
        }
        ("POST", "/userinfo") => {
            let bearing = |secret| Knock::at("/userinfo").with(&[("access_token", secret)]);
            (secrets.map(bearing).into_iter().chain([Knock::at("/userinfo").with(&[])]).collect(), false)
        }
        ("GET", "/logout") => {
            let knocks = ["/logout", "/logout?client_id=billing", "/logout?client_id=partner&state=s"];
            (knocks.map(Knock::at).into(), true)
        }
        ("POST", "/logout") => (vec![Knock::at("/logout").with(&[("client_id", "billing")])], true),
        ("POST", "/logout/confirm") => {
            let logout = format!(
                "client_id=billing&post_logout_redirect_uri={}",
                RelyingParty::SIGNED_OUT_URI.replace('?', "%3F")
            );
            let decide = |decision| {
                Knock::at("/logout/confirm").with(&[
                    ("csrf", csrf),
                    ("decision", decision),
                    ("logout", &logout),
                ])
            };
            // Staying leads home, which greets whoever is signed in.
            (vec![decide("stay"), decide("confirm")], true)
        }
        // Whoever is signed in is no client, and nothing that a browser holds is a client's token.
        ("POST", "/register") => {
            let bearing = |secret| Knock::at("/register").with(&[]).bearing(format!("Bearer {secret}"));
            (secrets.map(bearing).into_iter().chain([Knock::at("/register").with(&[])]).collect(), false)
        }
        (_, "/register/{client_id}") => {
            let clients = ["/register/billing", "/register/partner", "/register/nobody"];
            let bearing = |path| secrets.map(|secret| Knock::at(path).bearing(format!("Bearer {secret}")));
            (clients.into_iter().flat_map(bearing).chain(clients.map(Knock::at)).collect(), false)
        }
        (method, path) => panic!("{method} {path} is a new door: say here how to knock at it"),
    }
}

fn authorization_requests() -> [&'static [(&'static str, &'static str)]; 7] {
    [
        &[("scope", "openid profile email iok")],
        &[("scope", "openid offline_access"), ("prompt", "consent")],
        &[("prompt", "none")],
        &[("prompt", "login")],
        &[("prompt", "select_account")],
        &[("max_age", "0")],
        &[("login_hint", "bronia.nowa"), ("ui_locales", "en")],
    ]
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(text)
}

/// What came out of a door that must not: a code, a token, a consent page, anything about the person.
fn leaks(answer: &Answer, person: &Person) -> Vec<String> {
    let mut leaks = Vec::new();
    if answer.status.is_redirection() {
        let location = answer.location();
        for secret in ["code=", "access_token=", "id_token=", "token="] {
            let hit = location.split(['?', '&', '#']).skip(1).any(|pair| pair.starts_with(secret));
            if hit {
                leaks.push(format!("{secret} in {location}"));
            }
        }
    }
    if let Ok(serde_json::Value::Object(answer)) = serde_json::from_str(&answer.body) {
        for name in ["access_token", "id_token", "refresh_token", "sub", "name", "email"] {
            if answer.contains_key(name) {
                leaks.push(format!("{name} in JSON"));
            }
        }
    }
    let is_page = answer.body.starts_with("<!doctype html>");
    if is_page && form::has(&answer.body, "#approve") {
        leaks.push("the consent page".to_owned());
    }
    let row = &person.row;
    let mut personal = vec![
        row.given_name.as_str(),
        &row.family_name,
        &row.email,
        &row.phone,
        &row.contractor_number,
        row.premises.split(':').next().unwrap(),
        "Wiśniowa",
    ];
    // The pages that settle a debt name the account, as the one who just typed it did: for password managers, and so that
    // nobody sets up a second factor for somebody else.
    let settles = ["#new-password", "#prove", "#codes-kept"];
    if !(is_page && settles.iter().any(|form| form::has(&answer.body, form))) {
        personal.push(&person.login);
    }
    let headers = format!("{:?}", answer.headers);
    for datum in personal {
        if answer.body.contains(datum) || headers.contains(datum) {
            leaks.push(format!("{datum:?}"));
        }
    }
    leaks
}

/// Knocks at every door of this route, goes wherever it leads, and says what came out on the way.
async fn what_comes_out(route: &Route, stage: &Stage, person: &Person, way: Way) -> (Vec<String>, bool) {
    let mut out = Vec::new();
    let mut situation = stage.arrive(person, way).await;
    let (all, opens) = knocks(route, stage, &situation);
    for which in 0..all.len() {
        let knock = knocks(route, stage, &situation).0.swap_remove(which);
        let name = format!("{} {}, knock {which}", route.method, knock.address);
        let mut browser = situation.browser.clone();
        browser.headers.extend(knock.authorization.map(|value| ("authorization", value)));
        if route.method == Method::GET {
            let head = browser.send(Method::HEAD, &knock.address, None).await;
            out.extend(leaks(&head, person).iter().map(|leak| format!("HEAD {}: {leak}", knock.address)));
        }
        let body = knock.body.map(|fields| encode(&fields));
        let answer = browser.send(route.method.clone(), &knock.address, body).await;
        assert!(!answer.status.is_server_error(), "{name}: {}", answer.body);
        browser.headers.clear();
        for answer in browser.trail(answer).await {
            out.extend(leaks(&answer, person).iter().map(|leak| format!("{name}: {leak}")));
        }
        // Some doors lead out; whoever went through them comes back as before.
        if browser.cookies.get(OpenBrowser::SESSION) != situation.browser.cookies.get(OpenBrowser::SESSION) {
            situation = stage.arrive(person, way).await;
        }
    }
    (out, opens)
}

#[tokio::test]
async fn no_door_opens_for_a_session_that_owes_a_change_and_each_does_for_one_that_owes_nothing() {
    let stage = Stage::set().await;
    let owing = stage.contractor(Person::with_letter("bronia.nowa")).await;
    for route in ROUTES {
        let (out, _) = what_comes_out(route, &stage, &owing, Way::Password).await;
        assert!(out.is_empty(), "{out:#?}");
    }
    for table in ["authorization_code", "token_grant", "refresh_token", "consent", "session_client"] {
        assert_eq!(records::rows(&stage.provider, table, "1 = 1").await, 0, "{table}");
    }

    // Staff after the password, before the second factor: with none yet, and with one.
    let staff = stage.contractor(Person::active("bronia.sowa")).await;
    stage.provider.add_staff(&staff.login, Role::Supervisor, None).await;
    for _ in 0..2 {
        for route in ROUTES {
            let (out, _) = what_comes_out(route, &stage, &staff, Way::Password).await;
            assert!(out.is_empty(), "{out:#?}");
        }
        stage.provider.execute("DELETE FROM attempt_budget").await;
        let browser = stage.provider.visitor();
        let page = browser.sign_in(&staff).await;
        if form::has(&page.body, "#seed") {
            enrol(&stage.provider, &browser, &page).await;
        }
    }
    for table in ["authorization_code", "token_grant", "refresh_token", "consent", "session_client"] {
        assert_eq!(records::rows(&stage.provider, table, "1 = 1").await, 0, "{table}");
    }

    // The control: the same knocks open what they should, and what comes out is recognised.
    let settled = stage.contractor(Person::active("bronia.dawna")).await;
    for route in ROUTES {
        let (out, opens) = what_comes_out(route, &stage, &settled, Way::Password).await;
        assert_eq!(!out.is_empty(), opens, "{} {}: {out:#?}", route.method, route.path);
    }
}

#[tokio::test]
async fn no_door_opens_for_a_session_that_owes_the_regulations() {
    let stage = Stage::set().await;
    let owing = stage.contractor(Person::active("bronia.nowa")).await;
    stage.provider.publish_regulations("nowa").await;
    for route in ROUTES {
        let (out, _) = what_comes_out(route, &stage, &owing, Way::Password).await;
        assert!(out.is_empty(), "{out:#?}");
    }
    for table in ["authorization_code", "token_grant", "consent", "session_client", "regulations_acceptance"]
    {
        assert_eq!(records::rows(&stage.provider, table, "1 = 1").await, 0, "{table}");
    }
}

#[tokio::test]
async fn no_door_opens_for_a_session_that_came_by_the_letter() {
    let stage = Stage::set().await;
    let recovered = stage.contractor(Person::active("bronia.dawna")).await;
    for route in ROUTES {
        let (out, _) = what_comes_out(route, &stage, &recovered, Way::Letter).await;
        assert!(out.is_empty(), "{out:#?}");
    }
    for table in ["authorization_code", "token_grant", "refresh_token", "consent", "session_client"] {
        assert_eq!(records::rows(&stage.provider, table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(records::count(&stage.provider, "password.changed").await, 0);
}

#[tokio::test]
async fn core_3_1_2_6_prompt_none_with_a_debt_is_interaction_required() {
    let stage = Stage::set().await;
    let person = stage.contractor(Person::with_letter("bronia.nowa")).await;
    let mut situation = stage.arrive(&person, Way::Password).await;
    for client in [&stage.billing, &stage.partner] {
        let answer = situation.browser.open(&client.authorization(&[("prompt", "none")])).await;
        assert!(answer.location().starts_with(RelyingParty::REDIRECT_URI));
        assert_eq!(answer.parameter("error").as_deref(), Some("interaction_required"));
        assert_eq!(answer.parameter("state").as_deref(), Some("state-1"));
        assert_eq!(answer.parameter("iss").as_deref(), Some(stage.provider.issuer.as_str()));
        assert_eq!(answer.parameter("code"), None);
    }
    let mut nobody = stage.provider.open_browser();
    let answer = nobody.open(&stage.billing.authorization(&[("prompt", "none")])).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("login_required"), "the control: no session");
}

#[tokio::test]
async fn once_the_debt_is_settled_every_waiting_request_goes_on() {
    let stage = Stage::set().await;
    let person = stage.contractor(Person::with_letter("bronia.nowa")).await;
    let Situation { mut browser, first_party, third_party, .. } = stage.arrive(&person, Way::Password).await;
    let page = browser.open(&format!("/authorize/{first_party}")).await;
    assert!(form::has(&page.body, "#new-password"));
    let changed = browser.change_password_at(&page, CHOSEN, CHOSEN).await;
    assert!(browser.follow(changed).await.parameter("code").is_some());
    let consent = browser.open(&format!("/authorize/{third_party}")).await;
    assert!(form::has(&consent.body, "#approve"));
    assert!(browser.submit(&consent, "#approve", &[]).await.parameter("code").is_some());
}
