//! `[server]`: where it listens, and the name it goes by.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer};
use url::{Host, Url};

use super::networks::networks;
use super::text;
use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(deserialize_with = "listen")]
    listen: SocketAddr,
    issuer: Issuer,
    allow_insecure_issuer: bool,
    tls_certificate_file: PathBuf,
    tls_key_file: PathBuf,
    #[serde(deserialize_with = "networks")]
    trusted_proxies: Vec<IpNet>,
    forwarded_header: ForwardedHeader,
    request_timeout_seconds: Within<1, 300>,
    body_limit_bytes: Within<1_024, 1_048_576>,
    body_timeout_seconds: Within<1, 300>,
    max_connections: Within<16, 100_000>,
    max_connections_per_source: Within<8, 100_000>,
    idle_connection_seconds: Within<5, 3_600>,
    /// The folder that relative files begin in. Not a key of the file: it is where the file lies.
    #[serde(skip)]
    folder: PathBuf,
}

/// What this server shows who it is with (PEM).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Its certificate, and those between it and an authority.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Which header the proxies in front write. One only: a proxy that writes one of them hands the other on as a stranger
/// wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ForwardedHeader {
    #[serde(rename = "x-forwarded-for")]
    XForwardedFor,
    /// RFC 7239.
    #[serde(rename = "forwarded")]
    Forwarded,
}

impl Server {
    pub const fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// `None`: this server speaks plain HTTP.
    pub fn tls(&self) -> Option<TlsFiles> {
        let is_set = |file: &Path| !file.as_os_str().is_empty();
        (is_set(&self.tls_certificate_file) && is_set(&self.tls_key_file)).then(|| TlsFiles {
            certificate: self.folder.join(&self.tls_certificate_file),
            key: self.folder.join(&self.tls_key_file),
        })
    }

    /// Whose word on a client's address is believed.
    pub fn trusted_proxies(&self) -> &[IpNet] {
        &self.trusted_proxies
    }

    pub const fn forwarded_header(&self) -> ForwardedHeader {
        self.forwarded_header
    }

    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds.get().into())
    }

    /// In bytes.
    pub const fn body_limit(&self) -> usize {
        self.body_limit_bytes.as_usize()
    }

    /// How long a request's body may take to come in.
    pub fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds.get().into())
    }

    pub const fn max_connections(&self) -> usize {
        self.max_connections.as_usize()
    }

    /// From one network; this machine and the trusted proxies have no such limit.
    pub const fn max_connections_per_source(&self) -> usize {
        self.max_connections_per_source.as_usize()
    }

    /// How long a connection is kept on which nothing is asked.
    pub fn idle_connection(&self) -> Duration {
        Duration::from_secs(self.idle_connection_seconds.get().into())
    }

    pub(super) fn resolve_beside(&mut self, config_file: Option<&Path>) {
        self.folder = config_file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    }

    pub(super) fn conflict(&self) -> Option<(&'static str, String)> {
        self.readable_on_the_way().or_else(|| self.half_encrypted())
    }

    fn half_encrypted(&self) -> Option<(&'static str, String)> {
        let is_missing = |file: &Path| file.as_os_str().is_empty();
        match (is_missing(&self.tls_certificate_file), is_missing(&self.tls_key_file)) {
            (true, true) => None,
            (true, false) => Some((
                "server.tls_key_file",
                "server.tls_certificate_file is empty; a key goes with a certificate".to_owned(),
            )),
            (false, true) => Some((
                "server.tls_certificate_file",
                "server.tls_key_file is empty; a certificate goes with a key".to_owned(),
            )),
            (false, false) if self.issuer.is_https() => None,
            (false, false) => Some((
                "server.tls_certificate_file",
                format!(
                    "server.issuer is {}, so that nobody would come by https; an issuer that is reached by https begins \
                     with https://",
                    self.issuer.as_str()
                ),
            )),
        }
    }

    fn readable_on_the_way(&self) -> Option<(&'static str, String)> {
        let is_readable_on_the_way = !self.issuer.is_https() && !self.issuer.is_loopback();
        (is_readable_on_the_way && !self.allow_insecure_issuer).then(|| {
            let reason = format!(
                "{} is not https, so that passwords could be read on the way; use https, or for a test network set \
                 server.allow_insecure_issuer = true",
                self.issuer.as_str()
            );
            ("server.issuer", reason)
        })
    }
}

fn listen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    text::parsed(deserializer, |listen| {
        listen.parse().map_err(|_| "an IP address and a port, such as 127.0.0.1:8080 or [::]:8080")
    })
}

/// The issuer identifier (OpenID Connect Discovery §3, RFC 8414 §2): compared byte by byte by everybody, so it is kept
/// exactly as it was written, and must have been written in the form that URL parsers give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

impl Issuer {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "an address such as https://id.example.org")?;
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return Err("an https address (http for this machine only)");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("an address without query and fragment");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address without user name and password");
        }
        if url.path() != "/" {
            return Err("an address without a path: it is served at the root of its host");
        }
        if text.ends_with('/') {
            return Err("an address without a slash at its end");
        }
        if url.as_str().trim_end_matches('/') != text {
            return Err(
                "an address in its plain form: lower-case host, no default port, no dots in the path",
            );
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// Without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The address of a path on this server; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Scheme, host and port, as in an `Origin` header (RFC 6454 §6.2).
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Does what is sent there stay on this machine?
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

impl<'de> Deserialize<'de> for Issuer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_kept_byte_by_byte() {
        for text in ["https://id.example.org", "http://localhost:8080", "http://[::1]:8080"] {
            assert_eq!(Issuer::parse(text).map(|issuer| issuer.text), Ok(text.to_owned()));
        }
    }

    #[test]
    fn an_issuer_that_others_would_write_differently_is_refused() {
        for text in [
            "",
            "localhost:8080",
            "id.example.org",
            "ftp://id.example.org",
            "https://id.example.org/",
            "https://id.example.org?tenant=1",
            "https://id.example.org#top",
            "https://jan:secret@id.example.org",
            "https://ID.example.org",
            "https://id.example.org:443",
            "https://id.example.org/a/../b",
            "https://example.org/iok",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_rest() {
        for (text, is_loopback) in [
            ("http://localhost:8080", true),
            ("http://id.localhost", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:8080", true),
            ("http://localhost.example.org", false),
            ("http://192.168.0.1", false),
        ] {
            assert_eq!(Issuer::parse(text).map(|issuer| issuer.is_loopback()), Ok(is_loopback), "{text}");
        }
    }

    #[test]
    fn an_issuer_tells_its_origin_and_addresses() {
        let issuer = Issuer::parse("https://example.org:8443").expect("a good issuer");
        assert_eq!(issuer.origin(), "https://example.org:8443");
        assert_eq!(issuer.join("/sign-in"), "https://example.org:8443/sign-in");
        assert!(issuer.is_https());
    }
}
