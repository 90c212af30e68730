//! `prompt`, `max_age` and `display` (OpenID Connect Core §3.1.2.1).

use crate::domain::authorization::{Display, Prompt};
use crate::oidc::error::ProtocolError;
use crate::oidc::parameters::Parameters;

/// `none` stands alone.
pub(super) fn read_prompt(parameters: &Parameters) -> Result<Vec<Prompt>, ProtocolError> {
    let Some(text) = parameters.get("prompt") else {
        return Ok(Vec::new());
    };
    let prompts: Option<Vec<Prompt>> = text.split_ascii_whitespace().map(Prompt::from_name).collect();
    let prompts =
        prompts.ok_or_else(|| ProtocolError::invalid_request("prompt has a value that is not known"))?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(ProtocolError::invalid_request("prompt=none cannot be combined with other values"));
    }
    Ok(prompts)
}

/// In seconds, and in digits: `+5` is a number to a parser, and a space that came as `+` to everybody else.
pub(super) fn read_max_age(parameters: &Parameters) -> Result<Option<u32>, ProtocolError> {
    let read = |text: &str| {
        let seconds = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        seconds.ok_or_else(|| ProtocolError::invalid_request("max_age is not a number of seconds"))
    };
    parameters.get("max_age").map(read).transpose()
}

/// Checked, and that is all: every page fits every display.
pub(super) fn check_display(parameters: &Parameters) -> Result<(), ProtocolError> {
    match parameters.get("display").map(Display::from_name) {
        None | Some(Some(_)) => Ok(()),
        Some(None) => Err(ProtocolError::invalid_request("display has a value that is not known")),
    }
}
