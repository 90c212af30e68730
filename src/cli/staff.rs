//! `iok-id staff`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::output::Output;
use crate::accounts::staff::{Added, ListedMember, NamedOffice, NewMember, NewPerson, Personnel};
use crate::app::Foundation;
use crate::crypto::password::hash_now;
use crate::domain::credential_letter::InitialPassword;
use crate::domain::login::Login;
use crate::domain::password_policy::Circumstances;
use crate::domain::staff::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give somebody a role, and an account if they have none: its initial password is printed once.
    Add(Add),
    /// List everybody who works or worked here.
    List,
    /// End somebody's work here: the role, the second factor and every session.
    End { login: String },
    /// Take a lost second factor away; the next sign-in sets up another.
    ResetSecondFactor { login: String },
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The name to sign in with; permanent.
    #[arg(long)]
    login: String,
    /// clerk, supervisor, administrator or auditor.
    #[arg(long)]
    role: Role,
    /// "Given Family". Needed if there is no such account yet.
    #[arg(long)]
    name: Option<String>,
    /// Of a new account.
    #[arg(long)]
    email: Option<String>,
    /// Where a clerk works, by name.
    #[arg(long)]
    office: Option<String>,
    /// The office is new: make it.
    #[arg(long, requires = "office")]
    new_office: bool,
}

pub(super) async fn run(
    command: Command,
    foundation: Foundation,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let Foundation { database, ambient, journal, .. } = &foundation;
    let personnel = Personnel { database, ambient, journal };
    match command {
        Command::Add(add) => self::add(add, &foundation, personnel, output).await?,
        Command::List => {
            let members = personnel.list().await?;
            output
                .result(&members.iter().map(json).collect::<Vec<_>>(), text(&members))
                .context("the list cannot be written")?;
        }
        Command::End { login } => {
            personnel.end(&login).await?;
            output.result(
                &serde_json::json!({"login": login, "ended": true}),
                format!("{login} does not work here any more, and is signed out everywhere"),
            )?;
        }
        Command::ResetSecondFactor { login } => {
            personnel.reset_second_factor(&login).await?;
            output.result(
                &serde_json::json!({"login": login, "reset": true}),
                format!("{login} sets up a new second factor at the next sign-in"),
            )?;
        }
    }
    foundation.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn add(
    add: Add,
    foundation: &Foundation,
    personnel: Personnel<'_>,
    output: Output,
) -> anyhow::Result<()> {
    let login = Login::parse(&add.login).with_context(|| format!("the login {:?} cannot be", add.login))?;
    let email = add.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    if let Some(email) = email
        && !email.contains('@')
    {
        bail!("{email:?} is no e-mail address");
    }
    let office = add.office.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let office = office.map(|name| NamedOffice { name, may_be_new: add.new_office });
    let letter = if personnel.has_account(&login).await? {
        None
    } else {
        let name = add.name.as_deref().unwrap_or_default();
        let (given_name, family_name) = name.trim().split_once(char::is_whitespace).with_context(|| {
            format!("there is no account {login} yet: --name \"Given Family\" says whose")
        })?;
        let (given_name, family_name) = (given_name.trim(), family_name.trim());
        let initial_password = initial_password(foundation, &login, given_name, family_name)?;
        let hash = hash_now(foundation.hash_cost(), initial_password.expose(), foundation.ambient.entropy())?;
        Some((given_name, family_name, initial_password, hash))
    };
    let person = letter.as_ref().map(|(given_name, family_name, _, hash)| NewPerson {
        given_name,
        family_name,
        email,
        initial_password_hash: hash,
    });
    let added = personnel.add(NewMember { login: &login, role: add.role, office, person }).await?;
    let shown = match (&added, &letter) {
        (Added::WithAccount, Some((_, _, initial_password, _))) => Some(initial_password.expose()),
        // Somebody else made the account a moment ago, with another password.
        (Added::WithAccount | Added::ToAccount, _) => None,
    };
    let login = login.to_string();
    let mut text = format!("{login} is {} now, and sets up a second factor at the next sign-in", add.role);
    if let Some(shown) = shown {
        let _infallible =
            write!(text, "\ninitial password, shown only now and replaced at the first sign-in: {shown}");
    }
    output.result(
        &serde_json::json!({"login": login, "role": add.role.as_str(), "initial_password": shown}),
        text,
    )
}

fn initial_password(
    foundation: &Foundation,
    login: &Login,
    given_name: &str,
    family_name: &str,
) -> anyhow::Result<InitialPassword> {
    let whose = Circumstances { login: login.as_str(), given_name, family_name, ..Circumstances::default() };
    let policy = foundation.settings.password_policy.policy();
    InitialPassword::generate(foundation.ambient.entropy(), &policy, &whose)
        .context("no initial password can be made")
}

fn json(listed: &ListedMember) -> serde_json::Value {
    let member = &listed.member;
    serde_json::json!({
        "login": listed.login,
        "name": member.display_name,
        "role": member.role.as_str(),
        "office": member.office_name,
        "account_state": listed.account_state,
        "since": listed.since,
        "ended_at": listed.ended_at,
    })
}

fn text(members: &[ListedMember]) -> String {
    if members.is_empty() {
        return "nobody works here yet: iok-id staff add".to_owned();
    }
    let lines = members.iter().map(|listed| {
        let member = &listed.member;
        let ended =
            listed.ended_at.map_or_else(String::new, |at| format!("  ended {}", at.format("%Y-%m-%d")));
        format!(
            "{:24}  {:14}{:28}  {}{ended}",
            listed.login,
            member.role.as_str(),
            member.display_name,
            member.office_name.as_deref().unwrap_or("all offices"),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
