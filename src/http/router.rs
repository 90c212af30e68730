//! The whole URL map. Whoever has read this page has seen the product.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Uri, Version};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::cors;
use super::endpoints::{
    account, apply, apply_follow, assets, authorize, block, change_password, consent, discovery, health,
    help, home, introspect, logout, office, recover, registration, regulations, regulations_accept, revoke,
    second_factor, sign_in, sign_out, token, userinfo,
};
use super::errors::{self, ClientError, PageError};
use super::guard;
pub use super::guard::Guard;
use super::headers::{self, FreshRequestId, REQUEST_ID};
use super::logging;
use super::pages::Streamed;
use super::security_log;
use super::state::Web;
use crate::domain::staff::Task;
use crate::oidc::provider::paths;
use crate::views::ErrorKind;

/// The longest path and query that are read, in bytes: a signed request object of an authorization, with room.
const LONGEST_ADDRESS: usize = 32_768;
/// How the time limit marks its answers. No handler gives this status.
const TOO_LATE: StatusCode = StatusCode::GATEWAY_TIMEOUT;

/// One row of the URL map.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub guard: Guard,
    handler: fn() -> MethodRouter<Arc<Web>>,
}

impl Route {
    /// Is this path one of the row's? A name in braces stands for any segment.
    fn leads_from(&self, path: &str) -> bool {
        let (own, given) = (self.path.split('/'), path.split('/'));
        own.clone().count() == given.clone().count()
            && own.zip(given).all(|(own, given)| own == given || own.starts_with('{'))
    }
}

