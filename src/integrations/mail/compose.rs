//! A message becomes a mail: words in the person's language, links made now, headers by RFC 5322.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::TimeDelta;
use chrono_tz::Tz;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::crypto::links::LinkKey;
use crate::domain::clock::Moment;
use crate::domain::ids::{MailId, TypedId as _};
use crate::domain::link::LinkPurpose;
use crate::domain::mail::{Mail, Message};
use crate::views::{MailLinks, MailPage, RenderError, Views};

/// Names longer than this are cut: nobody's name is, and a header need not be.
const NAME: usize = 100;

/// Puts messages into words. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Composer {
    pub views: Arc<Views>,
    pub links: LinkKey,
    /// How long a link confirms an address.
    pub confirms_for: TimeDelta,
    /// Without a slash at the end.
    pub issuer: String,
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    /// The time that people read.
    pub zone: Tz,
}

#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("the recipient's address is not one that mail can be sent to")]
    Address,
    #[error("the message cannot be put into words: {0}")]
    Words(#[from] RenderError),
    #[error("the message cannot be put together: {0}")]
    Form(#[from] lettre::error::Error),
}

impl Composer {
    /// # Errors
    /// [`ComposeError::Address`] will be one for ever; the others are defects of this program.
    pub fn compose(&self, id: MailId, mail: &Mail, now: Moment) -> Result<lettre::Message, ComposeError> {
        let links = MailLinks {
            own: purpose(&mail.message).map(|purpose| self.link(purpose, mail, now)),
            confirms_for: self.confirms_for.num_hours(),
            sign_in: format!("{}/sign-in", self.issuer),
            help: format!("{}/help", self.issuer),
        };
        let page = MailPage { name: &mail.name, message: &mail.message, links: &links, zone: self.zone };
        let text = self.views.mail(mail.locale, &page)?;
        let address: Address = mail.to.trim().parse().map_err(|_| ComposeError::Address)?;
        let mut message = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(shown_name(&mail.name), address))
            .subject(text.subject)
            .date(SystemTime::from(now))
            // Made of the mail's own id: whoever gets it twice can tell. Its kind is for whoever searches a server's log.
            .message_id(Some(format!(
                "<{}.{}@{}>",
                mail.message.kind(),
                id.uuid().simple(),
                self.from.email.domain()
            )))
            // RFC 3834 §5: nobody's out-of-office answers it.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", mail.locale.tag()));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        Ok(message.multipart(MultiPart::alternative_plain_html(text.text, text.html))?)
    }

    fn link(&self, purpose: LinkPurpose, mail: &Mail, now: Moment) -> String {
        let made_at = happened_at(&mail.message).unwrap_or(now);
        format!("{}{}{}", self.issuer, purpose.page(), self.links.token(purpose, mail.about, made_at))
    }
}

/// What a message's own link is for.
const fn purpose(message: &Message) -> Option<LinkPurpose> {
    match message {
        Message::ConfirmApplication { .. } => Some(LinkPurpose::ConfirmApplication),
        Message::ApplicationReceived { address_confirmed: true, .. } => Some(LinkPurpose::FollowApplication),
        Message::ApplicationNeedsCorrection { address_confirmed: true, .. }
        | Message::CorrectionReminder { address_confirmed: true, .. } => {
            Some(LinkPurpose::CorrectApplication)
        }
        Message::AccountRecovered { .. }
        | Message::PasswordChanged { .. }
        | Message::NewDevice { .. }
        | Message::SecondFactorAdded { .. }
        | Message::SecondFactorRemoved { .. } => Some(LinkPurpose::BlockAccount),
        // What a clerk typed from paper may be anybody's address.
        Message::ApplicationReceived { address_confirmed: false, .. }
        | Message::ApplicationNeedsCorrection { address_confirmed: false, .. }
        | Message::CorrectionReminder { address_confirmed: false, .. }
        | Message::CorrectionLapsed { .. }
        | Message::ApplicationApproved { .. }
        | Message::ApplicationRejected { .. }
        | Message::ApplicationWithdrawn { .. }
        | Message::LetterReminder { .. }
        | Message::LetterLapsed { .. }
        | Message::LetterReissued { .. }
        | Message::LetterCollected { .. }
        | Message::AccountLocked { .. }
        | Message::GuessingNoticed { .. }
        | Message::SessionsEnded { .. }
        | Message::AccountSuspended { .. }
        | Message::AccountResumed { .. }
        | Message::AccountClosed { .. }
        | Message::AnotherAccount { .. }
        | Message::EmailChanged { .. } => None,
    }
}

/// When what a link objects to happened: the link is as old as that, however late it is sent. One made anew would
/// outlive what ended it: a mail that is sent again to an old mailbox must not block an account of today.
const fn happened_at(message: &Message) -> Option<Moment> {
    match message {
        Message::AccountRecovered { at, .. }
        | Message::PasswordChanged { at, .. }
        | Message::NewDevice { at, .. }
        | Message::SecondFactorAdded { at, .. }
        | Message::SecondFactorRemoved { at, .. } => Some(*at),
        _ => None,
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A name is typed by people: what would begin a new line, or a new header, is a space.
fn shown_name(name: &str) -> Option<String> {
    let printable: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(NAME).collect();
    let words: Vec<&str> = printable.split_whitespace().collect();
    Some(words.join(" ")).filter(|name| !name.is_empty())
}
