//! Passkeys (WebAuthn Level 3) by webauthn-rs: what browsers are asked, and what their answers are worth.
//!
//! The user is always verified (`userVerification: required`), so that a passkey is two factors in one. Whose it is, and
//! whether an answer came before, is the caller's question. The challenges are random bytes of webauthn-rs's own: nothing
//! here can be reproduced by an injected source.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

/// The relying party of every passkey: the issuer's host (WebAuthn §4, RP ID), from the issuer's origin only.
#[derive(Debug, Clone)]
pub struct Passkeys(Webauthn);

/// What a browser is asked, and what is needed to judge its answer.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// For `navigator.credentials`, as JSON with binary values in base64url.
    pub options: String,
    /// Must come back unchanged, and once.
    pub state: String,
}

/// A passkey that was just made.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// What its authenticator calls it, in base64url.
    pub credential_id: String,
    /// What its answers are verified with.
    pub credential: String,
}

/// What an answer says of itself, before it is verified.
#[derive(Debug)]
pub struct PasskeyAnswer(PublicKeyCredential);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Not what a browser sends.
    #[error("this is no answer of a passkey")]
    Unreadable,
    /// Its counter did not go on: there may be two of it (WebAuthn §6.1.1).
    #[error("the counter of the passkey went back")]
    CounterWentBack,
    /// Another challenge, origin or key; or nobody was verified.
    #[error("the answer is not good: {0}")]
    Wrong(String),
    /// What is stored cannot be read.
    #[error("a stored passkey or ceremony: {0}")]
    Stored(String),
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::CounterWentBack,
            other => Self::Wrong(format!("{other:?}")),
        }
    }
}

impl PasskeyAnswer {
    /// # Errors
    /// [`PasskeyError::Unreadable`].
    pub fn parse(text: &str) -> Result<Self, PasskeyError> {
        serde_json::from_str(text).map(Self).map_err(|_| PasskeyError::Unreadable)
    }

    /// What its authenticator calls the passkey, in base64url.
    pub fn credential_id(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0.get_credential_id())
    }

    /// Whose it says it is; only discoverable ones have to say so.
    pub fn user(&self) -> Option<Uuid> {
        self.0.get_user_unique_id().and_then(|bytes| Uuid::from_slice(bytes).ok())
    }
}

impl Passkeys {
    /// `None` where browsers have none: a passkey belongs to a name, so an issuer that is an IP address has no passkeys.
    pub fn of_issuer(issuer: &str, name: &str) -> Option<Self> {
        let origin = Url::parse(issuer).ok()?;
        let host = origin.domain()?.to_owned();
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        builder.rp_name(name).build().ok().map(Self)
    }

    /// Asks for a new passkey of this person, on an authenticator that has none of `existing`. It is to be discoverable if
    /// the authenticator can do that, so that it may be the only step of a sign-in.
    ///
    /// # Errors
    /// If what is stored cannot be read.
    pub fn ask_for_new(
        &self,
        user: Uuid,
        login: &str,
        name: &str,
        existing: &[&str],
    ) -> Result<Challenge, PasskeyError> {
        let exclude: Result<Vec<CredentialID>, _> =
            existing.iter().map(|id| BASE64_URL_SAFE_NO_PAD.decode(id)).collect();
        let exclude = exclude.map_err(stored)?;
        let (options, state) = self.0.start_passkey_registration(user, login, name, Some(exclude))?;
        let mut options = serde_json::to_value(&options).map_err(stored)?;
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
        challenge(&options["publicKey"], &state)
    }

    /// # Errors
    /// [`PasskeyError`]: what came is not good.
    pub fn take_new(&self, answer: &str, state: &str) -> Result<NewPasskey, PasskeyError> {
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::Unreadable)?;
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(stored)?;
        let passkey = self.0.finish_passkey_registration(&answer, &state)?;
        Ok(NewPasskey {
            credential_id: BASE64_URL_SAFE_NO_PAD.encode(passkey.cred_id()),
            credential: serde_json::to_string(&passkey).map_err(stored)?,
        })
    }

    /// Asks for a proof of one of these; of any that the authenticator knows for this site, if none is named.
    ///
    /// # Errors
    /// If the question cannot be put together.
    pub fn ask_for_proof(&self, of: &[&str]) -> Result<Challenge, PasskeyError> {
        let (options, state) = self.0.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(&options).map_err(stored)?;
        let named: Vec<Value> = of.iter().map(|id| json!({"type": "public-key", "id": id})).collect();
        options["publicKey"]["allowCredentials"] = Value::Array(named);
        challenge(&options["publicKey"], &state)
    }

    /// Judges an answer by the stored passkey. Returns it as it is to be stored from now on.
    ///
    /// # Errors
    /// [`PasskeyError`]: what came is not good.
    pub fn judge_proof(
        &self,
        answer: &PasskeyAnswer,
        state: &str,
        credential: &str,
    ) -> Result<String, PasskeyError> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(stored)?;
        let mut passkey: Passkey = serde_json::from_str(credential).map_err(stored)?;
        let result = self.0.finish_discoverable_authentication_v2(&answer.0, state, &passkey)?;
        if !result.user_verified() {
            return Err(PasskeyError::Wrong("nobody was verified".to_owned()));
        }
        passkey.update_credential(&result);
        serde_json::to_string(&passkey).map_err(stored)
    }
}

