//! What may happen to a town, each in a town of its own.

use std::net::Ipv4Addr;
use std::time::Instant;

use chrono::TimeDelta;
use clap::ValueEnum;
use iok_id::domain::clock::Moment;

use super::actors::{Clairvoyant, Colleague, Colleagues, Guesser, Guesses, Interleaver, Owner};
use super::findings::{Findings, MOST_VERDICTS, Requirement};
use super::play::{Cast, play};
use super::stage::DatabaseKind;
use super::town::{PASSWORD, Pace, Town, address};

const VICTIM: &str = "halina.wrona";
const HOME: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 17);
const LIBRARY: Ipv4Addr = Ipv4Addr::new(198, 18, 4, 80);
const STRANGER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 66);
const OFFICE: Ipv4Addr = Ipv4Addr::new(198, 19, 7, 1);
const CARRIER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 9);
/// The first addresses of a botnet, and of people's homes.
const BOTS: u32 = 0x2D00_0001;
const HOMES: u32 = 0x5000_0001;

const BOTNET: usize = 10_000;
const SPRAYED: usize = 5_000;
const OFFICE_PEOPLE: usize = 300;
/// Everybody's second choice, and one in five hundred's first.
const COMMON: &str = "Wiosna#2026";

/// The first guess is sent a day after people signed in for the first time, at midnight.
const ATTACK: TimeDelta = TimeDelta::hours(24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// One address, one account, ten guesses at once every half hour.
    GreedyGuesser,
    /// One address, one account, four guesses every quarter of an hour, so as never to be locked out.
    PatientGuesser,
    /// One who sees when a lock ends, and is back that second.
    AdaptiveGuesser,
    /// 10,000 addresses, one account, 50 at once.
    Botnet,
    /// A neighbour locks somebody out again as soon as a lock ends, who signs in each morning on a device of their own and
    /// on a borrowed one.
    Neighbour,
    /// One password tried at 5,000 logins within an hour, from as many addresses.
    Spraying,
    /// Four guesses, then a sign-in to an account of one's own, over and over.
    Interleaving,
    /// 300 people behind one address within ten minutes, on devices that nobody knows; every tenth types wrong once, and
    /// some twice. The next day again, on what are now their own devices.
    OfficeMonday,
    /// A guesser behind the same address as 200 owners, at whose accounts it guesses in turn.
    CarrierNat,
}

impl Scenario {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// As many as show what there is to see.
    fn days(self) -> i64 {
        match self {
            Self::Botnet | Self::Spraying => 1,
            Self::GreedyGuesser
            | Self::PatientGuesser
            | Self::Interleaving
            | Self::OfficeMonday
            | Self::CarrierNat => 2,
            // Until locks have grown as long as they get.
            Self::AdaptiveGuesser | Self::Neighbour => 7,
        }
    }

    /// Plays it, and reads what came of it.
    pub(crate) async fn run(self, database: DatabaseKind, days: Option<i64>) -> anyhow::Result<Findings> {
        let started = Instant::now();
        let town = Town::found(database, Pace::Hurried).await?;
        let days = days.unwrap_or(self.days());
        let began = town.now() + ATTACK;
        let cast = self.cast(&town, began, days).await?;
        play(&town, cast, began + TimeDelta::days(days)).await?;
        let mut findings = Findings::read(&town, self.name(), began, days).await?;
        findings.requirements = self.requirements(&findings);
        findings.seconds = started.elapsed().as_secs();
        town.leave().await?;
        Ok(findings)
    }

    async fn cast(self, town: &Town, began: Moment, days: i64) -> anyhow::Result<Cast> {
        let morning = began + TimeDelta::hours(7);
        match self {
            Self::GreedyGuesser => {
                let pause = TimeDelta::minutes(30);
                let guesser = Guesser { at_once: 10, pause, ..Guesser::of(town, VICTIM, STRANGER) };
                Ok(vec![(began, Box::new(guesser)), (morning, Box::new(victim(town).await?))])
            }
            Self::PatientGuesser => {
                let guesser = Guesser { at_once: 4, ..Guesser::of(town, VICTIM, STRANGER) };
                Ok(vec![(began, Box::new(guesser)), (morning, Box::new(victim(town).await?))])
            }
            Self::AdaptiveGuesser | Self::Neighbour => {
                let victim = victim(town).await?;
                let guesser = Clairvoyant::of(town, VICTIM, STRANGER);
                Ok(vec![(began, Box::new(guesser)), (morning, Box::new(victim))])
            }
            Self::Botnet => {
                let victim = victim(town).await?;
                let waves = i32::try_from(BOTNET / 50)?;
                let botnet = Guesser {
                    addresses: (0..BOTNET).map(|bot| address(BOTS, bot)).collect(),
                    at_once: 50,
                    pause: TimeDelta::days(days) / waves,
                    most: BOTNET,
                    ..Guesser::of(town, VICTIM, STRANGER)
                };
                Ok(vec![(began, Box::new(botnet)), (morning, Box::new(victim))])
            }
            Self::Interleaving => {
                let victim = victim(town).await?;
                town.settle(["sasiad"], PASSWORD).await?;
                let interleaver = Interleaver {
                    victim: VICTIM.to_owned(),
                    own_login: "sasiad".to_owned(),
                    browser: town.browser(STRANGER),
                    sent: 0,
                };
                Ok(vec![(began, Box::new(interleaver)), (morning, Box::new(victim))])
            }
            Self::Spraying => spraying(town, morning).await,
            Self::OfficeMonday => office_monday(town, morning).await,
            Self::CarrierNat => carrier_nat(town, began).await,
        }
    }

