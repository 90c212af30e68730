//! The files that pages ask for: three stylesheets, two scripts, one drawing. All of them inside the binary.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// `/assets/style.css`
pub const STYLE: &str = include_str!("../../templates/assets/style.css");
/// `/assets/office.css`: what the pages of the console have beside it.
pub const OFFICE_STYLE: &str = include_str!("../../templates/assets/office.css");
/// `/assets/letter.css`: credential letters on paper.
pub const LETTER_STYLE: &str = include_str!("../../templates/assets/letter.css");
/// `/assets/page.js`: every page works without it.
pub const SCRIPT: &str = include_str!("../../templates/assets/page.js");
/// `/assets/passkey.js`: for pages that ask for a passkey.
pub const PASSKEY_SCRIPT: &str = include_str!("../../templates/assets/passkey.js");
/// `/assets/logo.svg`, which is also the favicon.
pub const LOGO: &str = include_str!("../../templates/assets/logo.svg");

// Pages ask for `?v=<version>`, so that a browser may keep a file for a year and still never mix it with newer pages.
pub static STYLE_VERSION: LazyLock<String> = LazyLock::new(|| version_of(STYLE));
pub static OFFICE_STYLE_VERSION: LazyLock<String> = LazyLock::new(|| version_of(OFFICE_STYLE));
pub static LETTER_STYLE_VERSION: LazyLock<String> = LazyLock::new(|| version_of(LETTER_STYLE));
pub static SCRIPT_VERSION: LazyLock<String> = LazyLock::new(|| version_of(SCRIPT));
pub static PASSKEY_SCRIPT_VERSION: LazyLock<String> = LazyLock::new(|| version_of(PASSKEY_SCRIPT));
pub static LOGO_VERSION: LazyLock<String> = LazyLock::new(|| version_of(LOGO));

/// One file below `/assets/`.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub body: &'static str,
}

/// Every file below `/assets/`.
pub const ALL: [Asset; 6] = [
    Asset { name: "style.css", content_type: "text/css; charset=utf-8", body: STYLE },
    Asset { name: "office.css", content_type: "text/css; charset=utf-8", body: OFFICE_STYLE },
    Asset { name: "letter.css", content_type: "text/css; charset=utf-8", body: LETTER_STYLE },
    Asset { name: "page.js", content_type: "text/javascript; charset=utf-8", body: SCRIPT },
    Asset { name: "passkey.js", content_type: "text/javascript; charset=utf-8", body: PASSKEY_SCRIPT },
    Asset { name: "logo.svg", content_type: "image/svg+xml", body: LOGO },
];

/// The first 48 bits of the content's SHA-256, in hexadecimal: enough to tell releases apart.
fn version_of(content: &str) -> String {
    use std::fmt::Write;

    Sha256::digest(content).iter().take(6).fold(String::new(), |mut version, byte| {
        let _ = write!(version, "{byte:02x}");
        version
    })
}
