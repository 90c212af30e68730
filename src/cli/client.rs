//! `iok-id client`.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::initial_access_token;
use super::output::Output;
use crate::app::{self, Foundation};
use crate::domain::audit::Actor;
use crate::domain::client::{Client, ClientMetadata, GrantType, Members};
use crate::oidc::client_upkeep;
use crate::oidc::registration::{self, NewClient};
use crate::oidc::sector::check_sector;
use crate::storage::clients;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register a client. It works on a running server at once.
    Add {
        /// Its metadata in JSON, by the names of RFC 7591.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Fix the id instead of getting one.
        #[arg(long)]
        client_id: Option<String>,
        /// Fix the secret instead of getting one.
        #[arg(long)]
        client_secret: Option<String>,
    },
    /// List all clients.
    List,
    /// Show everything that is registered about a client. Its secret is not kept.
    Show { client_id: String },
    /// Give a client a new secret, shown once. The old one is dead at once.
    RotateSecret { client_id: String },
    /// Remove a client. What it was granted ends with it.
    Remove {
        client_id: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Tokens with which others may register clients (RFC 7591), where the configuration asks for them.
    #[command(subcommand)]
    InitialAccessToken(initial_access_token::Command),
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add { file, client_id, client_secret } => {
            let metadata = read(&file)?;
            for name in metadata.unknown_names() {
                tracing::warn!("{name} means nothing here and is only stored");
            }
            check_sector(&app::outbound(&foundation.settings)?, &metadata).await?;
            let new = NewClient { metadata, client_id, client_secret };
            let registered =
                registration::register(&foundation.database, &foundation.ambient, &foundation.journal, new)
                    .await?;
            let secret = registered.client_secret.as_ref().map(|secret| secret.expose().to_owned());
            let mut text = format!("client_id={}", registered.client_id);
            if let Some(secret) = &secret {
                let _infallible = write!(text, "\nclient_secret={secret}");
            }
            let mut value = serde_json::json!({"client_id": registered.client_id});
            if let Some(secret) = secret {
                value["client_secret"] = secret.into();
            }
            output.result(&value, text)?;
        }
        Command::List => {
            let all = clients::all(foundation.database.read()).await?;
            let value: Vec<_> = all.iter().map(json).collect();
            output.result(&value, table(&all))?;
        }
        Command::Show { client_id } => {
            let client = find(&foundation, &client_id).await?;
            output.result(&json(&client), sheet(&client))?;
        }
        Command::RotateSecret { client_id } => {
            let Foundation { database, ambient, journal, .. } = &foundation;
            let secret = client_upkeep::rotate_secret(database, ambient, journal, &client_id).await?;
            output.result(
                &serde_json::json!({"client_id": client_id, "client_secret": secret.expose()}),
                format!("client_id={client_id}\nclient_secret={}", secret.expose()),
            )?;
        }
        Command::Remove { client_id, yes } => {
            let client = find(&foundation, &client_id).await?;
            if !yes && !is_meant(&client)? {
                bail!("{client_id} was not removed");
            }
            let Foundation { database, journal, .. } = &foundation;
            let grants = client_upkeep::remove(database, journal, &client_id, Actor::Operator).await?;
            output.result(
                &serde_json::json!({"client_id": client_id, "removed": true, "ended_grants": grants}),
                format!("{client_id} is removed; grants that ended with it: {grants}"),
            )?;
        }
        Command::InitialAccessToken(command) => {
            initial_access_token::run(command, &foundation, output).await?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn find(foundation: &Foundation, client_id: &str) -> anyhow::Result<Client> {
    let found = clients::find(foundation.database.read(), client_id).await?;
    found.with_context(|| format!("there is no client {client_id}"))
}

/// Asks whoever sits there. A script, which nobody answers for, says `--yes`.
fn is_meant(client: &Client) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here: say --yes");
    }
    let name = client.metadata.client_name.as_deref().unwrap_or("without a name");
    eprint!("Remove {} ({name}), and end every sign-in to it? Type its id: ", client.id);
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim() == client.id)
}

fn json(client: &Client) -> serde_json::Value {
    let mut value = serde_json::to_value(&client.metadata).unwrap_or_default();
    value["client_id"] = client.id.clone().into();
    value["self_registered"] = client.self_registration.is_some().into();
    value
}

/// One line a field, by its registered name; what is not set is left out.
fn sheet(client: &Client) -> String {
    let value = json(client);
    let fields = value.as_object().into_iter().flatten();
    let lines: Vec<String> = fields
        .filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()))
        .map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name:36}{text}"),
            None => format!("{name:36}{value}"),
        })
        .collect();
    lines.join("\n")
}

fn read(file: &Path) -> anyhow::Result<ClientMetadata> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let not_metadata = || format!("{} is not client metadata", file.display());
    let Members(members) = serde_json::from_str(&text).with_context(not_metadata)?;
    ClientMetadata::from_members(members).with_context(not_metadata)
}

fn table(clients: &[Client]) -> String {
    if clients.is_empty() {
        return "no clients".to_owned();
    }
    let width = clients.iter().map(|client| client.id.chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = clients
        .iter()
        .map(|client| {
            let metadata = &client.metadata;
            let grants: Vec<_> = metadata.grant_types.iter().copied().map(GrantType::as_str).collect();
            format!(
                "{:width$}  {}  {}  {}  {}",
                client.id,
                metadata.token_endpoint_auth_method.as_str(),
                grants.join(","),
                match &client.self_registration {
                    Some(_) => "self-registered",
                    None if metadata.first_party => "first-party",
                    None => "asks-consent",
                },
                metadata.client_name.as_deref().unwrap_or("-"),
            )
        })
        .collect();
    lines.join("\n")
}
