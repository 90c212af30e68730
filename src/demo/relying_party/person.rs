//! Who signed in, as far as these services want to know.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::UserInfoClaims;
use openidconnect::core::{CoreGenderClaim, CoreIdToken};

use super::logout_token::Ended;
use crate::demo::claims::IokClaims;

/// The answer of the userinfo endpoint (OpenID Connect Core §5.3.2) with the claims of scope `iok`.
pub(super) type UserInfo = UserInfoClaims<IokClaims, CoreGenderClaim>;

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub iok: IokClaims,
    /// Kept for the `id_token_hint` of the sign-out.
    pub id_token: CoreIdToken,
    /// Whom the provider means when it says that everything of theirs is over.
    pub subject: String,
    /// The provider's session, by the name that it has told us.
    pub sid: Option<String>,
}

impl Person {
    pub(super) fn new(user_info: &UserInfo, id_token: CoreIdToken) -> Self {
        let name = user_info.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        Self {
            name: name.unwrap_or_else(|| user_info.subject().to_string()),
            email: user_info.email().map(|email| email.to_string()),
            phone: user_info.phone_number().map(|phone| phone.to_string()),
            iok: user_info.additional_claims().clone(),
            subject: user_info.subject().to_string(),
            sid: sid_of(&id_token),
            id_token,
        }
    }

    pub(super) fn is_meant_by(&self, ended: &Ended) -> bool {
        match ended {
            Ended::Session(sid) => self.sid.as_ref() == Some(sid),
            Ended::EverythingOf(subject) => self.subject == *subject,
        }
    }
}

/// The `sid` of an ID token that was verified before: the crate's own type for it keeps standard claims only.
fn sid_of(id_token: &CoreIdToken) -> Option<String> {
    let text = id_token.to_string();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    claims.get("sid")?.as_str().map(str::to_owned)
}

#[cfg(test)]
impl Person {
    /// Of this session of the provider's.
    pub(super) fn with_sid(sid: &str) -> Self {
        Self { sid: Some(sid.to_owned()), ..Self::sample() }
    }

    /// An unsigned ID token will do: nothing verifies it again.
    pub(super) fn sample() -> Self {
        use std::str::FromStr as _;
        let id_token = CoreIdToken::from_str(
            "eyJhbGciOiJFUzI1NiJ9.\
             eyJpc3MiOiJodHRwOi8vbG9jYWxob3N0OjgwODAiLCJhdWQiOiJiaWxsaW5nIiwic3ViIjoicyIsImV4cCI6MSwiaWF0IjoxfQ.AAAA",
        )
        .expect("a well-formed token");
        Self {
            name: "Anna Nowak".to_owned(),
            email: Some("anna.nowak@poczta.example".to_owned()),
            phone: None,
            iok: IokClaims::default(),
            subject: "s".to_owned(),
            sid: sid_of(&id_token),
            id_token,
        }
    }
}
