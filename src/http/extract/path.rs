//! The variable part of a path.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::errors::PageError;
use crate::views::ErrorKind;

/// As text. What is none, behind its percent signs, names nothing: axum's own answer would be a line of plain English.
#[derive(Debug)]
pub(in crate::http) struct Path(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Path {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let variable = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        variable.map(|axum::extract::Path(text)| Self(text)).map_err(|_| PageError::new(ErrorKind::NotFound))
    }
}
