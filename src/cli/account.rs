//! `iok-id account`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::output::Output;
use super::progress;
use crate::accounts::support::{self, AccountSheet, Unlocked};
use crate::app::Foundation;
use crate::domain::attempt_budget::FOR_EVER;
use crate::integrations::import;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import accounts from a CSV file: all of them, or none if anything is wrong.
    Import { file: PathBuf },
    /// Show an account and its recent history.
    Show { login: String },
    /// Lift the lock after too many wrong passwords.
    Unlock { login: String },
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let Foundation { database, ambient, journal, calendar, .. } = &foundation;
    match command {
        Command::Import { file } => {
            let reader = File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let bar = progress::bar(output, "accounts");
            let imported = import::import(database, ambient, journal, reader, |done, of| {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            })
            .await;
            bar.finish_and_clear();
            let imported = imported.with_context(|| format!("{}: nothing was imported", file.display()))?;
            output.result(
                &serde_json::json!({"imported": imported}),
                format!("{imported} accounts imported"),
            )?;
        }
        Command::Show { login } => {
            let Some(sheet) = support::sheet(database, ambient, calendar, &login).await? else {
                bail!("there is no account {login}");
            };
            output.result(&json(&sheet), text(&sheet))?;
        }
        Command::Unlock { login } => {
            let (unlocked, said) = match support::unlock(database, ambient, journal, &login).await? {
                Unlocked::UnknownLogin => bail!("there is no account {login}"),
                Unlocked::Lifted => (true, "the lock is lifted"),
                Unlocked::WasOpen => {
                    (false, "it was not locked; failures that had been counted are forgotten")
                }
            };
            output.result(
                &serde_json::json!({"login": login, "was_locked": unlocked}),
                format!("{login}: {said}"),
            )?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn json(sheet: &AccountSheet) -> serde_json::Value {
    let account = &sheet.account;
    serde_json::json!({
        "login": account.login.to_string(),
        "sub": account.subject,
        "state": account.state.as_str(),
        "name": account.profile.display_name(),
        "email": account.profile.email,
        "email_verified": account.profile.email_verified,
        "phone_number": account.profile.phone_number,
        "office": sheet.office,
        "contractor_numbers": sheet.contractor_numbers,
        "premises": sheet.titles.iter().map(|title| serde_json::json!({
            "code": title.premises_code,
            "kind": title.kind.as_str(),
            "role": title.role.as_str(),
            "contractor_number": title.contractor_number,
            "valid_until": title.valid_until,
        })).collect::<Vec<_>>(),
        "letter_serials": sheet.letter_serials,
        "app_codes_left": sheet.app_codes_left,
        "passkeys": sheet.passkeys,
        "locked_until": sheet.locked_until,
        "history": sheet.history.iter().map(|record| serde_json::json!({
            "at": record.at,
            "action": record.action,
            "actor": record.actor_kind,
            "outcome": record.outcome,
            "client": record.client_id,
        })).collect::<Vec<_>>(),
    })
}

fn factors(sheet: &AccountSheet) -> String {
    let app = sheet.app_codes_left.map(|left| format!("app ({left} recovery codes left)"));
    let passkeys = (sheet.passkeys > 0).then(|| format!("{} passkeys", sheet.passkeys));
    let all: Vec<String> = app.into_iter().chain(passkeys).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

fn text(sheet: &AccountSheet) -> String {
    let account = &sheet.account;
    let profile = &account.profile;
    let lock = sheet.locked_until.map_or_else(
        || "none".to_owned(),
        |until| {
            if until == FOR_EVER {
                return "until it is lifted".to_owned();
            }
            format!("until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))
        },
    );
    let mut text = String::new();
    for (name, value) in [
        ("login", account.login.to_string()),
        ("state", account.state.to_string()),
        ("lock", lock),
        ("name", profile.display_name()),
        ("e-mail", profile.email.clone().unwrap_or_else(|| "none".to_owned())),
        ("phone", profile.phone_number.clone().unwrap_or_else(|| "none".to_owned())),
        ("office", sheet.office.clone().unwrap_or_else(|| "none".to_owned())),
        ("contractor", sheet.contractor_numbers.join(", ")),
        ("letters", sheet.letter_serials.join(", ")),
        ("factors", factors(sheet)),
        ("sub", account.subject.clone()),
    ] {
        let _infallible = writeln!(text, "{name:12}{value}");
    }
    for title in &sheet.titles {
        let until = title.valid_until.map_or_else(String::new, |until| format!(" until {until}"));
        let _infallible = writeln!(
            text,
            "premises    {} {} {}{until} ({})",
            title.premises_code,
            title.kind.as_str(),
            title.role.as_str(),
            title.contractor_number
        );
    }
    for record in &sheet.history {
        let _infallible = writeln!(
            text,
            "{}  {:20} {}",
            record.at.format("%Y-%m-%d %H:%M:%S"),
            record.action,
            record.outcome.as_deref().unwrap_or("")
        );
    }
    text.trim_end().to_owned()
}
