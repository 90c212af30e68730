//! Where an authorization request goes on: `/authorize/{id}`, `/consent`, `/logout/confirm`. Nothing but the page that was
//! given to this very browser gets any further.

use iok_id::views::ErrorKind;
use reqwest::Method;
use serde_json::json;

use super::{Answered, Request, Row, page, row, run};
use crate::helpers::form;
use crate::helpers::provider::TestProvider;
use crate::helpers::relying_party::encode;

const NOBODYS: &str = "0198c0de-0000-7000-8000-000000000000";

#[tokio::test]
async fn a_request_goes_on_only_where_it_began_and_by_a_page_of_ours() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let partner = provider.relying_party("partner", json!({"first_party": false})).await;
    let browser = provider.visitor();
    browser.sign_in(&person).await;
    let consent = browser.open(&partner.authorization(&[])).await;
    let (action, fields) = form::filled_in(&consent.body, "#approve", &[]);
    let value = |name: &str| fields.iter().find(|(own, _)| own == name).unwrap().1.clone();
    let own = value("authorization");
    // Somebody else's, in another browser.
    let elsewhere = provider.visitor();
    elsewhere.sign_in(&provider.active_person("jan.kos").await).await;
    let theirs = elsewhere.open(&partner.authorization(&[])).await;
    let (_, their_fields) = form::filled_in(&theirs.body, "#approve", &[]);
    let of_theirs = |name: &str| their_fields.iter().find(|(own, _)| own == name).unwrap().1.clone();
    let foreign = of_theirs("authorization");

    let gone = page(ErrorKind::NotFound);
    let expired = page(ErrorKind::AuthorizationExpired);
    let bad_form = page(ErrorKind::BadForm);
    let form_expired = page(ErrorKind::FormExpired);
    let not_here = page(ErrorKind::AuthorizationElsewhere);
    let mut rows: Vec<Row> = [
        ("no id", "/authorize/x".to_owned(), &gone),
        ("an id that is NUL", "/authorize/%00".to_owned(), &gone),
        ("an id that is not text", "/authorize/%ff".to_owned(), &page(ErrorKind::NotFound)),
        ("an id that is too long", format!("/authorize/{}", "a".repeat(4_000)), &gone),
        ("an id with more behind it", format!("/authorize/{own}/x"), &gone),
        ("nobody's request", format!("/authorize/{NOBODYS}"), &expired),
        ("somebody else's request", format!("/authorize/{foreign}"), &not_here),
        ("consent to nothing", "/consent".to_owned(), &gone),
        ("consent to no id", "/consent?authorization=x".to_owned(), &gone),
        ("consent to an address", "/consent?authorization=https://evil.test/".to_owned(), &gone),
        (
            "consent to a repeated id",
            format!("/consent?authorization={own}&authorization=x"),
            &Answered::Consent,
        ),
        ("consent to nobody's request", format!("/consent?authorization={NOBODYS}"), &expired),
        ("consent to somebody else's request", format!("/consent?authorization={foreign}"), &not_here),
    ]
    .into_iter()
    .map(|(name, path, answer)| row(name, Request::get(path), answer.clone()))
    .collect();
    let post = |changes: &[(&str, Option<&str>)]| {
        let mut sent = fields.clone();
        for (name, value) in changes {
            sent.retain(|(own, _)| own != name);
            sent.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
        }
        Request::post(&*action, encode(&sent))
    };
    let twice = |name: &str, second: &str| {
        let mut sent = fields.clone();
        sent.push((name.to_owned(), second.to_owned()));
        Request::post(&*action, encode(&sent))
    };
    rows.extend(
        [
            ("no fields", Request::post(&*action, ""), &bad_form),
            ("no csrf token", post(&[("csrf", None)]), &form_expired),
            ("a csrf token that is guessed", post(&[("csrf", Some("x"))]), &form_expired),
            ("another browser's csrf token", post(&[("csrf", Some(&of_theirs("csrf")))]), &form_expired),
            ("two csrf tokens", twice("csrf", &value("csrf")), &form_expired),
            ("from another site", post(&[]).header("sec-fetch-site", "cross-site"), &form_expired),
            ("from a sibling site", post(&[]).header("sec-fetch-site", "same-site"), &form_expired),
            ("no decision", post(&[("decision", None)]), &bad_form),
            ("a decision of somebody's own", post(&[("decision", Some("Approve"))]), &bad_form),
            ("two decisions", twice("decision", "deny"), &bad_form),
            ("a consent of nobody asked", post(&[("asked", Some(NOBODYS))]), &Answered::Consent),
            (
                "a consent of somebody else asked",
                post(&[("asked", Some(&of_theirs("asked")))]),
                &Answered::Consent,
            ),
            ("a consent of two people", twice("asked", NOBODYS), &Answered::Consent),
            ("no authorization", post(&[("authorization", None)]), &bad_form),
            ("an authorization that is none", post(&[("authorization", Some("office"))]), &bad_form),
            ("nobody's authorization", post(&[("authorization", Some(NOBODYS))]), &expired),
            ("somebody else's authorization", post(&[("authorization", Some(&foreign))]), &not_here),
            ("a body that is not text", Request::post(&*action, [b'a', b'=', 0xff]), &bad_form),
            (
                "a body of another type",
                Request::of(Method::POST, &*action).header("content-type", "text/plain").body("x"),
                &page(ErrorKind::UnsupportedMediaType),
            ),
            (
                "resumed by a form",
                Request::post(format!("/authorize/{own}"), ""),
                &page(ErrorKind::MethodNotAllowed),
            ),
            (
                "a sign-out that nobody asked for",
                Request::post("/logout/confirm", "decision=confirm"),
                &form_expired,
            ),
            (
                "a sign-out without a decision",
                Request::form("/logout/confirm", &[("csrf", &value("csrf"))]),
                &bad_form,
            ),
            (
                "a sign-out from another site",
                Request::form("/logout/confirm", &[("csrf", &value("csrf")), ("decision", "confirm")])
                    .header("sec-fetch-site", "cross-site"),
                &form_expired,
            ),
        ]
        .into_iter()
        .map(|(name, request, answer)| row(name, request, answer.clone())),
    );
    run(&provider, &browser, &rows).await;

    // None of that was its use, or the end of the session.
    let answer = browser.submit(&consent, "#approve", &[]).await;
    assert!(answer.parameter("code").is_some(), "{} {}", answer.location(), answer.body);

    let nobody = provider.visitor();
    let rows = [
        row("nobody asked about nothing", Request::get("/consent"), Answered::SignIn),
        row("nobody asked", Request::get(format!("/consent?authorization={NOBODYS}")), expired.clone()),
        row("nobody answers for somebody", post(&[]), not_here.clone()),
    ];
    run(&provider, &nobody, &rows).await;
}
