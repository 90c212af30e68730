//! `[mail]`: the server that takes our mail, and how long we try.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;
use lettre::message::Mailbox;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::text;
use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    #[serde(deserialize_with = "server_or_none")]
    server: Option<MailServerAddress>,
    security: MailSecurity,
    allow_insecure: bool,
    #[serde(deserialize_with = "line_or_none")]
    username: Option<String>,
    password: MailPassword,
    password_file: PathBuf,
    #[serde(deserialize_with = "mailbox_or_none")]
    from: Option<Mailbox>,
    #[serde(deserialize_with = "mailbox_or_none")]
    reply_to: Option<Mailbox>,
    ca_file: PathBuf,
    timeout_seconds: Within<1, 300>,
    attempts: Within<1, 100>,
    #[serde(deserialize_with = "pauses")]
    retry_minutes: Vec<TimeDelta>,
    /// The folder that relative files begin in. Not a key of the file: it is where the file lies.
    #[serde(skip)]
    folder: PathBuf,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Upgraded before anything is said, or not used (RFC 3207).
    StartTls,
    /// From the first byte (RFC 8314 §3.3).
    Tls,
    /// For a server on this machine.
    None,
}

/// Where the mail server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServerAddress {
    /// A name, or an address without brackets; what its certificate must say.
    pub host: String,
    pub port: u16,
}

/// A password, shown to nobody.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct MailPassword(Zeroizing<String>);

impl Mail {
    /// `None`: mail waits.
    pub const fn server(&self) -> Option<&MailServerAddress> {
        self.server.as_ref()
    }

    pub const fn security(&self) -> MailSecurity {
        self.security
    }

    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// From the configuration itself.
    pub fn password(&self) -> Option<&MailPassword> {
        Some(&self.password).filter(|password| !password.0.is_empty())
    }

    /// The file that holds the password, if the configuration does not.
    pub fn password_file(&self) -> Option<PathBuf> {
        self.beside(&self.password_file)
    }

    /// There if there is a server.
    pub const fn from(&self) -> Option<&Mailbox> {
        self.from.as_ref()
    }

    pub const fn reply_to(&self) -> Option<&Mailbox> {
        self.reply_to.as_ref()
    }

    /// Certificates to trust beside the system's.
    pub fn ca_file(&self) -> Option<PathBuf> {
        self.beside(&self.ca_file)
    }

    /// Of one step of the conversation.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.get().into())
    }

    pub const fn attempts(&self) -> u32 {
        self.attempts.get()
    }

    /// The pauses after the first, second, … try; never empty.
    pub fn pauses(&self) -> &[TimeDelta] {
        &self.retry_minutes
    }

    fn beside(&self, file: &Path) -> Option<PathBuf> {
        (!file.as_os_str().is_empty()).then(|| self.folder.join(file))
    }

    pub(super) fn resolve_beside(&mut self, config_file: Option<&Path>) {
        self.folder = config_file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        let has_file = !self.password_file.as_os_str().is_empty();
        if self.password().is_some() && has_file {
            let reason = "mail.password is set too, and only one of them can be meant";
            return Some(("mail.password_file", reason.to_owned()));
        }
        let server = self.server.as_ref()?;
        if self.from.is_none() {
            let reason = "there is a mail server, but no sender; set mail.from = \"Company <address>\"";
            return Some(("mail.from", reason.to_owned()));
        }
        if self.username.is_some() && self.password().is_none() && !has_file {
            let reason = "there is no password for it; set mail.password or mail.password_file";
            return Some(("mail.username", reason.to_owned()));
        }
        if self.security == MailSecurity::None && !server.is_loopback() && !self.allow_insecure {
            let reason = format!(
                "mail to {} could be read on the way; use starttls or tls, or for a test network set \
                 mail.allow_insecure = true",
                server.host
            );
            return Some(("mail.security", reason));
        }
        None
    }
}

impl MailServerAddress {
    fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => address.parse::<IpAddr>().ok().filter(IpAddr::is_ipv6)?.to_string(),
            None => host.to_owned(),
        };
        let is_name = |host: &str| {
            !host.is_empty()
                && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
                && !host.starts_with('-')
        };
        let port = port.parse().ok().filter(|port| *port != 0)?;
        (host.parse::<IpAddr>().is_ok() || is_name(&host)).then_some(Self { host, port })
    }

    /// Does what is sent there stay on this machine?
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }
}

impl fmt::Display for MailServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl MailPassword {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for MailPassword {
    fn from(password: String) -> Self {
        Self(Zeroizing::new(password))
    }
}

impl fmt::Debug for MailPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailPassword(…)")
    }
}

impl<'de> Deserialize<'de> for MailSecurity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, |security| match security {
            "starttls" => Ok(Self::StartTls),
            "tls" => Ok(Self::Tls),
            "none" => Ok(Self::None),
            _ => Err("`starttls`, `tls` or `none`"),
        })
    }
}

fn server_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<MailServerAddress>, D::Error> {
    text::parsed(deserializer, |server| {
        if server.is_empty() {
            return Ok(None);
        }
        MailServerAddress::parse(server)
            .map(Some)
            .ok_or("a host and a port, such as mail.example.org:587 or [::1]:25")
    })
}

fn line_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text::parsed(deserializer, |line| {
        if line.chars().any(char::is_control) {
            return Err("one line");
        }
        Ok(Some(line.to_owned()).filter(|line| !line.is_empty()))
    })
}

pub(super) fn mailbox_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Mailbox>, D::Error> {
    text::parsed(deserializer, |mailbox| {
        if mailbox.is_empty() {
            return Ok(None);
        }
        if mailbox.chars().any(char::is_control) {
            return Err("an address of one line");
        }
        mailbox
            .parse()
            .map(Some)
            .map_err(|_| "an address such as iok@example.org or Company <iok@example.org>")
    })
}

fn pauses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TimeDelta>, D::Error> {
    let minutes: Vec<Within<1, 10_080>> = Vec::deserialize(deserializer)?;
    if minutes.is_empty() {
        return Err(serde::de::Error::invalid_length(0, &"at least one pause"));
    }
    Ok(minutes.into_iter().map(|pause| TimeDelta::minutes(pause.get().into())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_a_host_and_a_port() {
        for (text, shown, is_loopback) in [
            ("mail.example.org:587", "mail.example.org:587", false),
            ("localhost:25", "localhost:25", true),
            ("127.0.0.1:2525", "127.0.0.1:2525", true),
            ("[::1]:25", "[::1]:25", true),
        ] {
            let server = MailServerAddress::parse(text).expect("a good address");
            assert_eq!((server.to_string().as_str(), server.is_loopback()), (shown, is_loopback));
        }
        for text in
            ["mail.example.org", ":25", "mail.example.org:0", "mail server:25", "-a:25", "::1:25x", "[x]:25"]
        {
            assert_eq!(MailServerAddress::parse(text), None, "{text}");
        }
    }
}
