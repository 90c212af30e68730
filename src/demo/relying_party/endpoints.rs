//! The pages' addresses and what each does.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::address::{BACKCHANNEL_LOGOUT_PATH, CALLBACK_PATH, SIGNED_OUT_PATH};
use super::desk::Desk;
use super::oidc::ProviderFault;
use super::pages::Trouble;
use super::security::{content_security_policy, secure};
use super::session::SigningOut;
use super::visit::{MachineForm, OwnForm, Repeated, Speaks, Visit};
use crate::demo::service::Service;
use crate::demo::{billing, complaints};
use crate::domain::secret::BearerSecret;

/// In bytes; the only form has two short fields.
const LARGEST_FORM: usize = 8 * 1024;

/// Marks the state of a sign-in that replaces one which got lost. If that one gets lost too, the person is asked
/// instead of being sent around in circles.
const SECOND_ATTEMPT: &str = "again.";

pub(super) fn router(desk: Arc<Desk>) -> Router {
    let policy = HeaderValue::from_str(&content_security_policy(&desk.provider.origin()))
        .unwrap_or(HeaderValue::from_static("default-src 'none'"));
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in))
        .route(CALLBACK_PATH, get(callback))
        .route("/sign-out", post(sign_out))
        .route(SIGNED_OUT_PATH, get(signed_out))
        .route(BACKCHANNEL_LOGOUT_PATH, post(backchannel_logout))
        .route("/style.css", get(style))
        .route("/icon.svg", get(icon))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(map_response(move |response: Response| {
            let secured = secure(response, &policy);
            async move { secured }
        }))
        .with_state(desk)
}

async fn home(State(desk): State<Arc<Desk>>, visit: Visit) -> Response {
    let language = visit.language;
    let Some(signed_in) = desk.sessions.signed_in(visit.cookie.as_ref()) else {
        return desk.pages.welcome(language);
    };
    let iok = &signed_in.person.iok;
    match desk.relying_party.service {
        Service::Billing => {
            desk.pages.billing(language, &signed_in, &billing::statement(iok, language.locale))
        }
        Service::Complaints => {
            desk.pages.complaints(language, &signed_in, &complaints::reports(iok, language.locale))
        }
    }
}

async fn sign_in(State(desk): State<Arc<Desk>>, visit: Visit) -> Response {
    if desk.sessions.signed_in(visit.cookie.as_ref()).is_some() {
        return see_other(&visit.language.link("/"));
    }
    start_sign_in(&desk, &visit, "").await
}

/// The authorization response (RFC 6749 §4.1.2).
struct AuthorizationResponse<'a> {
    state: Option<&'a str>,
    code: Option<&'a str>,
    error: Option<&'a str>,
    iss: Option<&'a str>,
}

impl<'a> AuthorizationResponse<'a> {
    fn of(visit: &'a Visit) -> Result<Self, Repeated> {
        let one = |name| visit.parameters.one(name);
        Ok(Self { state: one("state")?, code: one("code")?, error: one("error")?, iss: one("iss")? })
    }
}

async fn callback(State(desk): State<Arc<Desk>>, visit: Visit) -> Response {
    let Ok(answer) = AuthorizationResponse::of(&visit) else {
        return desk.trouble(visit.language, Trouble::SignInFailed);
    };
    let cookie = visit.cookie.as_ref();
    let pending = answer.state.and_then(|state| desk.sessions.take_pending(cookie, state));
    let Some(pending) = pending else {
        return match answer.error {
            _ if desk.sessions.signed_in(cookie).is_some() => see_other(&visit.language.link("/")),
            Some(error) => desk.trouble(visit.language, Trouble::of_error(error)),
            None => lost_sign_in(&desk, &visit, answer.state).await,
        };
    };
    let language = visit.language.or_remembered(pending.language);
    if !desk.provider.is_issuer(answer.iss) {
        tracing::warn!(service = desk.relying_party.service.key(), "an answer came from another issuer");
        return desk.trouble(language, Trouble::SignInFailed);
    }
    let code = match (answer.code, answer.error) {
        (Some(code), None) => code.to_owned(),
        (_, Some(error)) => return desk.trouble(language, Trouble::of_error(error)),
        (None, None) => return desk.trouble(language, Trouble::SignInFailed),
    };
    match desk.provider.redeem(code, pending).await {
        Ok(person) => {
            let cookie = desk.sessions.sign_in(cookie, person);
            desk.with_cookie(see_other(&language.link("/")), &cookie)
        }
        Err(fault) => desk.provider_trouble(language, &fault),
    }
}

