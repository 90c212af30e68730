//! Mails: each kind of message put into words, once, and laid out twice, as plain text and as HTML.

mod office;
mod samples;

use chrono::{Datelike as _, NaiveDate};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;
use minijinja::value::Serde;
use minijinja::{Error, context};
use serde::Serialize;

use super::renderer::{RenderError, Renderer};
use crate::domain::attempt_budget::FOR_EVER;
use crate::domain::clock::Moment;
use crate::domain::locale::Locale;
use crate::domain::mail::Message;
use crate::domain::office::OfficeNotice;
use crate::domain::second_factor::Factor;

#[cfg(test)]
pub(super) use samples::messages;
pub(super) use samples::samples;

/// What a mail is made of.
#[derive(Debug, Clone)]
pub struct MailPage<'a> {
    /// How the person is called.
    pub name: &'a str,
    pub message: &'a Message,
    pub links: &'a MailLinks,
    /// The time that the office's clock shows.
    pub zone: Tz,
}

/// Addresses that mails lead to; made when a mail is sent.
#[derive(Debug, Clone, Default)]
pub struct MailLinks {
    /// What the message's own link opens, if its kind has one.
    pub own: Option<String>,
    /// How long one that confirms an address is good, in hours.
    pub confirms_for: i64,
    pub sign_in: String,
    pub help: String,
}

/// A mail in one language, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What both layouts show.
#[derive(Debug, Serialize)]
struct Letter {
    subject: String,
    heading: String,
    greeting: String,
    blocks: Vec<Block>,
    regards: String,
    call: Option<String>,
    small_print: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Block {
    Paragraph {
        text: String,
    },
    /// In the words of a clerk.
    Quote {
        text: String,
    },
    Link {
        label: String,
        url: String,
    },
    Office {
        name: String,
        lines: Vec<String>,
    },
}

type Argument<'a> = (&'static str, FluentValue<'a>);

pub(super) fn render(
    renderer: &Renderer,
    locale: Locale,
    page: &MailPage<'_>,
) -> Result<MailText, RenderError> {
    write(renderer, locale, page).map_err(|source| RenderError { page: page.message.kind(), source })
}

fn write(renderer: &Renderer, locale: Locale, page: &MailPage<'_>) -> Result<MailText, Error> {
    let mut writer = Writer { renderer, locale, page, stem: stem(page.message), blocks: Vec::new() };
    writer.tell()?;
    let letter = Letter {
        subject: one_line(&writer.own_text("subject")?),
        heading: writer.own_text("heading")?,
        greeting: writer.text("mail-greeting", &[])?,
        regards: writer.text("mail-regards", &[])?,
        call: match renderer.brand().phone.clone() {
            Some(phone) => Some(writer.text("mail-call", &[("phone", phone.into())])?),
            None => None,
        },
        small_print: vec![
            writer.text("mail-addressee", &[("name", one_line(page.name).into())])?,
            writer.text("mail-never-asked", &[])?,
        ],
        blocks: writer.blocks,
    };
    let context = context! { letter => Serde(&letter) };
    Ok(MailText {
        text: renderer.render_template(locale, "mail/layout.txt", &context)?,
        html: renderer.render_template(locale, "mail/layout.html", &context)?,
        subject: letter.subject,
    })
}

/// What its own texts begin with: `mail-password-changed-…`.
fn stem(message: &Message) -> String {
    format!("mail-{}", message.kind().replace('_', "-"))
}

/// Names come from people: a line break in one must not become a line of the mail.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Puts one message together, paragraph by paragraph.
struct Writer<'a> {
    renderer: &'a Renderer,
    locale: Locale,
    page: &'a MailPage<'a>,
    stem: String,
    blocks: Vec<Block>,
}

