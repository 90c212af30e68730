//! Logout tokens (OpenID Connect Back-Channel Logout §2.4). Made when they are sent.

use chrono::TimeDelta;
use serde::Serialize;

use crate::domain::client::Client;
use crate::domain::ids::AccountId;
use crate::oidc::error::Failure;
use crate::oidc::provider::Provider;
use crate::storage::accounts;
use crate::storage::logout_notices::LeasedNotice;

/// §2.4: so that it cannot be taken for any other token of ours (RFC 8725 §3.11).
const TYP: &str = "logout+jwt";

/// From our signature to the client's check. §4: preferably at most two minutes.
const LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// The one event that it tells of (RFC 8417 §2.2).
#[derive(Serialize)]
struct Events {
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    logout: Nothing,
}

/// An empty object, which is what §2.4 wants beside the event's name.
#[derive(Serialize)]
struct Nothing {}

/// Never a `nonce` (§2.4): a logout token must not pass for an ID token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    sid: String,
    events: Events,
}

impl Provider {
    /// Signed with what the client's ID tokens are signed with: it can check nothing else.
    pub(super) async fn logout_token(
        &self,
        client: &Client,
        notice: &LeasedNotice,
    ) -> Result<String, Failure> {
        let sub = self.known_as(client, notice.account).await?;
        let now = self.ambient.now();
        let claims = Claims {
            iss: &self.issuer,
            aud: &client.id,
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            // Fresh for each try: a client that keeps them would take a second one for a replay.
            jti: self.ambient.new_secret().expose().to_owned(),
            sub,
            sid: notice.sid.to_string(),
            events: Events { logout: Nothing {} },
        };
        let algorithm = client.metadata.id_token_signed_response_alg;
        let key = self.keys.signing_key(algorithm, now).map_err(Failure::internal)?;
        key.sign_jwt(TYP, &claims).map_err(Failure::internal)
    }

    /// Whom the client knows the account as. Without it the `sid` has to do (§2.4: one of them).
    async fn known_as(&self, client: &Client, account: AccountId) -> Result<Option<String>, Failure> {
        match accounts::find(self.database.read(), account).await? {
            Some(account) => self.known_subject(self.database.read(), client, &account).await,
            None => Ok(None),
        }
    }
}
