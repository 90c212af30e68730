//! The pages: one method each, over templates and texts that are part of the program.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::address::{Address, SIGNED_OUT_PATH};
use super::language::Language;
use super::session::SignedIn;
use crate::demo::billing::Statement;
use crate::demo::complaints::Reports;
use crate::demo::service::Service;
use crate::demo::templates;
use crate::domain::locale::Locale;

const TEMPLATES: [(&str, &str); 7] = [
    ("layout.html", include_str!("../../../templates/demo/layout.html")),
    ("member.html", include_str!("../../../templates/demo/member.html")),
    ("welcome.html", include_str!("../../../templates/demo/welcome.html")),
    ("billing.html", include_str!("../../../templates/demo/billing.html")),
    ("complaints.html", include_str!("../../../templates/demo/complaints.html")),
    ("signed_out.html", include_str!("../../../templates/demo/signed_out.html")),
    ("trouble.html", include_str!("../../../templates/demo/trouble.html")),
];

/// What went wrong, as the person has to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble<'a> {
    /// The service is not known by the name in the request.
    WrongAddress,
    /// The person chose not to go on.
    Declined,
    /// The provider, or its answer, did not let the sign-in through.
    SignInFailed,
    /// Nothing is known of this sign-in.
    SignInLost,
    /// The browser does not send our cookie.
    NoCookie,
    ProviderUnreachable,
    ProviderUnbelievable,
    /// A form that is not, or no longer, ours.
    StaleForm,
    /// The session here is over, but the provider could not be told; with this token the form tries again.
    SignedOutHereOnly {
        form_token: &'a str,
    },
    NotFound,
    WrongMethod,
}

/// How to go on from a trouble.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum WayOn {
    SignIn,
    Home,
    SignOut,
}

impl Trouble<'_> {
    /// By the `error` of an authorization response (RFC 6749 §4.1.2.1). Its description is the provider's word to
    /// programmers, and anybody can write one into an address: it is not shown.
    pub(super) fn of_error(error: &str) -> Self {
        match error {
            "access_denied" => Self::Declined,
            "server_error" | "temporarily_unavailable" => Self::ProviderUnreachable,
            _ => Self::SignInFailed,
        }
    }

    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::WrongAddress | Self::SignInFailed | Self::SignInLost | Self::NoCookie => {
                StatusCode::BAD_REQUEST
            }
            Self::Declined | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::ProviderUnreachable | Self::SignedOutHereOnly { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::ProviderUnbelievable => StatusCode::BAD_GATEWAY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The stem of its texts.
    const fn key(self) -> &'static str {
        match self {
            Self::WrongAddress => "trouble-wrong-address",
            Self::Declined => "trouble-declined",
            Self::SignInFailed => "trouble-sign-in-failed",
            Self::SignInLost => "trouble-sign-in-lost",
            Self::NoCookie => "trouble-no-cookie",
            Self::ProviderUnreachable => "trouble-provider-unreachable",
            Self::ProviderUnbelievable => "trouble-provider-unbelievable",
            Self::StaleForm => "trouble-stale-form",
            Self::SignedOutHereOnly { .. } => "trouble-signed-out-here-only",
            Self::NotFound => "trouble-not-found",
            Self::WrongMethod => "trouble-wrong-method",
        }
    }

    const fn way_on(self) -> WayOn {
        match self {
            Self::WrongAddress | Self::StaleForm | Self::NotFound | Self::WrongMethod => WayOn::Home,
            Self::SignedOutHereOnly { .. } => WayOn::SignOut,
            _ => WayOn::SignIn,
        }
    }
}

/// What every page needs to know.
#[derive(Serialize)]
struct Frame {
    service: Service,
    lang: &'static str,
    /// The language if it was chosen by a link, to be passed on.
    chosen: Option<&'static str>,
    /// The same page in the other language.
    other_lang: &'static str,
    other_href: String,
    home: String,
    sign_in: String,
}

pub(super) struct Pages {
    environment: Environment<'static>,
    service: Service,
    port: u16,
}

impl Pages {
    pub(super) fn new(service: Service, port: u16) -> Result<Self, Error> {
        let environment = templates::environment(&TEMPLATES)?;
        Ok(Self { environment, service, port })
    }

    /// For somebody who is not signed in.
    pub(super) fn welcome(&self, language: Language) -> Response {
        self.page("welcome.html", language, "/", context! {})
    }

    pub(super) fn billing(
        &self,
        language: Language,
        signed_in: &SignedIn,
        statement: &Statement,
    ) -> Response {
        let content = context! {
            statement => Serde(statement),
            ..member(signed_in)
        };
        self.page("billing.html", language, "/", content)
    }

    pub(super) fn complaints(&self, language: Language, signed_in: &SignedIn, reports: &Reports) -> Response {
        let person = &signed_in.person;
        let content = context! {
            contact => person.email.as_deref().or(person.phone.as_deref()),
            reports => Serde(reports),
            ..member(signed_in)
        };
        self.page("complaints.html", language, "/", content)
    }

    /// `everywhere`: the provider has signed the person out as well.
    pub(super) fn signed_out(&self, language: Language, everywhere: bool) -> Response {
        self.page("signed_out.html", language, SIGNED_OUT_PATH, context! { everywhere })
    }

