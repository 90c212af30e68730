//! https of our own: a certificate from files, renewed without a restart.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::tls::TlsInfo;
use reqwest::{Client, Version};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::helpers::authority::{Certified, PrivateAuthority};
use crate::helpers::binary::Installation;
use crate::helpers::process::{PATIENCE, Running};
use crate::helpers::provider::TestProvider;

#[tokio::test]
async fn somebody_signs_in_over_tls_with_cookies_that_only_this_host_can_have_set() {
    let provider = TestProvider::start_https(&PrivateAuthority::found()).await;
    let person = provider.active_person("halina.wrona").await;
    let billing = provider.relying_party("billing", json!({})).await;
    let browser = provider.visitor();

    let page = browser.open(&billing.authorization(&[])).await;
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    let answer = browser.sign_in_at(&page, &person.login, &person.password).await;
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-iok_id_"), "{cookie}");
        assert!(
            cookie.contains("Secure") && cookie.contains("HttpOnly") && cookie.contains("Path=/"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let code = browser.follow(answer).await.parameter("code").unwrap();
    let tokens = billing.redeem(&code).await.json();
    let claims = billing.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(claims.status, 200, "{}", claims.body);

    // What the suite's Config profile wants of the addresses.
    let metadata = browser.get("/.well-known/openid-configuration").await.json();
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name.ends_with("_uri") || name == "issuer" {
            assert!(value.as_str().unwrap().starts_with("https://"), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn http_2_and_http_1_1_over_tls_1_3_and_1_2_and_nothing_in_the_clear() {
    let provider = TestProvider::start_https(&PrivateAuthority::found()).await;
    let ask = async |client: reqwest::ClientBuilder| {
        client.build().unwrap().get(provider.url("/healthz")).send().await.map(|answer| answer.version())
    };
    let client = || provider.client();
    assert_eq!(ask(client()).await.unwrap(), Version::HTTP_2);
    assert_eq!(ask(client().http1_only()).await.unwrap(), Version::HTTP_11);
    assert_eq!(ask(client().tls_version_max(reqwest::tls::Version::TLS_1_2)).await.unwrap(), Version::HTTP_2);
    assert!(ask(Client::builder()).await.is_err(), "an authority that nobody trusts");

    let plain = provider.url("/healthz").replacen("https", "http", 1);
    assert!(reqwest::get(plain).await.is_err());
}

/// Slow clients keep no connection: neither one who says nothing in TLS, nor one who says it a byte at a time.
#[tokio::test]
async fn a_client_that_never_comes_to_the_end_of_its_request_is_let_go() {
    let plain = TestProvider::start().await;
    let encrypted = TestProvider::start_https(&PrivateAuthority::found()).await;
    let waits = [&plain, &encrypted].map(async |provider| {
        let mut stream = TcpStream::connect(provider.server.addresses()[0]).await.unwrap();
        if provider.issuer.starts_with("http:") {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
        }
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{} still waits", provider.issuer);
    });
    futures_util::future::join_all(waits).await;
}

/// An installation with https of its own.
async fn installation(authority: &PrivateAuthority, host: &str) -> Installation {
    let mut installation = Installation::fresh().await;
    authority.certify(host).written_to(installation.folder());
    let config = std::fs::read_to_string(&installation.config).unwrap();
    installation.issuer = format!("https://localhost:{}", installation.port);
    let config = config.replace("http://localhost", "https://localhost");
    // Relative: they begin beside the configuration.
    let files = "server.tls_certificate_file = \"server.pem\"\nserver.tls_key_file = \"server.key\"\n";
    std::fs::write(&installation.config, format!("{files}{config}")).unwrap();
    installation
}

/// The certificate that a new connection is shown (DER).
async fn shown(installation: &Installation, authority: &PrivateAuthority) -> Vec<u8> {
    let client = Client::builder().tls_certs_merge([authority.trusted()]).tls_info(true).build().unwrap();
    let answer = client.get(format!("{}/healthz", installation.issuer)).send().await.unwrap();
    answer.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_never_is() {
    let authority = PrivateAuthority::found();
    let installation = installation(&authority, "localhost").await;
    let mut serving = Running::start(&mut installation.command(&["serve"]));
    serving.until_it_says("started").await;
    let first = shown(&installation, &authority).await;

    // Half of a renewal: the certificate is there already, its key is not.
    let renewed = authority.certify("localhost");
    std::fs::write(installation.folder().join("server.pem"), &renewed.certificate).unwrap();
    serving.until_it_says("the certificate of before goes on being shown").await;
    assert!(serving.stderr().contains("is not the one of the certificate"), "{}", serving.stderr());
    assert_eq!(shown(&installation, &authority).await, first);

    renewed.written_to(installation.folder());
    let began = Instant::now();
    let second = loop {
        let now = shown(&installation, &authority).await;
        if now != first {
            break now;
        }
        assert!(began.elapsed() < PATIENCE, "{}", serving.stderr());
        tokio::time::sleep(Duration::from_millis(200)).await;
    };

    std::fs::remove_file(installation.folder().join("server.key")).unwrap();
    serving.until_it_says("server.key cannot be read").await;
    assert_eq!(shown(&installation, &authority).await, second);
    // Told once, not every five seconds.
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(serving.stderr().matches("server.key cannot be read").count(), 1, "{}", serving.stderr());
    serving.terminate().await.succeeded();
}

#[tokio::test]
async fn a_start_without_a_good_certificate_is_refused_in_one_line() {
    let authority = PrivateAuthority::found();
    let installation = installation(&authority, "localhost").await;
    let good = authority.certify("localhost");
    let other = authority.certify("localhost");
    let expired = authority.certify_until("localhost", (2021, 1, 1));
    let pair =
        |certificate: &str, key: &str| Certified { certificate: certificate.to_owned(), key: key.to_owned() };
    for (files, expected) in [
        (pair(&good.certificate, &other.key), "is not the one of the certificate"),
        (expired, "expired at 2021-01-01"),
        (pair("", &good.key), "server.pem holds no certificate"),
        (pair(&good.certificate, ""), "server.key holds no private key"),
        (pair(&good.certificate, &good.certificate), "server.key holds no private key"),
        (
            pair("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &good.key),
            "it is no certificate",
        ),
    ] {
        files.written_to(installation.folder());
        let refused = installation.run(&["serve"]).await;
        let line = refused.refused_in_one_line();
        assert!(line.contains(expected), "{expected}: {line}");
        assert!(!line.contains("PRIVATE KEY") && !line.contains("MII"), "{line}");
    }
    std::fs::remove_file(installation.folder().join("server.pem")).unwrap();
    let refused = installation.run(&["serve"]).await;
    assert!(refused.refused_in_one_line().contains("server.pem cannot be read"), "{refused:?}");
    assert!(!installation.sealing_key().exists(), "nothing has begun");

    // Keys that do not go together.
    for (key, value, expected) in [
        ("IOK_ID__SERVER__TLS_KEY_FILE", "", "a certificate goes with a key"),
        ("IOK_ID__SERVER__TLS_CERTIFICATE_FILE", "", "a key goes with a certificate"),
        ("IOK_ID__SERVER__ISSUER", "http://localhost:8080", "nobody would come by https"),
        ("IOK_ID__SERVER__TRUSTED_PROXIES", "10.0.0.0/40", "is no network"),
        ("IOK_ID__SERVER__FORWARDED_HEADER", "x-real-ip", "x-forwarded-for"),
    ] {
        let mut command = installation.command(&["serve"]);
        command.env(key, value);
        let refused = Running::start(&mut command).finish().await;
        assert_eq!(refused.code, Some(1), "{key}: {refused:?}");
        assert!(refused.stderr.contains(expected), "{key}: {refused:?}");
    }
}

#[tokio::test]
async fn doctor_looks_at_the_certificate_its_end_and_its_names() {
    let authority = PrivateAuthority::found();
    let installation = installation(&authority, "localhost").await;
    let https = async || {
        let found = installation.run(&["doctor", "--json"]).await.json();
        let finding =
            found.as_array().unwrap().iter().find(|finding| finding["check"] == "https").unwrap().clone();
        (finding["verdict"].as_str().unwrap().to_owned(), finding["said"].as_str().unwrap().to_owned())
    };
    let (verdict, said) = https().await;
    assert_eq!(verdict, "ok", "{said}");
    assert!(said.contains("2099-01-01"), "{said}");

    let write = |certified: Certified, folder: &Path| certified.written_to(folder);
    write(authority.certify("id.example.org"), installation.folder());
    let (verdict, said) = https().await;
    assert_eq!(verdict, "broken", "{said}");
    assert!(said.contains("is not for localhost"), "{said}");

    let soon = chrono::DateTime::parse_from_rfc3339("2021-01-01T00:00:00Z").unwrap();
    write(authority.certify_until("localhost", (2021, 1, 1)), installation.folder());
    let (verdict, said) = https().await;
    assert_eq!(verdict, "broken", "{said}");
    assert!(said.contains(&soon.format("expired at %Y-%m-%d").to_string()), "{said}");

    let in_a_week = chrono::TimeDelta::days(7);
    let day = iok_id::domain::ambient::Ambient::system().now() + in_a_week;
    let day = {
        use chrono::Datelike as _;
        let small = |number: u32| u8::try_from(number).unwrap();
        (day.year(), small(day.month()), small(day.day()))
    };
    write(authority.certify_until("localhost", day), installation.folder());
    let (verdict, said) = https().await;
    assert_eq!(verdict, "warning", "{said}");
    assert!(said.contains("renew it"), "{said}");
}
