//! Every kind of message, filled with invented facts.

use chrono::{DateTime, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::{MailLinks, MailPage, MailText, render};
use crate::domain::attempt_budget::FOR_EVER;
use crate::domain::clock::Moment;
use crate::domain::ids::{AccountId, ApplicationId};
use crate::domain::locale::Locale;
use crate::domain::mail::Message;
use crate::domain::office::{DayHours, OfficeNotice, OpenDay};
use crate::domain::second_factor::Factor;
use crate::views::renderer::{RenderError, Renderer};

/// Every kind, in every state that has words of its own.
pub(in crate::views) fn samples(
    renderer: &Renderer,
    locale: Locale,
) -> Result<Vec<(String, MailText)>, RenderError> {
    let links = MailLinks {
        own: Some("https://id.example.org/apply/status/c2FtcGxl".to_owned()),
        confirms_for: 24,
        sign_in: "https://id.example.org/sign-in".to_owned(),
        help: "https://id.example.org/help".to_owned(),
    };
    messages()
        .iter()
        .zip(1..)
        .map(|(message, number)| {
            let page =
                MailPage { name: "Halina Wrona", message, links: &links, zone: chrono_tz::Europe::Warsaw };
            Ok((format!("mail-{}-{number}", message.kind()), render(renderer, locale, &page)?))
        })
        .collect()
}

pub(in crate::views) fn messages() -> Vec<Message> {
    let application = ApplicationId::from(Uuid::from_u128(1));
    let account = AccountId::from(Uuid::from_u128(1));
    let at: Moment = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    let collect_until = NaiveDate::from_ymd_opt(2027, 3, 17).unwrap_or_default();
    let what = "Brakuje numeru lokalu.\nProszę go podać.".to_owned();
    let reason = "Nie znaleźliśmy tytułu prawnego do lokalu.".to_owned();
    let mut messages = vec![
        Message::ConfirmApplication { application },
        Message::ApplicationReceived { application, office: office(), address_confirmed: true },
        Message::ApplicationReceived { application, office: office(), address_confirmed: false },
        Message::ApplicationApproved { application, office: office(), collect_until },
        Message::ApplicationNeedsCorrection {
            application,
            what: what.clone(),
            office: office(),
            address_confirmed: true,
        },
        Message::ApplicationNeedsCorrection { application, what, office: office(), address_confirmed: false },
        Message::CorrectionReminder {
            office: office(),
            correct_until: collect_until,
            address_confirmed: true,
        },
        Message::CorrectionReminder {
            office: office(),
            correct_until: collect_until,
            address_confirmed: false,
        },
        Message::CorrectionLapsed { office: office() },
        Message::ApplicationRejected { application, reason, office: nameless_office() },
        Message::ApplicationWithdrawn { application },
        Message::LetterReminder { office: office(), collect_until },
        Message::LetterLapsed { office: office() },
        Message::LetterReissued { office: office() },
        Message::LetterCollected { office: office() },
        Message::AccountLocked { until: at },
        Message::AccountLocked { until: FOR_EVER },
        Message::GuessingNoticed { failures: 61, minutes: 1, at },
        Message::PasswordChanged { account, at },
        Message::NewDevice { account, at, device: Some("Chrome, Android".to_owned()) },
        Message::NewDevice { account, at, device: None },
        Message::SessionsEnded { office: office(), devices_too: false },
        Message::SessionsEnded { office: office(), devices_too: true },
        Message::SecondFactorAdded { account, at, factor: Factor::App },
        Message::SecondFactorAdded { account, at, factor: Factor::Passkey },
        Message::SecondFactorRemoved { account, at, factor: Factor::App },
        Message::SecondFactorRemoved { account, at, factor: Factor::Passkey },
        Message::SecondFactorRemoved { account, at, factor: Factor::All },
        Message::AccountSuspended { office: office() },
        Message::AccountResumed { new_letter: None },
        Message::AccountResumed { new_letter: Some(office()) },
        Message::AccountClosed { office: office() },
        Message::AnotherAccount { office: office() },
        Message::EmailChanged { office: office(), is_new_address: true },
        Message::EmailChanged { office: office(), is_new_address: false },
    ];
    messages.extend([0, 1, 3, 5].map(|codes_left| Message::AccountRecovered { account, at, codes_left }));
    // A month, and a weekday, each has a word of its own.
    messages.extend((1..=12).map(|month| Message::LetterReminder {
        office: OfficeNotice { next_open: open_day(month), ..office() },
        collect_until: NaiveDate::from_ymd_opt(2027, month, 28).unwrap_or_default(),
    }));
    messages
}

fn open_day(month: u32) -> Option<OpenDay> {
    let date = NaiveDate::from_ymd_opt(2027, 11, 7 + month)?;
    Some(OpenDay { date, opens: hour(7), closes: hour(15) })
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

fn office() -> OfficeNotice {
    let closes = [17, 15, 15, 15, 13];
    OfficeNotice {
        name: "Administracja nr 1".to_owned(),
        address: Some("ul. Bytomska 8, 41-600 Świętochłowice".to_owned()),
        phone: Some("+48 32 000 00 01".to_owned()),
        hours: (1..)
            .zip(closes)
            .map(|(weekday, closes)| DayHours { weekday, opens: hour(7), closes: hour(closes) })
            .collect(),
        next_open: open_day(1),
    }
}

/// An office of which the configuration says nothing.
fn nameless_office() -> OfficeNotice {
    OfficeNotice {
        name: "Administracja".to_owned(),
        address: None,
        phone: None,
        hours: Vec::new(),
        next_open: None,
    }
}
