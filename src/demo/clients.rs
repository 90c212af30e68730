//! The two relying parties as the provider knows them: their secrets, and their metadata.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::DemoError;
use super::private_file;
use super::relying_party::RelyingParty;
use super::service::Service;
use crate::domain::ambient::Ambient;

/// The provider keeps digests only, so the services keep their secrets themselves, in a file with mode 0600.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ClientSecrets {
    billing: String,
    complaints: String,
}

impl ClientSecrets {
    /// Reads the secrets, or makes them at the first start.
    ///
    /// # Errors
    /// If the file cannot be read or written, or is something else.
    pub(super) fn load_or_make(path: &Path, ambient: &Ambient) -> Result<Self, DemoError> {
        let failed = |source| DemoError::File { path: path.to_owned(), source };
        if let Some(content) = private_file::read(path).map_err(failed)? {
            return serde_json::from_str(&content)
                .map_err(|_| DemoError::NotClientSecrets { path: path.to_owned() });
        }
        let made = Self {
            billing: ambient.new_secret().expose().to_owned(),
            complaints: ambient.new_secret().expose().to_owned(),
        };
        let content = json!(made).to_string();
        private_file::write(path, &content).map_err(failed)?;
        Ok(made)
    }

    pub(super) fn of(&self, service: Service) -> &str {
        match service {
            Service::Billing => &self.billing,
            Service::Complaints => &self.complaints,
        }
    }
}

/// Client metadata (OpenID Connect Registration §2, RFC 7591 §2). `first_party` is the provider's own: such a client
/// belongs to the company itself and needs no consent.
pub(super) fn metadata(service: Service, port: u16) -> Value {
    let (polish, english) = match service {
        Service::Billing => ("Czynsze i opłaty", "Rents and charges"),
        Service::Complaints => ("Zgłoszenia", "Reports"),
    };
    json!({
        "client_name": polish,
        "client_name#pl": polish,
        "client_name#en": english,
        "client_uri": RelyingParty::home_uri(port),
        "redirect_uris": RelyingParty::redirect_uris(port),
        "post_logout_redirect_uris": RelyingParty::post_logout_redirect_uris(port),
        "backchannel_logout_uri": RelyingParty::backchannel_logout_uri(port),
        "backchannel_logout_session_required": true,
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "ES256",
        "scope": "openid profile email phone address iok offline_access",
        "first_party": true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_and_kept() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("clients.json");
        let made = ClientSecrets::load_or_make(&path, &Ambient::system())?;
        let read = ClientSecrets::load_or_make(&path, &Ambient::system())?;
        for service in Service::ALL {
            assert_eq!(made.of(service), read.of(service));
            assert!(made.of(service).len() >= 43, "256 random bits");
        }
        assert_ne!(made.of(Service::Billing), made.of(Service::Complaints));
        std::fs::write(&path, "{}")?;
        assert!(matches!(
            ClientSecrets::load_or_make(&path, &Ambient::system()),
            Err(DemoError::NotClientSecrets { .. })
        ));
        Ok(())
    }

    #[test]
    fn both_addresses_are_registered_and_no_others() {
        let metadata = metadata(Service::Billing, 8081);
        assert_eq!(
            metadata["redirect_uris"],
            json!(["http://localhost:8081/callback", "http://127.0.0.1:8081/callback"])
        );
        assert_eq!(
            metadata["post_logout_redirect_uris"],
            json!(["http://localhost:8081/signed-out", "http://127.0.0.1:8081/signed-out"])
        );
    }

    #[test]
    fn a_service_asks_for_no_scope_that_it_is_not_registered_for() {
        for service in Service::ALL {
            let metadata = metadata(service, 8081);
            let registered: Vec<&str> = metadata["scope"].as_str().unwrap_or_default().split(' ').collect();
            assert!(service.scopes().iter().all(|scope| registered.contains(scope)));
        }
    }
}
