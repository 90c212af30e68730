//! Three ports in a row, on the loopback only.
//!
//! `localhost` may lead to `127.0.0.1` or to `::1`, whichever the browser tries first: both are ours where both exist.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};

use super::error::DemoError;

/// One port on both loopback addresses.
#[derive(Debug)]
pub(super) struct Loopback {
    ipv4: TcpListener,
    /// `None` on a machine without IPv6.
    ipv6: Option<TcpListener>,
}

impl Loopback {
    async fn bind(port: u16, purpose: &'static str) -> Result<Self, DemoError> {
        let refused = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => DemoError::PortTaken { port, purpose },
            _ => DemoError::Listen { port, purpose, source },
        };
        let ipv4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let ipv6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => Some(listener),
            // Somebody else would answer to the same name in our stead.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(refused(error)),
            Err(error) => {
                tracing::debug!(port, %error, "there is no IPv6 loopback");
                None
            }
        };
        Ok(Self { ipv4, ipv6 })
    }

    pub(super) fn into_listeners(self) -> Vec<TcpListener> {
        std::iter::once(self.ipv4).chain(self.ipv6).collect()
    }
}

impl Listener for Loopback {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        // Named in full: the listener's own method gives errors, the trait's waits them out.
        match &mut self.ipv6 {
            None => Listener::accept(&mut self.ipv4).await,
            Some(ipv6) => tokio::select! {
                accepted = Listener::accept(&mut self.ipv4) => accepted,
                accepted = Listener::accept(ipv6) => accepted,
            },
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.ipv4.local_addr()
    }
}

/// The listeners of the demo, and their ports.
#[derive(Debug)]
pub(super) struct Ports {
    pub provider: (u16, Loopback),
    pub billing: (u16, Loopback),
    pub complaints: (u16, Loopback),
}

impl Ports {
    /// The provider's port, and the two after it.
    ///
    /// # Errors
    /// If there are no such ports, or one of them is taken.
    pub(super) async fn bind(port: u16) -> Result<Self, DemoError> {
        let (Some(billing), Some(complaints), 1..) = (port.checked_add(1), port.checked_add(2), port) else {
            return Err(DemoError::NoSuchPorts(port));
        };
        Ok(Self {
            provider: (port, Loopback::bind(port, "the provider").await?),
            billing: (billing, Loopback::bind(billing, "billing").await?),
            complaints: (complaints, Loopback::bind(complaints, "complaints").await?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_its_purpose() {
        // Three ports in a row are likely, not certain: try until there are.
        for _ in 0..50 {
            let Ok(probe) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await else { continue };
            let Ok(port) = probe.local_addr().map(|address| address.port()) else { continue };
            drop(probe);
            let Ok(first) = Ports::bind(port).await else { continue };
            let refused = Ports::bind(port).await.expect_err("the port is taken").to_string();
            assert!(refused.contains(&format!("port {port} for the provider is taken")), "{refused}");
            drop(first.provider);
            let refused = Ports::bind(port).await.expect_err("the next port is taken").to_string();
            assert!(refused.contains(&format!("port {} for billing is taken", port + 1)), "{refused}");
            return;
        }
        panic!("no three ports in a row were free");
    }

    #[tokio::test]
    async fn three_ports_must_exist() {
        for port in [0, 65_534, 65_535] {
            assert!(matches!(Ports::bind(port).await, Err(DemoError::NoSuchPorts(_))), "{port}");
        }
    }
}
