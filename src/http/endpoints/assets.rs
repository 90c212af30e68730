//! `/assets/{name}`: what pages ask for.

use axum::response::Response;

use crate::http::errors::PageError;
use crate::http::extract::path::Path;
use crate::http::pages::immutable;
use crate::views::ErrorKind;
use crate::views::assets;

pub(in crate::http) async fn get(Path(name): Path) -> Result<Response, PageError> {
    assets::ALL
        .iter()
        .find(|asset| asset.name == name)
        .map(|asset| immutable(asset.content_type, asset.body.as_bytes()))
        .ok_or_else(|| PageError::new(ErrorKind::NotFound))
}
