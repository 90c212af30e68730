//! Redirect URIs: which may be registered, and when a presented one is a registered one.

use url::Url;

use super::methods::ApplicationType;

/// May a client of this kind be sent there?
pub(super) fn check(application_type: ApplicationType, uri: &str) -> Result<(), &'static str> {
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("contains spaces or characters outside ASCII");
    }
    let url = Url::parse(uri).map_err(|_| "is not an absolute URI")?;
    if uri.contains('#') {
        return Err("has a fragment (RFC 6749 §3.1.2)");
    }
    match (application_type, url.scheme()) {
        (_, "http" | "https") if !names_a_host(uri) => Err("has no host"),
        (_, "http" | "https") if !url.username().is_empty() || url.password().is_some() => {
            Err("carries credentials")
        }
        (_, "https") | (ApplicationType::Web, "http") => Ok(()),
        (ApplicationType::Native, "http") if is_loopback(&url) => Ok(()),
        (ApplicationType::Native, "http") => Err("is http, but not on loopback (RFC 8252 §7.3)"),
        (ApplicationType::Native, scheme) if scheme.contains('.') => Ok(()),
        (ApplicationType::Native, _) => Err("has a private-use scheme without a period (RFC 8252 §7.1)"),
        (ApplicationType::Web, _) => Err("is neither http nor https"),
    }
}

/// RFC 3986 §3.2, before anybody repairs it: the URL standard reads a host into `https:///callback`, too.
fn names_a_host(uri: &str) -> bool {
    uri.split_once(':')
        .and_then(|(_, rest)| rest.strip_prefix("//"))
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '\\', '?', '#', ':', '@']))
}

/// The loopback addresses of RFC 8252 §7.3. The name `localhost` is not one of them (§8.3).
fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

/// An address that never leaves the machine of whoever opens it.
pub(super) fn is_this_machine(url: &Url) -> bool {
    is_loopback(url) || url.host_str() == Some("localhost")
}

/// Are they the same, but for the port of a loopback address (RFC 8252 §7.3)?
pub(super) fn same_but_for_loopback_port(registered: &str, presented: &str) -> bool {
    /// Splits `http://127.0.0.1:1234/path` into origin without port, and the rest, without normalising anything.
    fn without_port(uri: &str) -> Option<(&str, &str)> {
        let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host))?;
        let rest = &uri[host.len()..];
        let path = match rest.strip_prefix(':') {
            Some(after) => {
                let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                after[..digits].parse::<u16>().ok()?;
                &after[digits..]
            }
            None => rest,
        };
        (path.is_empty() || path.starts_with(['/', '?'])).then_some((host, path))
    }
    match (without_port(registered), without_port(presented)) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::arbitrary::{nearly, text};
    use crate::domain::client::Client;

    fn client(application_type: &str, uri: &str) -> Client {
        let metadata = serde_json::json!({"application_type": application_type, "redirect_uris": [uri]});
        let metadata = serde_json::from_value(metadata).expect("metadata");
        Client { id: "c".into(), secret: None, metadata, self_registration: None }
    }

    fn registered() -> impl Strategy<Value = String> {
        let host = prop_oneof![
            Just("127.0.0.1"),
            Just("[::1]"),
            Just("localhost"),
            Just("rp.example"),
            Just("127.0.0.1.rp.example"),
        ];
        let port = prop_oneof![Just(String::new()), any::<u16>().prop_map(|port| format!(":{port}"))];
        let scheme = prop_oneof![Just("http"), Just("https"), Just("com.example.app")];
        (scheme, host, port, "(/[a-z]{0,4}){0,2}([?][a-z=&]{0,6})?")
            .prop_map(|(scheme, host, port, path)| format!("{scheme}://{host}{port}{path}"))
    }

    /// A registered address, and one that is presented: the same, nearly the same, with another port, or anything.
    fn pair() -> impl Strategy<Value = (String, String)> {
        registered().prop_flat_map(|uri| {
            let ported = |uri: &str, port: u32| match Url::parse(uri) {
                Ok(url) if url.host_str().is_some() => {
                    let host = url.host_str().unwrap_or_default();
                    format!("{}://{host}:{port}{}", url.scheme(), &url[url::Position::BeforePath..])
                }
                _ => uri.to_owned(),
            };
            let other_port = {
                let uri = uri.clone();
                (0..70_000u32).prop_map(move |port| ported(&uri, port))
            };
            // Behind what only begins like a loopback address, a port is nobody's.
            let misplaced = Just(uri.replacen("127.0.0.1", "127.0.0.1:7", 1));
            let presented = prop_oneof![
                Just(uri.clone()),
                nearly(uri.clone()),
                other_port,
                misplaced,
                registered(),
                text()
            ];
            (Just(uri), presented)
        })
    }

    proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1024))]

        #[test]
        fn rfc_9700_2_1_a_web_clients_address_is_its_own_to_the_byte((registered, presented) in pair()) {
            prop_assert_eq!(client("web", &registered).owns_redirect_uri(&presented), registered == presented);
        }

        #[test]
        fn rfc_8252_7_3_a_native_clients_loopback_port_and_nothing_else_may_differ((registered, presented) in pair()) {
            let native = client("native", &registered);
            prop_assert!(native.owns_redirect_uri(&registered));
            if registered != presented && native.owns_redirect_uri(&presented) {
                // As a browser reads them: on this machine, and the same but for the port.
                let [mut one, mut other] =
                    [&registered, &presented].map(|uri| Url::parse(uri).expect("an address"));
                prop_assert!(is_loopback(&one) && is_loopback(&other));
                prop_assert_eq!(one.scheme(), "http");
                for url in [&mut one, &mut other] {
                    prop_assert!(url.username().is_empty() && url.password().is_none());
                    url.set_port(None).expect("a port may be left out");
                }
                prop_assert_eq!(one, other);
            }
        }

        #[test]
        fn rfc_8252_7_3_any_port_of_a_loopback_address_will_do(
            (host, port, other) in (prop_oneof![Just("127.0.0.1"), Just("[::1]")], any::<u16>(), any::<u16>()),
            path in "(/[a-z]{0,4}){0,2}([?][a-z=&]{0,6})?",
        ) {
            let native = client("native", &format!("http://{host}:{port}{path}"));
            let presented = format!("http://{host}:{other}{path}");
            prop_assert!(native.owns_redirect_uri(&presented));
            let without = format!("http://{host}{path}");
            prop_assert!(native.owns_redirect_uri(&without));
        }

        #[test]
        fn what_may_be_registered_has_a_host_no_fragment_and_no_password(uri in prop_oneof![text(), registered().prop_flat_map(nearly)]) {
            for application_type in [ApplicationType::Web, ApplicationType::Native] {
                if check(application_type, &uri).is_ok() {
                    let url = Url::parse(&uri).expect("an address");
                    prop_assert!(url.fragment().is_none() && url.password().is_none());
                    prop_assert!(!matches!(url.scheme(), "javascript" | "data" | "file" | "blob"));
                }
            }
        }
    }
}
