//! Our cookies. Cookies ignore ports, so every name begins with `iok_id_`; on https also with `__Host-`, which no
//! neighbour under the same domain can set (RFC 6265bis §4.1.3.2).

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::accounts::sign_in::StartedSession;
use crate::accounts::trusted_devices::DeviceCookie;
use crate::domain::locale::Locale;
use crate::domain::secret::BearerSecret;

#[derive(Debug, Clone)]
pub(super) struct CookieNames {
    secure: bool,
}

/// What we keep in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The session's secret.
    Session,
    /// The pre-session: which browser this is, before anybody signs in.
    Visit,
    /// For each account whose owner signed in here, what this browser is known by. It outlives the session: it is what
    /// lets them in while strangers guess.
    Device,
    /// The language that was chosen.
    Locale,
}

impl Kept {
    #[cfg(any(test, feature = "fuzzing"))]
    const ALL: [Self; 4] = [Self::Session, Self::Visit, Self::Device, Self::Locale];

    const fn name(self) -> &'static str {
        match self {
            Self::Session => "iok_id_session",
            Self::Visit => "iok_id_visit",
            Self::Device => "iok_id_device",
            Self::Locale => "iok_id_locale",
        }
    }
}

impl CookieNames {
    pub(super) const fn new(secure: bool) -> Self {
        Self { secure }
    }

    pub(super) const fn is_secure(&self) -> bool {
        self.secure
    }

    pub(super) fn name(&self, kept: Kept) -> String {
        if self.secure { format!("__Host-{}", kept.name()) } else { kept.name().to_owned() }
    }

    /// Reads one; others' cookies are not looked at.
    pub(super) fn read(&self, headers: &HeaderMap, kept: Kept) -> Option<String> {
        let wanted = self.name(kept);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == wanted && !cookie.value().is_empty())
            .map(|cookie| cookie.value().to_owned())
    }

    pub(super) fn session(&self, secret: &BearerSecret) -> Cookie<'static> {
        self.make(Kept::Session, secret.expose().to_owned())
    }

    /// What a browser gets that somebody has just signed in with.
    pub(super) fn started(&self, started: &StartedSession) -> impl Iterator<Item = Cookie<'static>> {
        std::iter::once(self.session(&started.secret)).chain(self.device(started.device.as_ref()))
    }

    /// What the browser is known by from now on, if that changes.
    pub(super) fn device(&self, device: Option<&DeviceCookie>) -> Option<Cookie<'static>> {
        let device = device?;
        let cookie = self.make(Kept::Device, device.value.expose().to_owned());
        // In words: the type of a `Max-Age` is a crate's that nothing else here needs.
        Cookie::parse(format!("{cookie}; Max-Age={}", device.lasts.num_seconds())).ok()
    }

    pub(super) fn visit(&self, secret: &BearerSecret) -> Cookie<'static> {
        self.make(Kept::Visit, secret.expose().to_owned())
    }

    pub(super) fn locale(&self, locale: Locale) -> Cookie<'static> {
        self.make(Kept::Locale, locale.tag().to_owned())
    }

    /// Tells the browser to forget it.
    pub(super) fn forget(&self, kept: Kept) -> Cookie<'static> {
        let mut cookie = self.make(kept, String::new());
        cookie.make_removal();
        cookie
    }

    fn make(&self, kept: Kept, value: String) -> Cookie<'static> {
        Cookie::build((self.name(kept), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}

/// For the fuzz targets.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_all(secure: bool, headers: &HeaderMap) -> Vec<(String, Option<String>)> {
    let names = CookieNames::new(secure);
    Kept::ALL.into_iter().map(|kept| (names.name(kept), names.read(headers, kept))).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::collection::vec;
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::domain::secret::SystemEntropy;

    fn kept() -> impl Strategy<Value = Kept> {
        proptest::sample::select(&Kept::ALL[..])
    }

    /// What a browser may have beside ours, or somebody may write by hand, up to the next semicolon.
    fn neighbour() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            "[a-z_]{1,12}=[!-:<-~]{0,12}".prop_map(String::into_bytes),
            "(__Host-|__Secure-|__host-| )?iok_id_(session|visit|device|locale|sessio|sessions)[ =]"
                .prop_map(String::into_bytes),
            vec(any::<u8>(), 0..16),
            Just(b"=".to_vec()),
            Just(b"\"".to_vec()),
        ]
        .prop_map(|mut bytes| {
            bytes.retain(|byte| *byte != b';');
            bytes
        })
    }

    fn headers(lines: &[Vec<u8>]) -> HeaderMap {
        lines.iter().filter_map(|line| Some((COOKIE, HeaderValue::from_bytes(line).ok()?))).collect()
    }

    /// RFC 6265 §4.1.1, as exactly as we need it.
    fn is_named(cookie: &[u8], name: &str) -> bool {
        cookie
            .trim_ascii()
            .split(|byte| *byte == b'=')
            .next()
            .is_some_and(|own| own.trim_ascii() == name.as_bytes())
    }

    proptest! {
        #[test]
        fn what_we_set_is_read_again_whatever_stands_around_it(
            secure in any::<bool>(),
            kept in kept(),
            lines in vec(vec(neighbour(), 0..4), 0..3),
            place in any::<proptest::sample::Index>(),
        ) {
            let names = CookieNames::new(secure);
            let secret = BearerSecret::generate(&SystemEntropy);
            let own = format!("{}={}", names.name(kept), secret.expose()).into_bytes();
            // Others of the same name are another test's: here only what has no business being ours.
            let mut lines: Vec<Vec<Vec<u8>>> = lines;
            for line in &mut lines {
                line.retain(|cookie| !is_named(cookie, &names.name(kept)) && cookie.is_ascii());
            }
            if lines.is_empty() {
                lines.push(Vec::new());
            }
            let of = place.index(lines.len());
            let within = place.index(lines[of].len() + 1);
            lines[of].insert(within, own);
            let lines: Vec<Vec<u8>> = lines.iter().map(|line| line.join(&b"; "[..])).collect();
            let unreadable = lines[of].iter().any(|byte| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f);
            let read = names.read(&headers(&lines), kept);
            prop_assert_eq!(read.as_deref(), (!unreadable).then_some(secret.expose()));
        }

        #[test]
        fn rfc_6265bis_4_1_3_2_nothing_is_ours_but_by_its_exact_name(
            secure in any::<bool>(),
            kept in kept(),
            lines in vec(vec(neighbour(), 0..4), 0..3),
        ) {
            let names = CookieNames::new(secure);
            let lines: Vec<Vec<u8>> = lines.iter().map(|line| line.join(&b"; "[..])).collect();
            if let Some(read) = names.read(&headers(&lines), kept) {
                let mut cookies = lines.iter().flat_map(|line| line.split(|byte| *byte == b';'));
                prop_assert!(cookies.any(|cookie| is_named(cookie, &names.name(kept))));
                prop_assert!(!read.is_empty() && !read.contains(';') && !read.contains(char::is_control) || read.contains('\t'));
            }
        }

        #[test]
        fn every_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(secure in any::<bool>(), kept in kept()) {
            let names = CookieNames::new(secure);
            for cookie in [names.make(kept, "value".to_owned()), names.forget(kept)] {
                let written = cookie.to_string();
                let attributes: Vec<&str> = written.split("; ").skip(1).collect();
                for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                    prop_assert!(attributes.contains(&wanted), "{written}");
                }
                prop_assert_eq!(attributes.contains(&"Secure"), secure, "{}", written);
                prop_assert_eq!(written.starts_with("__Host-"), secure, "{}", written);
                prop_assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "{written}");
            }
        }
    }
}
