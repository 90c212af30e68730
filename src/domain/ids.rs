//! Typed ids. An account's id cannot be passed where a session's is wanted.

use std::fmt;

use chrono::Utc;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clock::Moment;
use super::secret::Entropy;

/// A `UUIDv7` made from injected time and randomness (RFC 9562 §5.7).
pub fn uuid_v7(now: Moment, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let milliseconds = u64::try_from(now.with_timezone(&Utc).timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

/// What every typed id can do.
pub trait TypedId: Copy + From<Uuid> {
    fn uuid(self) -> Uuid;
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl TypedId for $name {
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

typed_ids! {
    /// A person's account.
    AccountId;
    /// A row of the contractor register.
    ContractorId;
    PremisesId;
    LegalTitleId;
    OfficeId;
    CredentialLetterId;
    /// A contractor's application. The account that it becomes has the same UUID, so that one history and one key of
    /// personal data cover both.
    ApplicationId;
    /// The wish for a letter: approved, it waits to be printed.
    LetterOrderId;
    /// A change of contact data that waits for a second person.
    ContactChangeId;
    /// A published version of the Regulations.
    RegulationsId;
    /// A message on its way.
    MailId;
    /// The news for one client that a session ended.
    LogoutNoticeId;
    /// One browser's sign-in.
    SessionId;
    /// A browser that an account trusts.
    DeviceId;
    /// What a client knows a session by (`sid`): never the session's own id.
    ClientSessionId;
    /// A stored authorization request.
    AuthorizationId;
    /// What a person granted a client: every token hangs on one.
    GrantId;
    /// One budget of password attempts.
    AttemptBudgetId;
    /// One place in such a budget.
    AttemptId;
    AuditId;
    /// Who works on the audit's chain: one process, or one command.
    SealerId;
    EventId;
    SigningKeyId;
    InitialAccessTokenId;
    /// A passkey that somebody set up: never what its authenticator calls it.
    PasskeyId;
    /// One attempt to set up or to prove a passkey.
    PasskeyCeremonyId;
}
