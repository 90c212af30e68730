//! The readers of what comes from outside, for the fuzz targets (tests/fuzz), with what must hold of whatever they read.
//! Nothing here is a part of the product.

#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a panic is what the targets look for")]

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use crate::config::ForwardedHeader;
use crate::crypto::links::LinkKey;
use crate::crypto::passkeys::{Challenge, PasskeyAnswer, Passkeys};
use crate::crypto::sealing::SealingKey;
use crate::crypto::signing::SigningKey;
use crate::crypto::totp::Seed;
use crate::crypto::verification::{UncheckedHeader, verify};
use crate::domain::client::{Client, ClientKeySet, ClientMetadata, Members, StrangerRules};
use crate::domain::clock::Moment;
use crate::domain::link::LinkPurpose;
use crate::domain::locale::Locale;
use crate::domain::scope::ScopeSet;
use crate::domain::second_factor::TypedFactor;
use crate::domain::secret::{BearerSecret, SecretDigest, SystemEntropy};
use crate::domain::token::SigningAlgorithm;
use crate::domain::trusted_device::KeptSecrets;
use crate::http::forwarded::TrustedProxies;
use crate::oidc::parameters::Parameters;

const ISSUER: &str = "https://id.example";

fn client(metadata: serde_json::Value) -> Client {
    let metadata = serde_json::from_value(metadata).unwrap();
    Client { id: "client".to_owned(), secret: None, metadata, self_registration: None }
}

/// A key that signs nothing here.
fn key() -> &'static Arc<SigningKey> {
    static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
    KEY.get_or_init(|| {
        let algorithm = SigningAlgorithm::ES256;
        let pkcs8 = SigningKey::generate(algorithm).unwrap();
        Arc::new(SigningKey::parse(algorithm, &pkcs8).unwrap())
    })
}

pub fn owns_redirect_uri(application_type: &str, registered: &str, presented: &str) -> bool {
    client(json!({"application_type": application_type, "redirect_uris": [registered]}))
        .owns_redirect_uri(presented)
}

pub fn request_object(token: &str) {
    let now = Moment::from_timestamp(1_900_000_000, 0).unwrap();
    crate::oidc::authorize::read_request_object(&client(json!({})), ISSUER, now, token);
}

/// Does one of these keys, or one of ours, say that the token is signed?
pub fn is_signed(token: &str, keys: &str) -> bool {
    let Ok(header) = UncheckedHeader::read(token) else { return false };
    if let Ok(keys) = serde_json::from_str::<ClientKeySet>(keys) {
        // Whoever wrote the keys may have signed with them: only that nothing breaks.
        verify::<serde_json::Value>(token, &header, keys.named(header.kid.as_deref())).ok();
    }
    let own = key().public_jwk().as_object().unwrap();
    verify::<serde_json::Value>(token, &header, [own].into_iter()).is_ok()
}

pub fn client_metadata(text: &str) {
    let rules = StrangerRules {
        scopes: ScopeSet::identity(),
        require_pkce: true,
        trying_out: text.len().is_multiple_of(2),
    };
    let Ok(Members(members)) = serde_json::from_str(text) else { return };
    let Ok(metadata) = ClientMetadata::from_members(members) else { return };
    if metadata.validate_as_stranger(&rules).is_ok() {
        let complete = metadata.completed_as_stranger(&rules);
        let Members(written) = serde_json::from_str(&serde_json::to_string(&complete).unwrap()).unwrap();
        assert_eq!(ClientMetadata::from_members(written).unwrap(), complete);
        for locale in Locale::ALL {
            let _ = (complete.name_in(locale), complete.logo_uri_in(locale), complete.tos_uri_in(locale));
        }
    }
}

pub fn register_file(file: &[u8]) {
    crate::integrations::register::read_file(file);
}

pub fn client_credentials(header: &str, form: &str) {
    let form = Parameters::parse(form);
    crate::oidc::client_auth::read_credentials(Some(header), &form);
    crate::oidc::client_auth::read_credentials(None, &form);
}

/// The first line is what a client invented, the others what stands in lines of their own.
pub fn forwarded(lines: &[u8]) {
    let [stranger, proxy, own]: [IpAddr; 3] =
        ["203.0.113.9", "10.0.0.1", "198.51.100.1"].map(|address| address.parse().unwrap());
    for (header, name, hop) in [
        (ForwardedHeader::XForwardedFor, "x-forwarded-for", "198.51.100.1"),
        (ForwardedHeader::Forwarded, "forwarded", "for=198.51.100.1"),
    ] {
        let mut headers = HeaderMap::new();
        for line in lines.split(|byte| *byte == b'\n') {
            if let Ok(value) = HeaderValue::from_bytes(line) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        let proxies = TrustedProxies { networks: vec!["10.0.0.0/8".parse().unwrap()], header };
        assert_eq!(proxies.client(stranger, &headers), stranger);
        proxies.client(proxy, &headers);
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(hop));
        assert_eq!(proxies.client(proxy, &headers), own);
    }
}

