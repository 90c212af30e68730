//! A private authority, and what it certifies web servers by.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

pub(crate) struct PrivateAuthority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key (PEM).
pub(crate) struct Certified {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl PrivateAuthority {
    pub(crate) fn found() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "A private authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// For a server of this name, for many years.
    pub(crate) fn certify(&self, name: &str) -> Certified {
        self.certify_until(name, (2099, 1, 1))
    }

    /// Until this day.
    pub(crate) fn certify_until(&self, name: &str, (year, month, day): (i32, u8, u8)) -> Certified {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, month, day);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Certified { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// For those who are to trust it, as they find it in a file.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// For those who are to trust it.
    pub(crate) fn trusted(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_pem(self.0.pem().as_bytes()).unwrap()
    }
}

impl Certified {
    /// Puts both into files, and returns their paths.
    pub(crate) fn written_to(&self, folder: &Path) -> (String, String) {
        let (certificate, key) = (folder.join("server.pem"), folder.join("server.key"));
        std::fs::write(&certificate, &self.certificate).unwrap();
        std::fs::write(&key, &self.key).unwrap();
        (certificate.display().to_string(), key.display().to_string())
    }
}
