//! `/account/sessions`: on which devices somebody is signed in, and which are trusted.

use axum::Extension;
use axum::response::Response;

use crate::domain::ids::{DeviceId, SessionId};
use crate::domain::session::SignedIn;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::query::Query;
use crate::http::pages::{HtmlPage, page, see_other};
use crate::http::state::State;
use crate::views::{AccountSessionsPage, ErrorKind, ShownDevice, ShownTrustedDevice};

/// What the form says instead of one session's id.
const OTHERS: &str = "others";

/// What it says instead of one trusted device's id.
const ALL: &str = "all";

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query,
) -> Result<HtmlPage, PageError> {
    let devices = web.accounts.devices(&signed_in).await?;
    let trusted = web.accounts.trusted_devices(&signed_in).await?;
    let shown = AccountSessionsPage {
        csrf: browser.visit.csrf_token(),
        devices: devices
            .into_iter()
            .map(|device| ShownDevice {
                is_this: device.id == signed_in.session(),
                is_trusted: trusted.iter().any(|trust| Some(trust.id) == device.device),
                session: device.id.to_string(),
                label: device.device_label,
                started_at: web.calendar.local(device.created_at),
                last_seen_at: web.calendar.local(device.last_seen_at),
            })
            .collect(),
        trusted: trusted
            .into_iter()
            .map(|trust| ShownTrustedDevice {
                device: trust.id.to_string(),
                label: trust.label,
                since: web.calendar.local(trust.since),
                last_used_at: web.calendar.local(trust.last_used_at),
                is_this: trust.is_this,
            })
            .collect(),
        trust_was_removed: query.get("notice") == Some("distrusted"),
        was_ended: query.get("notice") == Some("ended"),
    };
    let html = web.views.account_sessions(browser.languages.resolve(None), &shown)?;
    Ok(page(html).cookies(browser.cookies(&web)))
}

/// A session that is over already is as good as one that ends now: a double click gets the same answer.
pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Extension(signed_in): Extension<SignedIn>,
    OwnForm { fields, is_ours }: OwnForm,
) -> Result<Response, PageError> {
    if !is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let bad_form = || PageError::new(ErrorKind::BadForm);
    if let Some(named) = fields.single("device") {
        let device: Option<DeviceId> =
            if named == ALL { None } else { Some(named.parse().map_err(|_| bad_form())?) };
        web.accounts.stop_trusting(&signed_in, device, &browser.origin).await?;
        return Ok(see_other("/account/sessions?notice=distrusted"));
    }
    let named = fields.single("session").ok_or_else(bad_form)?;
    let disown = fields.single("not_mine").is_some();
    if named == OTHERS {
        web.accounts.sign_out_other_devices(&signed_in, disown, &browser.origin).await?;
    } else {
        let device: SessionId = named.parse().map_err(|_| bad_form())?;
        web.accounts.sign_out_device(&signed_in, device, disown, &browser.origin).await?;
    }
    Ok(see_other("/account/sessions?notice=ended"))
}
