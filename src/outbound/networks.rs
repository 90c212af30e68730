//! Which addresses are everybody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// How far a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    PublicOrAllowed,
    /// In the clear: nowhere but where the operator said so.
    AllowedOnly,
}

impl Reach {
    pub(super) fn includes(self, address: IpAddr, allowed: &[IpNet]) -> bool {
        let address = address.to_canonical();
        allowed.iter().any(|network| network.contains(&address))
            || (self == Self::PublicOrAllowed && is_public(address))
    }
}

/// Globally reachable (RFC 6890 and the registries that it begins): not this machine, not its neighbours, nor a network
/// that carries one of them inside an address.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        // Shared by carriers (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments (RFC 6890), the old 6to4 relays (RFC 7526).
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // Benchmarks (RFC 2544).
        || (a == 198 && (b == 18 || b == 19))
        // Reserved (RFC 1112).
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Global unicast only, so that loopback, link-local, unique local and multicast fall away by themselves.
    (segments[0] & 0xe000) == 0x2000
        // Teredo, benchmarks, ORCHID and their neighbours (2001::/23).
        && !(segments[0] == 0x2001 && segments[1] < 0x0200)
        // Documentation (RFC 3849, RFC 9637).
        && !(segments[0] == 0x2001 && segments[1] == 0x0db8)
        && !(segments[0] == 0x3fff && segments[1] < 0x1000)
        // 6to4 carries an IPv4 address.
        && segments[0] != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public_and_what_is_not() {
        for address in ["1.1.1.1", "193.0.14.129", "2606:4700:4700::1111", "2a00:1450::1"] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "2002:a00:1::",
            "2001::1",
            "3fff::1",
            "fec0::1",
            "100::1",
            "5f00::1",
            "::ffff:0:127.0.0.1",
        ] {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_ipv4_address() {
        let mapped = "::ffff:10.0.0.1".parse().expect("an address");
        assert!(!Reach::PublicOrAllowed.includes(mapped, &[]));
        assert!(Reach::AllowedOnly.includes(mapped, &["10.0.0.0/8".parse().expect("a network")]));
    }
}
