//! Audit records, with everything that makes them readable to people.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::audit::Personal;
use crate::domain::clock::Moment;
use crate::domain::ids::AccountId;
use crate::storage::accounts;
use crate::storage::audit_search::FoundRecord;
use crate::storage::journal::Journal;

/// A record as it is shown.
#[derive(Debug, Clone)]
pub struct ToldRecord {
    pub at: Moment,
    /// Its permanent name: the sentence goes by it.
    pub action: String,
    pub outcome: Option<String>,
    /// `staff`, `account`, `visitor`, `client`, `operator`, `clock`.
    pub actor_kind: String,
    /// A member of staff, or a person, by name; a client by its id.
    pub by: Option<String>,
    /// The login of whoever that is.
    pub by_login: Option<String>,
    /// The account it is about: name and login. `None` for nobody's records, and for an application's.
    pub about: Option<Named>,
    /// The client it is about.
    pub client: Option<String>,
    /// Opened, if that was asked for and the person was not erased.
    pub personal: Option<Personal>,
}

/// Somebody by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub account: AccountId,
    pub login: String,
    pub name: String,
}

/// Who is who, asked once for each.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<AccountId, Option<Named>>);

impl Names {
    pub(super) async fn of(
        &mut self,
        connection: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Option<Named>, DbErr> {
        if let Some(known) = self.0.get(&account) {
            return Ok(known.clone());
        }
        let named = accounts::find(connection, account).await?.map(|found| Named {
            account,
            login: found.login.to_string(),
            name: found.profile.display_name(),
        });
        self.0.insert(account, named.clone());
        Ok(named)
    }

    /// Only the name, of somebody who may have done something.
    pub(super) async fn name(
        &mut self,
        connection: &impl ConnectionTrait,
        account: Option<AccountId>,
    ) -> Result<Option<String>, DbErr> {
        match account {
            Some(account) => Ok(self.of(connection, account).await?.map(|named| named.name)),
            None => Ok(None),
        }
    }
}

/// `with_personal`: whoever asks may read where it came from and why.
pub(super) async fn tell(
    journal: &Journal,
    connection: &impl ConnectionTrait,
    names: &mut Names,
    record: FoundRecord,
    with_personal: bool,
) -> Result<ToldRecord, DbErr> {
    let about = match record.account {
        Some(account) => names.of(connection, account).await?,
        None => None,
    };
    let person = record.actor_id.as_deref().and_then(|id| id.parse::<AccountId>().ok());
    let who = match person {
        Some(account) => names.of(connection, account).await?,
        None => None,
    };
    let personal = match (record.account, &record.personal) {
        (Some(account), Some(sealed)) if with_personal => {
            journal.open_personal(connection, account, sealed).await?
        }
        _ => None,
    };
    let (by, by_login) = match who {
        Some(Named { name, login, .. }) => (Some(name), Some(login)),
        None => (record.actor_id, None),
    };
    Ok(ToldRecord {
        at: record.key.at,
        action: record.action,
        outcome: record.outcome,
        actor_kind: record.actor_kind,
        by,
        by_login,
        about,
        client: record.client_id,
        personal,
    })
}