/// Sends the browser to the provider, and remembers it.
async fn start_sign_in(desk: &Desk, visit: &Visit, mark: &str) -> Response {
    match desk.provider.authorization_request(visit.address, visit.language, mark).await {
        Ok((url, pending)) => match desk.sessions.begin(visit.cookie.as_ref(), pending) {
            Some(cookie) => desk.with_cookie(see_other(url.as_str()), &cookie),
            None => see_other(url.as_str()),
        },
        Err(fault) => desk.provider_trouble(visit.language, &fault),
    }
}

/// The state is not, or no longer, known: the back button, a double submit, or a tab from long ago.
async fn lost_sign_in(desk: &Desk, visit: &Visit, state: Option<&str>) -> Response {
    match state {
        // Without our cookie another attempt would end here again.
        Some(_) if visit.cookie.is_none() => desk.trouble(visit.language, Trouble::NoCookie),
        Some(state) if !state.starts_with(SECOND_ATTEMPT) => start_sign_in(desk, visit, SECOND_ATTEMPT).await,
        Some(_) | None => desk.trouble(visit.language, Trouble::SignInLost),
    }
}

async fn sign_out(State(desk): State<Arc<Desk>>, form: OwnForm) -> Response {
    let OwnForm { visit, fields } = form;
    let form_token =
        BearerSecret::presented(fields.one("form_token").unwrap_or_default().unwrap_or_default());
    match desk.sessions.sign_out(visit.cookie.as_ref(), &form_token, visit.language.choice()) {
        SigningOut::Farewell(farewell) => {
            match desk.provider.logout_url(&farewell, visit.address, visit.language).await {
                Ok(url) => see_other(url.as_str()),
                Err(fault) => {
                    tracing::warn!(service = desk.relying_party.service.key(), error = %fault, "signed out here only");
                    desk.trouble(
                        visit.language,
                        Trouble::SignedOutHereOnly { form_token: farewell.form_token.expose() },
                    )
                }
            }
        }
        SigningOut::NotSignedIn => see_other(&visit.language.link(SIGNED_OUT_PATH)),
        SigningOut::NotOurForm => desk.trouble(visit.language, Trouble::StaleForm),
    }
}

async fn signed_out(State(desk): State<Arc<Desk>>, visit: Visit) -> Response {
    let cookie = visit.cookie.as_ref();
    if desk.sessions.signed_in(cookie).is_some() {
        return see_other(&visit.language.link("/"));
    }
    let farewell = desk.sessions.farewell(cookie);
    let language = visit.language.or_remembered(farewell.as_ref().and_then(|farewell| farewell.language));
    let returned = visit.parameters.one("state").unwrap_or_default().map(BearerSecret::presented);
    // Only the provider can have sent the state back: then it has signed the person out as well.
    let everywhere = farewell.zip(returned).is_some_and(|(farewell, returned)| {
        BearerSecret::presented(farewell.state.secret().as_str()).digest().matches(&returned)
    });
    desk.pages.signed_out(language, everywhere)
}

