//! `claims`, `claims_locales` and `acr_values` (OpenID Connect Core §5.5, §5.2, §3.1.2.1).

use crate::domain::authorization::RequestedAcr;
use crate::domain::claims_request::ClaimsRequest;
use crate::domain::client::Client;
use crate::domain::scope::{OPENID, ScopeSet};
use crate::oidc::error::ProtocolError;
use crate::oidc::parameters::Parameters;

/// The parameter as it was sent, with the languages beside it. Without `openid` it means nothing: it is an extension of
/// OpenID Connect requests.
pub(super) fn read_claims(parameters: &Parameters, scope: &ScopeSet) -> Result<ClaimsRequest, ProtocolError> {
    let claims = match parameters.get("claims") {
        Some(text) if scope.contains(OPENID) => {
            ClaimsRequest::parse(text).map_err(|error| ProtocolError::invalid_request(error.to_string()))?
        }
        _ => ClaimsRequest::default(),
    };
    Ok(ClaimsRequest { locales: read_list(parameters, "claims_locales"), ..claims })
}

/// Whoever is named must be answered for, and nobody else: by `id_token_hint`, or by `sub` among the claims
/// (OpenID Connect Core §3.1.2.2).
pub(super) fn expected_subject(
    hinted: Option<String>,
    claims: &ClaimsRequest,
) -> Result<Option<String>, ProtocolError> {
    let several = || ProtocolError::invalid_request("the request names two people");
    let named = claims.subject().map_err(|_| several())?;
    match (hinted, named) {
        (Some(hinted), Some(named)) if hinted != named => Err(several()),
        (hinted, named) => Ok(hinted.or_else(|| named.map(str::to_owned))),
    }
}

/// By `claims`, where it may be essential (§5.5.1.1); by `acr_values`; or as registered.
pub(super) fn read_acr(parameters: &Parameters, claims: &ClaimsRequest, client: &Client) -> RequestedAcr {
    if let Some((values, essential)) = claims.acr() {
        return RequestedAcr { values, essential };
    }
    let mut values = read_list(parameters, "acr_values");
    if values.is_empty() {
        values.clone_from(&client.metadata.default_acr_values);
    }
    RequestedAcr { values, essential: false }
}

fn read_list(parameters: &Parameters, name: &str) -> Vec<String> {
    parameters.get(name).unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect()
}
