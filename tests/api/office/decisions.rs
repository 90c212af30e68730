//! Decisions (the procedure's row 3), and who may not make them.

use super::paper_applications::{OFFICE, press, stage, taken_in};
use crate::helpers::{form, records};

#[tokio::test]
async fn approval_makes_the_account_orders_the_letter_and_tells_the_applicant() {
    let provider = stage(&[]).await;
    let (took, decides) = (provider.clerk("urszula", OFFICE).await, provider.clerk("jan", OFFICE).await);
    provider.execute("UPDATE account SET given_name = 'Jan', family_name = 'Kos' WHERE login = 'jan'").await;
    let application = taken_in(&took, &[]).await;
    let page = decides.open(&application).await;
    assert!(form::texts(&page.body, ".compare td").iter().any(|cell| cell == "takie samo"));
    let answer = press(&decides, &application, "#approve", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    for action in ["application.approved", "account.created", "letter.ordered"] {
        assert_eq!(records::count(&provider, action).await, 1, "{action}");
    }
    let made = "state = 'awaiting_collection' AND email_verified = false AND LENGTH(login) = 10";
    assert_eq!(records::rows(&provider, "account", made).await, 1);
    assert_eq!(records::rows(&provider, "account_contractor", "1 = 1").await, 1);
    assert_eq!(records::rows(&provider, "regulations_acceptance", "1 = 1").await, 1);
    assert_eq!(records::rows(&provider, "letter_order", "kind = 'first' AND state = 'approved'").await, 1);
    assert_eq!(records::rows(&provider, "mail", "kind = 'application_approved'").await, 1);

    // Once more, from a page that was open: what is now, and nothing changes.
    let twice = decides.submit(&page, "#approve", &[]).await;
    assert_eq!(twice.status, 409);
    assert_eq!(form::text(&twice.body, "#state").as_deref(), Some("przyjęty"));
    assert_eq!(form::text(&twice.body, "#by").as_deref(), Some("Jan Kos"));
    assert_eq!(records::rows(&provider, "letter_order", "1 = 1").await, 1);
    assert_eq!(records::count_of(&provider, "application.decision_refused", "approved").await, 1);
}

#[tokio::test]
async fn what_was_corrected_since_is_not_approved_unseen() {
    let provider = stage(&[]).await;
    let (took, decides) = (provider.clerk("urszula", OFFICE).await, provider.clerk("jan", OFFICE).await);
    let application = taken_in(&took, &[]).await;
    let page = decides.open(&application).await;
    // It came back from a correction meanwhile: since another moment it waits again.
    let older = form::attribute(&page.body, "#approval input[name=seen]", "value").unwrap();
    let stale = (older.parse::<i64>().unwrap() - 1).to_string();
    for typed in [&[("seen", stale.as_str())][..], &[("seen", "")]] {
        assert_eq!(decides.submit(&page, "#approve", typed).await.status, 409);
    }
    assert_eq!(records::rows(&provider, "letter_order", "1 = 1").await, 0);
    assert_eq!(decides.submit(&page, "#approve", &[]).await.status, 303, "what was seen is approved");
}

#[tokio::test]
async fn of_two_clerks_who_decide_at_once_one_wins_and_the_other_is_told() {
    let provider = stage(&[]).await;
    let took = provider.clerk("urszula", OFFICE).await;
    let (one, other) = (provider.clerk("jan", OFFICE).await, provider.supervisor("zofia").await);
    let application = taken_in(&took, &[]).await;
    let (page_one, page_other) = (one.open(&application).await, other.open(&application).await);
    let (first, second) = tokio::join!(
        one.submit(&page_one, "#approve", &[]),
        other.submit(&page_other, "#reject", &[("reason", "Nie nasz lokal.")]),
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let decided = records::count(&provider, "application.approved").await
        + records::count(&provider, "application.rejected").await;
    assert_eq!(decided, 1);
}

#[tokio::test]
async fn who_took_it_in_does_not_approve_it_unless_the_office_is_one_person() {
    for (two_persons, status) in [("true", 403), ("false", 303)] {
        let provider = stage(&[("office.two_persons", two_persons)]).await;
        let clerk = provider.clerk("urszula", OFFICE).await;
        let colleague = provider.clerk("jan", OFFICE).await;
        let application = taken_in(&clerk, &[]).await;
        // The button is not offered; somebody presses it all the same.
        let (_, mut fields) = form::filled_in(&colleague.open(&application).await.body, "#approve", &[]);
        let own = form::fields(&clerk.open(&application).await.body, "#reject");
        let csrf = own.into_iter().find(|(name, _)| name == "csrf").unwrap();
        fields.retain(|(name, _)| name != "csrf");
        fields.push(csrf);
        let answer = clerk.browser.post(&format!("{application}/approve"), &fields).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        let refused = records::count_of(&provider, "application.decision_refused", "own_intake").await;
        assert_eq!(refused, usize::from(status == 403));
    }
}

#[tokio::test]
async fn without_a_current_title_only_a_supervisor_approves_and_says_why() {
    let provider = stage(&[]).await;
    let took = provider.clerk("urszula", OFFICE).await;
    let (clerk, supervisor) = (provider.clerk("jan", OFFICE).await, provider.supervisor("zofia").await);
    let ended = [("contractor_number", "K-18"), ("street", "ul. Bytomska 1")];
    let application = taken_in(&took, &ended).await;
    assert_eq!(press(&clerk, &application, "#approve", &[]).await.status, 422);
    assert_eq!(press(&supervisor, &application, "#approve", &[]).await.status, 422, "why?");
    let why = [("override_reason", "Umowa <b>podpisana</b> wczoraj.")];
    assert_eq!(press(&supervisor, &application, "#approve", &why).await.status, 303);
    let page = clerk.open(&application).await;
    assert!(form::text(&page.body, "#told").unwrap().contains("Umowa <b>podpisana</b> wczoraj."));
    for outcome in ["no_title", "override_needs_reason"] {
        assert_eq!(
            records::count_of(&provider, "application.decision_refused", outcome).await,
            1,
            "{outcome}"
        );
    }
    assert_eq!(records::count_of(&provider, "application.approved", "without_title").await, 1);
}

#[tokio::test]
async fn a_correction_and_a_rejection_say_why_and_reach_whoever_has_no_email_by_telephone() {
    let provider = stage(&[]).await;
    let clerk = provider.clerk("urszula", OFFICE).await;
    let told = taken_in(&clerk, &[]).await;
    let empty = press(&clerk, &told, "#send-back", &[("reason", " ")]).await;
    assert_eq!(empty.status, 422);
    assert!(form::has(&empty.body, "#what[aria-invalid=true]"));
    assert_eq!(press(&clerk, &told, "#send-back", &[("reason", "Numer lokalu?")]).await.status, 303);
    assert_eq!(records::rows(&provider, "mail", "kind = 'application_needs_correction'").await, 1);
    assert_eq!(records::count(&provider, "application.sent_back").await, 1);

    let without =
        [("email", ""), ("has_no_email", "yes"), ("phone_number", "600100200"), ("no_duplicate", "yes")];
    let untold = taken_in(&clerk, &without).await;
    assert_eq!(press(&clerk, &untold, "#reject", &[("reason", "Nie nasz lokal.")]).await.status, 303);
    let page = clerk.open(&untold).await;
    assert!(form::text(&page.body, "#told").unwrap().contains("proszę zadzwonić"), "{}", page.body);
    assert_eq!(records::rows(&provider, "mail", "kind = 'application_rejected'").await, 0);
    assert_eq!(records::count(&provider, "application.rejected").await, 1);

    let with = [("contractor_number", "K-18"), ("street", "ul. Bytomska 1"), ("no_duplicate", "yes")];
    let told = taken_in(&clerk, &with).await;
    assert_eq!(press(&clerk, &told, "#reject", &[("reason", "Nie nasz lokal.")]).await.status, 303);
    assert_eq!(records::rows(&provider, "mail", "kind = 'application_rejected'").await, 1);
}

#[tokio::test]
async fn nobody_decides_their_own_application_or_another_offices_and_an_auditor_only_reads() {
    let provider = stage(&[]).await;
    let took = provider.clerk("urszula", OFFICE).await;
    let application = taken_in(&took, &[]).await;
    let own = provider.clerk("lucja", OFFICE).await;
    provider.execute("UPDATE account SET email = 'Lucja@example.pl' WHERE login = 'lucja'").await;
    let page = own.open(&application).await;
    assert!(form::has(&page.body, "#stance") && !form::has(&page.body, "#approve, #reject"));
    let elsewhere = provider.clerk("wiktor", "Administracja nr 2").await;
    let auditor = provider.auditor("ewa").await;
    let page = took.open(&application).await;
    let seen = form::attribute(&page.body, "input[name=seen]", "value").unwrap();
    assert_eq!(elsewhere.get(&application).await.status, 404);
    assert!(!form::has(&auditor.open(&application).await.body, "#approve, #reject, #send-back"));
    for (clerk, status) in [(&own, 403), (&elsewhere, 404), (&auditor, 403)] {
        let (_, mut fields) = form::filled_in(&clerk.open("/office").await.body, "#sign-out", &[]);
        fields.push(("reason".to_owned(), "x".to_owned()));
        fields.push(("seen".to_owned(), seen.clone()));
        for button in ["approve", "send-back", "reject"] {
            let answer = clerk.browser.post(&format!("{application}/{button}"), &fields).await;
            assert_eq!(answer.status, status, "{} {button}", clerk.login);
        }
    }
    assert_eq!(records::count_of(&provider, "application.decision_refused", "own_application").await, 3);
    assert_eq!(records::rows(&provider, "application", "state = 'submitted'").await, 1);
}
