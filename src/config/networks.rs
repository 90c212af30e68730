//! Lists of networks.

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// From the environment and the command line they come as one text, separated by commas.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Many(Vec<String>),
        One(String),
    }
    let written = match Written::deserialize(deserializer)? {
        Written::Many(many) => many,
        Written::One(one) => one.split(',').map(str::to_owned).collect(),
    };
    written
        .iter()
        .map(|network| network.trim())
        .filter(|network| !network.is_empty())
        .map(|network| {
            network.parse().map_err(|_| {
                D::Error::custom(format!("`{network}` is no network such as 10.0.0.0/8 or fd00::/8"))
            })
        })
        .collect()
}
