//! New letters, and the hashes of their passwords, by the rules and at the cost that are configured.

use std::collections::HashMap;

use super::error::DemoError;
use super::letters::Letter;
use super::sample::Addressee;
use crate::config::Settings;
use crate::crypto::password::{HashCost, hash_now};
use crate::domain::ambient::Ambient;
use crate::domain::credential_letter::InitialPassword;
use crate::domain::password_policy::{Circumstances, PasswordPolicy};

/// What printing a letter takes.
#[derive(Debug)]
pub(super) struct Printing {
    policy: PasswordPolicy,
    cost: HashCost,
    ambient: Ambient,
}

impl Printing {
    pub(super) fn new(settings: &Settings, ambient: Ambient) -> Self {
        let hashing = &settings.password_hashing;
        let cost = HashCost {
            memory: hashing.memory_kib(),
            iterations: hashing.iterations(),
            parallelism: hashing.parallelism(),
        };
        Self { policy: settings.password_policy.policy(), cost, ambient }
    }

    /// # Errors
    /// If the password policy leaves no room for an initial password.
    pub(super) fn letter_for(&self, addressee: &Addressee) -> Result<Letter, DemoError> {
        let whose = Circumstances {
            login: &addressee.login,
            given_name: &addressee.given_name,
            family_name: &addressee.family_name,
            organisation: addressee.organisation_name.as_deref(),
            ..Circumstances::default()
        };
        let initial_password = InitialPassword::generate(self.ambient.entropy(), &self.policy, &whose)
            .map_err(DemoError::failed("no letter can be made"))?;
        Ok(Letter { login: addressee.login.clone(), initial_password: initial_password.expose().to_owned() })
    }

    /// The hash of each letter's initial password, by login.
    ///
    /// # Errors
    /// If argon2 refuses the configured cost.
    pub(super) async fn hashes(&self, letters: Vec<Letter>) -> Result<HashMap<String, String>, DemoError> {
        let doing = "the initial passwords cannot be hashed";
        let (cost, ambient) = (self.cost, self.ambient.clone());
        let hash_all = move || {
            letters
                .into_iter()
                .map(|letter| {
                    Ok((letter.login, hash_now(cost, &letter.initial_password, ambient.entropy())?))
                })
                .collect::<anyhow::Result<_>>()
        };
        // A third of a second for all: too long for a thread that also serves.
        tokio::task::spawn_blocking(hash_all)
            .await
            .map_err(DemoError::failed(doing))?
            .map_err(DemoError::failed(doing))
    }
}