    /// What must hold, and does or does not.
    fn requirements(self, found: &Findings) -> Vec<Requirement> {
        let mut required = Vec::new();
        if self == Self::OfficeMonday {
            required.push(Requirement::at_most(
                "sign-ins lost",
                0,
                found.own.refused + found.unknown.refused,
            ));
            required.push(Requirement::at_least(
                "sign-ins",
                OFFICE_PEOPLE,
                found.own.tried + found.unknown.tried,
            ));
            required.push(Requirement::at_most("alarms", 0, found.alarms));
        } else {
            required.push(Requirement::at_most(
                "verdicts of an account to strangers in 24 h",
                MOST_VERDICTS,
                found.verdicts_most,
            ));
            // Or nothing was attacked, and the rest means nothing.
            required.push(Requirement::at_least("verdicts at all", 1, found.verdicts_most));
            required.push(Requirement::at_least("owners on own devices", 1, found.own.tried));
            required.push(Requirement::at_most("owners refused on own devices", 0, found.own.refused));
        }
        if self == Self::Spraying {
            required.push(Requirement::at_least("alarms", 1, found.alarms));
        }
        required
    }
}

/// Whom it is about: knows one device, and borrows another.
async fn victim(town: &Town) -> anyhow::Result<Owner> {
    town.settle([VICTIM], PASSWORD).await?;
    Ok(Owner::at_home(town, VICTIM, HOME).await?.borrowing_at(LIBRARY))
}

/// Forty owners sign in while it happens, half of them on borrowed devices, too.
async fn spraying(town: &Town, morning: Moment) -> anyhow::Result<Cast> {
    let logins = logins("s", SPRAYED);
    let (weak, strong): (Vec<_>, Vec<_>) =
        logins.iter().enumerate().partition(|(number, _)| number % 500 == 499);
    town.settle(strong.iter().map(|(_, login)| login.as_str()), PASSWORD).await?;
    town.settle(weak.iter().map(|(_, login)| login.as_str()), COMMON).await?;
    let mut cast: Cast = Vec::new();
    for (number, (_, login)) in strong.iter().rev().take(40).enumerate() {
        let mut owner = Owner::at_home(town, login, address(HOMES, number)).await?;
        if number.is_multiple_of(2) {
            owner = owner.borrowing_at(address(HOMES, 1_000 + number));
        }
        let minute = TimeDelta::seconds(80) * i32::try_from(number)?;
        cast.push((morning + minute, Box::new(owner)));
    }
    let at_once = SPRAYED.div_ceil(60);
    let sprayer = Guesser {
        logins,
        addresses: (0..SPRAYED).map(|bot| address(BOTS, bot)).collect(),
        at_once,
        pause: TimeDelta::minutes(1),
        most: SPRAYED,
        guesses: Guesses::One(COMMON.to_owned()),
        ..Guesser::of(town, VICTIM, STRANGER)
    };
    cast.push((morning, Box::new(sprayer)));
    Ok(cast)
}

async fn office_monday(town: &Town, morning: Moment) -> anyhow::Result<Cast> {
    const AT_ONCE: usize = 5;
    let logins = logins("u", OFFICE_PEOPLE);
    town.settle(logins.iter().map(String::as_str), PASSWORD).await?;
    let people: Vec<Colleague> = logins
        .into_iter()
        .enumerate()
        .map(|(number, login)| Colleague {
            login,
            slips: match number % 50 {
                7 => 2,
                ending if ending % 10 == 3 => 1,
                _ => 0,
            },
            browser: town.browser(OFFICE),
        })
        .collect();
    let mut cast: Cast = Vec::new();
    let mut people = people.into_iter().peekable();
    while people.peek().is_some() {
        let together: Vec<Colleague> = people.by_ref().take(AT_ONCE).collect();
        let after = TimeDelta::seconds(10) * i32::try_from(cast.len())?;
        cast.push((morning + after, Box::new(Colleagues::on_their_first_day(together))));
    }
    Ok(cast)
}

/// The owners sign in over the day, from six to ten in the evening; every tenth on a new telephone, too.
async fn carrier_nat(town: &Town, began: Moment) -> anyhow::Result<Cast> {
    const PEOPLE: usize = 200;
    let logins = logins("c", PEOPLE);
    town.settle(logins.iter().map(String::as_str), PASSWORD).await?;
    let mut cast: Cast = Vec::new();
    for (number, login) in logins.iter().enumerate() {
        let mut owner = Owner::at_home(town, login, CARRIER).await?;
        if number.is_multiple_of(10) {
            owner = owner.borrowing_at(CARRIER);
        }
        let after = TimeDelta::hours(6) + TimeDelta::seconds(288) * i32::try_from(number)?;
        cast.push((began + after, Box::new(owner)));
    }
    let guesser =
        Guesser { logins, at_once: 10, pause: TimeDelta::minutes(20), ..Guesser::of(town, VICTIM, CARRIER) };
    cast.push((began, Box::new(guesser)));
    Ok(cast)
}

fn logins(prefix: &str, number: usize) -> Vec<String> {
    (0..number).map(|number| format!("{prefix}{number:04}")).collect()
}
