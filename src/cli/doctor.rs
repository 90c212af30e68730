//! `iok-id doctor`: checks what a server needs, and says what to mend.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;

use super::logging;
use super::output::Output;
use crate::app::Foundation;
use crate::app::foundation::open_database;
use crate::config::{SealingKeySource, Settings};
use crate::crypto::password::{HashCost, hash_now};
use crate::domain::ambient::Ambient;
use crate::oidc::keys::Keys;

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
    findings.push(hashing(&settings));
    let ambient = Ambient::system();
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
    let keys = Keys::open(foundation.database.clone(), &ambient, foundation.sealing.clone()).await;
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
