//! Who signed in, as far as these services want to know.

use openidconnect::UserInfoClaims;
use openidconnect::core::{CoreGenderClaim, CoreIdToken};

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
}

impl Person {
    pub(super) fn new(user_info: &UserInfo, id_token: CoreIdToken) -> Self {
        let name = user_info.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        Self {
            name: name.unwrap_or_else(|| user_info.subject().to_string()),
            email: user_info.email().map(|email| email.to_string()),
            phone: user_info.phone_number().map(|phone| phone.to_string()),
            iok: user_info.additional_claims().clone(),
            id_token,
        }
    }
}

#[cfg(test)]
impl Person {
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
            id_token,
        }
    }
}
