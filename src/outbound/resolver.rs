//! What a name stands for, as far as it may be reached. Looked at on the way to the connection, so that a name cannot
//! stand for something else a moment later.

use std::net::SocketAddr;
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::networks::Reach;

pub(super) struct Resolver {
    pub reach: Reach,
    pub allowed: Arc<[IpNet]>,
}

#[derive(Debug, thiserror::Error)]
#[error("the name stands for no address that is allowed")]
struct NothingAllowed;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, allowed) = (self.reach, Arc::clone(&self.allowed));
        Box::pin(async move {
            // The port is filled in by whoever asked.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let reachable: Vec<SocketAddr> =
                found.filter(|address| reach.includes(address.ip(), &allowed)).collect();
            if reachable.is_empty() {
                return Err(NothingAllowed.into());
            }
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}
