//! The mail server, as we reach it.

use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials as SmtpCredentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::time::timeout;

/// How many steps a conversation has, at most: each may take the configured time.
const STEPS: u32 = 4;

/// A connection that nobody needed for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    StartTls,
    Tls,
    None,
}

// Not `Debug`: it holds a password.
#[allow(missing_debug_implementations)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

/// Connections to the mail server, kept open for a while between mails. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    step: Duration,
}

/// Why a mail was not taken. Says nothing of the recipient: servers quote addresses in their answers, so of an answer
/// only the codes are kept.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Nobody's mail would get through now: not reached, not trusted, not let in.
    #[error("{0}")]
    Server(String),
    /// This mail was not taken, this time.
    #[error("the mail server answered {0}")]
    NotNow(String),
    /// This recipient will never take it.
    #[error("the mail server answered {0}: there is no such mailbox")]
    NoSuchMailbox(String),
}

impl MailServer {
    /// Connects when it is first needed. `authority` holds certificates (PEM) to trust beside the system's, `hello` is
    /// the name to introduce ourselves by, `step` the time that one step of a conversation may take.
    ///
    /// # Errors
    /// If the certificates are none.
    pub fn new(
        address: (&str, u16),
        security: Security,
        credentials: Option<Credentials>,
        authority: Option<&[u8]>,
        hello: &str,
        step: Duration,
    ) -> Result<Self, lettre::transport::smtp::Error> {
        let (host, port) = address;
        let parameters = || {
            let mut parameters = TlsParameters::builder(host.to_owned());
            if let Some(authority) = authority {
                parameters = parameters.add_root_certificate(Certificate::from_pem(authority)?);
            }
            parameters.build()
        };
        let tls = match security {
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(step))
            .hello_name(ClientId::Domain(hello.to_owned()))
            .pool_config(PoolConfig::new().max_size(2).idle_timeout(IDLE));
        if let Some(Credentials { username, password }) = credentials {
            builder = builder.credentials(SmtpCredentials::new(username, password));
        }
        Ok(Self { transport: builder.build(), step })
    }

    /// How long [`Self::send`] may take, at most.
    pub fn longest(&self) -> Duration {
        // Once to connect, once to send.
        self.step * STEPS * 2
    }

    /// Connects, and says who we are: what every mail needs.
    ///
    /// # Errors
    /// [`TransportError::Server`].
    pub async fn reach(&self) -> Result<(), TransportError> {
        let reached = timeout(self.step * STEPS, self.transport.test_connection())
            .await
            .map_err(|_| TransportError::Server("the mail server takes too long".to_owned()))?;
        match reached {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(TransportError::Server("the mail server does not go on talking to us".to_owned()))
            }
            Err(error) => Err(TransportError::Server(in_words(&error))),
        }
    }

    /// Hands a mail over. Returned means: the server has it, and answers for it from now on (RFC 5321 §6.1).
    ///
    /// # Errors
    /// Why it was not taken. One that breaks off at its end may have been taken nevertheless.
    pub async fn send(&self, message: &Message) -> Result<(), TransportError> {
        // Apart from sending: a server that lets nobody in says nothing about this mail.
        self.reach().await?;
        let sent =
            timeout(self.step * STEPS, self.transport.send_raw(message.envelope(), &message.formatted()))
                .await
                .map_err(|_| TransportError::Server("the mail server takes too long".to_owned()))?;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => Err(judged(&error)),
        }
    }

    /// Closes the connections that are open.
    pub async fn close(&self) {
        self.transport.shutdown().await;
    }
}

type SmtpError = lettre::transport::smtp::Error;

fn judged(error: &SmtpError) -> TransportError {
    let Some(code) = error.status() else {
        return TransportError::Server(in_words(error));
    };
    let code = code.to_string();
    let answer = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = enhanced_code(&answer);
    let shown = enhanced.map_or_else(|| code.clone(), |enhanced| format!("{code} {enhanced}"));
    if code == "421" {
        // RFC 5321 §4.2.3: the whole server is about to close.
        TransportError::Server(format!("the mail server answered {shown}"))
    } else if error.is_permanent() && is_about_the_mailbox(&code, enhanced) {
        TransportError::NoSuchMailbox(shown)
    } else {
        TransportError::NotNow(shown)
    }
}

/// Refusals of a sender, of a policy or of a message may be mended by an operator: only what is said of the mailbox
/// itself is final (RFC 3463 §3.2 and §3.3; RFC 5321 §4.2.3 where no enhanced code is given).
fn is_about_the_mailbox(code: &str, enhanced: Option<&str>) -> bool {
    match enhanced {
        // Bad senders: ours, and so no fault of the mailbox.
        Some("5.1.7" | "5.1.8") => false,
        Some(enhanced) => enhanced.starts_with("5.1.") || enhanced.starts_with("5.2."),
        None => matches!(code, "550" | "551" | "553"),
    }
}

/// `5.1.1` at the beginning of an answer (RFC 2034 §4).
fn enhanced_code(answer: &str) -> Option<&str> {
    let first = answer.split_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(is_number)).then_some(first)
}

/// With all causes, each once. Only for what is not an answer about a recipient.
fn in_words(error: &SmtpError) -> String {
    if let Some(code) = error.status() {
        return format!("the mail server does not let us in: {code}");
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let said = source.to_string();
        if !words.contains(&said) {
            words = format!("{words}: {said}");
        }
        cause = source.source();
    }
    format!("the mail server cannot be used: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_mailbox_is_final() {
        for (code, answer, is_final) in [
            ("550", "5.1.1 <halina@example.test>: no such user", true),
            ("550", "no such user here", true),
            ("553", "5.1.3 bad address syntax", true),
            ("552", "5.2.2 mailbox full", true),
            ("550", "5.7.1 relaying denied", false),
            ("553", "5.1.8 sender's domain does not exist", false),
            ("554", "transaction failed", false),
            ("552", "message too large", false),
        ] {
            assert_eq!(is_about_the_mailbox(code, enhanced_code(answer)), is_final, "{code} {answer}");
        }
    }
}
