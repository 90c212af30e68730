//! Reading pages as a person does: the title, the error, the form.

use scraper::{Html, Selector};

/// The text of an element, if the page has it.
pub(crate) fn text(html: &str, selector: &str) -> Option<String> {
    let page = Html::parse_document(html);
    let element = page.select(&Selector::parse(selector).unwrap()).next()?;
    Some(element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The texts of all such elements.
pub(crate) fn texts(html: &str, selector: &str) -> Vec<String> {
    Html::parse_document(html)
        .select(&Selector::parse(selector).unwrap())
        .map(|element| {
            element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

pub(crate) fn has(html: &str, selector: &str) -> bool {
    Html::parse_document(html).select(&Selector::parse(selector).unwrap()).next().is_some()
}

pub(crate) fn attribute(html: &str, selector: &str, name: &str) -> Option<String> {
    let page = Html::parse_document(html);
    let element = page.select(&Selector::parse(selector).unwrap()).next()?;
    element.value().attr(name).map(str::to_owned)
}

/// Where these links lead.
pub(crate) fn hrefs(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let links = Selector::parse(selector).unwrap();
    page.select(&links).map(|link| link.value().attr("href").unwrap().to_owned()).collect()
}

/// The named fields of the form that has this button, as the browser would send them.
pub(crate) fn fields(html: &str, button: &str) -> Vec<(String, String)> {
    let page = Html::parse_document(html);
    let button_selector = Selector::parse(button).unwrap();
    let inputs = Selector::parse("input[name]").unwrap();
    let form = page
        .select(&Selector::parse("form").unwrap())
        .find(|form| form.select(&button_selector).next().is_some())
        .unwrap_or_else(|| panic!("no form with {button} in:\n{html}"));
    let inputs = form.select(&inputs).filter(|input| {
        let is_choice = matches!(input.value().attr("type"), Some("radio" | "checkbox"));
        !is_choice || input.value().attr("checked").is_some()
    });
    let mut fields: Vec<(String, String)> = inputs
        .map(|input| {
            let value = input.value();
            (value.attr("name").unwrap().to_owned(), value.attr("value").unwrap_or_default().to_owned())
        })
        .collect();
    let options = Selector::parse("option").unwrap();
    for select in form.select(&Selector::parse("select[name]").unwrap()) {
        let mut all = select.select(&options);
        let chosen = all.clone().find(|option| option.value().attr("selected").is_some()).or(all.next());
        let value = chosen.and_then(|option| option.value().attr("value")).unwrap_or_default();
        fields.push((select.value().attr("name").unwrap().to_owned(), value.to_owned()));
    }
    for area in form.select(&Selector::parse("textarea[name]").unwrap()) {
        let text = area.text().collect::<String>();
        // The line's end after the tag is none of the text's (HTML).
        let text = text.strip_prefix('\n').unwrap_or(&text).to_owned();
        fields.push((area.value().attr("name").unwrap().to_owned(), text));
    }
    fields
}

/// Where the form with this button goes.
pub(crate) fn action(html: &str, button: &str) -> String {
    let page = Html::parse_document(html);
    let button = Selector::parse(button).unwrap();
    let form = page
        .select(&Selector::parse("form").unwrap())
        .find(|form| form.select(&button).next().is_some())
        .unwrap_or_else(|| panic!("no such form in:\n{html}"));
    form.value().attr("action").unwrap().to_owned()
}

/// The form with this button as the browser would send it, with something typed into it: where to, and what.
pub(crate) fn filled_in(html: &str, button: &str, typed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let mut fields = fields(html, button);
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    if let Some(name) = attribute(html, button, "name") {
        fields.push((name, attribute(html, button, "value").unwrap_or_default()));
    }
    (action(html, button), fields)
}
