//! On which devices somebody is signed in, and ending that from afar.

use sea_orm::DbErr;

use super::context::Accounts;
use super::distrust::distrust;
use super::ending::{end_session, revoke};
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::ids::SessionId;
use crate::domain::session::{Session, SignedIn};
use crate::domain::trusted_device::Occasion;
use crate::storage::sessions::ShownSession;
use crate::storage::{accounts, grants, sessions, trusted_devices};

impl Accounts {
    /// The account's live sessions, the last used one first.
    pub async fn devices(&self, signed_in: &SignedIn) -> Result<Vec<ShownSession>, DbErr> {
        let now = self.ambient.now();
        let idle_since = now - self.sessions.idle;
        sessions::shown_of(self.database.read(), signed_in.account(), now, idle_since).await
    }

    /// Signs one of the person's devices out. What services got there ends too, whatever they were promised: the device
    /// may be in other hands. Somebody else's session, or one that is over, is left as it is. `disown`: it is none of the
    /// person's, and loses the account's trust too.
    pub async fn sign_out_device(
        &self,
        signed_in: &SignedIn,
        device: SessionId,
        disown: bool,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let account = signed_in.account();
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        accounts::lock(&transaction, account).await?;
        let Some(session) = sessions::lock_live(&transaction, device, now).await? else {
            return Ok(());
        };
        if session.account != account {
            return Ok(());
        }
        end_session(&self.journal, &transaction, device, account, "ended_by_owner", now, origin).await?;
        for grant in grants::live_of_session(&transaction, device, true).await? {
            revoke(&self.journal, &transaction, &grant, "ended_by_owner", now, origin).await?;
        }
        if disown
            && let Some(trusted) = sessions::device_of(&transaction, device).await?
            && trusted_devices::delete(&transaction, account, trusted).await?
        {
            let record = AuditRecord::of_account(Action::DeviceDistrusted, account)
                .session(signed_in.session())
                .outcome("disowned")
                .from(origin);
            self.journal.record(&transaction, &record).await?;
        }
        transaction.commit().await
    }

    /// The same for every device but this one.
    pub async fn sign_out_other_devices(
        &self,
        signed_in: &SignedIn,
        disown: bool,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let here = Session::from(signed_in.clone());
        let transaction = self.database.begin().await?;
        let now = self.ambient.now();
        accounts::lock(&transaction, here.account).await?;
        self.end_what_is_elsewhere(&transaction, &here, "ended_by_owner", now, origin).await?;
        let occasion = if disown { Occasion::Disowned } else { Occasion::SignedOut };
        distrust(&self.journal, &transaction, here.account, Some(here.id), occasion, "disowned", origin)
            .await?;
        transaction.commit().await
    }
}
