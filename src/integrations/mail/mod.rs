//! Mail on its way out: opened, put into words, handed to the mail server, forgotten.

mod compose;
mod delivery;
mod transport;

pub use self::compose::{ComposeError, Composer};
pub use self::delivery::{Delivery, Round, Schedule};
pub use self::transport::{Credentials, MailServer, Security, TransportError};
