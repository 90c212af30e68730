//! Whose request it is when proxies stand in between.
//!
//! Anybody can send a header. So it is read only if the connection itself comes from a proxy that the operator named,
//! and from its end: what a proxy adds stands after what it was sent. The last address that is no proxy of ours is the
//! client; what stands before it may be invented.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::config::ForwardedHeader;

/// The proxies in front, and the header that they write.
#[derive(Debug, Clone)]
pub struct TrustedProxies {
    pub networks: Vec<IpNet>,
    pub header: ForwardedHeader,
}

impl TrustedProxies {
    /// The client behind a connection. Where the header says nothing readable, the nearest address that is known.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let mut hops = match self.header {
            ForwardedHeader::XForwardedFor => x_forwarded_for(headers),
            ForwardedHeader::Forwarded => forwarded(headers),
        };
        while self.trusts(nearest) {
            match hops.pop() {
                Some(Some(hop)) => nearest = hop,
                Some(None) | None => break,
            }
        }
        nearest
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// The hops from the first to the last; `None` for one that is no address.
type Hops = Vec<Option<IpAddr>>;

fn x_forwarded_for(headers: &HeaderMap) -> Hops {
    let mut hops = Hops::new();
    for line in headers.get_all("x-forwarded-for") {
        match line.to_str() {
            Ok(line) => hops.extend(line.split(',').map(|hop| address(hop.trim()))),
            Err(_) => hops.push(None),
        }
    }
    hops
}

/// RFC 7239 §4. A line that is malformed is one hop that nobody knows: where its elements begin is a guess.
fn forwarded(headers: &HeaderMap) -> Hops {
    let mut hops = Hops::new();
    for line in headers.get_all("forwarded") {
        match line.to_str().ok().and_then(elements) {
            Some(elements) => hops.extend(elements),
            None => hops.push(None),
        }
    }
    hops
}

/// The `for` of each element; `None` if the line is not one of RFC 7239.
fn elements(line: &str) -> Option<Hops> {
    let mut hops = Hops::new();
    let mut rest = line;
    loop {
        let (mut hop, mut is_named) = (None, false);
        loop {
            let (name, after) = rest.trim_start().split_once('=')?;
            let (value, after) = value(after)?;
            if name.eq_ignore_ascii_case("for") {
                // Once in an element (§4).
                if std::mem::replace(&mut is_named, true) {
                    return None;
                }
                hop = address(&value);
            } else if !name.bytes().all(is_token) || name.is_empty() {
                return None;
            }
            rest = after.trim_start();
            match rest.strip_prefix(';') {
                Some(after) => rest = after,
                None => break,
            }
        }
        hops.push(hop);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Some(hops),
            None => return None,
        }
    }
}

