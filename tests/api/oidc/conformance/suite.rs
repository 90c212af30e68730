//! What every module of the suite does, or looks at in every answer.

use std::collections::BTreeMap;

use iok_id::domain::token::SigningAlgorithm;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::client_key::ClientKey;
use crate::helpers::form;
use crate::helpers::jose;
use crate::helpers::people::Person;
use crate::helpers::provider::TestProvider;
use crate::helpers::registrant::Registrant;
use crate::helpers::relying_party::{self, RelyingParty};
use crate::helpers::visitor::{Answer, Visitor};

/// The suite's own addresses.
pub(super) const CALLBACK: &str = "https://suite.example/test/a/iok-id/callback";
pub(super) const SIGNED_OUT: &str = "https://suite.example/test/a/iok-id/post_logout_redirect";

/// What the suite knows of in an ID token that was asked for nothing.
const ID_TOKEN_CLAIMS: [&str; 18] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "nbf",
    "jti",
    "sid",
    "s_hash",
    "txn",
    "openbanking_intent_id",
];

/// Which modes a plan is run with: Basic with the first, Form Post with the second.
const MODES: [&str; 2] = ["query", "form_post"];

/// The provider as docs/CONFORMANCE.md sets it up, with its one account.
pub(super) struct Suite {
    pub(super) provider: TestProvider,
    pub(super) person: Person,
}

/// One run of a module: a client, a browser, a way for answers to come.
pub(super) struct Run<'a> {
    suite: &'a Suite,
    pub(super) party: RelyingParty,
    pub(super) browser: Visitor,
    pub(super) mode: &'static str,
    registrant: Option<Registrant>,
    /// For failures: which run it was.
    pub(super) name: String,
}

/// Where an authorization request ended, and what was seen on the way.
pub(super) struct Callback {
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) signed_in: bool,
}

impl Callback {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    #[track_caller]
    pub(super) fn code(&self) -> &str {
        self.get("code").unwrap_or_else(|| panic!("no code: {:?}", self.parameters))
    }
}

impl Suite {
    pub(super) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(super) async fn start_with(settings: &[(&str, &str)]) -> Self {
        let needed = [("registration.require_pkce", "false")];
        let provider = TestProvider::start_open(&[&needed[..], settings].concat()).await;
        let person = with_every_standard_claim();
        provider.import(&[&person]).await;
        Self { provider, person }
    }

