//! The second factor of staff: set up at the first sign-in, proved at each.

use chrono::TimeDelta;
use futures_util::future::join_all;
use iok_id::domain::staff::Role;
use serde_json::json;

use super::support::sheet;
use crate::helpers::command_line::iok_id;
use crate::helpers::database::dump;
use crate::helpers::form;
use crate::helpers::open_browser::OpenBrowser;
use crate::helpers::people::{CHOSEN, INITIAL};
use crate::helpers::provider::TestProvider;
use crate::helpers::records;
use crate::helpers::relying_party;
use crate::helpers::staff::{Authenticator, add_app, enrol, sign_in};

const OFFICE: &str = "Administracja nr 1";

#[tokio::test]
async fn the_first_sign_in_changes_the_password_then_sets_up_a_second_factor_then_lands_in_the_office() {
    let provider = TestProvider::start().await;
    provider.add_staff("urszula.sowa", Role::Clerk, Some(OFFICE)).await;
    let browser = provider.visitor();
    let change = sign_in(&browser, "urszula.sowa", INITIAL).await;
    assert!(form::has(&change.body, "#new-password"), "{}", change.body);
    assert_eq!(browser.get("/second-factor").await.location(), "/change-password", "first things first");
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    assert_eq!(answer.location(), "/second-factor");
    assert_eq!(browser.get("/office").await.location(), "/second-factor?authorization=office");

    let set_up = browser.follow(answer).await;
    assert!(form::has(&set_up.body, "svg#qr path"), "{}", set_up.body);
    let again = browser.get("/second-factor").await;
    assert_eq!(
        form::text(&again.body, "#seed"),
        form::text(&set_up.body, "#seed"),
        "a reload shows the same"
    );
    let authenticator = Authenticator::reading(&set_up);
    let wrong = authenticator.wrong_code(&provider);
    let refused = browser.submit(&set_up, "#prove", &[("code", &wrong)]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(form::text(&refused.body, "#seed"), form::text(&set_up.body, "#seed"));

    let proved = browser.submit(&refused, "#prove", &[("code", &authenticator.code(&provider))]).await;
    let codes = browser.follow(proved).await;
    assert_eq!(form::texts(&codes.body, "#codes li").len(), 10);
    // They are not kept yet: no door opens, and they are shown until they are.
    assert_eq!(browser.get("/office").await.location(), "/second-factor?authorization=office");
    let again = browser.get("/second-factor").await;
    assert_eq!(form::texts(&again.body, "#codes li"), form::texts(&codes.body, "#codes li"));
    let kept = browser.submit(&codes, "#codes-kept", &[]).await;
    assert_eq!(kept.location(), "/office");
    let office = browser.follow(kept).await;
    assert_eq!(form::text(&office.body, "#staff-name").as_deref(), Some("Urszula Sowa"));
    assert!(form::text(&office.body, "#staff-role").unwrap().ends_with(OFFICE));

    let twice = browser.submit(&codes, "#codes-kept", &[]).await;
    assert_eq!(twice.location(), "/office", "pressed twice");
    for action in ["staff.added", "second_factor.enrolled", "second_factor.codes_kept"] {
        assert_eq!(records::count(&provider, action).await, 1, "{action}");
    }
}

#[tokio::test]
async fn every_later_sign_in_asks_for_a_code_and_takes_each_code_once_rfc_6238_5_2() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let browser = provider.visitor();
    let page = sign_in(&browser, &clerk.login, &clerk.password).await;
    assert!(form::has(&page.body, "#code") && !form::has(&page.body, "#seed"), "{}", page.body);
    assert_eq!(browser.get("/office").await.location(), "/second-factor?authorization=office");
    assert!(!form::has(&browser.get("/").await.body, "#sign-out"));

    let used_at_enrolment = clerk.authenticator.code(&provider);
    let refused = browser.submit(&page, "#prove", &[("code", &used_at_enrolment)]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(form::attribute(&refused.body, "#code", "value"), None, "a code is never put back");
    assert_eq!(
        form::attribute(&refused.body, "#code", "aria-invalid").as_deref(),
        Some("true"),
        "{}",
        refused.body
    );

    provider.advance(TimeDelta::seconds(30));
    let code = clerk.authenticator.code(&provider);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    assert_eq!(browser.submit(&page, "#prove", &[("code", &spaced)]).await.location(), "/office");
    assert_eq!(browser.get("/office").await.status, 200);

    let other = provider.visitor();
    let page = sign_in(&other, &clerk.login, &clerk.password).await;
    assert_eq!(
        other.submit(&page, "#prove", &[("code", &code)]).await.status,
        422,
        "used in another session"
    );
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_few_left_are_told() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    assert!(!form::has(&clerk.get("/office").await.body, "#few-codes"));
    let spelt = clerk.recovery_codes[3].to_uppercase().replace('-', " ");
    for (code, works) in [(&spelt, true), (&clerk.recovery_codes[3], false), (&clerk.recovery_codes[4], true)]
    {
        let browser = provider.visitor();
        let page = sign_in(&browser, &clerk.login, &clerk.password).await;
        let answer = browser.submit(&page, "#prove", &[("code", code)]).await;
        assert_eq!(answer.status, if works { 303 } else { 422 }, "{code}");
        assert_eq!(browser.get("/office").await.status == 200, works);
    }
    assert_eq!(records::count_of(&provider, "second_factor.verdict", "recovery_code").await, 2);
    provider
        .execute("UPDATE second_factor_code SET used_at = '2026-01-01 00:00:00+00:00' WHERE number < 8")
        .await;
    let home = clerk.get("/office").await;
    assert!(form::text(&home.body, "#few-codes").unwrap().contains('3'), "{}", home.body);
}

#[tokio::test]
async fn wrong_codes_run_into_a_budget_of_their_own_that_no_password_lifts() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider.advance(TimeDelta::seconds(60));
    let browser = provider.visitor();
    let page = sign_in(&browser, &clerk.login, &clerk.password).await;
    let wrong = clerk.authenticator.wrong_code(&provider);
    for _ in 0..5 {
        assert_eq!(browser.submit(&page, "#prove", &[("code", &wrong)]).await.status, 422);
    }
    let right = clerk.authenticator.code(&provider);
    let locked = browser.submit(&page, "#prove", &[("code", &right)]).await;
    assert_eq!(locked.status, 429, "{}", locked.body);
    assert_eq!(records::count_of(&provider, "account.locked", "second_factor_budget_used_up").await, 1);

    // Neither a recovery code nor another sign-in with the right password gives more guesses; the session that was
    // there before goes on.
    let other = provider.visitor();
    let page = sign_in(&other, &clerk.login, &clerk.password).await;
    let answer = other.submit(&page, "#prove", &[("code", &clerk.recovery_codes[0])]).await;
    assert_eq!(answer.status, 429);
    assert_eq!(clerk.get("/office").await.status, 200);

    provider.advance(TimeDelta::minutes(16));
    let answer = other.submit(&page, "#prove", &[("code", &clerk.recovery_codes[0])]).await;
    assert_eq!(answer.location(), "/office", "nothing was used up by a refusal");
}

