//! The service that a person comes from, as the pages on the way show it.

use url::Url;

use crate::domain::locale::Locale;
use crate::oidc::resume::Visited;
use crate::views::AskingService;

pub(super) fn asking_service(visited: &Visited, locale: Locale) -> AskingService {
    let metadata = &visited.client.metadata;
    let own = |text: Option<&str>| text.map(str::to_owned);
    AskingService {
        name: visited.client.name(locale),
        client_uri: own(metadata.client_uri_in(locale)),
        logo_uri: own(metadata.logo_uri_in(locale)),
        policy_uri: own(metadata.policy_uri_in(locale)),
        tos_uri: own(metadata.tos_uri_in(locale)),
        unverified_at: visited.client.self_registration.is_some().then(|| place_of(visited.redirect_uri())),
    }
}

/// Where an address leads, in the letters that a browser would show: its host, or its scheme where an app takes it.
fn place_of(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) => match url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) {
            Some(host) => host.to_owned(),
            // An app takes it, whatever host it writes after its own scheme.
            None => format!("{}:", url.scheme()),
        },
        // A proven address is an address.
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_place_is_a_host_that_cannot_pretend() {
        assert_eq!(place_of("https://rp.example:8443/a?b=mpgl.example"), "rp.example");
        assert_eq!(place_of("https://mpgl.example@rp.example/"), "rp.example");
        assert_eq!(place_of("https://mpg\u{13a}.example/"), "xn--mpg-mva.example");
        assert_eq!(place_of("com.example.app:/callback"), "com.example.app:");
        assert_eq!(place_of("com.example.app://mpgl.example/callback"), "com.example.app:");
    }
}
