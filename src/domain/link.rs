//! What a mailed link is for. Opening one does nothing, since mail scanners open links; the page's button acts.

/// What a link opens, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Confirms the address, and so submits the application.
    ConfirmApplication,
    /// Shows where an application stands, to whoever holds the link; there it can be withdrawn.
    FollowApplication,
    /// Opens the form again, for what the office asked to be corrected.
    CorrectApplication,
    /// "It was not me": blocks an account.
    BlockAccount,
}

impl LinkPurpose {
    pub const ALL: [Self; 4] =
        [Self::ConfirmApplication, Self::FollowApplication, Self::CorrectApplication, Self::BlockAccount];

    /// What its HMAC says it is for: permanent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmApplication => "confirm application",
            Self::FollowApplication => "follow application",
            Self::CorrectApplication => "correct application",
            Self::BlockAccount => "block account",
        }
    }

    /// The page that it opens, before the token.
    pub const fn page(self) -> &'static str {
        match self {
            Self::ConfirmApplication => "/apply/confirm/",
            Self::FollowApplication => "/apply/status/",
            Self::CorrectApplication => "/apply/correct/",
            Self::BlockAccount => "/block/",
        }
    }
}
