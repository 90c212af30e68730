//! Hashes of passwords, as other systems made them.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Params, Version};

/// An argon2id hash as a PHC string whose cost this server can bear: anybody may make it compute the hash, by trying to
/// sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportedHash(String);

impl ImportedHash {
    const MOST_MEMORY_KIB: u32 = 64 * 1024;
    const MOST_ITERATIONS: u32 = 5;
    const MOST_PARALLELISM: u32 = 4;
    /// In bytes. Less could be met by chance.
    const SHORTEST_OUTPUT: usize = 16;

    /// What is wrong never quotes the hash.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let hash =
            PasswordHash::new(text).map_err(|_| "is not a PHC string ($argon2id$v=19$m=…,t=…,p=…$…$…)")?;
        if hash.algorithm.as_str() != "argon2id" {
            return Err(format!("is a hash by {}, and only argon2id is read", hash.algorithm));
        }
        if hash.version != Some(Version::V0x13 as u32) {
            return Err("is not of argon2's version 19 (v=19)".to_owned());
        }
        let params = Params::try_from(&hash).map_err(|_| "has parameters that argon2id does not have")?;
        for name in ["m", "t", "p"] {
            if hash.params.get(name).is_none() {
                return Err(format!("does not say its {name}"));
            }
        }
        for (name, value, most) in [
            ("m", params.m_cost(), Self::MOST_MEMORY_KIB),
            ("t", params.t_cost(), Self::MOST_ITERATIONS),
            ("p", params.p_cost(), Self::MOST_PARALLELISM),
        ] {
            if value > most {
                return Err(format!("costs too much: {name}={value}, and at most {most} is allowed"));
            }
        }
        // Keys and associated data would have to be known here to check a password.
        if !params.keyid().is_empty() || !params.data().is_empty() {
            return Err("has a key id or associated data, which nobody here knows".to_owned());
        }
        match (hash.salt, hash.hash) {
            (Some(_), Some(output)) if output.len() >= Self::SHORTEST_OUTPUT => Ok(Self(text.to_owned())),
            (Some(_), Some(_)) => Err(format!("is shorter than {} bytes", Self::SHORTEST_OUTPUT)),
            _ => Err("lacks its salt or the hash itself".to_owned()),
        }
    }

    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ImportedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImportedHash(…)")
    }
}