#[tokio::test]
async fn of_simultaneous_wrong_codes_at_most_the_budget_gets_a_verdict() {
    let provider = TestProvider::start_with(&[("lockout.wait_seconds", "1")]).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let browser = provider.visitor();
    let page = sign_in(&browser, &clerk.login, &clerk.password).await;
    let wrong = clerk.authenticator.wrong_code(&provider);
    let typed = [("code", wrong.as_str())];
    let attempts = (0..12).map(|_| browser.submit(&page, "#prove", &typed));
    let answers = join_all(attempts).await;
    assert!(answers.iter().all(|answer| answer.status == 422 || answer.status == 429));
    assert!(records::count_of(&provider, "second_factor.verdict", "wrong").await <= 5);
}

#[tokio::test]
async fn a_double_submit_and_a_lost_answer_both_end_signed_in() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider.advance(TimeDelta::seconds(30));
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&clerk.login, &clerk.password).await;
    let page = browser.follow(answer).await;
    let owing = browser.session();
    let code = clerk.authenticator.code(&provider);
    let mut lost = browser.clone();
    assert_eq!(lost.submit(&page, "#prove", &[("code", &code)]).await.location(), "/office");
    let of_the_lost_answer = lost.session();

    // Its answer never arrived: the browser sends the form again, with the cookie that it has.
    let again = browser.submit(&page, "#prove", &[("code", &code)]).await;
    assert_eq!(again.location(), "/office");
    assert_ne!(browser.session(), owing);
    assert_eq!(browser.get("/office").await.status, 200);
    assert_ne!(browser.session(), of_the_lost_answer);
    assert_eq!(lost.get("/office").await.status, 303, "one session has one secret");

    // The old cookie alone opens nothing, nor with another code, nor the code without the cookie, nor later.
    for (secret, typed) in [(owing.as_str(), "123456"), ("another", code.as_str())] {
        let mut stranger = browser.clone().holding(OpenBrowser::SESSION, secret);
        let refused = stranger.submit(&page, "#prove", &[("code", typed)]).await;
        assert_eq!(refused.location(), "/sign-in", "{typed}");
    }
    provider.advance(TimeDelta::seconds(61));
    let mut late = browser.clone().holding(OpenBrowser::SESSION, &owing);
    assert_eq!(late.submit(&page, "#prove", &[("code", &code)]).await.location(), "/sign-in");
    assert_eq!(browser.get("/office").await.status, 200, "none of that touched the session");
}

