//! `/block/{token}`: "it was not me". Opening the link shows what it would do; its button does it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::accounts::block::{BlockStanding, Blocking};
use crate::crypto::links::OpenedLink;
use crate::domain::link::LinkPurpose;
use crate::http::errors::PageError;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::OwnForm;
use crate::http::extract::path::Path;
use crate::http::pages::page;
use crate::http::state::{State, Web};
use crate::views::{BlockPage, BlockStage, ErrorKind};

pub(in crate::http) async fn get(
    web: State,
    browser: Browser,
    Path(token): Path,
) -> Result<Response, PageError> {
    let stage = match read(&web, &token) {
        Some(link) => Stage::of(web.accounts.look_at_block(link.about.into(), link.made_at).await?),
        None => Stage::NoLink,
    };
    render(&web, &browser, token, stage)
}

pub(in crate::http) async fn post(
    web: State,
    browser: Browser,
    Path(token): Path,
    form: OwnForm,
) -> Result<Response, PageError> {
    if !form.is_ours {
        return Err(PageError::new(ErrorKind::FormExpired));
    }
    let stage = match read(&web, &token) {
        Some(link) => Stage::of(web.accounts.block(link.about.into(), link.made_at, &browser.origin).await?),
        None => Stage::NoLink,
    };
    render(&web, &browser, token, stage)
}

/// What the page shows, and the office that helps where one is known.
enum Stage {
    Of(BlockStanding),
    /// Not one of ours, or cut off by a mail program.
    NoLink,
}

impl Stage {
    fn of(standing: Option<BlockStanding>) -> Self {
        standing.map_or(Self::NoLink, Self::Of)
    }
}

fn read(web: &Web, token: &str) -> Option<OpenedLink> {
    web.links.open(LinkPurpose::BlockAccount, token)
}

fn render(web: &Web, browser: &Browser, token: String, stage: Stage) -> Result<Response, PageError> {
    // A link that is not ours may hold anything.
    let path = format!("/block/{}", form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>());
    let (status, stage, office) = match stage {
        // Whoever reads an old mailbox need not know where the owner goes.
        Stage::Of(BlockStanding { blocking: Blocking::LinkIsOver, .. }) => {
            (StatusCode::GONE, BlockStage::LinkIsOver, None)
        }
        Stage::Of(BlockStanding { blocking, office }) => {
            let stage = match blocking {
                Blocking::Possible => BlockStage::Ask { token, csrf: browser.visit.csrf_token() },
                Blocking::Done => BlockStage::Blocked,
                Blocking::AlreadyBlocked => BlockStage::AlreadyBlocked,
                Blocking::NotOpen => BlockStage::NotOpen,
                Blocking::LinkIsOver => BlockStage::LinkIsOver,
            };
            (StatusCode::OK, stage, Some(office))
        }
        Stage::NoLink => (StatusCode::NOT_FOUND, BlockStage::NoLink, None),
    };
    let html = web.views.block(browser.languages.resolve(None), &BlockPage { path, stage, office })?;
    Ok(page(html).status(status).cookies(browser.cookies(web)).into_response())
}
