//! `[outbound]`: where this server's own requests may go, and whom they trust.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;

use super::networks::networks;
use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    ca_file: PathBuf,
    #[serde(deserialize_with = "networks")]
    allowed_networks: Vec<IpNet>,
    timeout_seconds: Within<1, 60>,
    /// The folder that relative files begin in. Not a key of the file: it is where the file lies.
    #[serde(skip)]
    folder: PathBuf,
}

impl Outbound {
    /// Certificates to trust beside the system's.
    pub fn ca_file(&self) -> Option<PathBuf> {
        (!self.ca_file.as_os_str().is_empty()).then(|| self.folder.join(&self.ca_file))
    }

    /// Private networks that may be reached, also without https.
    pub fn allowed_networks(&self) -> &[IpNet] {
        &self.allowed_networks
    }

    /// Of a whole request.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.get().into())
    }

    pub(super) fn resolve_beside(&mut self, config_file: Option<&Path>) {
        self.folder = config_file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    }
}
