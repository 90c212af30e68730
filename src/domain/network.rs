//! Where requests come from, as coarsely as limits against floods need it.

use std::net::IpAddr;

/// The network that an address is in: a household's or an office's, where addresses change by themselves.
pub fn network_of(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

/// An address as one household or one office has it: in IPv6 each has a network of its own, in which it changes addresses
/// as it likes.
pub fn own_address_of(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(address @ IpAddr::V6(_)) => network_of(Some(address)),
        None => "unknown".to_owned(),
    }
}

/// The neighbourhood of such an address: what somebody has who rents many of them at once.
pub fn neighbourhood_of(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        address => network_of(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_network() {
        let network = |text: &str| network_of(Some(text.parse().expect("an address")));
        assert_eq!(network("192.0.2.1"), network("192.0.2.254"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.1"), "the same network, mapped into IPv6");
        assert_ne!(network("192.0.2.1"), network("192.0.3.1"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }

    #[test]
    fn addresses_of_one_household_are_one_and_its_neighbourhood_is_wider() {
        let address = |text: &str| Some(text.parse().expect("an address"));
        assert_ne!(own_address_of(address("192.0.2.1")), own_address_of(address("192.0.2.2")));
        assert_eq!(own_address_of(address("::ffff:192.0.2.1")), "192.0.2.1");
        assert_eq!(own_address_of(address("2001:db8:1:2::1")), own_address_of(address("2001:db8:1:2::2")));
        assert_eq!(neighbourhood_of(address("192.0.2.1")), "192.0.2.0/24");
        assert_eq!(
            neighbourhood_of(address("2001:db8:1:2::1")),
            neighbourhood_of(address("2001:db8:1:ffff::1"))
        );
        assert_ne!(neighbourhood_of(address("2001:db8:1::1")), neighbourhood_of(address("2001:db8:2::1")));
    }
}
