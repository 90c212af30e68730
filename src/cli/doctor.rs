//! `iok-id doctor`: checks what a server needs, and says what to mend.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use chrono::TimeDelta;
use serde::Serialize;

use super::logging;
use super::output::Output;
use crate::app::foundation::open_database;
use crate::app::{self, Foundation, ReadPair, SOON};
use crate::config::{SealingKeySource, Settings};
use crate::crypto::password::{HashCost, hash_now};
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;
use crate::oidc::keys::Keys;
use crate::storage::mail::{self, MailCounts};

/// One check and what came of it.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    /// `ok`, `warning` or `broken`.
    verdict: &'static str,
    said: String,
}

impl Finding {
    fn ok(check: &'static str, said: impl Into<String>) -> Self {
        Self { check, verdict: "ok", said: said.into() }
    }

    fn warning(check: &'static str, said: impl Into<String>) -> Self {
        Self { check, verdict: "warning", said: said.into() }
    }

    fn broken(check: &'static str, error: &anyhow::Error) -> Self {
        Self { check, verdict: "broken", said: format!("{error:#}") }
    }
}

pub(super) async fn run(config: Option<&Path>, output: Output) -> anyhow::Result<ExitCode> {
    logging::quiet();
    let findings = examine(config).await;
    let broken = findings.iter().any(|finding| finding.verdict == "broken");
    let text = findings
        .iter()
        .map(|finding| format!("{:8} {:10} {}", finding.verdict, finding.check, finding.said))
        .collect::<Vec<_>>()
        .join("\n");
    output.result(&findings, text)?;
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn examine(config: Option<&Path>) -> Vec<Finding> {
    let settings = match Settings::load(config) {
        Ok(settings) => settings,
        Err(error) => return vec![Finding::broken("config", &error.into())],
    };
    let mut findings = vec![Finding::ok("config", "every key is known and suitable"), issuer(&settings)];
    let ambient = Ambient::system();
    findings.push(way_in(&settings, ambient.now()));
    findings.push(hashing(&settings));
    findings.push(mail_server(&settings).await);
    findings.push(outbound(&settings));
    match open_database(&settings).await {
        Err(error) => {
            findings.push(Finding::broken("database", &error));
            return findings;
        }
        Ok(database) => {
            findings.push(Finding::ok("database", format!("{} answers", database.kind())));
            findings.push(match database.clock_offset(ambient.now()).await {
                Ok(offset) if offset.num_seconds().abs() <= 5 => {
                    Finding::ok("clock", "agrees with the database")
                }
                Ok(offset) => Finding::warning(
                    "clock",
                    format!("is {} seconds away from the database's; set both by NTP", offset.num_seconds()),
                ),
                Err(error) => Finding::broken("clock", &error.into()),
            });
        }
    }
    // What is left is what a start would do.
    let foundation = match Foundation::open(settings, ambient.clone()).await {
        Ok(foundation) => foundation,
        Err(error) => {
            findings.push(Finding::broken("sealing", &error));
            return findings;
        }
    };
    findings.push(sealing(&foundation.settings));
    findings.push(match mail::counts(foundation.database.read()).await {
        Ok(counts) => mail_queue(&counts, ambient.now()),
        Err(error) => Finding::broken("queue", &error.into()),
    });
    let keys = Keys::open(
        foundation.database.clone(),
        &ambient,
        foundation.sealing.clone(),
        foundation.rotation_times(),
    )
    .await;
    findings.push(match keys {
        Ok(keys) => {
            let published = keys.published(ambient.now());
            let count = published["keys"].as_array().map_or(0, Vec::len);
            Finding::ok("keys", format!("{count} signing keys are published"))
        }
        Err(error) => Finding::broken("keys", &error.into()),
    });
    foundation.close().await;
    findings
}

fn issuer(settings: &Settings) -> Finding {
    let issuer = settings.server.issuer();
    if issuer.is_https() {
        Finding::ok("issuer", issuer.as_str())
    } else {
        Finding::warning("issuer", format!("{} is not https: for this machine only", issuer.as_str()))
    }
}

/// How people's requests come in: by https of our own, or through a proxy.
fn way_in(settings: &Settings, now: Moment) -> Finding {
    const CHECK: &str = "https";
    let server = &settings.server;
    let Some(files) = server.tls() else {
        return if !server.issuer().is_https() {
            Finding::ok(CHECK, "plain HTTP, as the issuer says")
        } else if server.trusted_proxies().is_empty() {
            Finding::warning(
                CHECK,
                "a proxy must end TLS, and server.trusted_proxies names none: everybody will have its address in the \
                 audit and in limits",
            )
        } else {
            Finding::ok(CHECK, format!("ended by a proxy, one of {:?}", server.trusted_proxies()))
        };
    };
    let pair = match ReadPair::read(&files, now) {
        Ok(pair) => pair,
        Err(error) => return Finding::broken(CHECK, &error),
    };
    let (host, ends) =
        (server.issuer().url().host_str().unwrap_or_default(), pair.ends.format("%Y-%m-%d %H:%M UTC"));
    if !pair.is_for(host) {
        let names = anyhow::anyhow!(
            "the certificate in {} is not for {host}, the issuer's host; get one that names it",
            files.certificate.display()
        );
        return Finding::broken(CHECK, &names);
    }
    if pair.ends - now < SOON {
        return Finding::warning(CHECK, format!("the certificate for {host} ends at {ends}; renew it"));
    }
    Finding::ok(CHECK, format!("the certificate for {host} is good until {ends}"))
}

fn hashing(settings: &Settings) -> Finding {
    let hashing = &settings.password_hashing;
    let cost = HashCost {
        memory: hashing.memory_kib(),
        iterations: hashing.iterations(),
        parallelism: hashing.parallelism(),
    };
    let began = Instant::now();
    match hash_now(cost, "how long does this take", Ambient::system().entropy()) {
        Ok(_) => Finding::ok("hashing", format!("{} ms a password here", began.elapsed().as_millis())),
        Err(error) => Finding::broken("hashing", &error.into()),
    }
}

/// What a start would read, and where it would let requests go.
fn outbound(settings: &Settings) -> Finding {
    const CHECK: &str = "outbound";
    let networks: Vec<String> =
        settings.outbound.allowed_networks().iter().map(ToString::to_string).collect();
    match app::outbound(settings) {
        Err(error) => Finding::broken(CHECK, &error),
        Ok(_) if networks.is_empty() => Finding::ok(CHECK, "our requests reach public addresses alone"),
        Ok(_) => {
            Finding::ok(CHECK, format!("our requests reach public addresses, and {}", networks.join(", ")))
        }
    }
}

/// Connects, protects the connection and signs in as configured. Sends no mail.
async fn mail_server(settings: &Settings) -> Finding {
    const CHECK: &str = "mail";
    let Some(address) = settings.mail.server() else {
        return Finding::warning(
            CHECK,
            "there is no mail server, so no mail is sent; set mail.server and mail.from",
        );
    };
    let server = match app::mail_server(settings) {
        Ok(Some(server)) => server,
        Ok(None) => return Finding::warning(CHECK, "there is no mail server, so no mail is sent"),
        Err(error) => return Finding::broken(CHECK, &error),
    };
    let finding = match server.reach().await {
        Ok(()) => Finding::ok(CHECK, format!("{address} takes mail from us")),
        Err(error) => Finding::broken(
            CHECK,
            &anyhow::anyhow!(
                "{address}: {error}; check mail.server, mail.security, mail.ca_file, mail.username and the password"
            ),
        ),
    };
    server.close().await;
    finding
}

/// Mail that waits for long says that something is wrong, even where the server answers now.
fn mail_queue(counts: &MailCounts, now: Moment) -> Finding {
    const CHECK: &str = "queue";
    let said = format!("{} mails wait, {} were given up", counts.waiting, counts.given_up);
    let waits_long = counts.waiting_since.is_some_and(|since| now - since > TimeDelta::hours(1));
    if counts.given_up > 0 {
        Finding::warning(CHECK, format!("{said}; the office's console says why, and sends them again"))
    } else if waits_long {
        Finding::warning(CHECK, format!("{said}, the oldest for more than an hour"))
    } else {
        Finding::ok(CHECK, said)
    }
}

/// Nobody but the owner may do anything.
const fn is_private(mode: u32) -> bool {
    mode.trailing_zeros() >= 6
}

fn sealing(settings: &Settings) -> Finding {
    use std::os::unix::fs::PermissionsExt as _;
    if let SealingKeySource::Given(_) = settings.sealing.source() {
        return Finding::ok("sealing", "the key comes from the configuration");
    }
    let file = settings.sealing.key_file();
    match std::fs::metadata(&file) {
        Ok(metadata) if is_private(metadata.permissions().mode()) => {
            Finding::ok("sealing", format!("{}: keep a copy of it apart from the database's", file.display()))
        }
        Ok(_) => Finding::warning("sealing", format!("others may read {}; chmod 600 it", file.display())),
        Err(error) => Finding::broken("sealing", &error.into()),
    }
}
