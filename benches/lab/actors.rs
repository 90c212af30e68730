//! Who lives in the town, and who should not be there.

use std::net::Ipv4Addr;

use async_trait::async_trait;
use chrono::TimeDelta;
use iok_id::domain::clock::Moment;
use tokio::task::JoinSet;

use super::browser::{Answer, Browser};
use super::ledger::Device;
use super::play::Actor;
use super::town::{PASSWORD, Town};

/// An owner who signs in once a day on a device of their own, and perhaps on a borrowed one after it.
pub(crate) struct Owner {
    login: String,
    own: Browser,
    /// Where there is a device on which nobody knows them, such as the library's.
    borrows_at: Option<Ipv4Addr>,
}

impl Owner {
    /// Signs in for the first time, before anything happens: the device is theirs from now on.
    pub(crate) async fn at_home(town: &Town, login: &str, home: Ipv4Addr) -> anyhow::Result<Self> {
        let mut own = town.browser(home);
        town.ledger.owner_typed(login, town.now());
        let answer = own.sign_in(login, PASSWORD).await?;
        anyhow::ensure!(
            answer == Answer::SignedIn,
            "{login} cannot sign in before anything happened: {answer:?}"
        );
        Ok(Self { login: login.to_owned(), own, borrows_at: None })
    }

    pub(crate) fn borrowing_at(self, address: Ipv4Addr) -> Self {
        Self { borrows_at: Some(address), ..self }
    }
}

#[async_trait(?Send)]
impl Actor for Owner {
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>> {
        town.ledger.owner_typed(&self.login, town.now());
        // It was closed in the evening.
        self.own.close();
        let answer = self.own.sign_in(&self.login, PASSWORD).await?;
        town.ledger.owner(Device::Own, answer);
        if let Some(address) = self.borrows_at {
            let answer = town.browser(address).sign_in(&self.login, PASSWORD).await?;
            town.ledger.owner(Device::Unknown, answer);
        }
        Ok(Some(town.now() + TimeDelta::days(1)))
    }
}

/// Sends guesses by the clock, whatever becomes of them: so many at once, at logins in turn, from addresses in turn.
pub(crate) struct Guesser {
    pub(crate) logins: Vec<String>,
    pub(crate) addresses: Vec<Ipv4Addr>,
    pub(crate) at_once: usize,
    pub(crate) pause: TimeDelta,
    /// All that it will ever send.
    pub(crate) most: usize,
    pub(crate) guesses: Guesses,
    pub(crate) sent: usize,
    /// The form that all of its machines send.
    pub(crate) form: Browser,
}

/// What it types.
#[derive(Debug, Clone)]
pub(crate) enum Guesses {
    /// Another one each time, all wrong.
    Many,
    /// One that somebody in town is bound to have.
    One(String),
}

impl Guesser {
    /// Of one login, from one address.
    pub(crate) fn of(town: &Town, login: &str, address: Ipv4Addr) -> Self {
        Self {
            logins: vec![login.to_owned()],
            addresses: vec![address],
            at_once: 1,
            pause: TimeDelta::minutes(15),
            most: usize::MAX,
            guesses: Guesses::Many,
            sent: 0,
            form: town.browser(address),
        }
    }
}

#[async_trait(?Send)]
impl Actor for Guesser {
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>> {
        let mut flying = JoinSet::new();
        for _ in 0..self.at_once.min(self.most - self.sent) {
            let number = self.sent;
            self.sent += 1;
            let login = self.logins[number % self.logins.len()].clone();
            let password = match &self.guesses {
                Guesses::Many => wrong_guess(number),
                Guesses::One(password) => password.clone(),
            };
            let mut bot = self.form.moved_to(self.addresses[number % self.addresses.len()]);
            flying.spawn(async move { bot.guess(&login, &password).await });
        }
        while let Some(landed) = flying.join_next().await {
            town.ledger.stranger(landed??);
        }
        Ok((self.sent < self.most).then(|| town.now() + self.pause))
    }
}

/// One who knows more than any stranger can: looks into the database, sees until when the account is locked, and is
/// back that very second. However locks grow and whatever else is counted, nobody gets more verdicts one by one.
pub(crate) struct Clairvoyant {
    login: String,
    browser: Browser,
    sent: usize,
}

impl Clairvoyant {
    pub(crate) fn of(town: &Town, login: &str, address: Ipv4Addr) -> Self {
        Self { login: login.to_owned(), browser: town.browser(address), sent: 0 }
    }
}

#[async_trait(?Send)]
impl Actor for Clairvoyant {
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>> {
        if let Some(until) = town.locked_until(&self.login).await? {
            return Ok(Some(until));
        }
        self.sent += 1;
        let answer = self.browser.guess(&self.login, &wrong_guess(self.sent)).await?;
        town.ledger.stranger(answer);
        Ok(Some(town.now() + TimeDelta::seconds(30)))
    }
}

/// Guesses at somebody's account and signs in to an own one in between, in one browser, so that the success may wipe
/// away the failures.
pub(crate) struct Interleaver {
    pub(crate) victim: String,
    pub(crate) own_login: String,
    pub(crate) browser: Browser,
    pub(crate) sent: usize,
}

#[async_trait(?Send)]
impl Actor for Interleaver {
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>> {
        for _ in 0..4 {
            self.sent += 1;
            let answer = self.browser.guess(&self.victim, &wrong_guess(self.sent)).await?;
            town.ledger.stranger(answer);
        }
        town.ledger.owner_typed(&self.own_login, town.now());
        self.browser.guess(&self.own_login, PASSWORD).await?;
        Ok(Some(town.now() + TimeDelta::minutes(15)))
    }
}

/// People who sit down at about the same moment behind one address; some type wrong first.
pub(crate) struct Colleagues {
    people: Vec<Colleague>,
    device: Device,
}

pub(crate) struct Colleague {
    pub(crate) login: String,
    /// How often they type wrong on the first day.
    pub(crate) slips: usize,
    pub(crate) browser: Browser,
}

impl Colleagues {
    /// On devices that nobody knows yet.
    pub(crate) fn on_their_first_day(people: Vec<Colleague>) -> Self {
        Self { people, device: Device::Unknown }
    }
}

#[async_trait(?Send)]
impl Actor for Colleagues {
    async fn act(&mut self, town: &Town) -> anyhow::Result<Option<Moment>> {
        let mut at_the_door = JoinSet::new();
        for mut colleague in self.people.drain(..) {
            town.ledger.owner_typed(&colleague.login, town.now());
            at_the_door.spawn(async move {
                colleague.browser.close();
                for slip in 0..colleague.slips {
                    colleague.browser.sign_in(&colleague.login, &wrong_guess(slip)).await?;
                }
                colleague.slips = 0;
                let answer = colleague.browser.sign_in(&colleague.login, PASSWORD).await?;
                anyhow::Ok((colleague, answer))
            });
        }
        while let Some(entered) = at_the_door.join_next().await {
            let (colleague, answer) = entered??;
            town.ledger.owner(self.device, answer);
            self.people.push(colleague);
        }
        self.device = Device::Own;
        Ok(Some(town.now() + TimeDelta::days(1)))
    }
}

fn wrong_guess(number: usize) -> String {
    format!("Zgadywanka#{number}")
}
