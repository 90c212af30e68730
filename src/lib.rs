//! IOK ID: an OAuth 2.0 / OpenID Connect provider for housing companies whose accounts are handed out over the counter.
//!
//! The floors, top to bottom; imports only go down (docs/ARCHITECTURE.md):
//! `cli` → `app` → `http` → `oidc` | `office` → `accounts` | `integrations` → `storage` → `domain`, with `views` beside the
//! protocol rooms and `crypto`, `outbound` and `config` on the ground floor.

pub mod accounts;
pub mod app;
#[cfg(test)]
mod arbitrary;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod demo;
pub mod domain;
pub mod http;
pub mod integrations;
pub mod office;
pub mod oidc;
pub mod outbound;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod parsers;
pub mod storage;
pub mod trail;
pub mod views;
