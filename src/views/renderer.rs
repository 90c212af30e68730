//! Templates, texts and the company's names brought together: one environment per language.

use std::borrow::Cow;

use fluent_templates::fluent_bundle::FluentValue;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde::Serialize;

use super::address::with_whole_post_codes;
use super::assets;
use super::brand::Brand;
use super::language_switch::other_languages;
use super::link::is_web_link;
use super::page::Page;
use super::texts::{self, Arguments};
use super::wrapped::wrapped;
use crate::domain::locale::Locale;

/// A page that could not be made: a defect of this program, never of what a person typed.
#[derive(Debug, thiserror::Error)]
#[error("cannot render the page `{page}`")]
pub struct RenderError {
    pub(super) page: &'static str,
    #[source]
    pub(super) source: Error,
}

/// An environment per language, so that `t` and the layout know their language without being told by each call.
#[derive(Debug)]
pub(super) struct Renderer {
    polish: Environment<'static>,
    english: Environment<'static>,
    brand: Brand,
}

impl Renderer {
    pub(super) fn new(brand: Brand) -> Self {
        Self {
            polish: environment(Locale::Polish, brand.clone()),
            english: environment(Locale::English, brand.clone()),
            brand,
        }
    }

    pub(super) fn brand(&self) -> &Brand {
        &self.brand
    }

    /// A template that is no page.
    pub(super) fn render_template(
        &self,
        locale: Locale,
        template: &str,
        context: &Value,
    ) -> Result<String, Error> {
        self.environment(locale).get_template(template)?.render(context)
    }

    /// A text outside of a template, with the company's names at hand.
    pub(super) fn text(
        &self,
        locale: Locale,
        key: &str,
        given: &[(&'static str, FluentValue<'static>)],
    ) -> Result<String, Error> {
        let mut arguments = names(&self.brand);
        arguments.extend(given.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())));
        texts::text(locale, key, &arguments).map_err(failed_text)
    }

    pub(super) fn render<P: Page>(&self, locale: Locale, page: &P) -> Result<String, RenderError> {
        self.try_render(locale, page).map_err(|source| RenderError { page: P::NAME, source })
    }

    /// A part of a page that goes out before the whole is there; the template calls it `part`.
    pub(super) fn render_part(
        &self,
        locale: Locale,
        template: &'static str,
        part: &impl Serialize,
    ) -> Result<String, RenderError> {
        self.environment(locale)
            .get_template(template)
            .and_then(|found| found.render(context! { part => Serde(part) }))
            .map_err(|source| RenderError { page: template, source })
    }

    /// Renders every sample of a page, named `page-1`, `page-2`, …
    pub(super) fn render_samples<P: Page>(
        &self,
        locale: Locale,
        into: &mut Vec<(String, String)>,
    ) -> Result<(), RenderError> {
        for (number, sample) in (1..).zip(P::samples()) {
            into.push((format!("{}-{number}", P::NAME), self.render(locale, &sample)?));
        }
        Ok(())
    }

    fn try_render<P: Page>(&self, locale: Locale, page: &P) -> Result<String, Error> {
        let languages = match page.address() {
            Some(address) => other_languages(locale, address).map_err(failed_text)?,
            None => Vec::new(),
        };
        self.environment(locale)
            .get_template(&format!("pages/{}.html", P::NAME))?
            .render(context! { page => Serde(page), languages => Serde(languages) })
    }

    fn environment(&self, locale: Locale) -> &Environment<'static> {
        match locale {
            Locale::Polish => &self.polish,
            Locale::English => &self.english,
        }
    }
}

/// Versions of the files that every page links to.
#[derive(Serialize)]
struct Versions {
    style: &'static str,
    office: &'static str,
    letter: &'static str,
    script: &'static str,
    passkey: &'static str,
    logo: &'static str,
}

fn environment(locale: Locale, brand: Brand) -> Environment<'static> {
    let mut environment = Environment::new();
    // A misspelt field must fail in the tests instead of leaving a gap in the page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // An error is logged; its account of the page's variables would put a login and a form's secret into the log.
    environment.set_debug(false);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the usual delimiters do not contradict each other"),
    );
    environment.add_global("lang", locale.tag());
    environment.add_global(
        "versions",
        Value::from(Serde(Versions {
            style: &assets::STYLE_VERSION,
            office: &assets::OFFICE_STYLE_VERSION,
            letter: &assets::LETTER_STYLE_VERSION,
            script: &assets::SCRIPT_VERSION,
            passkey: &assets::PASSKEY_SCRIPT_VERSION,
            logo: &assets::LOGO_VERSION,
        })),
    );
    environment.add_global("brand", Value::from(Serde(&brand)));
    environment.add_filter("wrapped", wrapped);
    environment.add_filter("address", with_whole_post_codes);
    // For names that another version of this program may have written.
    environment.add_test("web_link", |address: Option<&str>| address.is_some_and(is_web_link));
    environment
        .add_function("t", move |key: &str, arguments: Kwargs| translate(locale, &brand, key, &arguments));
    minijinja_embed::load_templates!(&mut environment);
    environment
}

/// `t("key", name=value)`: the text, with the company's names always at hand.
fn translate(locale: Locale, brand: &Brand, key: &str, given: &Kwargs) -> Result<String, Error> {
    let mut arguments = names(brand);
    for name in given.args() {
        let value: Value = given.get(name)?;
        // `None` means that this text has no such argument; if it does have one, Fluent refuses below.
        if !value.is_none() {
            arguments.insert(Cow::Owned(name.to_owned()), argument(name, &value)?);
        }
    }
    texts::text(locale, key, &arguments).map_err(failed_text)
}

/// What every text may use.
fn names(brand: &Brand) -> Arguments {
    Arguments::from([
        ("company".into(), brand.company_name.clone().into()),
        ("product".into(), brand.product_name.clone().into()),
        ("product_full".into(), brand.product_full_name.clone().into()),
    ])
}

/// Numbers stay numbers, so that Fluent can choose a plural.
fn argument(name: &str, value: &Value) -> Result<FluentValue<'static>, Error> {
    if let Some(text) = value.as_str() {
        return Ok(text.to_owned().into());
    }
    i64::try_from(value.clone()).map(FluentValue::from).map_err(|source| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("the argument `{name}` is neither a text nor a whole number"),
        )
        .with_source(source)
    })
}

fn failed_text(source: texts::TextError) -> Error {
    Error::new(ErrorKind::InvalidOperation, "missing text").with_source(source)
}