/// Every door. Tests walk this table, so that a new row is covered when it is added.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // For people.
    Route { method: Method::GET,  path: "/",                guard: Guard::Visitor,  handler: || get(home::get) },
    Route { method: Method::GET,  path: "/sign-in",         guard: Guard::Visitor,  handler: || get(sign_in::get) },
    Route { method: Method::POST, path: "/sign-in",         guard: Guard::Visitor,  handler: || post(sign_in::post) },
    Route { method: Method::GET,  path: "/change-password", guard: Guard::Visitor,  handler: || get(change_password::get) },
    Route { method: Method::POST, path: "/change-password", guard: Guard::Visitor,  handler: || post(change_password::post) },
    Route { method: Method::GET,  path: "/second-factor",   guard: Guard::Visitor,  handler: || get(second_factor::get) },
    Route { method: Method::POST, path: "/second-factor",   guard: Guard::Visitor,  handler: || post(second_factor::post) },
    Route { method: Method::POST, path: "/sign-in/passkey", guard: Guard::Visitor,  handler: || post(sign_in::by_passkey) },
    Route { method: Method::POST, path: "/second-factor/decline", guard: Guard::Visitor, handler: || post(second_factor::decline) },
    Route { method: Method::GET,  path: "/recover",         guard: Guard::Visitor,  handler: || get(recover::get) },
    Route { method: Method::POST, path: "/recover",         guard: Guard::Visitor,  handler: || post(recover::post) },
    Route { method: Method::GET,  path: "/block/{token}",   guard: Guard::Public,   handler: || get(block::get) },
    Route { method: Method::POST, path: "/block/{token}",   guard: Guard::Public,   handler: || post(block::post) },
    Route { method: Method::GET,  path: "/consent",         guard: Guard::SignedIn, handler: || get(consent::get) },
    Route { method: Method::POST, path: "/consent",         guard: Guard::SignedIn, handler: || post(consent::post) },
    Route { method: Method::POST, path: "/sign-out",        guard: Guard::Visitor,  handler: || post(sign_out::post) },
    Route { method: Method::GET,  path: "/account",                   guard: Guard::SignedIn, handler: || get(account::data::get) },
    Route { method: Method::POST, path: "/account/export",            guard: Guard::SignedIn, handler: || post(account::export::post) },
    Route { method: Method::GET,  path: "/account/password",          guard: Guard::SignedIn, handler: || get(account::password::get) },
    Route { method: Method::POST, path: "/account/password",          guard: Guard::Visitor,  handler: || post(account::password::post) },
    Route { method: Method::GET,  path: "/account/second-factors",    guard: Guard::SignedIn, handler: || get(account::second_factors::get) },
    Route { method: Method::POST, path: "/account/second-factors",    guard: Guard::SignedIn, handler: || post(account::second_factors::post) },
    Route { method: Method::GET,  path: "/account/sessions",          guard: Guard::SignedIn, handler: || get(account::sessions::get) },
    Route { method: Method::POST, path: "/account/sessions",          guard: Guard::SignedIn, handler: || post(account::sessions::post) },
    Route { method: Method::GET,  path: "/account/access",            guard: Guard::SignedIn, handler: || get(account::access::get) },
    Route { method: Method::POST, path: "/account/access",            guard: Guard::SignedIn, handler: || post(account::access::post) },
    Route { method: Method::GET,  path: "/account/closure",           guard: Guard::SignedIn, handler: || get(account::closure::get) },
    Route { method: Method::POST, path: "/account/closure",           guard: Guard::SignedIn, handler: || post(account::closure::post) },
    Route { method: Method::POST, path: "/account/closure/take-back", guard: Guard::SignedIn, handler: || post(account::closure::take_back) },
    Route { method: Method::GET,  path: "/help",            guard: Guard::Public,   handler: || get(help::get) },
    Route { method: Method::GET,  path: paths::REGULATIONS,       guard: Guard::Public,  handler: || get(regulations::get) },
    Route { method: Method::GET,  path: "/regulations/{version}", guard: Guard::Public,  handler: || get(regulations::get_version) },
    Route { method: Method::GET,  path: "/regulations/accept",    guard: Guard::Visitor, handler: || get(regulations_accept::get) },
    Route { method: Method::POST, path: "/regulations/accept",    guard: Guard::Visitor, handler: || post(regulations_accept::post) },
    Route { method: Method::GET,  path: "/assets/{name}",   guard: Guard::Public,   handler: || get(assets::get) },

    // For those who have no account yet.
    Route { method: Method::GET,  path: "/apply",                  guard: Guard::Public, handler: || get(apply::get) },
    Route { method: Method::POST, path: "/apply",                  guard: Guard::Public, handler: || post(apply::post) },
    Route { method: Method::GET,  path: "/apply/sent",             guard: Guard::Public, handler: || get(apply::sent) },
    Route { method: Method::GET,  path: "/apply/paper",            guard: Guard::Public, handler: || get(apply::paper) },
    Route { method: Method::GET,  path: "/apply/confirm/{token}",  guard: Guard::Public, handler: || get(apply_follow::confirm_page) },
    Route { method: Method::POST, path: "/apply/confirm/{token}",  guard: Guard::Public, handler: || post(apply_follow::confirm) },
    Route { method: Method::GET,  path: "/apply/status/{token}",   guard: Guard::Public, handler: || get(apply_follow::status_page) },
    Route { method: Method::POST, path: "/apply/withdraw/{token}", guard: Guard::Public, handler: || post(apply_follow::withdraw) },
    Route { method: Method::GET,  path: "/apply/correct/{token}",  guard: Guard::Public, handler: || get(apply_follow::correct_page) },
    Route { method: Method::POST, path: "/apply/correct/{token}",  guard: Guard::Public, handler: || post(apply_follow::correct) },

    // For the office.
    Route { method: Method::GET,  path: "/office",          guard: Guard::Staff(Task::Enter), handler: || get(office::home::get) },
    Route { method: Method::GET,  path: "/office/letters",    guard: Guard::Staff(Task::PrintLetters),     handler: || get(office::letters::get) },
    Route { method: Method::POST, path: "/office/letters/print", guard: Guard::Staff(Task::PrintLetters),  handler: || post(office::letters::print) },
    Route { method: Method::GET,  path: "/office/collection", guard: Guard::Staff(Task::RecordCollection), handler: || get(office::collection::get) },
    Route { method: Method::POST, path: "/office/collection", guard: Guard::Staff(Task::RecordCollection), handler: || post(office::collection::post) },
    Route { method: Method::GET,  path: "/office/review",     guard: Guard::Staff(Task::ReviewOffice),     handler: || get(office::review::get) },
    Route { method: Method::POST, path: "/office/review",     guard: Guard::Staff(Task::ReviewOffice),     handler: || post(office::review::post) },
    Route { method: Method::GET,  path: "/office/intake",   guard: Guard::Staff(Task::TakeIn), handler: || get(office::intake::get) },
    Route { method: Method::POST, path: "/office/intake",   guard: Guard::Staff(Task::TakeIn), handler: || post(office::intake::post) },
    Route { method: Method::GET,  path: "/office/applications/{id}",           guard: Guard::Staff(Task::ReadApplications),   handler: || get(office::applications::get) },
    Route { method: Method::POST, path: "/office/applications/{id}/approve",   guard: Guard::Staff(Task::DecideApplications), handler: || post(office::applications::approve) },
    Route { method: Method::POST, path: "/office/applications/{id}/send-back", guard: Guard::Staff(Task::DecideApplications), handler: || post(office::applications::send_back) },
    Route { method: Method::POST, path: "/office/applications/{id}/reject",    guard: Guard::Staff(Task::DecideApplications), handler: || post(office::applications::reject) },
    Route { method: Method::GET,  path: "/office/applications/{id}/correct",   guard: Guard::Staff(Task::TakeIn),             handler: || get(office::paper_correction::get) },
    Route { method: Method::POST, path: "/office/applications/{id}/correct",   guard: Guard::Staff(Task::TakeIn),             handler: || post(office::paper_correction::post) },
    Route { method: Method::GET,  path: "/office/accounts",      guard: Guard::Staff(Task::ReadAccounts),   handler: || get(office::accounts::list) },
    Route { method: Method::POST, path: "/office/accounts",      guard: Guard::Staff(Task::ReadAccounts),   handler: || post(office::accounts::search) },
    Route { method: Method::GET,  path: "/office/accounts/{id}", guard: Guard::Staff(Task::ReadAccounts),   handler: || get(office::accounts::get) },
    Route { method: Method::POST, path: "/office/accounts/{id}", guard: Guard::Staff(Task::HelpAccounts),   handler: || post(office::accounts::post) },
    Route { method: Method::GET,  path: "/office/approvals",     guard: Guard::Staff(Task::ApproveReissue), handler: || get(office::approvals::get) },
    Route { method: Method::POST, path: "/office/approvals",     guard: Guard::Staff(Task::ApproveReissue), handler: || post(office::approvals::post) },
    Route { method: Method::GET,  path: "/office/mail",          guard: Guard::Staff(Task::ReadMail),       handler: || get(office::mail::get) },
    Route { method: Method::POST, path: "/office/mail",          guard: Guard::Staff(Task::RetryMail),      handler: || post(office::mail::post) },
    Route { method: Method::GET,  path: "/office/sign-outs",     guard: Guard::Staff(Task::ReadSignOuts),   handler: || get(office::sign_outs::get) },
    Route { method: Method::POST, path: "/office/sign-outs",     guard: Guard::Staff(Task::RetrySignOuts),  handler: || post(office::sign_outs::post) },
    Route { method: Method::GET,  path: "/office/audit",         guard: Guard::Staff(Task::ReadAudit),      handler: || get(office::audit::get) },
    Route { method: Method::POST, path: "/office/audit",         guard: Guard::Staff(Task::ReadAudit),      handler: || post(office::audit::post) },
    Route { method: Method::GET,  path: "/office/staff",         guard: Guard::Staff(Task::ManageStaff),    handler: || get(office::staff::get) },

    // OpenID Connect.
    Route { method: Method::GET,  path: paths::DISCOVERY,     guard: Guard::Public,  handler: || get(discovery::metadata) },
    Route { method: Method::GET,  path: paths::OAUTH_METADATA, guard: Guard::Public, handler: || get(discovery::metadata) },
    Route { method: Method::GET,  path: paths::JWKS,          guard: Guard::Public,  handler: || get(discovery::jwks) },
    Route { method: Method::GET,  path: paths::AUTHORIZATION, guard: Guard::Public,  handler: || get(authorize::get) },
    Route { method: Method::POST, path: paths::AUTHORIZATION, guard: Guard::Public,  handler: || post(authorize::post) },
    Route { method: Method::GET,  path: "/authorize/{id}",    guard: Guard::Visitor, handler: || get(authorize::resume) },
    Route { method: Method::POST, path: paths::TOKEN,         guard: Guard::Client,  handler: || post(token::post) },
    Route { method: Method::GET,  path: paths::USERINFO,      guard: Guard::Bearer,  handler: || get(userinfo::get) },
    Route { method: Method::POST, path: paths::USERINFO,      guard: Guard::Bearer,  handler: || post(userinfo::post) },
    Route { method: Method::POST, path: paths::INTROSPECTION, guard: Guard::Client,  handler: || post(introspect::post) },
    Route { method: Method::POST, path: paths::REVOCATION,    guard: Guard::Client,  handler: || post(revoke::post) },
    Route { method: Method::GET,  path: paths::LOGOUT,        guard: Guard::Visitor, handler: || get(logout::get) },
    Route { method: Method::POST, path: paths::LOGOUT,        guard: Guard::Visitor, handler: || post(logout::post) },
    Route { method: Method::POST, path: "/logout/confirm",    guard: Guard::Visitor, handler: || post(logout::confirm) },
    // A client's token is a bearer token; where anybody may register, it takes none.
    Route { method: Method::POST,   path: paths::REGISTRATION,     guard: Guard::Bearer, handler: || post(registration::post) },
    Route { method: Method::GET,    path: "/register/{client_id}", guard: Guard::Bearer, handler: || get(registration::get) },
    Route { method: Method::PUT,    path: "/register/{client_id}", guard: Guard::Bearer, handler: || put(registration::put) },
    Route { method: Method::DELETE, path: "/register/{client_id}", guard: Guard::Bearer, handler: || delete(registration::delete) },

    // For operators.
    Route { method: Method::GET,  path: "/healthz",         guard: Guard::Public,   handler: || get(health::process) },
    Route { method: Method::GET,  path: "/readyz",          guard: Guard::Public,   handler: || get(health::database) },
];

