//! A mail server's sockets. The protocol is the crate `mailin`'s; here lines come in and answers go out.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use mailin::{Action, Handler, Response, Session, SessionBuilder, response};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufStream,
};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The longest message, in bytes. Ours have a tenth of it.
const LONGEST: usize = 256 * 1024;

/// The longest line, in bytes: RFC 5321 §4.5.3.1.6 allows 1000.
const LONGEST_LINE: u64 = 4096;

/// How long a client may be silent.
const SILENCE: Duration = Duration::from_mins(5);

/// Whoever gets the messages.
pub trait Recipients: Send + Sync + 'static {
    fn take(&self, to: &[String], message: &[u8]);
}

/// How a conversation came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// One side has said goodbye, or is gone.
    Closed,
    /// The client wants to go on under TLS (RFC 3207).
    UpgradeToTls,
}

/// Answers until `shutdown`, whoever calls.
pub(super) async fn serve<R: Recipients>(
    listener: TcpListener,
    recipients: Arc<R>,
    shutdown: CancellationToken,
) {
    let conversations = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: that passes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let handler = Collector { recipients: Arc::clone(&recipients), to: Vec::new(), message: Vec::new() };
        let shutdown = shutdown.clone();
        conversations.spawn(async move {
            let mut session =
                SessionBuilder::new("localhost").build(IpAddr::V4(Ipv4Addr::LOCALHOST), handler);
            let mut stream = BufStream::new(stream);
            tokio::select! {
                () = shutdown.cancelled() => {}
                ended = greet_and_converse(&mut stream, &mut session) => if let Err(error) = ended {
                    tracing::debug!(%error, "a conversation with the demo's mail server broke off");
                }
            }
        });
    }
    conversations.close();
    conversations.wait().await;
}

/// Says who is there, and answers.
///
/// # Errors
/// If the connection breaks off.
pub async fn greet_and_converse<S, H>(stream: &mut S, session: &mut Session<H>) -> io::Result<Ended>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
    H: Handler,
{
    answer(stream, &session.greeting()).await?;
    converse(stream, session).await
}

/// Answers line by line until somebody has had enough.
///
/// # Errors
/// If the connection breaks off, a line is too long, or nothing is said for too long.
pub async fn converse<S, H>(stream: &mut S, session: &mut Session<H>) -> io::Result<Ended>
where
    S: AsyncBufRead + AsyncWrite + Unpin,
    H: Handler,
{
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = timeout(SILENCE, stream.take(LONGEST_LINE).read_until(b'\n', &mut line)).await??;
        if read == 0 {
            return Ok(Ended::Closed);
        }
        if line.last() != Some(&b'\n') {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let said = session.process(&line);
        match said.action {
            Action::NoReply => {}
            Action::Reply => answer(stream, &said).await?,
            Action::Close => {
                answer(stream, &said).await?;
                return Ok(Ended::Closed);
            }
            Action::UpgradeTls => {
                answer(stream, &said).await?;
                return Ok(Ended::UpgradeToTls);
            }
        }
    }
}

async fn answer<S: AsyncWrite + Unpin>(stream: &mut S, response: &Response) -> io::Result<()> {
    let mut bytes = Vec::new();
    response.write_to(&mut bytes)?;
    stream.write_all(&bytes).await?;
    stream.flush().await
}

/// Takes every message for everybody.
struct Collector<R> {
    recipients: Arc<R>,
    to: Vec<String>,
    message: Vec<u8>,
}

impl<R: Recipients> Handler for Collector<R> {
    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.to = to.to_vec();
        self.message.clear();
        response::START_DATA
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.message.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.message.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.recipients.take(&self.to, &self.message);
        self.message = Vec::new();
        response::OK
    }
}
