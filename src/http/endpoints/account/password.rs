//! `/account/password`: another password, by the one that opens the account now.

use std::sync::Arc;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zeroize::Zeroizing;

use crate::accounts::replace_password::{
    PasswordReplacement, PresentPasswordFault, ReplacementAnswer, ReplacementFaults,
};
use crate::accounts::verdict::VerdictError;
use crate::domain::ids::AccountId;
use crate::domain::secret::BearerSecret;
use crate::domain::session::SignedIn;
use crate::http::continuation::Continue;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, add_cookies, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::views::{AccountPasswordPage, AccountPasswordProblem};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let was_changed = query.get("notice") == Some("changed");
    render(&web, &browser, signed_in.account(), was_changed, None).await
}

/// Not behind the guard of the page: the second of a double click comes with a secret that the first one renewed, and must
/// not send the owner, who did everything right, to sign in.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    form: OwnForm,
) -> Result<Response, PageError> {
    let OwnForm { fields, is_ours } = form;
    let Some(secret) = &browser.session_secret else {
        return Ok(see_other("/sign-in"));
    };
    let problem = if is_ours {
        match attempt(&web, &browser, secret, &fields).await {
            Ok(ReplacementAnswer::Replaced(started)) => {
                let mut response = see_other("/account/password?notice=changed");
                add_cookies(&mut response, web.cookies.started(&started));
                return Ok(response);
            }
            Ok(ReplacementAnswer::NotYet(owed)) => return Ok(see_other(&Continue::Home.settling(owed))),
            Ok(ReplacementAnswer::SignInFirst) => return Ok(see_other("/sign-in")),
            Ok(ReplacementAnswer::AlreadyReplaced) => {
                return Ok(see_other("/sign-in?notice=password-changed"));
            }
            Ok(ReplacementAnswer::Faulty(faults)) => faults.into(),
            Ok(ReplacementAnswer::UsedUp) => AccountPasswordProblem::UsedUp,
            Err(VerdictError::Overloaded) => AccountPasswordProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        AccountPasswordProblem::FormExpired
    };
    match browser.session(&web).await?.map(SignedIn::try_from) {
        Some(Ok(signed_in)) => {
            Ok(render(&web, &browser, signed_in.account(), false, Some(problem)).await?.into_response())
        }
        Some(Err(owing)) => Ok(see_other(&Continue::Home.settling(owing.first))),
        None => Ok(see_other("/sign-in")),
    }
}

async fn attempt(
    web: &State,
    browser: &Browser,
    secret: &BearerSecret,
    fields: &Parameters,
) -> Result<ReplacementAnswer, VerdictError> {
    let web = Arc::clone(web);
    let typed = |name| Zeroizing::new(fields.single(name).unwrap_or_default().to_owned());
    let present = typed("present_password");
    let (new_password, repeated) = (typed("new_password"), typed("new_password_repeat"));
    let (secret, device) = (secret.clone(), browser.device.clone());
    let origin = browser.origin.clone();
    to_the_end(async move {
        let replacement = PasswordReplacement {
            secret: &secret,
            present: &present,
            new_password: &new_password,
            repeated: &repeated,
            device: device.as_ref(),
            origin: &origin,
        };
        web.accounts.replace_password(replacement).await
    })
    .await
}

impl From<ReplacementFaults> for AccountPasswordProblem {
    fn from(faults: ReplacementFaults) -> Self {
        Self::Faults {
            present_is_missing: faults.present == Some(PresentPasswordFault::Missing),
            present_is_wrong: faults.present == Some(PresentPasswordFault::Wrong),
            broken: faults.rules,
            strength: faults.strength,
            is_same: faults.is_same,
            repeat_differs: faults.repeat_differs,
        }
    }
}

async fn render(
    web: &Web,
    browser: &Browser,
    account: AccountId,
    was_changed: bool,
    problem: Option<AccountPasswordProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match &problem {
        None => StatusCode::OK,
        Some(AccountPasswordProblem::Faults { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(AccountPasswordProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(AccountPasswordProblem::UsedUp) => StatusCode::TOO_MANY_REQUESTS,
        Some(AccountPasswordProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let login = web.accounts.account(account).await?.map(|account| account.login.to_string());
    let shown = AccountPasswordPage {
        csrf: browser.visit.csrf_token(),
        login: login.unwrap_or_default(),
        policy: web.accounts.policy().summary(),
        was_changed,
        problem,
    };
    let html = web.views.account_password(browser.languages.resolve(None), &shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}
