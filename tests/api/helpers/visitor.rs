//! A browser without a screen: keeps cookies, follows redirects by hand, fills in forms.

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode};

use super::form;
use super::people::Person;

pub(crate) struct Visitor {
    client: Client,
    pub(crate) issuer: String,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The page as it stands after every box on it was ticked.
    pub(crate) fn with_every_box_ticked(mut self) -> Self {
        self.body = self.body.replace("type=\"checkbox\"", "type=\"checkbox\" checked");
        self
    }

    pub(crate) async fn of(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// Sends a request.
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        Self::of(request.send().await.unwrap()).await
    }

    /// A header that is there.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value =
            self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {} {}", self.status, self.body));
        value.to_str().unwrap()
    }

    /// Where it redirects to.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "not a redirect: {} {}", self.status, self.body);
        self.headers[LOCATION].to_str().unwrap()
    }

    /// A parameter of the address it redirects to.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let url = reqwest::Url::parse("http://relative.test").unwrap().join(self.location()).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// What the page says went wrong.
    pub(crate) fn error(&self) -> Option<String> {
        form::text(&self.body, "#error")
    }
}

impl Visitor {
    pub(crate) fn new(issuer: &str) -> Self {
        Self::with(issuer, Client::builder())
    }

    /// With a way of its own to the server: whom it trusts, where it comes from.
    pub(crate) fn with(issuer: &str, client: ClientBuilder) -> Self {
        let client = client.cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { client, issuer: issuer.to_owned() }
    }

    fn absolute(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.issuer) } else { address.to_owned() }
    }

    pub(crate) fn request(&self, method: reqwest::Method, address: &str) -> RequestBuilder {
        self.client.request(method, self.absolute(address))
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        Answer::of(self.client.get(self.absolute(address)).send().await.unwrap()).await
    }

    pub(crate) async fn is_signed_in(&self) -> bool {
        form::has(&self.open("/").await.body, "#sign-out")
    }

    pub(crate) async fn post(&self, address: &str, fields: &[(String, String)]) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(self.absolute(address))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Follows redirects as long as they stay with the provider; returns the page, or the redirect that leaves it.
    pub(crate) async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            if !answer.status.is_redirection() {
                return answer;
            }
            let location = answer.location().to_owned();
            let stays = location.starts_with('/') || location.starts_with(&format!("{}/", self.issuer));
            if !stays {
                return answer;
            }
            answer = self.get(&location).await;
        }
        panic!("redirects in a circle, last to {}", answer.location());
    }

    pub(crate) async fn open(&self, address: &str) -> Answer {
        let answer = self.get(address).await;
        self.follow(answer).await
    }

    /// Fills in the form that has this button and presses it; does not follow where it leads.
    pub(crate) async fn submit(&self, page: &Answer, button: &str, typed: &[(&str, &str)]) -> Answer {
        let (action, fields) = form::filled_in(&page.body, button, typed);
        self.post(&action, &fields).await
    }

    /// Types login and password into a sign-in page.
    pub(crate) async fn sign_in_at(&self, page: &Answer, login: &str, password: &str) -> Answer {
        self.submit(page, "#sign-in", &[("login", login), ("password", password)]).await
    }

    /// Opens the sign-in page and signs in; follows until the provider's next page, or off to a client.
    pub(crate) async fn sign_in(&self, person: &Person) -> Answer {
        let page = self.open("/sign-in").await;
        let answer = self.sign_in_at(&page, &person.login, &person.password).await;
        self.follow(answer).await
    }

    /// Fills in the page that replaces the initial password.
    pub(crate) async fn change_password_at(&self, page: &Answer, new: &str, repeat: &str) -> Answer {
        let typed = [("new_password", new), ("new_password_repeat", repeat)];
        self.submit(page, "#change-password", &typed).await
    }
}
