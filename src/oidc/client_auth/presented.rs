//! What a request presents as its client's credentials, read without asking anybody.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::domain::client::ClientAuthMethod;
use crate::domain::secret::BearerSecret;
use crate::oidc::error::{ProtocolError, not_authenticated};
use crate::oidc::parameters::Parameters;

/// RFC 7523 §2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) enum Presented<'p> {
    /// Who it is depends on how the pair is read.
    Basic(BasicPair),
    Other {
        id: String,
        proof: Proof<'p>,
    },
}

pub(super) enum Proof<'p> {
    Basic(BasicPair),
    Post(BearerSecret),
    Assertion(&'p str),
    Nothing,
}

impl Proof<'_> {
    pub(super) const fn method(&self) -> ClientAuthMethod {
        match self {
            Self::Basic(_) => ClientAuthMethod::ClientSecretBasic,
            Self::Post(_) => ClientAuthMethod::ClientSecretPost,
            Self::Assertion(_) => ClientAuthMethod::PrivateKeyJwt,
            Self::Nothing => ClientAuthMethod::None,
        }
    }
}

impl<'p> Presented<'p> {
    /// # Errors
    /// `invalid_client` if it cannot be read, `invalid_request` if there is more than one of them (RFC 6749 §2.3).
    pub(super) fn read(
        authorization: Option<&str>,
        parameters: &'p Parameters,
    ) -> Result<Self, ProtocolError> {
        let secret = parameters.get("client_secret");
        let assertion = read_assertion(parameters)?;
        match (authorization, secret, assertion) {
            (Some(header), None, None) => BasicPair::read(header)
                .map(Self::Basic)
                .ok_or_else(|| not_authenticated("the Authorization header cannot be read")),
            (None, None, Some(token)) => {
                let id = claimed_subject(token)
                    .ok_or_else(|| not_authenticated("client_assertion does not say whose it is"))?;
                Ok(Self::Other { id, proof: Proof::Assertion(token) })
            }
            (None, secret, None) => {
                let id =
                    parameters.get("client_id").ok_or_else(|| not_authenticated("nothing was presented"))?;
                let proof =
                    secret.map_or(Proof::Nothing, |secret| Proof::Post(BearerSecret::presented(secret)));
                Ok(Self::Other { id: id.to_owned(), proof })
            }
            _ => Err(ProtocolError::invalid_request("the client authenticates in two ways at once")),
        }
    }
}

/// RFC 7521 §4.2: an assertion comes with its type, and there is one type here.
fn read_assertion(parameters: &Parameters) -> Result<Option<&str>, ProtocolError> {
    match (parameters.get("client_assertion_type"), parameters.get("client_assertion")) {
        (None, None) => Ok(None),
        (Some(JWT_BEARER), Some(token)) => Ok(Some(token)),
        (Some(_), Some(_)) => Err(not_authenticated("this client_assertion_type is not supported")),
        (Some(_), None) => Err(ProtocolError::invalid_request("client_assertion is missing")),
        (None, Some(_)) => Err(ProtocolError::invalid_request("client_assertion_type is missing")),
    }
}

/// Whose an assertion says it is: nothing to believe, only whose keys to try.
fn claimed_subject(token: &str) -> Option<String> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    claims.get("sub").and_then(Value::as_str).filter(|sub| is_sound(sub)).map(str::to_owned)
}

/// An id and a secret as they came in a header, and as RFC 6749 §2.3.1 reads them.
///
/// The RFC has both form-encoded before they are joined; many clients leave that out, and nothing in the header says
/// which. Both readings of the secret are tried: each proves that the sender knows it.
pub(super) struct BasicPair {
    id: [String; 2],
    secret: [BearerSecret; 2],
}

impl BasicPair {
    fn read(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        let ids = [form_decode(id), id.to_owned()];
        let secrets = [form_decode(secret), secret.to_owned()].map(BearerSecret::presented);
        ids.iter().all(|id| is_sound(id)).then_some(Self { id: ids, secret: secrets })
    }

    /// The standard's reading first.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let [decoded, raw] = &self.id;
        [Some(decoded), Some(raw).filter(|raw| *raw != decoded)].into_iter().flatten().map(String::as_str)
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &BearerSecret> {
        self.secret.iter()
    }
}

/// No client is named with NUL, and PostgreSQL could not even look.
fn is_sound(id: &str) -> bool {
    !id.contains('\0')
}

fn form_decode(text: &str) -> String {
    // As the value of a name, and with what would end a value put out of the way.
    let pair = format!("v={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, prop_assume, proptest};

    use super::*;

    fn read(pair: &str) -> Option<(Vec<String>, Vec<String>)> {
        let pair = BasicPair::read(&format!("Basic {}", BASE64_STANDARD.encode(pair)))?;
        let ids = pair.ids().map(str::to_owned).collect();
        Some((ids, pair.secrets().map(|secret| secret.expose().to_owned()).collect()))
    }

    #[test]
    fn rfc_6749_2_3_1_basic_is_form_decoded_and_the_raw_text_is_the_second_guess() {
        let (ids, secrets) = read("my%20app:p%3Ass+w%26rd%25").expect("a pair");
        assert_eq!(ids, ["my app", "my%20app"]);
        assert_eq!(secrets, ["p:ss w&rd%", "p%3Ass+w%26rd%25"]);
        let (ids, secrets) = read("id:a&b=c:d").expect("a pair");
        assert_eq!(ids, ["id"]);
        assert_eq!(secrets, ["a&b=c:d", "a&b=c:d"]);
        assert!(read("a%00b:c").is_none());
        assert!(read("no colon").is_none());
        assert!(BasicPair::read("Bearer abc").is_none());
        assert!(BasicPair::read("Basic ???").is_none());
    }

    fn encoded(text: &str) -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }

    proptest! {
        #[test]
        fn no_header_is_more_than_unreadable(header in crate::arbitrary::text(), inside in crate::arbitrary::text()) {
            BasicPair::read(&header);
            if let Some((ids, _)) = read(&inside) {
                prop_assert!(inside.contains(':'));
                prop_assert!(ids.iter().all(|id| !id.contains('\0')));
            }
        }

        #[test]
        fn rfc_6749_2_3_1_what_is_written_as_the_standard_says_is_read_so(id in "[^\\x00]{0,12}", secret in "[^\\x00]{0,12}") {
            let (ids, secrets) = read(&format!("{}:{}", encoded(&id), encoded(&secret))).expect("a pair");
            prop_assert_eq!(&ids[0], &id);
            prop_assert_eq!(&secrets[0], &secret);
        }

        #[test]
        fn what_is_written_as_it_is_is_one_of_the_readings(id in "[!-9;-~]{1,12}", secret in "[!-~]{1,12}") {
            // Whoever means NUL is nobody, however it is written.
            prop_assume!(is_sound(&form_decode(&id)));
            let (ids, secrets) = read(&format!("{id}:{secret}")).expect("a pair");
            prop_assert!(ids.contains(&id));
            prop_assert!(secrets.contains(&secret));
        }

        #[test]
        fn an_assertion_is_anybodys_text(token in crate::arbitrary::text(), claims in crate::arbitrary::json()) {
            claimed_subject(&token);
            let token = format!("x.{}.y", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
            let subject = claims.get("sub").and_then(serde_json::Value::as_str).filter(|sub| is_sound(sub));
            let claimed = claimed_subject(&token);
            prop_assert_eq!(claimed.as_deref(), subject);
        }
    }
}
