//! Requests that this server makes: to what clients registered, and to nobody else.
//!
//! An address that somebody else chose may point into our own network. So a request goes out only to a public
//! address, or to one of the networks that the operator allowed; what a name stands for is looked at when the
//! connection is made, not before, and a redirect is an answer like any other.

mod networks;
mod resolver;

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use self::networks::Reach;
use self::resolver::Resolver;

/// Who we say we are.
const USER_AGENT: &str = concat!("iok-id/", env!("CARGO_PKG_VERSION"));

/// Where requests may go, and whom they trust.
#[derive(Debug, Clone, Default)]
pub struct OutboundRules {
    /// Networks that may be reached although they are private, and without https.
    pub allowed_networks: Vec<IpNet>,
    /// Certificates (PEM) to trust beside the system's.
    pub authority: Option<Vec<u8>>,
    /// For a whole request, from the name's look-up to the last byte.
    pub timeout: Duration,
}

/// Makes requests. Cheap to clone; connections are kept open for a while.
#[derive(Debug, Clone)]
pub struct Outbound {
    allowed: Arc<[IpNet]>,
    timeout: Duration,
    encrypted: Client,
    /// Reaches the allowed networks alone.
    plain: Client,
}

#[derive(Debug, thiserror::Error)]
pub enum OutboundSetupError {
    #[error("the certificates cannot be read: {0}")]
    Authority(String),
    #[error("the client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    #[error("the client cannot be made: {0}")]
    Tls(#[from] rustls::Error),
}

/// Why there is no answer. Says no more about our network than its caller knows.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("the address is neither https nor in an allowed network")]
    Refused,
    #[error("the address cannot be read")]
    BadAddress,
    /// They would be sent along, to somebody who did not ask for them.
    #[error("the address carries a name or a password")]
    Credentials,
    #[error("no web server listens on port {0}")]
    Port(u16),
    #[error("no answer: {0}")]
    NoAnswer(String),
    #[error("the answer was {0}")]
    Status(StatusCode),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// What came back with 200.
#[derive(Debug)]
pub struct Document {
    pub body: Vec<u8>,
    /// How long it says it stays good (RFC 9111 §5.2.2.1).
    pub max_age: Option<Duration>,
}

impl Outbound {
    /// # Errors
    /// If the certificates are none.
    pub fn new(rules: &OutboundRules) -> Result<Self, OutboundSetupError> {
        provide_cryptography();
        let allowed: Arc<[IpNet]> = rules.allowed_networks.clone().into();
        let tls = tls(rules.authority.as_deref())?;
        let client = |reach| {
            Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                .no_proxy()
                .timeout(rules.timeout)
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::new(Resolver { reach, allowed: Arc::clone(&allowed) }))
                .build()
        };
        let (encrypted, plain) = (client(Reach::PublicOrAllowed)?, client(Reach::AllowedOnly)?);
        Ok(Self { encrypted, plain, allowed, timeout: rules.timeout })
    }

    /// Fetches a document of at most `longest` bytes.
    ///
    /// # Errors
    /// [`OutboundError`]; anything but 200 is one.
    pub async fn get(&self, address: &str, longest: usize) -> Result<Document, OutboundError> {
        let (client, url) = self.way_to(address)?;
        let mut response = client.get(url).send().await.map_err(no_answer)?;
        if response.status() != StatusCode::OK {
            return Err(OutboundError::Status(response.status()));
        }
        let max_age = max_age(response.headers());
        Ok(Document { body: read(&mut response, longest).await?, max_age })
    }

    /// Sends a form and gives back the status; of the answer's body nothing is read.
    ///
    /// # Errors
    /// [`OutboundError`], but for a status, whatever it is.
    pub async fn post_form(
        &self,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Result<StatusCode, OutboundError> {
        let (client, url) = self.way_to(address)?;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = client
            .post(url)
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        Ok(request.send().await.map_err(no_answer)?.status())
    }

    /// The longest that a whole request takes.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// May a request go there, as far as its address alone tells? What a name stands for is seen later.
    pub fn may_reach(&self, address: &str) -> bool {
        self.way_to(address).is_ok()
    }

    fn way_to(&self, address: &str) -> Result<(&Client, Url), OutboundError> {
        let url = Url::parse(address).map_err(|_| OutboundError::BadAddress)?;
        let (client, reach) = match url.scheme() {
            "https" => (&self.encrypted, Reach::PublicOrAllowed),
            "http" => (&self.plain, Reach::AllowedOnly),
            _ => return Err(OutboundError::Refused),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Credentials);
        }
        // The other well-known ones belong to mail, names and shells, which are not to be knocked at from here.
        match url.port_or_known_default() {
            Some(80 | 443 | 1024..) => {}
            Some(other) => return Err(OutboundError::Port(other)),
            None => return Err(OutboundError::BadAddress),
        }
        // A literal address is never looked up, so the resolver does not see it.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(OutboundError::BadAddress),
        };
        if literal.is_some_and(|address| !reach.includes(address, &self.allowed)) {
            return Err(OutboundError::Refused);
        }
        // Without any network allowed, nothing is reached in the clear.
        if reach == Reach::AllowedOnly && self.allowed.is_empty() {
            return Err(OutboundError::Refused);
        }
        Ok((client, url))
    }
}

