//! `/account/sessions`.

use chrono::NaiveDateTime;
use serde::{Serialize, Serializer};

use super::moment::{self, ShownMoment};
use crate::views::language_switch::Address;
use crate::views::page::Page;

/// Where somebody is signed in, and how to end it: `POST /account/sessions` with `session` = an id, or `others`, and
/// `not_mine` if the device is to lose its trust too. Which devices are trusted, and how to end that: `device` = an id, or
/// `all`.
#[derive(Debug, Clone)]
pub struct AccountSessionsPage {
    pub csrf: String,
    /// The last used one first.
    pub devices: Vec<ShownDevice>,
    /// The last used one first.
    pub trusted: Vec<ShownTrustedDevice>,
    /// Something was signed out a moment ago.
    pub was_ended: bool,
    /// Trust was taken from something a moment ago.
    pub trust_was_removed: bool,
}

/// A session, as the person knows it: by the device.
#[derive(Debug, Clone)]
pub struct ShownDevice {
    pub session: String,
    /// `Chrome, Android`; `None` if the browser did not say.
    pub label: Option<String>,
    /// This and the next on the house's clock.
    pub started_at: NaiveDateTime,
    pub last_seen_at: NaiveDateTime,
    /// Is it the one that the page is read on?
    pub is_this: bool,
    /// Does it have the account's trust?
    pub is_trusted: bool,
}

/// A device on which the person signed in before.
#[derive(Debug, Clone)]
pub struct ShownTrustedDevice {
    pub device: String,
    /// As [`ShownDevice::label`].
    pub label: Option<String>,
    /// This and the next on the house's clock.
    pub since: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    /// Is it the one that the page is read on?
    pub is_this: bool,
}

impl Serialize for AccountSessionsPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Device<'a> {
            session: &'a str,
            label: Option<&'a str>,
            started_at: ShownMoment,
            last_seen_at: ShownMoment,
            is_this: bool,
            is_trusted: bool,
        }

        #[derive(Serialize)]
        struct Trusted<'a> {
            device: &'a str,
            label: Option<&'a str>,
            since: ShownMoment,
            last_used_at: ShownMoment,
            is_this: bool,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            devices: Vec<Device<'a>>,
            has_others: bool,
            trusted: Vec<Trusted<'a>>,
            trusts_others: bool,
            /// `ended` or `distrusted`.
            notice: Option<&'static str>,
        }

        Data {
            csrf: &self.csrf,
            devices: self
                .devices
                .iter()
                .map(|device| Device {
                    session: &device.session,
                    label: device.label.as_deref(),
                    started_at: ShownMoment::of(device.started_at),
                    last_seen_at: ShownMoment::of(device.last_seen_at),
                    is_this: device.is_this,
                    is_trusted: device.is_trusted,
                })
                .collect(),
            trusted: self
                .trusted
                .iter()
                .map(|trusted| Trusted {
                    device: &trusted.device,
                    label: trusted.label.as_deref(),
                    since: ShownMoment::of(trusted.since),
                    last_used_at: ShownMoment::of(trusted.last_used_at),
                    is_this: trusted.is_this,
                })
                .collect(),
            trusts_others: self.trusted.iter().any(|trusted| !trusted.is_this),
            has_others: self.devices.iter().any(|device| !device.is_this),
            notice: match (self.was_ended, self.trust_was_removed) {
                (true, _) => Some("ended"),
                (false, true) => Some("distrusted"),
                (false, false) => None,
            },
        }
        .serialize(serializer)
    }
}

impl Page for AccountSessionsPage {
    const NAME: &'static str = "account-sessions";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/account/sessions", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let device = |number: u32, label: Option<&str>| ShownDevice {
            session: format!("0197f3a0-0000-7000-8000-00000000000{number}"),
            label: label.map(str::to_owned),
            started_at: moment::sample(20, 9),
            last_seen_at: moment::sample(22, 23 - number),
            is_this: number == 1,
            is_trusted: number != 3,
        };
        let trusted = |number: u32, label: Option<&str>| ShownTrustedDevice {
            device: format!("0197f3a0-0000-7000-8000-00000000001{number}"),
            label: label.map(str::to_owned),
            since: moment::sample(2, 9),
            last_used_at: moment::sample(22, 20 - number),
            is_this: number == 1,
        };
        let many = Self {
            csrf: "csrf-sample".to_owned(),
            devices: vec![
                device(1, Some("Samsung Internet, Android")),
                device(2, Some("Firefox, Windows")),
                device(3, None),
            ],
            trusted: vec![
                trusted(1, Some("Samsung Internet, Android")),
                trusted(2, Some("Firefox, Windows")),
                trusted(4, None),
            ],
            was_ended: false,
            trust_was_removed: false,
        };
        let one = Self {
            devices: vec![device(1, None)],
            trusted: vec![trusted(1, None)],
            was_ended: true,
            ..many.clone()
        };
        let none = Self { trusted: Vec::new(), was_ended: false, trust_was_removed: true, ..one.clone() };
        vec![many, one, none]
    }
}
