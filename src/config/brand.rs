//! `[brand]`: whose sign-in this is. The same program serves every housing company that runs IOK.

use serde::{Deserialize, Deserializer};

use super::text;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names, reason = "they are names")]
pub struct Brand {
    #[serde(deserialize_with = "name")]
    company_name: String,
    #[serde(deserialize_with = "name")]
    product_name: String,
    #[serde(deserialize_with = "name")]
    product_full_name: String,
    #[serde(deserialize_with = "text::line_or_none")]
    phone: Option<String>,
}

impl Brand {
    /// As contractors know it.
    pub fn company_name(&self) -> &str {
        &self.company_name
    }

    /// What the portal is called for short.
    pub fn product_name(&self) -> &str {
        &self.product_name
    }

    pub fn product_full_name(&self) -> &str {
        &self.product_full_name
    }

    /// As it is to be shown.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// The names that a password must not consist of (`domain::password_policy::Circumstances::company`).
    pub fn names(&self) -> [&str; 3] {
        [&self.company_name, &self.product_name, &self.product_full_name]
    }
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text::parsed(deserializer, |name| match name {
        "" => Err("a name, not nothing"),
        name if text::is_line(name) => Ok(name.to_owned()),
        _ => Err("a name of one line, at most 200 characters"),
    })
}
