//! Acting while nobody is there (OpenID Connect Core §11).

use crate::domain::authorization::Prompt;
use crate::domain::client::{ApplicationType, Client};
use crate::domain::scope::{OFFLINE_ACCESS, ScopeSet};

/// A web client's `offline_access` is ignored unless the person is asked in this very request. The company's own services
/// ask nobody; a native client, which keeps its tokens on the person's own device, may rely on what it was told before.
pub(super) fn unless_unasked(scope: ScopeSet, client: &Client, prompt: &[Prompt]) -> ScopeSet {
    let metadata = &client.metadata;
    let is_settled = metadata.first_party
        || metadata.application_type == ApplicationType::Native
        || prompt.contains(&Prompt::Consent);
    if is_settled { scope } else { scope.iter().filter(|value| *value != OFFLINE_ACCESS).collect() }
}
