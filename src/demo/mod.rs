//! `iok-id demo`: the provider, two relying parties and sample contractors, in one process and one folder.
//!
//! Nothing that `serve` needs lives here. The relying parties know the provider by its addresses only, as any partner
//! would; the sample contractors come in by the import that a real operator uses.

mod addresses;
mod billing;
mod calendar;
mod claims;
mod clients;
mod complaints;
mod data_dir;
mod error;
mod letters;
pub mod mailbox;
mod money;
mod ports;
mod printing;
mod private_file;
pub mod relying_party;
mod sample;
mod service;
mod staff;
mod table;
mod templates;
mod terminal;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::clients::ClientSecrets;
use self::data_dir::DataDir;
pub use self::error::DemoError;
use self::letters::{Letter, Letters};
use self::mailbox::Mailbox;
use self::ports::{Loopback, Ports};
use self::printing::Printing;
use self::relying_party::RelyingParty;
use self::sample::SampleContractors;
pub use self::service::Service;
use self::staff::{STAFF, SampleMember};
use self::terminal::{Announcement, StopSignal};
use crate::accounts::publish_regulations::Draft;
use crate::app::Server;
use crate::config::{Settings, Sources};
use crate::domain::ambient::Ambient;
use crate::domain::login::Login;
use crate::integrations::register::Scope;

/// What the command line says.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// The provider's; billing has the next one, complaints the one after.
    pub port: u16,
    pub data_dir: PathBuf,
    /// For everything that the demo does not decide itself, such as the company's name.
    pub config: Option<PathBuf>,
    /// Start over: forget what an earlier demo has made in that folder.
    pub fresh: bool,
}

/// Runs until Ctrl-C or SIGTERM.
///
/// # Errors
/// In one line each: a port that is taken, a folder that cannot be written to or is in use, a provider that does not
/// start.
pub async fn run(options: DemoOptions) -> Result<(), DemoError> {
    let mut stop = StopSignal::listen().map_err(DemoError::failed("cannot listen for signals"))?;
    // Before anything is written: a second demo by mistake changes nothing.
    let ports = Ports::bind(options.port).await?;
    let data_dir = DataDir::open(&options.data_dir, options.fresh)?;
    let ambient = Ambient::system();
    let secrets = ClientSecrets::load_or_make(&data_dir.client_secrets(), &ambient)?;

    let (port, provider) = ports.provider;
    let issuer = format!("http://localhost:{port}");
    let mailbox = Mailbox::open(ambient.clone()).await?;
    let settings = settings(options.config.as_deref(), &data_dir, port, &issuer, mailbox.address())?;
    let printing = Printing::new(&settings, ambient.clone());
    let server =
        Server::start_beside(settings, ambient.clone(), provider.into_listeners(), mailbox.router()?)
            .await
            .map_err(DemoError::failed("the provider does not start"))?;

    let relying_parties = [(Service::Billing, ports.billing), (Service::Complaints, ports.complaints)];
    let running = Running {
        server,
        mailbox,
        issuer,
        secrets,
        relying_parties: JoinSet::new(),
        shutdown: CancellationToken::new(),
    };
    running.until_stopped(relying_parties, &data_dir, &printing, &mut stop).await
}

/// The provider's settings: the defaults, in the demo's folder and at the demo's address.
fn settings(
    config: Option<&Path>,
    data_dir: &DataDir,
    port: u16,
    issuer: &str,
    mailbox: SocketAddr,
) -> Result<Settings, DemoError> {
    Sources::of_process(config)
        .overriding("server.listen", format!("127.0.0.1:{port}"))
        .overriding("server.issuer", issuer)
        .overriding("server.tls_certificate_file", "")
        .overriding("server.tls_key_file", "")
        .overriding("database.url", format!("sqlite://{}", data_dir.database().display()))
        // A key from the environment would seal what a later start without it cannot open.
        .overriding("sealing.key", "")
        .overriding("sealing.key_file", data_dir.sealing_key().display().to_string())
        // Whatever the file says: from a demo, nobody outside gets mail.
        .overriding("mail.server", mailbox.to_string())
        .overriding("mail.security", "none")
        .overriding("mail.username", "")
        .overriding("mail.password", "")
        .overriding("mail.password_file", "")
        .overriding("mail.ca_file", "")
        .overriding("mail.from", "IOK <iok@demo.example>")
        .overriding("mail.reply_to", "")
        // The services are on this machine, where they are told of sign-outs.
        .overriding("outbound.allowed_networks", "127.0.0.0/8,::1/128")
        .load()
        .map_err(DemoError::failed("the settings cannot be used"))
}

/// The provider runs; whatever happens next, it is stopped in the end.
struct Running {
    server: Server,
    mailbox: Mailbox,
    issuer: String,
    secrets: ClientSecrets,
    relying_parties: JoinSet<io::Result<()>>,
    shutdown: CancellationToken,
}

impl Running {
    async fn until_stopped(
        mut self,
        relying_parties: [(Service, (u16, Loopback)); 2],
        data_dir: &DataDir,
        printing: &Printing,
        stop: &mut StopSignal,
    ) -> Result<(), DemoError> {
        let result = self.open_and_wait(relying_parties, data_dir, printing, stop).await;
        // The services first: an answer of theirs may still need the provider.
        self.shutdown.cancel();
        while self.relying_parties.join_next().await.is_some() {}
        self.server.stop().await;
        // Last: the provider may still be handing a mail over.
        self.mailbox.close().await;
        result
    }

