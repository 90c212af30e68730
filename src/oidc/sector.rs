//! `sector_identifier_uri`, looked at when a client is registered (OpenID Connect Registration §5, Core §8.1).

use crate::domain::client::{ClientMetadata, MetadataError};
use crate::outbound::Outbound;

/// A list of addresses that is longer is nobody's.
const LONGEST: usize = 64 * 1024;

/// Does the sector vouch for this client? Asks the sector's host, where one is named.
///
/// # Errors
/// What is wrong, as RFC 7591 §3.2.2 names it: there is no one sector, its host does not answer with a JSON array, or
/// the array lacks a redirect URI.
pub async fn check_sector(outbound: &Outbound, metadata: &ClientMetadata) -> Result<(), MetadataError> {
    metadata.sector().map_err(|error| MetadataError::of("sector_identifier_uri", error))?;
    let Some(uri) = &metadata.sector_identifier_uri else {
        return Ok(());
    };
    let wrong = |why: &str| MetadataError::of("sector_identifier_uri", format!("`{uri}` {why}"));
    let document = outbound.get(uri, LONGEST).await.map_err(|error| {
        // The cause is the operator's: a stranger who registers would learn what there is in our network.
        tracing::info!(uri, %error, "a sector identifier could not be fetched");
        wrong("cannot be fetched")
    })?;
    let listed: Vec<String> =
        serde_json::from_slice(&document.body).map_err(|_| wrong("is not a JSON array of addresses"))?;
    match metadata.redirect_uris.iter().find(|uri| !listed.contains(uri)) {
        Some(missing) => Err(wrong(&format!("does not list the redirect URI `{missing}`"))),
        None => Ok(()),
    }
}