/// A token or a quoted string (RFC 9110 §5.6), and what stands after it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !u8::try_from(c).is_ok_and(is_token)).unwrap_or(text.len());
        let (token, rest) = text.split_at(end);
        return (!token.is_empty()).then(|| (token.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            character => value.push(character),
        }
    }
    None
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn address(node: &str) -> Option<IpAddr> {
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    let address = match bare.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => node.parse::<SocketAddr>().ok()?.ip(),
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use proptest::collection::vec;
    use proptest::prelude::{Just, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn client(header: ForwardedHeader, peer: &str, lines: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network")).to_vec();
        let name = match header {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).expect("a value");
            headers.append(HeaderName::from_static(name), value);
        }
        let proxies = TrustedProxies { networks, header };
        proxies.client(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_of_ours_is_the_client() {
        use ForwardedHeader::XForwardedFor;
        for (peer, lines, expected) in [
            // Strangers are not asked.
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("203.0.113.9", &["10.0.0.1"], "203.0.113.9"),
            // One proxy, two, a chain that a client began.
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 198.51.100.1"], "198.51.100.1"),
            // Several lines are one list.
            ("10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            // Nothing, or nothing readable: the nearest that is known.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["198.51.100.1,"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, \u{17c}"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(client(XForwardedFor, peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn rfc_7239_4_forwarded_is_read_as_it_is_defined() {
        use ForwardedHeader::Forwarded;
        for (lines, expected) in [
            (&["for=198.51.100.1"][..], "198.51.100.1"),
            (&["For=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (&["for=198.51.100.1;proto=http;by=10.0.0.1, for=10.0.0.2"], "198.51.100.1"),
            (&["for=6.6.6.6, for=198.51.100.1 ; host=\"id.example.org\""], "198.51.100.1"),
            (&["for=6.6.6.6", "proto=https;for=198.51.100.1"], "198.51.100.1"),
            (&["for=\"198.51.100.\\1\""], "198.51.100.1"),
            // Hidden (§6.3), unknown (§6.2), or not said.
            (&["for=6.6.6.6, for=_hidden"], "10.0.0.1"),
            (&["for=6.6.6.6, for=unknown"], "10.0.0.1"),
            (&["for=6.6.6.6, proto=http"], "10.0.0.1"),
            // A client that leaves a quotation open must not swallow what the proxy adds.
            (&["for=6.6.6.6, for=\"x, for=198.51.100.1"], "10.0.0.1"),
            (&["for=\"x, for=\"[2001:db8::7]\""], "10.0.0.1"),
            (&["for=6.6.6.6, for=\"x", "for=198.51.100.1"], "198.51.100.1"),
            (&["for=6.6.6.6;for=198.51.100.1"], "10.0.0.1"),
            (&["198.51.100.1"], "10.0.0.1"),
            (&["for=6.6.6.6,"], "10.0.0.1"),
            (&["="], "10.0.0.1"),
            (&[""], "10.0.0.1"),
        ] {
            assert_eq!(client(Forwarded, "10.0.0.1", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn only_the_configured_header_is_read() {
        let proxies = TrustedProxies {
            networks: vec!["10.0.0.0/8".parse().expect("a network")],
            header: ForwardedHeader::XForwardedFor,
        };
        let mut headers = HeaderMap::new();
        headers.insert("forwarded", HeaderValue::from_static("for=6.6.6.6"));
        let peer = "10.0.0.1".parse().expect("an address");
        assert_eq!(proxies.client(peer, &headers), peer);
    }

    fn header_of(lines: &[String], name: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            // What no header can hold never comes.
            if let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        headers
    }

    proptest! {
        #[test]
        fn whoever_connects_from_elsewhere_is_who_they_are(lines in vec(crate::arbitrary::text(), 0..3)) {
            let peer: IpAddr = "203.0.113.9".parse().expect("an address");
            for (header, name) in [
                (ForwardedHeader::XForwardedFor, "x-forwarded-for"),
                (ForwardedHeader::Forwarded, "forwarded"),
            ] {
                let proxies = TrustedProxies { networks: vec!["10.0.0.0/8".parse().expect("a network")], header };
                prop_assert_eq!(proxies.client(peer, &header_of(&lines, name)), peer);
            }
        }

        #[test]
        fn nothing_that_a_client_invents_counts_before_what_our_proxy_adds(
            invented in prop_oneof![
                crate::arbitrary::text(),
                "[a-z0-9=;,:\"\\\\\\[\\]. ]{0,40}",
                Just("for=6.6.6.6, for=\"".to_owned()),
            ],
        ) {
            let [peer, client]: [IpAddr; 2] =
                ["10.0.0.1", "198.51.100.1"].map(|address| address.parse().expect("an address"));
            for (header, name, hop) in [
                (ForwardedHeader::XForwardedFor, "x-forwarded-for", "198.51.100.1"),
                (ForwardedHeader::Forwarded, "forwarded", "for=198.51.100.1"),
            ] {
                let proxies = TrustedProxies { networks: vec!["10.0.0.0/8".parse().expect("a network")], header };
                // In the same line, or in one of its own: the client, or nobody further away than the proxy.
                let same = proxies.client(peer, &header_of(&[format!("{invented}, {hop}")], name));
                prop_assert!(same == client || same == peer, "{}", same);
                let next = header_of(&[invented.clone(), hop.to_owned()], name);
                prop_assert_eq!(proxies.client(peer, &next), client);
            }
        }
    }
}
