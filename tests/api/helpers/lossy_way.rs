//! A way to the provider on which answers get lost: requests arrive, and are carried out.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct LossyWay {
    /// Of this end.
    pub(crate) address: String,
    loses: watch::Sender<bool>,
}

impl LossyWay {
    /// To a provider at an address such as `http://localhost:1234`. Nothing is lost yet.
    pub(crate) async fn to(provider: &str) -> Self {
        let server = provider.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, loses) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(carry(near, far, loses.clone()));
            }
        });
        Self { address, loses: sender }
    }

    pub(crate) fn lose_answers(&self, loses: bool) {
        self.loses.send_replace(loses);
    }
}

async fn carry(near: TcpStream, far: TcpStream, loses: watch::Receiver<bool>) {
    let (mut from_near, mut to_near) = near.into_split();
    let (mut from_far, mut to_far) = far.into_split();
    let requests = tokio::spawn(async move { copy(&mut from_near, &mut to_far).await });
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = from_far.read(&mut buffer).await {
        // Answered: whatever the request did is done. Both ends are let go of.
        if *loses.borrow() || to_near.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    requests.abort();
}