#[tokio::test]
async fn two_submits_at_once_use_one_code_and_both_may_go_on() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    provider.advance(TimeDelta::seconds(30));
    let mut browser = provider.open_browser();
    let answer = browser.try_sign_in(&clerk.login, &clerk.password).await;
    let page = browser.follow(answer).await;
    let code = clerk.authenticator.code(&provider);
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let typed = [("code", code.as_str())];
    let (first, second) =
        tokio::join!(one.submit(&page, "#prove", &typed), two.submit(&page, "#prove", &typed));
    for answer in [&first, &second] {
        assert_eq!(answer.location(), "/office");
    }
    let open = [one.get("/office").await.status, two.get("/office").await.status];
    assert!(open.contains(&reqwest::StatusCode::OK), "{open:?}");
    assert_eq!(records::count_of(&provider, "second_factor.verdict", "correct").await, 1);
}

#[tokio::test]
async fn a_seed_that_another_session_saw_is_never_the_one_that_is_confirmed() {
    let provider = TestProvider::start().await;
    // Somebody whose password is known to somebody else.
    let person = provider.active_person("halina.wrona").await;
    provider.add_staff(&person.login, Role::Auditor, None).await;
    let thief = provider.visitor();
    let seen_by_thief = sign_in(&thief, &person.login, &person.password).await;
    let owner = provider.visitor();
    let seen_by_owner = sign_in(&owner, &person.login, &person.password).await;
    assert_ne!(form::text(&seen_by_thief.body, "#seed"), form::text(&seen_by_owner.body, "#seed"));
    enrol(&provider, &owner, &seen_by_owner).await;
    provider.advance(TimeDelta::seconds(30));
    let code = Authenticator::reading(&seen_by_thief).code(&provider);
    let refused = thief.submit(&seen_by_thief, "#prove", &[("code", &code)]).await;
    assert!(refused.location().starts_with("/sign-in"), "the first factor ended what was open elsewhere");
    let page = sign_in(&thief, &person.login, &person.password).await;
    assert!(!form::has(&page.body, "#seed") && form::has(&page.body, "#code"), "{}", page.body);
}

#[tokio::test]
async fn signing_in_again_owes_the_second_factor_again_and_amr_and_acr_tell_of_it() {
    let provider = TestProvider::start().await;
    let billing = provider.relying_party("billing", json!({})).await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let code = clerk.open(&billing.authorization(&[])).await.parameter("code").unwrap();
    let id_token = billing.redeem(&code).await.json()["id_token"].as_str().unwrap().to_owned();
    let claims = relying_party::claims(&id_token);
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(claims["acr"], "urn:iok-id:acr:2");

    provider.advance(TimeDelta::minutes(1));
    let again = clerk.open(&billing.authorization(&[("prompt", "login")])).await;
    let answer = clerk.browser.sign_in_at(&again, &clerk.login, &clerk.password).await;
    assert!(answer.location().starts_with("/second-factor?authorization="), "{}", answer.location());
    assert_eq!(clerk.get("/office").await.location(), "/second-factor?authorization=office");
    let silent = clerk.open(&billing.authorization(&[("prompt", "none")])).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("interaction_required"));
    let page = clerk.browser.follow(answer).await;
    let proved = clerk.submit(&page, "#prove", &[("code", &clerk.authenticator.code(&provider))]).await;
    assert!(clerk.browser.follow(proved).await.parameter("code").is_some(), "back to the service");
}