pub fn is_logout_hint(token: &str) -> bool {
    crate::oidc::id_token_hint::is_hint(token, ISSUER, key())
}

pub fn languages(text: &str) {
    crate::http::read_languages(text);
    Locale::from_preferences(text);
}

pub fn is_access_token(token: &str) -> bool {
    let now = Moment::from_timestamp(0, 0).unwrap();
    crate::oidc::access_token::is_ours(token, ISSUER, now, key())
}

/// A line is a header `Cookie`. Nothing is read but what stands there under the whole of our name, and what is set on https
/// is not read elsewhere.
pub fn cookies(lines: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(COOKIE, value);
        }
    }
    for secure in [false, true] {
        for (name, value) in crate::http::read_cookies(secure, &headers) {
            assert_eq!(name.starts_with("__Host-"), secure);
            let Some(value) = value else { continue };
            assert!(!value.is_empty() && !value.contains([';', '\n', '\r', '\0']), "{value:?}");
            let cookies = lines.split(|byte| *byte == b'\n' || *byte == b';').map(<[u8]>::trim_ascii);
            let named = |cookie: &[u8]| {
                let (own, rest) = cookie.split_at(cookie.len().min(name.len()));
                own == name.as_bytes() && rest.trim_ascii_start().starts_with(b"=")
            };
            assert!(cookies.into_iter().any(named), "{name} is nowhere");
            // What is read becomes a digest, or a language, or nothing.
            BearerSecret::presented(value.as_str()).digest();
            let _ = (SecretDigest::from_text(&value), Locale::from_tag(&value));
        }
    }
}

/// The last segment of a mailed link: is it one, for anything?
pub fn is_mailed_link(token: &str) -> bool {
    // A key that nobody has: 32 bytes that the hash of the token leads to.
    let key = BearerSecret::presented(format!("fuzz {token}")).digest().to_text();
    let key = LinkKey::derived_from(&SealingKey::from_text(&key).unwrap());
    LinkPurpose::ALL.iter().any(|purpose| key.open(*purpose, token).is_some())
}

/// What was typed into the field for both kinds of a second factor, at any time, with any seed.
pub fn typed_factor(typed: &str, seed: &[u8], seconds: i64) {
    let Ok(seed) = Seed::from_bytes(seed) else { return };
    let Some(now) = Moment::from_timestamp(seconds, 0) else { return };
    match TypedFactor::parse(typed) {
        TypedFactor::OneTime(code) => {
            let step = seed.step_of(&code, now).unwrap();
            let ours = now.timestamp().max(0) / 30;
            assert!(step.is_none_or(|step| (step - ours).abs() <= 1), "{step:?} is not near {ours}");
        }
        TypedFactor::RecoveryCode(code) if typed.is_ascii() => {
            // Typed once more as it is shown, it is the same; or six digits by now, where `o` was meant.
            let TypedFactor::RecoveryCode(again) = TypedFactor::parse(&code.expose()) else {
                return;
            };
            assert_eq!(again.digest(), code.digest());
        }
        TypedFactor::RecoveryCode(_) => {}
    }
}

/// A device cookie: what is kept of it has the shape of secrets, a few at most, and is written as it is read.
pub fn device_cookie(text: &str) {
    let kept = KeptSecrets::presented(Some(&BearerSecret::presented(text)));
    let new = BearerSecret::generate(&SystemEntropy);
    let written = kept.renewed(&new, None);
    let again = KeptSecrets::presented(Some(&written)).renewed(&new, Some(new.digest()));
    let secrets: Vec<&str> = written.expose().split('.').collect();
    assert!(secrets.len() <= 8 && secrets.iter().all(|one| one.len() == 43), "{}", written.expose());
    assert_eq!(again.expose(), written.expose());
}

/// Is what came an answer to a question that nobody was asked?
pub fn is_passkey_answer(text: &str) -> bool {
    static ASKED: OnceLock<(Passkeys, Challenge)> = OnceLock::new();
    let (passkeys, asked) = ASKED.get_or_init(|| {
        let passkeys = Passkeys::of_issuer(ISSUER, "IOK").unwrap();
        let asked = passkeys.ask_for_new(uuid::Uuid::nil(), "jan", "Jan", &[]).unwrap();
        (passkeys, asked)
    });
    if let Ok(answer) = PasskeyAnswer::parse(text) {
        let _read = (answer.credential_id(), answer.user());
    }
    passkeys.take_new(text, &asked.state).is_ok()
}
