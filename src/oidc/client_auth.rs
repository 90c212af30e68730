//! Who is the client? (RFC 6749 §2.3, OpenID Connect Core §9)

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded;

use super::error::{ErrorCode, Failure, ProtocolError};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::domain::client::{Client, ClientAuthMethod};
use crate::domain::secret::BearerSecret;
use crate::storage::clients;

/// What a request presents.
struct Presented {
    id: String,
    secret: Option<BearerSecret>,
    method: ClientAuthMethod,
}

impl Provider {
    /// Authenticates the client of a request by the one method it is registered with.
    ///
    /// # Errors
    /// `invalid_client` if it is unknown or does not prove itself; `invalid_request` if it tries in two ways at once
    /// (RFC 6749 §2.3).
    pub(super) async fn authenticate_client(
        &self,
        authorization: Option<&str>,
        parameters: &Parameters,
    ) -> Result<Client, Failure> {
        let presented = read_credentials(authorization, parameters)?;
        let client =
            clients::find(self.database.read(), &presented.id).await?.ok_or_else(not_authenticated)?;
        if client.metadata.token_endpoint_auth_method != presented.method {
            return Err(not_authenticated().into());
        }
        let proved = match &presented.secret {
            Some(secret) => client.secret_matches(secret),
            None => client.is_public(),
        };
        if proved { Ok(client) } else { Err(not_authenticated().into()) }
    }
}

fn not_authenticated() -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidClient, "client authentication failed")
}

fn read_credentials(
    authorization: Option<&str>,
    parameters: &Parameters,
) -> Result<Presented, ProtocolError> {
    let in_body = parameters.get("client_id");
    let Some(authorization) = authorization else {
        let id = in_body.ok_or_else(not_authenticated)?.to_owned();
        return Ok(match parameters.get("client_secret") {
            Some(secret) => Presented {
                id,
                secret: Some(BearerSecret::presented(secret)),
                method: ClientAuthMethod::ClientSecretPost,
            },
            None => Presented { id, secret: None, method: ClientAuthMethod::None },
        });
    };
    if parameters.get("client_secret").is_some() {
        return Err(ProtocolError::invalid_request("the client authenticates in two ways at once"));
    }
    let (id, secret) = read_basic(authorization).ok_or_else(not_authenticated)?;
    if in_body.is_some_and(|in_body| in_body != id) {
        return Err(ProtocolError::invalid_request("client_id is not the client that authenticates"));
    }
    Ok(Presented {
        id,
        secret: Some(BearerSecret::presented(secret)),
        method: ClientAuthMethod::ClientSecretBasic,
    })
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
fn read_basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let (id, secret) = (form_decode(id), form_decode(secret));
    // No client is named so, and PostgreSQL could not even look.
    (!id.contains('\0')).then_some((id, secret))
}

fn form_decode(text: &str) -> String {
    // As the value of a name, and with what would end a value put out of the way.
    let pair = format!("v={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_2_3_1_basic_is_form_decoded() {
        let header = format!("Basic {}", BASE64_STANDARD.encode("my%20app:p%3Ass+w%26rd%25"));
        assert_eq!(read_basic(&header), Some(("my app".into(), "p:ss w&rd%".into())));
        let header = format!("basic {}", BASE64_STANDARD.encode("id:a&b=c:d"));
        assert_eq!(read_basic(&header), Some(("id".into(), "a&b=c:d".into())));
        assert_eq!(read_basic("Bearer abc"), None);
        assert_eq!(read_basic("Basic ???"), None);
    }
}
