//! The composition: settings become rooms, rooms become a running server.

mod aging;
mod certificate;
mod connections;
mod doors;
pub mod foundation;
mod offices;
mod operations;
mod rooms;
mod sealing_key;
mod server;
mod sweeper;
mod trail;

pub use self::aging::AgedAccounts;
pub use self::certificate::{ReadPair, SOON};
pub use self::foundation::Foundation;
pub use self::rooms::{mail_server, outbound};
pub use self::server::Server;
pub use self::trail::trail;
