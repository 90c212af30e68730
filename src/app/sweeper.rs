//! Every table that grows has a retention; this is where it ends.

use chrono::TimeDelta;

use super::foundation::Foundation;
use super::trail::trail;
use crate::domain::token::ANSWER_KEPT_FOR;
use crate::oidc::registration::remove_abandoned;
use crate::storage::{
    authorizations, budgets, client_assertions, contact_changes, floods, grants, initial_access_tokens, keys,
    logout_notices, mail, outbox, passkeys, password_history, sessions, source_buckets, trusted_devices,
};

/// What ended is kept a little longer, for whoever comes back with it.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Forgets what nobody needs any more. One short transaction a table, so that nobody waits for a sweep.
pub(super) async fn sweep(foundation: &Foundation) -> anyhow::Result<u64> {
    let Foundation { settings, ambient, database, journal, .. } = foundation;
    let now = ambient.now();
    let lockout = &settings.lockout;
    let mut swept = 0;

    // Anybody can make these rows, so they go as soon as they are of no use.
    let transaction = database.begin().await?;
    swept += authorizations::sweep(&transaction, now).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += grants::sweep(&transaction, now - GRACE).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    // By the clock of whoever accepts it, which may be another's than ours.
    swept += client_assertions::sweep(&transaction, now - TimeDelta::hours(1)).await?;
    swept += passkeys::sweep(&transaction, now - TimeDelta::hours(1)).await?;
    swept += grants::sweep_answers(&transaction, now - ANSWER_KEPT_FOR).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += sessions::sweep(&transaction, now - GRACE).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    // A lease ends after its failure: only places that count for nothing are gone.
    let (useless, forgotten) = (now - lockout.failures_count_for(), now - lockout.rules().forget_locks);
    swept += budgets::sweep(&transaction, useless, forgotten).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    // Long enough for a refusal's record not to be written again.
    swept += source_buckets::sweep(&transaction, now - TimeDelta::hours(1)).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += password_history::sweep(&transaction, settings.password_policy.remembered()).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += trusted_devices::sweep(&transaction, now).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += outbox::sweep(&transaction, now - settings.retention.events()).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    let retention = &settings.retention;
    swept += mail::sweep(&transaction, now - retention.events(), now - retention.given_up_mail()).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    let (delivered_before, given_up_before) = (now - retention.events(), now - retention.given_up_mail());
    swept += logout_notices::sweep(&transaction, delivered_before, given_up_before).await?;
    transaction.commit().await?;

    // Only what a checkpoint that is outside already covers: see `trail::forget`.
    swept += trail(foundation).forget(now - settings.retention.audit()).await?;

    let transaction = database.begin().await?;
    // The longest window is a day.
    swept += floods::sweep(&transaction, now - TimeDelta::days(1) - GRACE).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += contact_changes::sweep(&transaction, now - settings.retention.audit()).await?;
    transaction.commit().await?;

    let registration = &settings.registration;
    let (unused, idle) = (now - registration.remove_never_used(), now - registration.remove_idle());
    swept += remove_abandoned(database, journal, unused, idle).await?;
    let transaction = database.begin().await?;
    swept += initial_access_tokens::sweep(&transaction, now - GRACE).await?;
    transaction.commit().await?;

    let transaction = database.begin().await?;
    swept += keys::sweep_signing_keys(&transaction, now - GRACE).await?;
    transaction.commit().await?;
    Ok(swept)
}
