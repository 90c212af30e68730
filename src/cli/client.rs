//! `iok-id client`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::output::Output;
use crate::app::Foundation;
use crate::domain::client::{Client, ClientMetadata, GrantType};
use crate::oidc::registration::{self, NewClient};
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
            let value: Vec<_> = all
                .iter()
                .map(|client| {
                    let mut value = serde_json::to_value(&client.metadata).unwrap_or_default();
                    value["client_id"] = client.id.clone().into();
                    value
                })
                .collect();
            output.result(&value, table(&all))?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<ClientMetadata> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let not_metadata = || format!("{} is not client metadata", file.display());
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).with_context(not_metadata)?;
    // Each by itself first: what is wrong with a value is said without the name of its field.
    for (name, value) in fields {
        let alone = serde_json::json!({ &name: value });
        serde_json::from_value::<ClientMetadata>(alone)
            .with_context(|| format!("{}: {name}", not_metadata()))?;
    }
    serde_json::from_str(&text).with_context(not_metadata)
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
                if metadata.first_party { "first-party" } else { "asks-consent" },
                metadata.client_name.as_deref().unwrap_or("-"),
            )
        })
        .collect();
    lines.join("\n")
}
