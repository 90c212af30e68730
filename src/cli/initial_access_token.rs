//! `iok-id client initial-access-token`.

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use clap::Subcommand;

use super::output::Output;
use crate::app::Foundation;
use crate::domain::clock::Moment;
use crate::oidc::registration::initial_access::{self, NewInitialAccessToken};
use crate::storage::initial_access_tokens::{self, InitialAccessToken};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token. It is printed once.
    Add {
        /// Whom it is for.
        #[arg(long)]
        label: String,
        /// How long it is good, in days.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
        /// How many clients it may register.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        uses: u32,
    },
    /// List all tokens, without what they are.
    List,
    /// Revoke a token by its id. The clients that it registered stay.
    Revoke { id: String },
}

pub(super) async fn run(command: Command, foundation: &Foundation, output: Output) -> anyhow::Result<()> {
    let Foundation { database, ambient, journal, .. } = foundation;
    match command {
        Command::Add { label, days, uses } => {
            let label = label.trim().to_owned();
            if label.is_empty() || label.chars().count() > 200 || label.chars().any(char::is_control) {
                bail!("--label: use one line of 1 to 200 characters");
            }
            let new = NewInitialAccessToken { label, lives: TimeDelta::days(days.into()), uses };
            let (token, secret) = initial_access::make(database, ambient, journal, new).await?;
            let value = serde_json::json!({
                "id": token.id.to_string(),
                "initial_access_token": secret.expose(),
                "expires_at": token.expires_at,
            });
            output.result(&value, format!("id={}\ninitial_access_token={}", token.id, secret.expose()))?;
        }
        Command::List => {
            let all = initial_access_tokens::all(database.read()).await?;
            let now = ambient.now();
            let value: Vec<_> = all.iter().map(|token| as_json(token, now)).collect();
            let lines: Vec<String> = all.iter().map(|token| line(token, now)).collect();
            let text = if lines.is_empty() { "no tokens".to_owned() } else { lines.join("\n") };
            output.result(&value, text)?;
        }
        Command::Revoke { id } => {
            let parsed = id.parse().with_context(|| format!("`{id}` is no id of a token"))?;
            if !initial_access::revoke(database, ambient, journal, parsed).await? {
                bail!("there is no token `{id}` that is not revoked already");
            }
            output.result(&serde_json::json!({"id": id}), format!("revoked {id}"))?;
        }
    }
    Ok(())
}

fn state(token: &InitialAccessToken, now: Moment) -> &'static str {
    match token {
        token if token.revoked_at.is_some() => "revoked",
        token if token.uses_left <= 0 => "used-up",
        token if token.expires_at <= now => "expired",
        _ => "good",
    }
}

fn as_json(token: &InitialAccessToken, now: Moment) -> serde_json::Value {
    serde_json::json!({
        "id": token.id.to_string(),
        "label": token.label,
        "state": state(token, now),
        "uses_left": token.uses_left,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    })
}

fn line(token: &InitialAccessToken, now: Moment) -> String {
    let until = token.expires_at.format("%Y-%m-%d");
    format!(
        "{}  {:8}  uses left: {}  until {until}  {}",
        token.id,
        state(token, now),
        token.uses_left,
        token.label
    )
}
