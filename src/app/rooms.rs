//! Settings become rooms.

use std::sync::Arc;

use anyhow::Context as _;

use super::foundation::Foundation;
use crate::accounts::context::{Accounts, AccountsParts, SessionLifetimes};
use crate::accounts::lockout::{Lockout, Patience};
use crate::crypto::links::LinkKey;
use crate::crypto::password::{PasswordHasher, PoolSize};
use crate::http::state::{Limits, Web};
use crate::office::context::{Office, OfficeParts, OfficeRules};
use crate::oidc::keys::Keys;
use crate::oidc::provider::{Lifetimes, Provider};
use crate::views::{Brand, Views};

pub(super) async fn web(foundation: &Foundation) -> anyhow::Result<Arc<Web>> {
    let settings = &foundation.settings;
    let provider = provider(foundation).await?;
    let limits = Limits {
        body: settings.server.body_limit(),
        request_timeout: settings.server.request_timeout(),
        lock_minutes: u32::try_from(settings.lockout.rules().lock.num_minutes()).unwrap_or(u32::MAX),
    };
    let hasher = hasher(foundation)?;
    Ok(Arc::new(Web::new(
        accounts(foundation, hasher.clone()),
        office(foundation, hasher),
        provider,
        Views::new(brand(foundation)),
        limits,
        LinkKey::derived_from(&foundation.sealing),
    )))
}

async fn provider(foundation: &Foundation) -> anyhow::Result<Provider> {
    let Foundation { settings, ambient, database, sealing, journal, calendar } = foundation;
    let keys = Keys::open(database.clone(), ambient, Arc::clone(sealing)).await?;
    let tokens = &settings.tokens;
    Ok(Provider {
        issuer: settings.server.issuer().as_str().to_owned(),
        database: database.clone(),
        ambient: ambient.clone(),
        journal: journal.clone(),
        calendar: Arc::clone(calendar),
        keys,
        lifetimes: Lifetimes {
            authorization: tokens.authorization(),
            code: tokens.code(),
            access_token: tokens.access_token(),
            id_token: tokens.id_token(),
            refresh_token: tokens.refresh_token(),
        },
    })
}

/// One pool for all rooms.
fn hasher(foundation: &Foundation) -> anyhow::Result<PasswordHasher> {
    let hashing = &foundation.settings.password_hashing;
    let size = PoolSize { threads: hashing.threads(), queue: hashing.queue() };
    PasswordHasher::start(foundation.hash_cost(), size, foundation.ambient.entropy())
        .context("the threads for password hashes cannot be started")
}

fn office(foundation: &Foundation, hasher: PasswordHasher) -> Office {
    let Foundation { settings, ambient, database, journal, calendar, .. } = foundation;
    Office::new(OfficeParts {
        database: database.clone(),
        ambient: ambient.clone(),
        hasher,
        journal: journal.clone(),
        policy: settings.password_policy.policy(),
        rules: OfficeRules {
            two_persons: settings.office.two_persons(),
            collect_within: settings.office.collect_within(),
            remind_before: settings.office.remind_before(),
            login_prefix: settings.office.login_prefix().to_owned(),
        },
        calendar: Arc::clone(calendar),
        company_words: settings.brand.names().map(str::to_owned).to_vec(),
    })
}

fn accounts(foundation: &Foundation, hasher: PasswordHasher) -> Accounts {
    let Foundation { settings, ambient, database, journal, calendar, .. } = foundation;
    let lockout = &settings.lockout;
    Accounts::new(AccountsParts {
        database: database.clone(),
        ambient: ambient.clone(),
        hasher,
        journal: journal.clone(),
        lockout: Lockout::new(
            lockout.rules(),
            Patience { waiting: lockout.waiting(), at_most: lockout.wait() },
            journal.clone(),
            foundation.sealing.derive("unknown login buckets"),
        ),
        policy: settings.password_policy.policy(),
        sessions: SessionLifetimes { idle: settings.session.idle(), absolute: settings.session.absolute() },
        calendar: Arc::clone(calendar),
        company_words: settings.brand.names().map(str::to_owned).to_vec(),
        sealing: Arc::clone(&foundation.sealing),
        product_name: settings.brand.product_name().to_owned(),
    })
}

fn brand(foundation: &Foundation) -> Brand {
    let brand = &foundation.settings.brand;
    Brand {
        company_name: brand.company_name().to_owned(),
        product_name: brand.product_name().to_owned(),
        product_full_name: brand.product_full_name().to_owned(),
        phone: brand.phone().map(str::to_owned),
    }
}
