//! Settings become rooms.

use std::sync::Arc;

use anyhow::Context as _;
use lettre::message::Mailbox;

use super::foundation::Foundation;
use super::trail::trail;
use crate::accounts::context::{
    Accounts, AccountsParts, ApplicationRules, Applications, RecoveryRules, SessionLifetimes,
};
use crate::accounts::guessing::{Guessing, Operator};
use crate::accounts::lockout::{Lockout, Patience};
use crate::accounts::sources::{SourceRules, Sources};
use crate::config::{MailSecurity, Settings};
use crate::crypto::links::LinkKey;
use crate::crypto::passkeys::Passkeys;
use crate::crypto::password::{PasswordHasher, PoolSize};
use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::client::StrangerRules;
use crate::http::forwarded::TrustedProxies;
use crate::http::state::{Limits, Web};
use crate::integrations::mail::{Composer, Credentials, Delivery, MailServer, Schedule, Security};
use crate::office::context::{Office, OfficeParts, OfficeRules};
use crate::oidc::keys::Keys;
use crate::oidc::provider::{Lifetimes, Provider, Publications};
use crate::oidc::registration::RegistrationRules;
use crate::oidc::remote_keys::RemoteKeys;
use crate::outbound::{Outbound, OutboundRules};
use crate::views::{Brand, Views};

pub(super) async fn web(foundation: &Foundation) -> anyhow::Result<Arc<Web>> {
    let settings = &foundation.settings;
    let provider = provider(foundation).await?;
    let limits = Limits {
        body: settings.server.body_limit(),
        body_timeout: settings.server.body_timeout(),
        request_timeout: settings.server.request_timeout(),
        refusal_beat: settings.lockout.refusal_beat(),
        lock_minutes: u32::try_from(settings.lockout.rules().lock.num_minutes()).unwrap_or(u32::MAX),
        closed_accounts_months: settings.retention.closed_accounts().as_u32(),
    };
    let proxies = TrustedProxies {
        networks: settings.server.trusted_proxies().to_vec(),
        header: settings.server.forwarded_header(),
    };
    let hasher = hasher(foundation)?;
    Ok(Arc::new(Web::new(
        accounts(foundation, hasher.clone()),
        office(foundation, hasher),
        Arc::new(provider),
        Views::new(brand(foundation)),
        limits,
        LinkKey::derived_from(&foundation.sealing),
        proxies,
    )))
}

async fn provider(foundation: &Foundation) -> anyhow::Result<Provider> {
    let Foundation { settings, ambient, database, sealing, journal, calendar } = foundation;
    let keys =
        Keys::open(database.clone(), ambient, Arc::clone(sealing), foundation.rotation_times()).await?;
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
            refresh_family: tokens.refresh_family(),
        },
        outbound: outbound(settings)?,
        remote_keys: RemoteKeys::default(),
        registration: registration(foundation),
        publications: Publications {
            service_documentation: settings.brand.service_documentation().map(str::to_owned),
            client_policy: settings.brand.client_policy().map(str::to_owned),
        },
    })
}

fn registration(foundation: &Foundation) -> RegistrationRules {
    let settings = &foundation.settings;
    let registration = &settings.registration;
    RegistrationRules {
        mode: registration.mode(),
        strangers: StrangerRules {
            scopes: registration.scopes().clone(),
            require_pkce: registration.require_pkce(),
            trying_out: settings.server.issuer().url().scheme() == "http",
        },
        per_source_per_hour: registration.per_source_per_hour(),
        never_used: registration.never_used_clients(),
        sources: PseudonymKey::derived_from(&foundation.sealing, "client registrations"),
    }
}

