//! What becomes of letters, applications and accounts by the passing of time alone. Each step may run at any time, any
//! number of times, on every replica: it looks once more under the lock of what it changes, so that whoever comes second
//! changes nothing.

use super::foundation::Foundation;
use crate::accounts::aging;
use crate::http::state::Web;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgedAccounts {
    /// Accounts that were closed because their last title ended, or because nobody ever collected their letter.
    pub closed: usize,
    /// Accounts of which only a stub was left.
    pub erased: usize,
}

/// One run of every step.
///
/// # Errors
/// If the database does not answer. What was done until then is done.
pub(super) async fn age(foundation: &Foundation, web: &Web) -> anyhow::Result<()> {
    age_accounts(foundation, web).await?;
    let aged = web.office.age_letters().await?;
    tracing::debug!(?aged, "looked at letters that wait");
    Ok(())
}

/// Applications and accounts.
///
/// # Errors
/// If the database does not answer. What was done until then is done.
pub(super) async fn age_accounts(foundation: &Foundation, web: &Web) -> anyhow::Result<AgedAccounts> {
    let Foundation { settings, ambient, database, journal, .. } = foundation;
    let retention = &settings.retention;
    let confirm_within = settings.applications.confirm_within();
    aging::expire_applications(database, ambient, journal, confirm_within).await?;
    web.accounts.age_uncorrected().await?;
    aging::erase_applications(database, ambient, retention.applications()).await?;
    let without_title = web.accounts.close_without_title(retention.without_title()).await?;
    let lapsed = web.accounts.close_lapsed(retention.lapsed_accounts()).await?;
    let aged = AgedAccounts {
        closed: without_title + lapsed,
        erased: web.accounts.erase_closed(retention.closed_accounts()).await?,
    };
    if aged != AgedAccounts::default() {
        tracing::info!(closed = aged.closed, erased = aged.erased, "accounts aged");
    }
    Ok(aged)
}