/// The table, served.
pub fn router(web: Arc<Web>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let handler = (route.handler)();
        let handler = match route.guard {
            Guard::SignedIn => handler.route_layer(from_fn_with_state(Arc::clone(&web), guard::signed_in)),
            Guard::Staff(task) => {
                handler.route_layer(from_fn_with_state((Arc::clone(&web), task), guard::staff))
            }
            Guard::Public | Guard::Visitor | Guard::Client | Guard::Bearer => handler,
        };
        router = router.route(route.path, handler);
    }
    router
        .fallback(async || PageError::new(ErrorKind::NotFound))
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(|_| PageError::new(ErrorKind::Internal).into_response()))
        .layer(from_fn(no_longer_address))
        .layer(TimeoutLayer::with_status_code(TOO_LATE, web.limits.request_timeout))
        .layer(map_response(unavailable_if_too_slow))
        .layer(from_fn_with_state(Arc::clone(&web), errors::render))
        .layer(from_fn(security_log::watch))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_not_streamed)))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(logging::span)
                .on_request(())
                .on_response(logging::answered),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, FreshRequestId(web.ambient.clone())))
        .layer(from_fn_with_state(methods_of as cors::MethodsOf, cors::share))
        .layer(from_fn_with_state(Arc::clone(&web), headers::secure))
        .with_state(web)
}

