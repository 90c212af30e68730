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
    #[serde(deserialize_with = "address_or_none")]
    service_documentation: Option<String>,
    #[serde(deserialize_with = "address_or_none")]
    client_policy: Option<String>,
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

    /// A page for those who build clients (`service_documentation`, RFC 8414 §2).
    pub fn service_documentation(&self) -> Option<&str> {
        self.service_documentation.as_deref()
    }

    /// What clients may do with people's data (`op_policy_uri`, RFC 8414 §2).
    pub fn client_policy(&self) -> Option<&str> {
        self.client_policy.as_deref()
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

fn address_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text::parsed(deserializer, |address| match url::Url::parse(address) {
        _ if address.is_empty() => Ok(None),
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(Some(url.into())),
        _ => Err("an address such as https://example.org/for-developers"),
    })
}
