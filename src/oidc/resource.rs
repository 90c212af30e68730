//! Which resource an access token is for (RFC 8707).
//!
//! A client may name what it is registered for: `resource` (its default) and `resources`. Where it names nothing at the
//! authorization endpoint it may still choose among these at the token endpoint; where it named some, among those.

use super::error::{ErrorCode, ProtocolError};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::domain::client::{Client, is_resource_identifier};

/// Nobody needs more at once, and they are stored.
const MOST: usize = 10;
/// Bytes.
const LONGEST: usize = 2048;

/// What a request names, without repetition, if this client may ask for it (RFC 8707 §2).
pub(super) fn asked(
    provider: &Provider,
    client: &Client,
    parameters: &Parameters,
) -> Result<Vec<String>, ProtocolError> {
    let mut asked: Vec<String> = Vec::new();
    for resource in parameters.resources() {
        if resource.len() > LONGEST || !is_resource_identifier(resource) {
            return Err(invalid_target("resource must be an absolute URI without fragment"));
        }
        if !may_ask_for(provider, client, resource) {
            return Err(invalid_target("this client may not ask for this resource"));
        }
        if !asked.iter().any(|known| known == resource) {
            asked.push(resource.to_owned());
        }
    }
    if asked.len() > MOST {
        return Err(invalid_target("too many resources at once"));
    }
    Ok(asked)
}

/// The audience of one access token (RFC 8707 §2.2): what was asked for now, within what was granted; otherwise all that
/// was granted; otherwise the client's default.
pub(super) fn audience(
    provider: &Provider,
    client: &Client,
    granted: &[String],
    asked: &[String],
) -> Result<Vec<String>, ProtocolError> {
    if !granted.is_empty() && !asked.iter().all(|resource| granted.contains(resource)) {
        return Err(invalid_target("this resource was not granted"));
    }
    let audience = if asked.is_empty() { granted } else { asked };
    if audience.is_empty() {
        return Ok(vec![client.default_resource().unwrap_or(&provider.issuer).to_owned()]);
    }
    // The registration may have changed since the grant was given.
    if !audience.iter().all(|resource| may_ask_for(provider, client, resource)) {
        return Err(invalid_target("this client may not ask for this resource any more"));
    }
    Ok(audience.to_vec())
}

fn may_ask_for(provider: &Provider, client: &Client, resource: &str) -> bool {
    client.may_ask_for(resource) || (client.default_resource().is_none() && provider.issuer == resource)
}

fn invalid_target(description: &'static str) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidTarget, description)
}