    async fn open_and_wait(
        &mut self,
        relying_parties: [(Service, (u16, Loopback)); 2],
        data_dir: &DataDir,
        printing: &Printing,
        stop: &mut StopSignal,
    ) -> Result<(), DemoError> {
        let mut addresses = Vec::new();
        for (service, (port, listener)) in relying_parties {
            self.open(service, port, listener).await?;
            addresses.push(RelyingParty::home_uri(port));
        }
        // Before the accounts are made: they count as having accepted what is in force then.
        publish_regulations(&self.server).await?;
        fill_register(&self.server).await?;
        let letters = deliver_letters(&self.server, data_dir, printing).await?;
        let (staff_letters, letters): (Vec<_>, Vec<_>) =
            letters.into_iter().partition(|letter| SampleMember::has_login(&letter.login));
        let announcement = Announcement {
            provider: &self.issuer,
            billing: addresses[0].trim_end_matches('/'),
            complaints: addresses[1].trim_end_matches('/'),
            mailbox: &format!("{}{}", self.issuer, mailbox::PATH),
            letters: &letters,
            staff_letters: &staff_letters,
            folder: data_dir.folder(),
        };
        // A terminal that was closed is no reason to stop.
        if let Err(error) = announcement.write(&mut io::stdout().lock()) {
            tracing::debug!(%error, "nobody reads the terminal");
        }
        tokio::select! {
            () = stop.received() => Ok(()),
            ended = self.relying_parties.join_next() => Err(ended_early(ended)),
        }
    }

    /// Registers a service with the provider, and opens it.
    async fn open(&mut self, service: Service, port: u16, listener: Loopback) -> Result<(), DemoError> {
        let client_secret = self.secrets.of(service);
        self.server
            .register_client_json(service.key(), Some(client_secret), clients::metadata(service, port))
            .await
            .map_err(DemoError::failed("a service cannot be registered"))?;
        let relying_party = RelyingParty {
            service,
            issuer: self.issuer.clone(),
            client_id: service.key().to_owned(),
            client_secret: client_secret.to_owned(),
            port,
        };
        self.relying_parties.spawn(relying_party::serve(listener, relying_party, self.shutdown.clone()));
        Ok(())
    }
}

fn ended_early(ended: Option<Result<io::Result<()>, tokio::task::JoinError>>) -> DemoError {
    let doing = "a service has ended";
    match ended {
        Some(Ok(Err(error))) => DemoError::failed(doing)(error),
        Some(Err(error)) => DemoError::failed(doing)(error),
        Some(Ok(Ok(()))) | None => DemoError::Failed { doing, cause: "nobody asked it to".to_owned() },
    }
}

/// Publishes the sample Regulations. At every start: a second time changes nothing.
async fn publish_regulations(server: &Server) -> Result<(), DemoError> {
    let draft = Draft {
        version: "2026-1",
        polish: include_str!("sample/regulations.pl.md"),
        english: include_str!("sample/regulations.en.md"),
    };
    let published = server.publish_regulations(draft).await;
    published.map(|_| ()).map_err(DemoError::failed("the sample Regulations cannot be published"))
}

/// Imports the sample register, unless all of its contractors are there: what was changed in it since stays.
///
/// The import is one transaction. Killed before its end, the next start finds contractors missing and imports again.
async fn fill_register(server: &Server) -> Result<(), DemoError> {
    let numbers = sample::registered_contractors().map_err(DemoError::failed("the sample cannot be read"))?;
    for number in numbers {
        let is_there = server.has_contractor(&number).await;
        if !is_there.map_err(DemoError::failed("the register cannot be read"))? {
            server
                .import_register(sample::REGISTER, Scope::Changes)
                .await
                .map_err(DemoError::failed("the sample register cannot be imported"))?;
            break;
        }
    }
    Ok(())
}

/// Makes the sample accounts that are not there yet, and gives the letters whose initial password still works.
///
/// Letters are on the disk before the accounts exist. Killed in between, the next start finds letters without
/// accounts and makes the accounts by those same letters.
async fn deliver_letters(
    server: &Server,
    data_dir: &DataDir,
    printing: &Printing,
) -> Result<Vec<Letter>, DemoError> {
    let sample = SampleContractors::read().map_err(DemoError::failed("the sample cannot be read"))?;
    let path = data_dir.letters();
    let mut letters = Letters::read(&path)?;

    let contractors = sample.addressees().map_err(DemoError::failed("the sample cannot be read"))?;
    let mut without_account = Vec::new();
    for addressee in contractors.into_iter().chain(STAFF.iter().map(SampleMember::addressee)) {
        let has_account = server.has_account(&addressee.login).await;
        if !has_account.map_err(DemoError::failed("the accounts cannot be read"))? {
            without_account.push(addressee);
        }
    }
    if !without_account.is_empty() {
        for addressee in &without_account {
            if letters.of(&addressee.login).is_none() {
                letters.push(printing.letter_for(addressee)?);
            }
        }
        letters.write(&path)?;
        let wanted =
            without_account.iter().filter_map(|addressee| letters.of(&addressee.login)).cloned().collect();
        let hashes = printing.hashes(wanted).await?;
        let doing = "the sample accounts cannot be made";
        if without_account.iter().any(|addressee| !SampleMember::has_login(&addressee.login)) {
            let import = sample.import_with(&hashes).map_err(DemoError::failed(doing))?;
            server.import_accounts(&import).await.map_err(DemoError::failed(doing))?;
        }
        for member in &STAFF {
            if let Some(hash) = hashes.get(member.login) {
                let login = Login::parse(member.login).map_err(DemoError::failed(doing))?;
                server.add_staff(member.appointment(&login, hash)).await.map_err(DemoError::failed(doing))?;
            }
        }
    }

    let mut working = Vec::new();
    for letter in letters.iter() {
        let works = server.initial_password_still_works(&letter.login).await;
        if works.map_err(DemoError::failed("the accounts cannot be read"))? {
            working.push(letter.clone());
        }
    }
    Ok(working)
}
