//! What a page asks a browser for, where it asks for a passkey.

use serde::Serialize;

/// For the form's script, and back with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyPrompt {
    /// For `navigator.credentials`, as JSON.
    pub options: String,
    pub ceremony: String,
}

impl PasskeyPrompt {
    /// An invented one.
    pub(super) fn sample() -> Self {
        Self {
            options: r#"{"challenge":"AAAA","rpId":"localhost","allowCredentials":[],"userVerification":"required"}"#
                .to_owned(),
            ceremony: "ceremony-sample".to_owned(),
        }
    }
}