    /// Every run of a module of the plans Basic and Form Post.
    pub(super) async fn runs(&self) -> Vec<Run<'_>> {
        self.runs_with(&json!({})).await
    }

    pub(super) async fn runs_with(&self, metadata: &Value) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        for mode in MODES {
            runs.push(self.by_hand(mode, metadata).await);
            runs.push(self.by_itself(mode, metadata).await);
        }
        runs
    }

    /// With a client that the operator registered.
    pub(super) async fn by_hand(&self, mode: &'static str, changes: &Value) -> Run<'_> {
        let mut metadata = json!({
            "redirect_uris": [CALLBACK],
            "post_logout_redirect_uris": [SIGNED_OUT],
            "first_party": false,
            "require_pkce": false,
        });
        let changes = changes.as_object().unwrap();
        metadata.as_object_mut().unwrap().extend(changes.clone());
        let id = format!("suite-{mode}-{}", unique());
        let party = self.provider.relying_party(&id, metadata).await.addressing(&self.token_endpoint());
        self.run(party, mode, None, "by hand")
    }

    /// With a client that registered itself (`OIDCCCreateDynamicClientRegistrationRequest`).
    pub(super) async fn by_itself(&self, mode: &'static str, changes: &Value) -> Run<'_> {
        let key = ClientKey::of(&self.provider, SigningAlgorithm::RS256);
        let mut metadata = json!({
            "client_name": "OIDF Conformance Test",
            "grant_types": ["authorization_code"],
            "jwks": key.jwks(),
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types": ["code"],
            "redirect_uris": [CALLBACK],
            "post_logout_redirect_uris": [SIGNED_OUT],
            "contacts": ["conformance@suite.example"],
        });
        metadata.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = self.provider.try_to_register(None, &metadata).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        let registrant = Registrant(answer.json());
        assert_eq!(registrant.0.get("error"), None);
        assert!(!registrant.text("registration_access_token").is_empty());
        assert!(registrant.text("registration_client_uri").starts_with(&self.provider.issuer));
        if registrant.0.get("client_secret").is_some() {
            assert!(registrant.0["client_secret_expires_at"].is_i64(), "{}", registrant.0);
        }
        let party = registrant.relying_party(&self.provider).signing_with(key);
        let party = party.addressing(&self.token_endpoint());
        self.run(party, mode, Some(registrant), "by itself")
    }

    fn run(&self, party: RelyingParty, mode: &'static str, own: Option<Registrant>, how: &str) -> Run<'_> {
        let name = format!("registered {how}, {mode}");
        Run { suite: self, party, browser: self.provider.visitor(), mode, registrant: own, name }
    }

    fn token_endpoint(&self) -> String {
        self.provider.url("/token")
    }
}

/// A number that nobody else in this process has.
fn unique() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Run<'_> {
    /// The parameters of the suite's request, with changes; an empty value leaves a parameter out. No PKCE.
    pub(super) fn parameters(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let mode = if self.mode == "query" { "" } else { self.mode };
        let usual = [
            ("redirect_uri", CALLBACK),
            ("code_challenge", ""),
            ("code_challenge_method", ""),
            ("response_mode", mode),
        ];
        self.party.authorization_parameters(&[&usual[..], changes].concat())
    }

    /// An authorization request, to its answer: whoever is asked signs in and agrees.
    pub(super) async fn authorize(&self, changes: &[(&str, &str)]) -> Callback {
        self.answered(self.request(changes).await)
    }

    /// The same with the parameters as they are here.
    pub(super) async fn authorize_with(&self, parameters: &[(String, String)]) -> Callback {
        let page = self.browser.open(&format!("/authorize?{}", relying_party::encode(parameters))).await;
        self.answered(self.interact(page).await)
    }

    /// The same by POST.
    pub(super) async fn authorize_by_post(&self, changes: &[(&str, &str)]) -> Callback {
        let answer = self.browser.post("/authorize", &self.parameters(changes)).await;
        let page = self.browser.follow(answer).await;
        self.answered(self.interact(page).await)
    }

    /// An authorization request, to the page or the redirect where it ends, and whether somebody had to sign in.
    pub(super) async fn request(&self, changes: &[(&str, &str)]) -> (Answer, bool) {
        self.interact(self.first_page(changes).await).await
    }

    async fn first_page(&self, changes: &[(&str, &str)]) -> Answer {
        let parameters = relying_party::encode(&self.parameters(changes));
        self.browser.open(&format!("/authorize?{parameters}")).await
    }

    async fn interact(&self, mut page: Answer) -> (Answer, bool) {
        let Person { login, password, .. } = &self.suite.person;
        let mut signed_in = false;
        for _ in 0..4 {
            let answer = if form::has(&page.body, "#sign-in") {
                signed_in = true;
                self.browser.sign_in_at(&page, login, password).await
            } else if form::has(&page.body, "#approve") {
                self.browser.submit(&page, "#approve", &[]).await
            } else {
                return (page, signed_in);
            };
            page = self.browser.follow(answer).await;
        }
        panic!("asked again and again ({}): {}", self.name, page.body);
    }

    /// What came to the callback, and that it came the way it should.
    #[track_caller]
    fn answered(&self, (answer, signed_in): (Answer, bool)) -> Callback {
        let parameters: BTreeMap<String, String> = if self.mode == "form_post" {
            assert_eq!(answer.status, 200, "{}: {:?} {}", self.name, answer.headers, answer.body);
            let method = form::attribute(&answer.body, "form#answer", "method");
            assert_eq!(method.as_deref(), Some("post"), "{}", self.name);
            // Without it, the body is application/x-www-form-urlencoded; nothing stands in the address.
            assert_eq!(form::attribute(&answer.body, "form#answer", "enctype"), None);
            assert_eq!(form::action(&answer.body, "#continue"), CALLBACK, "{}", self.name);
            form::fields(&answer.body, "#continue").into_iter().collect()
        } else {
            let (address, query) = answer.location().split_once('?').unwrap();
            assert_eq!(address, CALLBACK, "{}", self.name);
            assert!(!query.contains('#'), "{}: {query}", self.name);
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
        };
        assert_eq!(parameters.get("state").map(String::as_str), Some("state-1"), "{}", self.name);
        assert_eq!(parameters["iss"], self.suite.provider.issuer, "{}: RFC 9207", self.name);
        Callback { parameters, signed_in }
    }

    /// A request that nobody had to see a page for, and an error; nothing else in it.
    pub(super) async fn refused(&self, changes: &[(&str, &str)], among: &[&str]) {
        let callback = self.answered((self.first_page(changes).await, false));
        let error =
            callback.get("error").unwrap_or_else(|| panic!("{}: {:?}", self.name, callback.parameters));
        assert!(among.contains(&error), "{}: {error}", self.name);
        let names: Vec<&str> = callback.parameters.keys().map(String::as_str).collect();
        assert_eq!(names, ["error", "error_description", "iss", "state"], "{}", self.name);
        describes(&callback.parameters["error_description"]);
    }

    pub(super) async fn redeem(&self, callback: &Callback) -> Answer {
        self.redeem_with(callback.code(), &[]).await
    }

    pub(super) async fn redeem_with(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let usual = [("redirect_uri", CALLBACK), ("code_verifier", "")];
        self.party.redeem_with(code, &[&usual[..], changes].concat()).await
    }

    /// The whole flow: authorization, token endpoint, ID token, userinfo. Returns the token response and the ID token's
    /// claims.
    pub(super) async fn flow(&self, changes: &[(&str, &str)]) -> (Value, Value) {
        let callback = self.authorize(changes).await;
        self.finish(&callback, Some("nonce-1")).await
    }

    pub(super) async fn finish(&self, callback: &Callback, nonce: Option<&str>) -> (Value, Value) {
        let answer = self.redeem(callback).await;
        let tokens = self.token_response(&answer);
        let claims = self.id_token(&tokens, nonce).await;
        let answer = self.party.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{}: {}", self.name, answer.body);
        assert_eq!(answer.json()["sub"], claims["sub"], "{}", self.name);
        (tokens, claims)
    }

    #[track_caller]
    pub(super) fn token_response(&self, answer: &Answer) -> Value {
        assert_eq!(answer.status, 200, "{}: {}", self.name, answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.json();
        assert!(tokens["token_type"].as_str().unwrap().eq_ignore_ascii_case("bearer"));
        assert!(tokens["expires_in"].as_i64().unwrap() > 0);
        let visible = |text: &str| text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
        assert!(visible(tokens["access_token"].as_str().unwrap()));
        tokens
    }

    /// The checks that every ID token of the suite's passes (OpenID Connect Core §2, §3.1.3.7), and those of
    /// `oidcc-idtoken-signature`: RS256, as nothing else was registered, with the `kid` of a published key.
    pub(super) async fn id_token(&self, tokens: &Value, nonce: Option<&str>) -> Value {
        let (id_token, name) = (tokens["id_token"].as_str().unwrap(), &self.name);
        let header = relying_party::header(id_token);
        assert_eq!(header["alg"], "RS256", "{name}");
        assert!(header["kid"].is_string(), "{name}");
        let provider = &self.suite.provider;
        let claims = jose::verify_access_token(&provider.jwks().await, id_token);
        let now = provider.now();
        assert_eq!(claims["iss"], *provider.issuer, "{name}");
        assert_eq!(claims["aud"], json!([self.party.client_id]), "{name}");
        assert!(claims["exp"].as_i64().unwrap() > now, "{name}");
        assert_eq!(claims["iat"], now, "{name}");
        assert!(claims["auth_time"].as_i64().unwrap() <= now, "{name}");
        assert_eq!(claims.get("nonce").and_then(Value::as_str), nonce, "{name}");
        assert!(!claims["acr"].as_str().unwrap().is_empty(), "{name}");
        assert!((1..=255).contains(&claims["sub"].as_str().unwrap().len()), "{name}");
        for claim in claims.as_object().unwrap().keys() {
            assert!(ID_TOKEN_CLAIMS.contains(&claim.as_str()), "{name}: {claim} was not asked for");
        }
        let at_hash = jose::left_half_hash(tokens["access_token"].as_str().unwrap());
        assert_eq!(claims["at_hash"], at_hash, "{name}: OpenID Connect Core §3.1.3.6");
        claims
    }

    /// What the suite does last: a client that registered itself unregisters (RFC 7592 §2.3).
    pub(super) async fn leave(self) {
        if let Some(registrant) = &self.registrant {
            let answer = registrant.manage(&self.suite.provider, Method::DELETE, None).await;
            assert_eq!(answer.status, 204, "{}: {}", self.name, answer.body);
        }
    }
}

/// RFC 6749 §4.1.2.1, §5.2: what may stand in a description.
#[track_caller]
pub(super) fn describes(description: &str) {
    let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(!description.is_empty() && description.bytes().all(allowed), "{description}");
}

/// The account that leaves no scope without one of its claims (OpenID Connect Core §5.4): a claim that is missing is a
/// warning.
fn with_every_standard_claim() -> Person {
    let mut person = Person::active("halina.wrona");
    "pl-PL".clone_into(&mut person.row.locale);
    person.row.attributes = json!({
        "middle_name": "Zofia", "nickname": "Hala", "preferred_username": "hala",
        "profile": "https://people.example/hala", "picture": "https://people.example/hala.png",
        "website": "https://hala.example/", "gender": "female", "birthdate": "1961-05-04",
        "zoneinfo": "Europe/Warsaw", "phone_number_verified": true,
        "address": {"region": "śląskie", "country": "PL"}
    })
    .to_string();
    person
}