    pub(super) fn trouble(&self, language: Language, trouble: Trouble<'_>) -> Response {
        let form_token = match trouble {
            Trouble::SignedOutHereOnly { form_token } => form_token,
            _ => "",
        };
        let home = match trouble {
            // A relative link would lead back to the wrong address.
            Trouble::WrongAddress => {
                Some(language.link(&format!("{}/", Address::Localhost.origin(self.port))))
            }
            _ => None,
        };
        let content = context! {
            key => trouble.key(),
            way_on => Serde(trouble.way_on()),
            elsewhere => home,
            form_token,
        };
        self.page("trouble.html", language, "/", content)
    }

    fn page(&self, template: &str, language: Language, path: &str, content: Value) -> Response {
        match self.render(template, language, path, content) {
            Ok(page) => Html(page).into_response(),
            Err(error) => {
                tracing::error!(template, error = ?error, "a page cannot be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    fn render(
        &self,
        template: &str,
        language: Language,
        path: &str,
        content: Value,
    ) -> Result<String, Error> {
        let other = match language.locale {
            Locale::Polish => Locale::English,
            Locale::English => Locale::Polish,
        };
        let frame = Frame {
            service: self.service,
            lang: language.locale.tag(),
            chosen: language.choice().map(Locale::tag),
            other_lang: other.tag(),
            other_href: Language { locale: other, chosen: true }.link(path),
            home: language.link("/"),
            sign_in: language.link("/sign-in"),
        };
        self.environment.get_template(template)?.render(context! { frame => Serde(frame), ..content })
    }
}

fn member(signed_in: &SignedIn) -> Value {
    context! {
        name => signed_in.person.name.as_str(),
        office => signed_in.person.iok.office.as_deref(),
        form_token => signed_in.form_token.expose(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::person::Person;
    use super::*;
    use crate::demo::claims::{IokClaims, PremisesClaim, PremisesKind, Role};
    use crate::demo::{billing, complaints};
    use crate::domain::secret::BearerSecret;

    const TROUBLES: [Trouble<'static>; 11] = [
        Trouble::WrongAddress,
        Trouble::Declined,
        Trouble::SignInFailed,
        Trouble::SignInLost,
        Trouble::NoCookie,
        Trouble::ProviderUnreachable,
        Trouble::ProviderUnbelievable,
        Trouble::StaleForm,
        Trouble::SignedOutHereOnly { form_token: "token" },
        Trouble::NotFound,
        Trouble::WrongMethod,
    ];

    fn everyone() -> Vec<SignedIn> {
        let title = |code: &str, kind, role| PremisesClaim {
            code: code.to_owned(),
            kind,
            role,
            contractor_number: "100101".to_owned(),
        };
        let roles = [
            Role::Owner,
            Role::CoOwner,
            Role::Tenant,
            Role::Lessee,
            Role::AuthorisedPerson,
            Role::Proxy,
            Role::Other,
        ];
        let kinds = [PremisesKind::Residential, PremisesKind::Commercial, PremisesKind::Other];
        let codes = ["KAT-12-4", "BYT-3-10", "CHO-7-2", "SIK-21-15", "DWO-8-U2", "LAG-55-8", "unknown"];
        let mut titles = Vec::new();
        for (number, (role, code)) in roles.into_iter().zip(codes).enumerate() {
            titles.push(title(code, kinds[number % kinds.len()], role));
        }
        [Vec::new(), titles]
            .into_iter()
            .map(|premises| SignedIn {
                person: Person {
                    name: "Zażółć <script>".to_owned(),
                    iok: IokClaims { premises, ..IokClaims::default() },
                    ..Person::sample()
                },
                form_token: BearerSecret::presented("token"),
            })
            .collect()
    }

    /// Every page in every state, by name.
    fn all_pages(pages: &Pages, language: Language) -> Vec<(String, Response)> {
        let mut rendered = vec![
            ("welcome".to_owned(), pages.welcome(language)),
            ("signed out".to_owned(), pages.signed_out(language, false)),
            ("signed out everywhere".to_owned(), pages.signed_out(language, true)),
        ];
        for signed_in in everyone() {
            let iok = &signed_in.person.iok;
            let statement = billing::statement(iok, language.locale);
            let reports = complaints::reports(iok, language.locale);
            rendered.push(("billing".to_owned(), pages.billing(language, &signed_in, &statement)));
            rendered.push(("complaints".to_owned(), pages.complaints(language, &signed_in, &reports)));
        }
        for trouble in TROUBLES {
            rendered.push((format!("{trouble:?}"), pages.trouble(language, trouble)));
        }
        rendered
    }

    #[tokio::test]
    async fn every_page_renders_in_every_language_and_escapes_what_it_shows() -> anyhow::Result<()> {
        for service in Service::ALL {
            let pages = Pages::new(service, 8081)?;
            for locale in Locale::ALL {
                for (name, response) in all_pages(&pages, Language { locale, chosen: false }) {
                    assert_eq!(response.status(), StatusCode::OK, "{name} in {locale}");
                    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
                    let html = std::str::from_utf8(&body)?;
                    assert!(html.contains(&format!("<html lang=\"{locale}\"")), "{name} in {locale}");
                    assert_eq!(html.matches("<h1").count(), 1, "{name} in {locale}");
                    assert!(!html.contains("<script>"), "{name} in {locale}");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn what_the_provider_says_about_an_error_is_never_shown() {
        assert_eq!(Trouble::of_error("access_denied"), Trouble::Declined);
        assert_eq!(Trouble::of_error("temporarily_unavailable"), Trouble::ProviderUnreachable);
        assert_eq!(Trouble::of_error("<b>call 0700</b>"), Trouble::SignInFailed);
    }
}
