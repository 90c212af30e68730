//! What handlers are given.

use std::sync::Arc;
use std::time::Duration;

use super::cookies::CookieNames;
use super::forwarded::TrustedProxies;
use crate::accounts::context::Accounts;
use crate::crypto::links::LinkKey;
use crate::domain::ambient::Ambient;
use crate::domain::calendar::Calendar;
use crate::office::context::Office;
use crate::oidc::provider::Provider;
use crate::storage::database::Database;
use crate::views::Views;

/// Shared by every request.
pub type State = axum::extract::State<Arc<Web>>;

/// What [`Web`] is made of.
#[derive(Debug)]
pub struct Web {
    pub accounts: Accounts,
    pub office: Office,
    pub provider: Arc<Provider>,
    pub views: Views,
    pub database: Database,
    pub ambient: Ambient,
    pub calendar: Arc<Calendar>,
    pub limits: Limits,
    pub links: LinkKey,
    pub(super) proxies: TrustedProxies,
    pub(super) cookies: CookieNames,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// How long that body may take to come in.
    pub body_timeout: Duration,
    pub request_timeout: Duration,
    /// A refusal of a password or a letter takes so long, or a multiple of it. Zero: as long as it takes.
    pub refusal_beat: Duration,
    /// How long a lock lasts, as the help page tells it.
    pub lock_minutes: u32,
    /// How long a closed account is kept before it is erased, as its owner is told.
    pub closed_accounts_months: u32,
}

impl Web {
    pub fn new(
        accounts: Accounts,
        office: Office,
        provider: Arc<Provider>,
        views: Views,
        limits: Limits,
        links: LinkKey,
        proxies: TrustedProxies,
    ) -> Self {
        let secure = provider.issuer.starts_with("https://");
        Self {
            database: provider.database.clone(),
            ambient: provider.ambient.clone(),
            calendar: Arc::clone(&provider.calendar),
            cookies: CookieNames::new(secure),
            accounts,
            office,
            links,
            proxies,
            provider,
            views,
            limits,
        }
    }
}
