//! `/account/closure`: asking the office to close the account, and taking that back.

use std::sync::Arc;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use zeroize::Zeroizing;

use crate::accounts::closure::{ClosureAnswer, ClosureFaults, ClosureRequest, LONGEST_REASON};
use crate::accounts::verdict::VerdictError;
use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::{State, Web};
use crate::http::to_the_end::to_the_end;
use crate::oidc::parameters::Parameters;
use crate::views::{AccountClosurePage, AccountClosureProblem, ErrorKind};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
) -> Result<HtmlPage, PageError> {
    render(&web, &browser, &signed_in, String::new(), None).await
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    let problem = if is_ours {
        match ask(&web, &browser, &signed_in, &fields).await {
            Ok(ClosureAnswer::Asked) => return Ok(see_other("/account/closure")),
            Ok(ClosureAnswer::Faulty(faults)) => faults.into(),
            Ok(ClosureAnswer::UsedUp) => AccountClosureProblem::UsedUp,
            Err(VerdictError::Overloaded) => AccountClosureProblem::Overloaded,
            Err(error) => return Err(error.into()),
        }
    } else {
        AccountClosureProblem::FormExpired
    };
    let reason = fields.single("reason").unwrap_or_default().to_owned();
    Ok(render(&web, &browser, &signed_in, reason, Some(problem)).await?.into_response())
}

pub(in crate::http) async fn take_back(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    form: OwnForm,
) -> Result<Response, PageError> {
    if !form.is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    web.accounts.take_back_closure(signed_in.account(), &browser.origin).await?;
    Ok(see_other("/account/closure"))
}

async fn ask(
    web: &State,
    browser: &Browser,
    signed_in: &SignedIn,
    fields: &Parameters,
) -> Result<ClosureAnswer, VerdictError> {
    let web = Arc::clone(web);
    let password = Zeroizing::new(fields.single("present_password").unwrap_or_default().to_owned());
    let reason = fields.single("reason").unwrap_or_default().to_owned();
    let (signed_in, origin) = (signed_in.clone(), browser.origin.clone());
    to_the_end(async move {
        let request =
            ClosureRequest { signed_in: &signed_in, password: &password, reason: &reason, origin: &origin };
        web.accounts.request_closure(request).await
    })
    .await
}

impl From<ClosureFaults> for AccountClosureProblem {
    fn from(faults: ClosureFaults) -> Self {
        let ClosureFaults { password_is_missing, password_is_wrong, reason_is_too_long } = faults;
        Self::Faults { password_is_missing, password_is_wrong, reason_is_too_long }
    }
}

async fn render(
    web: &Web,
    browser: &Browser,
    signed_in: &SignedIn,
    reason: String,
    problem: Option<AccountClosureProblem>,
) -> Result<HtmlPage, PageError> {
    let status = match problem {
        None => StatusCode::OK,
        Some(AccountClosureProblem::Faults { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(AccountClosureProblem::FormExpired) => StatusCode::FORBIDDEN,
        Some(AccountClosureProblem::UsedUp) => StatusCode::TOO_MANY_REQUESTS,
        Some(AccountClosureProblem::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let account = signed_in.account();
    let login = web.accounts.account(account).await?.map(|account| account.login.to_string());
    let requested_at = web.accounts.closure_requested_at(account).await?;
    let shown = AccountClosurePage {
        csrf: browser.visit.csrf_token(),
        login: login.unwrap_or_default(),
        kept_months: web.limits.closed_accounts_months,
        requested_at: requested_at.map(|at| web.calendar.local(at)),
        reason,
        longest_reason: LONGEST_REASON,
        problem,
    };
    let html = web.views.account_closure(browser.languages.resolve(None), &shown)?;
    Ok(page(html).status(status).cookies(browser.cookies(web)))
}
