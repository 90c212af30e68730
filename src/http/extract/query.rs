//! The query, as parameters.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::oidc::parameters::Parameters;

#[derive(Debug)]
pub(in crate::http) struct Query(pub Parameters);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Parameters::parse(parts.uri.query().unwrap_or_default())))
    }
}
