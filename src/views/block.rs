//! `/block/{token}`.

use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::office_card::{self, OfficeCard};
use super::page::Page;
use crate::domain::office::OfficeNotice;

/// Where a link leads that says "it was not me".
#[derive(Debug, Clone)]
pub struct BlockPage {
    /// The link's own address.
    pub path: String,
    pub stage: BlockStage,
    /// Who helps, where the account is known.
    pub office: Option<OfficeNotice>,
}

/// How it stands with the account, or with the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockStage {
    /// Nothing has happened yet: the button blocks the account.
    Ask { token: String, csrf: String },
    /// It has just been blocked.
    Blocked,
    /// It was blocked before.
    AlreadyBlocked,
    /// Nobody can sign in to the account, so that there is nothing to block.
    NotOpen,
    /// The link was good for some days, and is not any more.
    LinkIsOver,
    /// Not a link of ours, or not the whole of it.
    NoLink,
}

impl BlockStage {
    const fn name(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::Blocked => "blocked",
            Self::AlreadyBlocked => "already-blocked",
            Self::NotOpen => "not-open",
            Self::LinkIsOver => "link-is-over",
            Self::NoLink => "no-link",
        }
    }
}

impl Serialize for BlockPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            stage: &'static str,
            form: Option<Form<'a>>,
            office: Option<OfficeCard<'a>>,
        }

        #[derive(Serialize)]
        struct Form<'a> {
            token: &'a str,
            csrf: &'a str,
        }

        let form = match &self.stage {
            BlockStage::Ask { token, csrf } => Some(Form { token, csrf }),
            _ => None,
        };
        Data { stage: self.stage.name(), form, office: self.office.as_ref().map(OfficeCard::of) }
            .serialize(serializer)
    }
}

impl Page for BlockPage {
    const NAME: &'static str = "block";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: &self.path, authorization: None })
    }

    fn samples() -> Vec<Self> {
        let path = "/block/token-sample".to_owned();
        let office = office_card::samples().into_iter().next();
        let ask = BlockStage::Ask { token: "token-sample".to_owned(), csrf: "csrf-sample".to_owned() };
        let with_office = [ask, BlockStage::Blocked, BlockStage::AlreadyBlocked, BlockStage::NotOpen]
            .map(|stage| Self { path: path.clone(), stage, office: office.clone() });
        let without = [BlockStage::LinkIsOver, BlockStage::NoLink].map(|stage| Self {
            path: path.clone(),
            stage,
            office: None,
        });
        with_office.into_iter().chain(without).collect()
    }
}