impl Writer<'_> {
    #[allow(clippy::too_many_lines, reason = "one arm a message")]
    fn tell(&mut self) -> Result<(), Error> {
        match self.page.message {
            Message::ConfirmApplication { .. } => {
                self.say("text", &[])?;
                self.own_link("link")?;
                self.say("until", &[("hours", self.page.links.confirms_for.into())])?;
                self.say("stranger", &[])
            }
            Message::ApplicationReceived { office, address_confirmed, .. } => {
                self.say("text", &[])?;
                self.link_or_paper("link", *address_confirmed)?;
                self.office(office)
            }
            Message::ApplicationApproved { office, collect_until, .. } => {
                self.say("text", &[])?;
                self.say("collect", &[("date", self.date(*collect_until)?.into())])?;
                self.office(office)
            }
            Message::ApplicationNeedsCorrection { what, office, address_confirmed, .. } => {
                self.say("text", &[])?;
                self.quote(what);
                self.link_or_paper("link", *address_confirmed)?;
                self.office(office)
            }
            Message::CorrectionReminder { office, correct_until, address_confirmed } => {
                self.say("text", &[("date", self.date(*correct_until)?.into())])?;
                self.link_or_paper("link", *address_confirmed)?;
                self.office(office)
            }
            Message::ApplicationRejected { reason, office, .. } => {
                self.say("text", &[])?;
                self.quote(reason);
                self.say("next", &[])?;
                self.office(office)
            }
            Message::ApplicationWithdrawn { .. } => self.say("text", &[]),
            Message::LetterReminder { office, collect_until } => {
                self.say("text", &[("date", self.date(*collect_until)?.into())])?;
                self.office(office)
            }
            Message::LetterReissued { office } | Message::AnotherAccount { office } => {
                self.say("text", &[])?;
                self.say("stranger", &[])?;
                self.office(office)
            }
            Message::LetterCollected { office } => {
                self.say("text", &[])?;
                self.link("mail-sign-in-link", self.page.links.sign_in.clone())?;
                self.say("keep", &[])?;
                self.say("stranger", &[])?;
                self.office(office)
            }
            Message::AccountRecovered { at, codes_left, .. } => {
                self.say("text", &[("moment", self.moment(*at)?.into())])?;
                match codes_left {
                    0 => self.say("last", &[])?,
                    left => self.say("codes", &[("codes", i64::from(*left).into())])?,
                }
                self.block_link()
            }
            Message::AccountLocked { until } if *until == FOR_EVER => {
                self.say("text-for-ever", &[])?;
                self.say("own-for-ever", &[])?;
                self.say("stranger", &[])?;
                self.link("mail-help-link", self.page.links.help.clone())
            }
            Message::GuessingNoticed { failures, minutes, at } => {
                let counted = [
                    ("failures", (*failures).into()),
                    ("minutes", (*minutes).into()),
                    ("moment", self.moment(*at)?.into()),
                ];
                self.say("text", &counted)?;
                self.say("done", &[])?;
                self.say("next", &[])
            }
            Message::AccountLocked { until } => {
                self.say("text", &[("moment", self.moment(*until)?.into())])?;
                self.say("own", &[])?;
                self.say("stranger", &[])?;
                self.link("mail-help-link", self.page.links.help.clone())
            }
            Message::PasswordChanged { at, .. } => {
                self.say("text", &[("moment", self.moment(*at)?.into())])?;
                self.block_link()
            }
            Message::NewDevice { at, device, .. } => self.new_device(*at, device.as_deref()),
            Message::SessionsEnded { office, devices_too } => self.sessions_ended(office, *devices_too),
            Message::SecondFactorAdded { at, factor, .. }
            | Message::SecondFactorRemoved { at, factor, .. } => {
                let which = match factor {
                    Factor::App => "app",
                    Factor::Passkey => "passkey",
                    Factor::All => "all",
                };
                self.say(which, &[("moment", self.moment(*at)?.into())])?;
                self.block_link()
            }
            Message::AccountResumed { new_letter: Some(office) } => {
                self.say("letter", &[])?;
                self.office(office)
            }
            Message::AccountResumed { new_letter: None } => {
                self.say("text", &[])?;
                self.link("mail-sign-in-link", self.page.links.sign_in.clone())
            }
            Message::CorrectionLapsed { office }
            | Message::LetterLapsed { office }
            | Message::AccountSuspended { office }
            | Message::AccountClosed { office } => {
                self.say("text", &[])?;
                self.office(office)
            }
            Message::EmailChanged { office, is_new_address } => {
                self.say(if *is_new_address { "new" } else { "old" }, &[])?;
                self.say("stranger", &[])?;
                self.office(office)
            }
        }
    }

    fn new_device(&mut self, at: Moment, device: Option<&str>) -> Result<(), Error> {
        let moment = self.moment(at)?;
        match device {
            Some(device) => {
                self.say("text", &[("moment", moment.into()), ("device", one_line(device).into())])?;
            }
            None => self.say("unnamed", &[("moment", moment.into())])?,
        }
        self.block_link()
    }

    fn sessions_ended(&mut self, office: &OfficeNotice, devices_too: bool) -> Result<(), Error> {
        self.say("text", &[])?;
        if devices_too {
            self.say("devices", &[])?;
        }
        self.say("stranger", &[])?;
        self.office(office)
    }

    fn text(&self, key: &str, arguments: &[Argument<'static>]) -> Result<String, Error> {
        self.renderer.text(self.locale, key, arguments)
    }

    fn own_text(&self, name: &str) -> Result<String, Error> {
        self.text(&format!("{}-{name}", self.stem), &[])
    }

    /// A paragraph of this message's own.
    fn say(&mut self, name: &str, arguments: &[Argument<'static>]) -> Result<(), Error> {
        let text = self.text(&format!("{}-{name}", self.stem), arguments)?;
        self.blocks.push(Block::Paragraph { text });
        Ok(())
    }

    fn quote(&mut self, words: &str) {
        let text = words.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ");
        self.blocks.push(Block::Quote { text: text.trim().to_owned() });
    }

    fn link(&mut self, key: &str, url: String) -> Result<(), Error> {
        let label = self.text(key, &[])?;
        self.blocks.push(Block::Link { label, url });
        Ok(())
    }

    /// The link that acts on its page's button, with a word about that.
    fn own_link(&mut self, name: &str) -> Result<(), Error> {
        self.acting_link(&format!("{}-{name}", self.stem))
    }

    /// The link, or what to do instead: to an address that nobody confirmed no link goes.
    fn link_or_paper(&mut self, link: &str, address_confirmed: bool) -> Result<(), Error> {
        if address_confirmed { self.own_link(link) } else { self.say("paper", &[]) }
    }

    fn block_link(&mut self) -> Result<(), Error> {
        let text = self.text("mail-not-you", &[])?;
        self.blocks.push(Block::Paragraph { text });
        self.acting_link("mail-block-link")
    }

    fn acting_link(&mut self, key: &str) -> Result<(), Error> {
        // A kind with a link and no address is a defect, and better found out than sent.
        let url = self.page.links.own.clone().ok_or_else(|| {
            Error::new(minijinja::ErrorKind::InvalidOperation, format!("{key}: the link was not made"))
        })?;
        self.link(key, url)?;
        let text = self.text("mail-link-harmless", &[])?;
        self.blocks.push(Block::Paragraph { text });
        Ok(())
    }

    fn office(&mut self, notice: &OfficeNotice) -> Result<(), Error> {
        let lines = self.office_lines(notice)?;
        self.blocks.push(Block::Office { name: one_line(&notice.name), lines });
        Ok(())
    }

    fn date(&self, date: NaiveDate) -> Result<String, Error> {
        self.text(
            "mail-date",
            &[
                ("day", i64::from(date.day()).into()),
                ("month", i64::from(date.month()).into()),
                ("year", i64::from(date.year()).into()),
            ],
        )
    }

    /// By the office's clock.
    fn moment(&self, moment: Moment) -> Result<String, Error> {
        let local = moment.with_timezone(&self.page.zone);
        let date = self.date(local.date_naive())?;
        let time = local.format("%-H:%M").to_string();
        self.text("mail-moment", &[("date", date.into()), ("time", time.into())])
    }
}
