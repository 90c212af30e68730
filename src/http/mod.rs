//! HTTP: extract, call one thing, answer. The whole URL map is [`router::ROUTES`].

mod asking_service;
mod beat;
mod continuation;
mod cookies;
pub mod cors;
mod endpoints;
mod errors;
mod extract;
pub mod forwarded;
mod guard;
mod headers;
mod logging;
mod pages;
pub mod router;
mod security_log;
pub mod state;
mod to_the_end;

#[cfg(feature = "fuzzing")]
pub(crate) use self::cookies::read_all as read_cookies;
#[cfg(feature = "fuzzing")]
pub(crate) use self::extract::language::read as read_languages;