fn methods_of(path: &str) -> Vec<&'static str> {
    ROUTES.iter().filter(|route| route.path == path).map(|route| route.method.as_str()).collect()
}

/// A page for people, JSON where only machines knock.
async fn wrong_method(uri: Uri) -> Response {
    if is_for_machines(&uri) {
        // The router says which methods are right.
        ClientError::unacceptable(StatusCode::METHOD_NOT_ALLOWED, "this method is not allowed here")
    } else {
        PageError::new(ErrorKind::MethodNotAllowed).into_response()
    }
}

/// RFC 9110 §15.5.15. Whoever has more to say says it in a body, which has a limit of its own.
async fn no_longer_address(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path_and_query().is_none_or(|address| address.as_str().len() <= LONGEST_ADDRESS) {
        next.run(request).await
    } else if is_for_machines(uri) {
        ClientError::unacceptable(StatusCode::URI_TOO_LONG, "the address is too long")
    } else {
        PageError::new(ErrorKind::AddressTooLong).into_response()
    }
}

fn is_for_machines(uri: &Uri) -> bool {
    let for_machines = |route: &&Route| matches!(route.guard, Guard::Client | Guard::Bearer);
    ROUTES.iter().filter(for_machines).any(|route| route.leads_from(uri.path()))
}

/// A page that comes in parts is not compressed: the encoder would keep a part until it has enough of them.
fn is_not_streamed(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<Streamed>().is_none()
}

/// A request that took too long waited for something of ours, most likely the database: not the browser's fault, as
/// 408 would say (a body that comes too slowly is).
async fn unavailable_if_too_slow(response: Response) -> Response {
    if response.status() == TOO_LATE {
        PageError::new(ErrorKind::Unavailable).into_response()
    } else {
        response
    }
}
