//! Tests through the product's doors: HTTP, the command line, a real browser. Named by standard and behaviour.
//!
//! One switch decides the database: `IOK_ID_TEST_DATABASE=sqlite` (the default) or `postgres` (with
//! `IOK_ID_TEST_POSTGRES`, the address of a superuser). `scripts/test` runs both.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on says where")]

mod architecture;
mod circles;
mod documents;
mod guides;
mod helpers;

mod accounts;
mod browser;
mod office;
mod oidc;
mod operations;
