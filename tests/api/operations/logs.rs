//! What the log says, and what it must not.

use crate::helpers::binary::Installation;
use crate::helpers::people::{CHOSEN, Person};

/// Codes, states, hints and tokens travel in queries and bodies; the log has neither.
#[tokio::test]
async fn request_logs_have_no_queries_and_no_secrets() {
    for filter in ["info", "debug"] {
        let installation = Installation::with_settings(&format!("log.filter = \"{filter}\"")).await;
        let person = Person::with_letter("halina.wrona");
        installation.import(&[&person]).await;
        let billing = installation.relying_party("billing").await;
        let serving = installation.serve().await;
        let browser = installation.visitor();

        for path in [
            "/",
            "/sign-in",
            "/help",
            "/change-password",
            "/consent",
            "/nowhere",
            "/token",
            "/userinfo",
            "/logout",
            "/authorize",
            "/authorize/nonsense",
            "/assets/nothing.css",
            "/healthz",
            "/.well-known/openid-configuration",
        ] {
            browser.get(&format!("{path}?secret=in-the-query&code=in-the-query")).await;
        }
        let wrong = Person { password: "in-the-body#1".to_owned(), ..person.clone() };
        assert_eq!(browser.sign_in(&wrong).await.status, 401);
        let page = browser.open(&billing.authorization(&[("state", "in-the-query")])).await;
        let change = browser.sign_in_at(&page, &person.login, &person.password).await;
        let change = browser.follow(change).await;
        let changed = browser.change_password_at(&change, CHOSEN, CHOSEN).await;
        let answer = browser.follow(changed).await;
        let code = answer.parameter("code").unwrap();
        let tokens = billing.redeem(&code).await.json();
        let (access, refresh) =
            (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        assert_eq!(billing.userinfo(access).await.status, 200);
        assert_eq!(billing.refresh(refresh).await.status, 200);
        assert_eq!(billing.redeem(&code).await.status, 400);

        let ended = serving.process.terminate().await;
        let log = &ended.succeeded().stderr;
        assert!(log.contains("path=\"/sign-in\""), "requests are logged: {log}");
        assert!(!log.contains('\u{1b}'), "colours in a file: {log}");
        let secrets = [
            "in-the-query",
            "in-the-body",
            &person.password,
            CHOSEN,
            &code,
            access,
            refresh,
            billing.client_secret.as_deref().unwrap(),
        ];
        for secret in secrets {
            let line = log.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "at {filter}: {secret} is in the log: {line:?}");
        }
        assert_eq!(ended.stdout, "");
    }
}
