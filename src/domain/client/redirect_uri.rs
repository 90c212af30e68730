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