/// The provider tells that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8): 200, also if nobody
/// is signed in here by it any more; 400 for what is not the provider's word; 503 if that cannot be found out now.
async fn backchannel_logout(State(desk): State<Arc<Desk>>, MachineForm(fields): MachineForm) -> StatusCode {
    let Some(logout_token) = fields.one("logout_token").unwrap_or_default() else {
        return StatusCode::BAD_REQUEST;
    };
    let service = desk.relying_party.service.key();
    match desk.provider.ended_by(logout_token).await {
        Ok(ended) => {
            let browsers = desk.sessions.end(&ended);
            tracing::info!(service, browsers, "the provider has ended a session");
            StatusCode::OK
        }
        Err(fault @ ProviderFault::Unreachable(_)) => {
            tracing::warn!(service, error = %fault, "a logout token could not be checked");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(fault) => {
            tracing::warn!(service, error = %fault, "a logout token was not believed");
            StatusCode::BAD_REQUEST
        }
    }
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../../templates/demo/style.css"))
        .into_response()
}

async fn icon(State(desk): State<Arc<Desk>>) -> Response {
    let image = match desk.relying_party.service {
        Service::Billing => include_str!("../../../templates/demo/billing.svg"),
        Service::Complaints => include_str!("../../../templates/demo/complaints.svg"),
    };
    ([(CONTENT_TYPE, "image/svg+xml")], image).into_response()
}

async fn not_found(State(desk): State<Arc<Desk>>, Speaks(language): Speaks) -> Response {
    desk.trouble(language, Trouble::NotFound)
}

async fn wrong_method(State(desk): State<Arc<Desk>>, Speaks(language): Speaks) -> Response {
    desk.trouble(language, Trouble::WrongMethod)
}

/// 303: the browser follows with GET, whatever it came with (RFC 9110 §15.4.4).
fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, ORIGIN, REFERRER_POLICY, RETRY_AFTER,
        SET_COOKIE,
    };
    use axum::http::request::Builder;
    use axum::http::{Method, Request};
    use tower::ServiceExt as _;

    use super::super::party::RelyingParty;
    use super::super::person::Person;
    use super::*;
    use crate::domain::ambient::Ambient;

    /// Nobody listens on port 1: the provider is gone.
    fn desk() -> anyhow::Result<Arc<Desk>> {
        let relying_party = RelyingParty {
            service: Service::Billing,
            issuer: "http://127.0.0.1:1".to_owned(),
            client_id: "billing".to_owned(),
            client_secret: "secret".to_owned(),
            port: 8081,
        };
        Ok(Arc::new(Desk::open(relying_party, Ambient::system())?))
    }

    fn get(path: &str) -> Builder {
        Request::builder().uri(path).header(HOST, "localhost:8081")
    }

    fn post_form() -> Builder {
        get("/sign-out").method(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    async fn answer(desk: &Arc<Desk>, request: Builder, body: &str) -> anyhow::Result<Response> {
        Ok(router(Arc::clone(desk)).oneshot(request.body(Body::from(body.to_owned()))?).await?)
    }

    async fn text(response: Response) -> anyhow::Result<String> {
        Ok(String::from_utf8(axum::body::to_bytes(response.into_body(), usize::MAX).await?.to_vec())?)
    }

    fn location(response: &Response) -> &str {
        response.headers().get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default()
    }

    fn signed_in(desk: &Desk) -> (String, String) {
        let cookie = desk.sessions.sign_in(None, Person::sample());
        let form_token = desk.sessions.signed_in(Some(&cookie)).map(|signed_in| signed_in.form_token.clone());
        (
            format!("billing_session={}", cookie.expose()),
            form_token.map(|token| token.expose().to_owned()).unwrap_or_default(),
        )
    }

    #[tokio::test]
    async fn every_answer_forbids_code_and_caching() -> anyhow::Result<()> {
        let desk = desk()?;
        for path in
            ["/", "/sign-in", "/callback", "/signed-out", "/style.css", "/icon.svg", "/nowhere", "/sign-out"]
        {
            let response = answer(&desk, get(path), "").await?;
            let header =
                |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let policy = header(CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{path}: {policy}");
            assert!(policy.contains("form-action 'self' http://127.0.0.1:1;"), "{path}: {policy}");
            assert_eq!(header(CACHE_CONTROL), "no-store", "{path}");
            assert_eq!(header(REFERRER_POLICY), "same-origin", "{path}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_provider_that_is_gone_is_a_kind_page() -> anyhow::Result<()> {
        let response = answer(&desk()?, get("/sign-in?lang=en"), "").await?;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(RETRY_AFTER));
        assert!(!response.headers().contains_key(SET_COOKIE));
        assert!(text(response).await?.contains("IOK ID does not answer"));
        Ok(())
    }

    #[tokio::test]
    async fn another_host_gets_no_further() -> anyhow::Result<()> {
        let desk = desk()?;
        for host in ["evil.example:8081", "localhost:9999"] {
            let response = answer(&desk, Request::builder().uri("/sign-in").header(HOST, host), "").await?;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{host}");
            let page = text(response).await?.replace("&#x2f;", "/");
            assert!(page.contains("href=\"http://localhost:8081/\"") && !page.contains("evil"), "{page}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_callback_that_nobody_waits_for_is_a_page_or_the_way_home() -> anyhow::Result<()> {
        let desk = desk()?;
        for path in [
            "/callback",
            "/callback?code=c&state=s",
            "/callback?code=c&state=again.s",
            "/callback?state=a&state=b",
        ] {
            let response = answer(&desk, get(path), "").await?;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
            assert!(text(response).await?.contains("id=\"sign-in\""), "{path}");
        }
        let (cookie, _) = signed_in(&desk);
        let response = answer(&desk, get("/callback?code=c&state=s").header(COOKIE, cookie), "").await?;
        assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/"));
        Ok(())
    }

    #[tokio::test]
    async fn a_lost_sign_in_is_started_again_but_only_once() -> anyhow::Result<()> {
        let desk = desk()?;
        let first =
            answer(&desk, get("/callback?code=c&state=s").header(COOKIE, "billing_session=old"), "").await?;
        assert_eq!(first.status(), StatusCode::SERVICE_UNAVAILABLE, "it went to ask the provider");
        let second =
            answer(&desk, get("/callback?code=c&state=again.s").header(COOKIE, "billing_session=old"), "")
                .await?;
        assert_eq!(second.status(), StatusCode::BAD_REQUEST, "it did not go again");
        Ok(())
    }

    #[tokio::test]
    async fn an_error_from_the_provider_is_told_without_its_words() -> anyhow::Result<()> {
        let path = "/callback?error=access_denied&error_description=call+0700&state=s&lang=en";
        let response = answer(&desk()?, get(path), "").await?;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let page = text(response).await?;
        assert!(page.contains("id=\"sign-in\"") && !page.contains("0700"), "{page}");
        Ok(())
    }

    #[tokio::test]
    async fn only_our_own_form_signs_out() -> anyhow::Result<()> {
        let desk = desk()?;
        let (cookie, form_token) = signed_in(&desk);
        let good = format!("form_token={form_token}");
        let foreign = post_form().header(COOKIE, &cookie).header(ORIGIN, "http://localhost:8082");
        assert_eq!(answer(&desk, foreign, &good).await?.status(), StatusCode::FORBIDDEN, "another origin");
        let forged = post_form().header(COOKIE, &cookie);
        assert_eq!(
            answer(&desk, forged, "form_token=x").await?.status(),
            StatusCode::FORBIDDEN,
            "a forged token"
        );
        let plain = get("/sign-out").method(Method::POST).header(COOKIE, &cookie);
        assert_eq!(
            answer(&desk, plain, &good).await?.status(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "no form"
        );
        let large = post_form().header(COOKIE, &cookie);
        assert_eq!(
            answer(&desk, large, &"x".repeat(LARGEST_FORM + 1)).await?.status(),
            StatusCode::PAYLOAD_TOO_LARGE
        );
        let by_link = get("/sign-out").header(COOKIE, &cookie);
        assert_eq!(answer(&desk, by_link, "").await?.status(), StatusCode::METHOD_NOT_ALLOWED, "a link");
        let page = text(answer(&desk, get("/").header(COOKIE, &cookie), "").await?).await?;
        assert!(page.contains("<strong id=\"who\">Anna Nowak</strong>"), "still signed in");
        Ok(())
    }

    #[tokio::test]
    async fn without_the_provider_the_session_ends_here_and_the_page_says_so() -> anyhow::Result<()> {
        let desk = desk()?;
        let (cookie, form_token) = signed_in(&desk);
        let form = post_form().header(COOKIE, &cookie).header(ORIGIN, "http://localhost:8081");
        let response = answer(&desk, form, &format!("form_token={form_token}&lang=en")).await?;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(response).await?.contains("you may still be signed in there"));
        let page = text(answer(&desk, get("/").header(COOKIE, &cookie), "").await?).await?;
        assert!(page.contains("id=\"sign-in\"") && !page.contains("id=\"who\""));
        let without_session = answer(&desk, post_form(), "").await?;
        assert_eq!(location(&without_session), "/signed-out");
        Ok(())
    }
}
