//! Trusted devices: recognised before a password is judged, trusted when somebody has signed in to the end, and what
//! costs them that. The rules are `domain::trusted_device`.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::context::Accounts;
use super::distrust::record_loss;
use super::owner;
use crate::domain::audit::{Action, Actor, AuditRecord, Origin};
use crate::domain::clock::Moment;
use crate::domain::device;
use crate::domain::ids::{AccountId, DeviceId, TypedId as _};
use crate::domain::mail::Message;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Session, SignedIn};
use crate::domain::trusted_device::{DEVICES_OF_ONE_ACCOUNT, KeptSecrets, TrustedDevice};
use crate::storage::{accounts, mail, sessions, trusted_devices};

/// The owner is told of new devices at most so often: whoever knows the password must not fill their mailbox with it.
const TOLD_AT_MOST_EVERY: TimeDelta = TimeDelta::hours(1);

/// What a browser keeps from now on, so that it is known again.
#[derive(Debug)]
pub struct DeviceCookie {
    pub value: BearerSecret,
    pub lasts: TimeDelta,
}

/// A trusted device as its owner sees it.
#[derive(Debug, Clone)]
pub struct ShownTrust {
    pub id: DeviceId,
    pub label: Option<String>,
    pub since: Moment,
    /// The last sign-in.
    pub last_used_at: Moment,
    pub trusted_until: Moment,
    /// Is it the one that this session runs on?
    pub is_this: bool,
}

impl Accounts {
    /// The device of this account that a browser proves to be by what it keeps. For a login that does not exist the same
    /// question is asked, of nobody.
    pub(super) async fn recognised_device(
        &self,
        account: Option<AccountId>,
        presented: Option<&BearerSecret>,
    ) -> Result<Option<DeviceId>, DbErr> {
        let kept = KeptSecrets::presented(presented);
        if self.trust_devices_for.is_none() || kept.is_empty() {
            return Ok(None);
        }
        let now = self.ambient.now();
        let account = account.unwrap_or_else(|| Uuid::nil().into());
        let devices = trusted_devices::of_account(self.database.read(), account, now).await?;
        Ok(kept.recognise(devices, now).map(|recognised| recognised.device.id))
    }

    /// To be called whenever a session may have come to owe nothing, in the transaction of what settled it and under the
    /// account's lock: from here on the person is signed in, so the device is trusted, and the owner is told if it was
    /// not before. A session that still owes something changes nothing.
    ///
    /// What a browser presents is never taken over: a secret that somebody planted there stays worth nothing.
    pub(super) async fn arrive(
        &self,
        transaction: &DatabaseTransaction,
        session: &Session,
        presented: Option<&BearerSecret>,
        origin: &Origin,
    ) -> Result<Option<DeviceCookie>, DbErr> {
        if !session.owed.is_empty() {
            return Ok(None);
        }
        let now = self.ambient.now();
        let account = session.account;
        let is_first = accounts::note_first_sign_in(transaction, account, now).await?;
        let Some(lasts) = self.trust_devices_for else {
            return Ok(None);
        };
        let kept = KeptSecrets::presented(presented);
        let label = origin.user_agent.as_deref().and_then(device::label);
        let devices = trusted_devices::of_account(transaction, account, now).await?;
        let secret = self.ambient.new_secret();
        let known = kept.recognise(devices.clone(), now);
        if let Some(known) = known {
            let was_answered = known.was_answered_at_once(now);
            let mut device = known.device;
            device.last_used_at = now;
            device.trusted_until = now + lasts;
            device.label = label.clone().or(device.label);
            if !was_answered {
                device.secret = secret.digest();
                device.previous = Some(known.presented);
                device.rotated_at = now;
            }
            // Not if a guess at the same moment has just cost it its trust.
            if trusted_devices::renew(transaction, &device).await? {
                sessions::set_device(transaction, session.id, device.id).await?;
                return Ok((!was_answered)
                    .then(|| DeviceCookie { value: kept.renewed(&secret, Some(known.presented)), lasts }));
            }
        }
        self.make_room(transaction, account, devices).await?;
        let device = TrustedDevice {
            id: self.ambient.new_id(),
            secret: secret.digest(),
            previous: None,
            rotated_at: now,
            label: label.clone(),
            created_at: now,
            last_used_at: now,
            trusted_until: now + lasts,
        };
        let id = device.id;
        trusted_devices::insert(transaction, account, device).await?;
        sessions::set_device(transaction, session.id, id).await?;
        let record = AuditRecord::of_account(Action::DeviceTrusted, account).session(session.id).from(origin);
        self.journal.record(transaction, &record).await?;
        // The first sign-in ever has nobody to warn, and whoever came by the letter caused a mail that says more.
        if !is_first && !session.is_recovery() {
            self.tell_of_new_device(transaction, account, label, now).await?;
        }
        Ok(Some(DeviceCookie { value: kept.renewed(&secret, None), lasts }))
    }

    /// Those that were not used for the longest go, so that one more can come. `devices`: the last used one first.
    async fn make_room(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        devices: Vec<TrustedDevice>,
    ) -> Result<(), DbErr> {
        for device in devices.into_iter().skip(DEVICES_OF_ONE_ACCOUNT - 1) {
            if trusted_devices::delete(transaction, account, device.id).await? {
                let record = AuditRecord::new(Action::DeviceDistrusted, Actor::Clock).about(account);
                self.journal.record(transaction, &record.outcome("too_many")).await?;
            }
        }
        Ok(())
    }

    async fn tell_of_new_device(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
        device: Option<String>,
        now: Moment,
    ) -> Result<(), DbErr> {
        let message = Message::NewDevice { account, at: now, device };
        let since = now - TOLD_AT_MOST_EVERY;
        if mail::was_written_since(transaction, account.uuid(), message.kind(), since).await? {
            return Ok(());
        }
        match accounts::find(transaction, account).await? {
            Some(account) => owner::tell(&self.journal, transaction, &account, message).await,
            None => Ok(()),
        }
    }

    /// The devices that the person's account trusts, the last used one first.
    pub async fn trusted_devices(&self, signed_in: &SignedIn) -> Result<Vec<ShownTrust>, DbErr> {
        if self.trust_devices_for.is_none() {
            return Ok(Vec::new());
        }
        let connection = self.database.read();
        let here = sessions::device_of(connection, signed_in.session()).await?;
        let devices =
            trusted_devices::of_account(connection, signed_in.account(), self.ambient.now()).await?;
        Ok(devices
            .into_iter()
            .map(|device| ShownTrust {
                is_this: Some(device.id) == here,
                id: device.id,
                label: device.label,
                since: device.created_at,
                last_used_at: device.last_used_at,
                trusted_until: device.trusted_until,
            })
            .collect())
    }

    /// Takes the trust from one device of the person's, or from all, this one too. Who is signed in there stays signed in.
    /// Somebody else's, or one that lost it already, is left as it is.
    pub async fn stop_trusting(
        &self,
        signed_in: &SignedIn,
        device: Option<DeviceId>,
        origin: &Origin,
    ) -> Result<(), DbErr> {
        let account = signed_in.account();
        let transaction = self.database.begin().await?;
        accounts::lock(&transaction, account).await?;
        let lost = match device {
            Some(device) => trusted_devices::delete(&transaction, account, device).await?,
            None => trusted_devices::delete_all(&transaction, account, None).await? > 0,
        };
        if lost {
            record_loss(&self.journal, &transaction, account, Some(signed_in.session()), "by_owner", origin)
                .await?;
        }
        transaction.commit().await
    }
}