/// The way to what others chose.
///
/// # Errors
/// If a file that the configuration names cannot be read.
pub fn outbound(settings: &Settings) -> anyhow::Result<Outbound> {
    let outbound = &settings.outbound;
    let authority = match outbound.ca_file() {
        Some(file) => Some(
            std::fs::read(&file)
                .with_context(|| format!("outbound.ca_file: {} cannot be read", file.display()))?,
        ),
        None => None,
    };
    let rules = OutboundRules {
        allowed_networks: outbound.allowed_networks().to_vec(),
        authority,
        timeout: outbound.timeout(),
    };
    Outbound::new(&rules).context("outbound")
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
            agree_within: settings.office.agree_within(),
            print_within: settings.office.print_within(),
            login_prefix: settings.office.login_prefix().to_owned(),
        },
        calendar: Arc::clone(calendar),
        trail: trail(foundation),
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
            Guessing::new(
                lockout.guessing(),
                operator(lockout.alarm_email()),
                journal.clone(),
                PseudonymKey::derived_from(&foundation.sealing, "flood subjects"),
            ),
            journal.clone(),
            foundation.sealing.derive("unknown login buckets"),
        ),
        sources: Sources::new(
            SourceRules {
                failures: settings.sources.failures(),
                successes: settings.sources.successes(),
                neighbourhood: settings.sources.neighbourhood(),
            },
            PseudonymKey::derived_from(&foundation.sealing, "sign-in sources"),
        ),
        policy: settings.password_policy.policy(),
        sessions: SessionLifetimes { idle: settings.session.idle(), absolute: settings.session.absolute() },
        recovery: RecoveryRules {
            letters_from_before: settings.recovery.letters_from_before(),
            block_link: settings.recovery.block_link(),
            per_source_per_hour: settings.recovery.per_source_per_hour(),
            removes_second_factor: settings.recovery.removes_second_factor(),
        },
        trust_devices_for: settings.devices.trusted_for(),
        calendar: Arc::clone(calendar),
        applications: applications(foundation),
        floods: PseudonymKey::derived_from(&foundation.sealing, "flood subjects"),
        company_words: settings.brand.names().map(str::to_owned).to_vec(),
        remembered_passwords: settings.password_policy.remembered(),
        sealing: Arc::clone(&foundation.sealing),
        product_name: settings.brand.product_name().to_owned(),
        passkeys: Passkeys::of_issuer(settings.server.issuer().as_str(), settings.brand.product_name()),
    })
}

/// Who is written to when somebody guesses all over the place.
fn operator(mailbox: Option<&Mailbox>) -> Option<Operator> {
    let mailbox = mailbox?;
    let address = mailbox.email.to_string();
    Some(Operator { name: mailbox.name.clone().unwrap_or_else(|| address.clone()), address })
}

fn applications(foundation: &Foundation) -> Applications {
    let settings = &foundation.settings.applications;
    Applications {
        rules: ApplicationRules {
            link: settings.link(),
            confirm_within: settings.confirm_within(),
            correct_within: settings.correct_within(),
            remind_before: settings.remind_before(),
            follow: settings.follow(),
            per_source_per_hour: settings.per_source_per_hour(),
            per_address_per_day: settings.per_address_per_day(),
        },
        forms: PseudonymKey::derived_from(&foundation.sealing, "application forms"),
    }
}

/// `None`: there is no mail server, and mail waits.
///
/// # Errors
/// If a file that the configuration names cannot be read.
pub(super) fn mail_delivery(foundation: &Foundation) -> anyhow::Result<Option<Delivery>> {
    let Foundation { settings, ambient, database, sealing, journal, calendar } = foundation;
    let (Some(server), Some(from)) = (mail_server(settings)?, settings.mail.from()) else {
        return Ok(None);
    };
    let composer = Composer {
        views: Arc::new(Views::new(brand(foundation))),
        links: LinkKey::derived_from(sealing),
        confirms_for: settings.applications.link(),
        issuer: settings.server.issuer().as_str().to_owned(),
        from: from.clone(),
        reply_to: settings.mail.reply_to().cloned(),
        zone: calendar.time_zone,
    };
    let schedule = Schedule { attempts: settings.mail.attempts(), pauses: settings.mail.pauses().to_vec() };
    Ok(Some(Delivery::new(
        database.clone(),
        ambient.clone(),
        journal.clone(),
        Arc::clone(sealing),
        composer,
        server,
        schedule,
    )))
}

/// The mail server, not asked anything yet; `None` if there is none.
///
/// # Errors
/// If a file that the configuration names cannot be read.
pub fn mail_server(settings: &Settings) -> anyhow::Result<Option<MailServer>> {
    let mail = &settings.mail;
    let Some(address) = mail.server() else {
        return Ok(None);
    };
    let security = match mail.security() {
        MailSecurity::StartTls => Security::StartTls,
        MailSecurity::Tls => Security::Tls,
        MailSecurity::None => Security::None,
    };
    let credentials = match mail.username() {
        Some(username) => Some(Credentials { username: username.to_owned(), password: mail_password(mail)? }),
        None => None,
    };
    let authority = match mail.ca_file() {
        Some(file) => Some(
            std::fs::read(&file)
                .with_context(|| format!("mail.ca_file: {} cannot be read", file.display()))?,
        ),
        None => None,
    };
    // What a mail server would look up, were it to check: the host that people reach us at.
    let hello = settings.server.issuer().url().host_str().unwrap_or("localhost").to_owned();
    let address = (address.host.as_str(), address.port);
    MailServer::new(address, security, credentials, authority.as_deref(), &hello, mail.timeout())
        .map(Some)
        .context("mail.ca_file: these certificates cannot be used")
}

fn mail_password(mail: &crate::config::Mail) -> anyhow::Result<String> {
    match (mail.password(), mail.password_file()) {
        (Some(password), _) => Ok(password.expose().to_owned()),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("mail.password_file: {} cannot be read", file.display()))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => Ok(String::new()),
    }
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
