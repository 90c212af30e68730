//! The certificate that this server shows, with its key: read at the start, and again whenever the files change, so
//! that a renewal needs no restart.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::{Context as _, anyhow, bail};
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::time::ASN1Time;
use zeroize::Zeroizing;

use crate::config::TlsFiles;
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;

/// A certificate with fewer days left is warned about: renewals come a month before the end, so one has failed by now.
pub const SOON: chrono::TimeDelta = chrono::TimeDelta::days(14);

/// One certificate with its key, as the files have it, and good now.
#[derive(Debug)]
pub struct ReadPair {
    key: Arc<CertifiedKey>,
    /// From then on nobody believes it.
    pub ends: Moment,
}

/// What stands in the files.
struct Content {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

/// By what it is known whether something changed.
type Fingerprint = [u8; 32];

impl Content {
    fn read(files: &TlsFiles) -> anyhow::Result<Self> {
        let read = |key: &str, file: &Path| {
            std::fs::read(file).with_context(|| format!("{key}: {} cannot be read", file.display()))
        };
        Ok(Self {
            certificate: read("server.tls_certificate_file", &files.certificate)?,
            key: read("server.tls_key_file", &files.key)?.into(),
        })
    }

    fn fingerprint(&self) -> Fingerprint {
        Sha256::new_with_prefix(&self.certificate)
            .chain_update(b"\0")
            .chain_update(&*self.key)
            .finalize()
            .into()
    }
}

impl ReadPair {
    /// Reads the files.
    ///
    /// # Errors
    /// In words for the operator: a file cannot be read, holds nothing of its kind, the two do not belong together, or
    /// the certificate is not good at this moment.
    pub fn read(files: &TlsFiles, now: Moment) -> anyhow::Result<Self> {
        Self::of(&Content::read(files)?, files, now)
    }

    fn of(content: &Content, files: &TlsFiles, now: Moment) -> anyhow::Result<Self> {
        let named = || format!("server.tls_certificate_file: {}", files.certificate.display());
        let chain = CertificateDer::pem_slice_iter(&content.certificate)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| anyhow!("{error}"))
            .with_context(named)?;
        let Some(own) = chain.first() else { bail!("{} holds no certificate in PEM", named()) };
        let (_, parsed) = X509Certificate::from_der(own)
            .map_err(|error| anyhow!("it is no certificate: {error}"))
            .with_context(named)?;
        let validity = parsed.validity();
        let moment = |time: ASN1Time| {
            Moment::from_timestamp(time.timestamp(), 0).ok_or_else(|| anyhow!("{} is of no time", named()))
        };
        let (begins, ends) = (moment(validity.not_before)?, moment(validity.not_after)?);
        if now > ends {
            bail!("{} expired at {ends}; renew it", named());
        }
        if now < begins {
            bail!("{} is not valid before {begins}; is the clock right?", named());
        }
        let key = PrivateKeyDer::from_pem_slice(&content.key).map_err(|_| {
            anyhow!(
                "server.tls_key_file: {} holds no private key in PEM (PKCS#8, PKCS#1 or SEC1, without a passphrase)",
                files.key.display()
            )
        })?;
        let key =
            CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(
                |error| match error {
                    rustls::Error::InconsistentKeys(_) => anyhow!(
                        "server.tls_key_file: the key in {} is not the one of the certificate in {}",
                        files.key.display(),
                        files.certificate.display()
                    ),
                    error => anyhow!("server.tls_key_file: {}: {error}", files.key.display()),
                },
            )?;
        Ok(Self { key: Arc::new(key), ends })
    }

    /// Is this name (a host of an address) one that the certificate is for?
    pub fn is_for(&self, host: &str) -> bool {
        let own = self.key.end_entity_cert();
        let (Ok(own), Ok(name)) = (own, ServerName::try_from(host.trim_matches(['[', ']']))) else {
            return false;
        };
        ParsedCertificate::try_from(own).is_ok_and(|own| verify_server_name(&own, &name).is_ok())
    }
}

/// The certificate of a running server.
#[derive(Debug)]
pub(super) struct ServerCertificate {
    files: TlsFiles,
    ambient: Ambient,
    shown: RwLock<Arc<CertifiedKey>>,
    /// What was found last, whether it would do or not: what will not do is told once.
    found: Mutex<Fingerprint>,
}

impl ServerCertificate {
    /// # Errors
    /// As [`ReadPair::read`].
    pub(super) fn read(files: TlsFiles, ambient: &Ambient) -> anyhow::Result<Arc<Self>> {
        let content = Content::read(&files)?;
        let pair = ReadPair::of(&content, &files, ambient.now())?;
        warn_if_it_ends_soon(&pair, ambient.now());
        Ok(Arc::new(Self {
            files,
            ambient: ambient.clone(),
            shown: RwLock::new(pair.key),
            found: Mutex::new(content.fingerprint()),
        }))
    }

    /// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1, by this certificate as it is at each handshake.
    ///
    /// # Errors
    /// If the library does not know its own protocols.
    pub(super) fn tls(self: &Arc<Self>) -> anyhow::Result<ServerConfig> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS")?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![super::doors::H2.to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    /// Looks at the files. Blocks while it reads them.
    ///
    /// # Errors
    /// If they will not do. The certificate of before goes on being shown, and the same fault is no error again.
    pub(super) fn look_again(&self) -> anyhow::Result<()> {
        let content = Content::read(&self.files);
        let found = match &content {
            Ok(content) => content.fingerprint(),
            Err(error) => Sha256::digest(format!("{error:#}")).into(),
        };
        {
            let mut before = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            if *before == found {
                return Ok(());
            }
            *before = found;
        }
        let now = self.ambient.now();
        let pair = ReadPair::of(&content?, &self.files, now)?;
        warn_if_it_ends_soon(&pair, now);
        tracing::info!(ends = %pair.ends, "a certificate was read, and is shown from now on");
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = pair.key;
        Ok(())
    }
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn warn_if_it_ends_soon(pair: &ReadPair, now: Moment) {
    if pair.ends - now < SOON {
        tracing::warn!(ends = %pair.ends, "the certificate ends soon; renew it");
    }
}
