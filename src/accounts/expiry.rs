//! Sessions that end by themselves: nothing was done for too long, or the absolute end has come. No door opens for them
//! from that moment on; here they are ended for good, so that what was granted in them ends too and their clients are
//! told.

use sea_orm::DbErr;

use super::context::Accounts;
use super::ending;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, SessionId};
use crate::storage::sessions;

/// How many sessions are looked up at a time.
const BATCH: u64 = 100;

impl Accounts {
    /// Ends every session that has run out. Returns how many. Runs on every replica: whoever comes second finds nothing
    /// left to end.
    ///
    /// # Errors
    /// If the database does not answer. What was ended until then is ended; one that cannot be ended stops no other.
    pub async fn end_expired_sessions(&self) -> Result<usize, DbErr> {
        let mut ended = 0;
        loop {
            let now = self.ambient.now();
            let idle_since = now - self.sessions.idle;
            let run_out = sessions::all_run_out(self.database.read(), now, idle_since, BATCH).await?;
            let last = u64::try_from(run_out.len()).is_ok_and(|found| found < BATCH);
            // One transaction a session: a request that ends several takes their locks in an order of its own.
            let mut ended_now = 0;
            for (session, account) in run_out {
                match self.end_run_out(session, account, now, idle_since).await {
                    Ok(done) => ended_now += usize::from(done),
                    // It must not keep the others alive; it is tried again next time.
                    Err(error) => {
                        tracing::warn!(%session, %error, "a session that ran out could not be ended");
                    }
                }
            }
            ended += ended_now;
            if last || ended_now == 0 {
                return Ok(ended);
            }
        }
    }

    async fn end_run_out(
        &self,
        session: SessionId,
        account: AccountId,
        now: Moment,
        idle_since: Moment,
    ) -> Result<bool, DbErr> {
        let transaction = self.database.begin().await?;
        let done =
            ending::end_run_out(&self.journal, &transaction, session, account, now, idle_since).await?;
        transaction.commit().await?;
        Ok(done)
    }
}