#[tokio::test]
async fn a_reset_signs_out_and_sets_up_anew() {
    let provider = TestProvider::start().await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let reset = iok_id(&provider, &["staff", "reset-second-factor", "urszula.sowa", "--json"]).await;
    assert!(reset.status.success(), "{reset:?}");
    assert_eq!(clerk.get("/office").await.location(), "/sign-in?authorization=office");
    let page = sign_in(&clerk.browser, &clerk.login, &clerk.password).await;
    let (fresh, _) = enrol(&provider, &clerk.browser, &page).await;
    assert_ne!(fresh.code(&provider), clerk.authenticator.code(&provider));
    assert_eq!(records::count(&provider, "second_factor.reset").await, 1);
    let other = provider.visitor();
    let page = sign_in(&other, &clerk.login, &clerk.password).await;
    let answer = other.submit(&page, "#prove", &[("code", &clerk.recovery_codes[0])]).await;
    assert_eq!(answer.status, 422, "the codes went with the factor");
    let nobody = iok_id(&provider, &["staff", "reset-second-factor", "jan.nikt"]).await;
    assert_eq!(nobody.status.code(), Some(1));
}

#[tokio::test]
async fn neither_seed_nor_codes_stand_readable_in_the_database() {
    let provider = TestProvider::start().await;
    provider.add_staff("urszula.sowa", Role::Auditor, None).await;
    let browser = provider.visitor();
    let change = sign_in(&browser, "urszula.sowa", INITIAL).await;
    let answer = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
    let set_up = browser.follow(answer).await;
    let seed = form::text(&set_up.body, "#seed").unwrap().replace(' ', "");
    let raw = totp_rs::Secret::try_from_base32(&seed).unwrap();
    let bytes: Vec<u8> = raw.as_ref().to_vec();
    let authenticator = Authenticator::reading(&set_up);
    let code = authenticator.code(&provider);
    let proved = browser.submit(&set_up, "#prove", &[("code", &code)]).await;
    // While they are still shown, too.
    let page = browser.follow(proved).await;
    let codes = form::texts(&page.body, "#codes li");
    let stored: String = dump(&provider.database)
        .await
        .into_iter()
        .flat_map(|(place, value)| [place, value])
        .collect::<Vec<_>>()
        .join("\n");
    assert!(stored.contains("urszula.sowa"), "the dump shows what is there");
    for code in &codes {
        assert!(!stored.contains(code.as_str()) && !stored.contains(&code.replace('-', "")), "{code}");
    }
    assert!(!stored.contains(&seed));
    assert!(!stored.contains(&hex(&bytes)));
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[tokio::test]
async fn the_office_takes_a_contractors_factor_away_once_it_saw_a_document_and_the_owner_is_told() {
    let provider = TestProvider::start().await;
    let person = provider.active_person("halina.wrona").await;
    let clerk = provider.clerk("urszula.sowa", OFFICE).await;
    let (_, page) = sheet(&clerk, &person.login).await;
    assert!(!form::has(&page.body, "#remove-second-factors"), "there is none");
    let owner = provider.visitor();
    owner.sign_in(&person).await;
    add_app(&provider, &owner).await;

    let (_, page) = sheet(&clerk, &person.login).await;
    let reason = ("reason", "Telefon wpadł do wody.");
    let unseen = clerk.submit(&page, "#remove-second-factors", &[reason]).await;
    assert!(form::has(&unseen.body, "#value-remove-second-factors[aria-invalid]"), "{}", unseen.body);
    let seen = [reason, ("value", "passport")];
    let done = clerk.submit(&page, "#remove-second-factors", &seen).await;
    assert_eq!(done.status, 303, "{}", done.body);
    clerk.submit(&page, "#remove-second-factors", &seen).await;
    assert_eq!(records::count_of(&provider, "second_factor.removed", "passport").await, 1);
    assert!(provider.mailed_to(&person.row.email).await.contains(&"second_factor_removed"));
    let other = provider.visitor();
    assert!(form::has(&other.sign_in(&person).await.body, "#sign-out"), "the password is enough again");

    let colleague = provider.clerk("jan.zielinski", OFFICE).await;
    let (_, page) = sheet(&clerk, &colleague.login).await;
    clerk.submit(&page, "#remove-second-factors", &seen).await;
    assert_eq!(records::count(&provider, "second_factor.removed").await, 1, "not of those who work here");
}