fn challenge(options: &Value, state: &impl serde::Serialize) -> Result<Challenge, PasskeyError> {
    Ok(Challenge { options: options.to_string(), state: serde_json::to_string(state).map_err(stored)? })
}

fn stored(error: impl std::fmt::Display) -> PasskeyError {
    PasskeyError::Stored(error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, proptest};
    use proptest::{option, prop_oneof};

    use super::*;
    use crate::arbitrary::{json, nearly};

    /// Of the shape that a browser sends, with anything in its binary members.
    fn answer() -> impl Strategy<Value = String> {
        let bytes = || {
            proptest::collection::vec(any::<u8>(), 0..80)
                .prop_map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
        };
        let shaped = (bytes(), bytes(), bytes(), bytes(), option::of(bytes())).prop_map(
            |(id, client, authenticator, signature, user)| {
                json!({"id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": {
                    "clientDataJSON": client,
                    "attestationObject": authenticator,
                    "authenticatorData": authenticator,
                    "signature": signature,
                    "userHandle": user,
                }})
                .to_string()
            },
        );
        prop_oneof![shaped.prop_flat_map(nearly), json().prop_map(|json| json.to_string())]
    }

    proptest! {
        #[test]
        fn whatever_a_browser_did_not_make_for_this_question_is_refused(answer in answer()) {
            let passkeys = passkeys();
            let question = passkeys.ask_for_new(Uuid::nil(), "jan", "Jan", &[]).expect("a question");
            assert!(passkeys.take_new(&answer, &question.state).is_err());
            if let Ok(answer) = PasskeyAnswer::parse(&answer) {
                let (id, _) = (answer.credential_id(), answer.user());
                assert!(BASE64_URL_SAFE_NO_PAD.decode(id).is_ok());
            }
        }
    }

    fn passkeys() -> Passkeys {
        Passkeys::of_issuer("https://id.example.com", "IOK").expect("a host with a name")
    }

    #[test]
    fn a_passkey_belongs_to_a_name_and_to_no_address() {
        for (issuer, has) in [
            ("https://id.example.com", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("https://[2001:db8::1]", false),
        ] {
            assert_eq!(Passkeys::of_issuer(issuer, "IOK").is_some(), has, "{issuer}");
        }
    }

    #[test]
    fn every_question_wants_its_user_verified() {
        let new = passkeys().ask_for_new(Uuid::nil(), "jan", "Jan", &["AAAA"]).expect("a question");
        let new: Value = serde_json::from_str(&new.options).expect("JSON");
        assert_eq!(new["rp"]["id"], "id.example.com");
        assert_eq!(new["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(new["authenticatorSelection"]["residentKey"], "preferred");
        assert_eq!(new["attestation"], "none");
        assert_eq!(new["excludeCredentials"][0]["id"], "AAAA");
        for named in [&[][..], &["AAAA"]] {
            let proof = passkeys().ask_for_proof(named).expect("a question");
            let proof: Value = serde_json::from_str(&proof.options).expect("JSON");
            assert_eq!(proof["userVerification"], "required");
            assert_eq!(proof["allowCredentials"].as_array().map(Vec::len), Some(named.len()));
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused_and_breaks_nothing() {
        let question = passkeys().ask_for_new(Uuid::nil(), "jan", "Jan", &[]).expect("a question");
        for answer in ["", "{}", "null", "[]", "{\"id\":\"x\"}", "\u{0}"] {
            assert_eq!(
                passkeys().take_new(answer, &question.state).expect_err("no answer"),
                PasskeyError::Unreadable,
                "{answer}"
            );
            assert!(PasskeyAnswer::parse(answer).is_err(), "{answer}");
        }
    }
}