/// Makes aws-lc-rs the cryptography of every TLS client in this process that names none, as `reqwest`'s are that others
/// make: without one they panic. Doing so twice is the same as once.
pub fn provide_cryptography() {
    let _there_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// TLS with the system's roots and the operator's own.
fn tls(authority: Option<&[u8]>) -> Result<ClientConfig, OutboundSetupError> {
    let mut roots = RootCertStore::empty();
    // A root that cannot be read is left out: systems ship some that are damaged.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in authority.map(CertificateDer::pem_slice_iter).into_iter().flatten() {
        let bad = |error: String| OutboundSetupError::Authority(error);
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

async fn read(response: &mut Response, longest: usize) -> Result<Vec<u8>, OutboundError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(no_answer)? {
        if body.len() + part.len() > longest {
            return Err(OutboundError::TooLong(longest));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers.get(CACHE_CONTROL)?.to_str().ok()?;
    directives
        .split(',')
        .find_map(|directive| directive.trim().strip_prefix("max-age=")?.trim_matches('"').parse().ok())
        .map(Duration::from_secs)
}

/// The cause at the bottom: what stands above it repeats the address.
fn no_answer(error: reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::NoAnswer("it took too long".to_owned());
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    OutboundError::NoAnswer(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(allowed: &[&str]) -> Outbound {
        let allowed_networks = allowed.iter().map(|network| network.parse().expect("a network")).collect();
        let timeout = Duration::from_secs(1);
        Outbound::new(&OutboundRules { allowed_networks, authority: None, timeout }).expect("rules")
    }

    #[test]
    fn only_public_addresses_are_reached_unless_allowed() {
        let strict = outbound(&[]);
        for address in [
            "http://rp.example/jwks",
            "https://127.0.0.1/jwks",
            "https://[::1]/jwks",
            "https://[::ffff:10.0.0.1]/jwks",
            "https://169.254.169.254/latest",
            "https://0x7f.1/",
            "ftp://rp.example/",
            "file:///etc/passwd",
            "nothing",
            // Other ways to write the same hosts.
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://\u{ff11}27.0.0.1/",
            "https://[::127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[fe80::1]/",
            "https://0/",
            "https://rp.example@127.0.0.1/",
            "https://127.0.0.1\\@rp.example/",
            // Credentials, and ports of others.
            "https://jan:secret@rp.example/",
            "https://jan@rp.example/",
            "https://rp.example:25/",
            "https://rp.example:22/",
            "https://rp.example:0/",
        ] {
            assert!(!strict.may_reach(address), "{address}");
        }
        assert!(strict.may_reach("https://rp.example/jwks"));
        assert!(strict.may_reach("https://1.1.1.1/jwks"));
        assert!(strict.may_reach("https://rp.example:8443/jwks"));

        let at_home = outbound(&["127.0.0.0/8"]);
        assert!(at_home.may_reach("http://127.0.0.1:8081/jwks"));
        assert!(!at_home.may_reach("http://192.168.0.1/jwks"));
        assert!(!at_home.may_reach("http://1.1.1.1/jwks"));
    }

    /// Answers everything with this, and counts.
    async fn answering(answer: &'static str) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("an address"));
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let _request = stream.read(&mut [0; 2048]).await;
                let _answered = stream.write_all(answer.as_bytes()).await;
            }
        });
        (address, asked)
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_nobody_goes_there() {
        let (elsewhere, asked) = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await;
        let redirect = format!(
            "HTTP/1.1 302 Found\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (here, _) = answering(redirect.leak()).await;
        let outbound = outbound(&["127.0.0.0/8"]);
        let error = outbound.get(&here, 10).await.expect_err("a redirect");
        assert!(matches!(error, OutboundError::Status(StatusCode::FOUND)), "{error}");
        assert_eq!(outbound.post_form(&here, &[]).await.expect("an answer"), StatusCode::FOUND);
        assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 0);
        assert_eq!(outbound.get(&elsewhere, 10).await.expect("a document").body, b"hi");
    }

    #[tokio::test]
    async fn an_answer_is_read_no_further_than_it_may_be_long() {
        let (endless, _) = answering("HTTP/1.1 200 OK\r\n\r\n0123456789abcdef").await;
        let error = outbound(&["127.0.0.0/8"]).get(&endless, 10).await.expect_err("too long");
        assert!(matches!(error, OutboundError::TooLong(10)), "{error}");
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_stands_for() {
        let error = outbound(&[]).get("https://localhost:8443/", 10).await.expect_err("refused");
        assert!(error.to_string().contains("allowed"), "{error}");
    }
}
