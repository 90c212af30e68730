//! `iok-id serve`.

use std::process::ExitCode;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::logging;
use crate::app::Server;
use crate::config::Settings;
use crate::domain::ambient::Ambient;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    logging::start(&settings.log);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listen = settings.server.listen();
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let server = Server::start(settings, Ambient::system(), vec![listener]).await?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}
