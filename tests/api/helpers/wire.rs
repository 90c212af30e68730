//! A wire between the product and a database server, for a test to cut or to freeze.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Whole,
    /// Connections stay open, and nothing comes through: a network that has lost its way.
    Frozen,
    /// Connections are closed, new ones at once: a server that is down.
    Cut,
}

/// The address of this end of the wire; what is said there goes to `server`, an address such as `127.0.0.1:5432`.
pub(crate) async fn lay(server: String) -> (String, watch::Sender<Wire>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, state) = watch::channel(Wire::Whole);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            if *state.borrow() == Wire::Cut {
                continue;
            }
            let Ok(far) = TcpStream::connect(&server).await else { continue };
            let (from_near, to_near) = near.into_split();
            let (from_far, to_far) = far.into_split();
            tokio::spawn(pump(from_near, to_far, state.clone()));
            tokio::spawn(pump(from_far, to_near, state.clone()));
        }
    });
    (address, sender)
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<Wire>) {
    let mut is_cut = state.clone();
    let mut buffer = [0; 8192];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = is_cut.wait_for(|state| *state == Wire::Cut) => return,
        };
        let Ok(length @ 1..) = read else { return };
        let Ok(now) = state.wait_for(|state| *state != Wire::Frozen).await.map(|state| *state) else {
            return;
        };
        if now == Wire::Cut || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
