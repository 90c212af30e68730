//! `/`.

use serde::Serialize;

use super::language_switch::Address;
use super::page::Page;

/// Who is signed in, what can be done, and the way out: `POST /sign-out`.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    pub csrf: String,
    /// Who is signed in; `None` shows the way in.
    pub person: Option<Person>,
    pub services: Vec<Service>,
    /// Is there a version of the Regulations to read?
    pub has_regulations: bool,
}

/// The person whose session it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    pub name: String,
    pub login: String,
}

/// A service that can be opened with this account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    pub name: String,
    pub description: Option<String>,
    /// Services whose address is not a web address are not shown.
    pub url: String,
}

impl Page for HomePage {
    const NAME: &'static str = "home";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/", authorization: None })
    }

    fn samples() -> Vec<Self> {
        let signed_in = Self {
            csrf: "csrf-sample".to_owned(),
            person: Some(Person {
                name: "Stanisława Brzęczyszczykiewicz".to_owned(),
                login: "stanislawa.brzeczyszczykiewicz".to_owned(),
            }),
            services: vec![
                Service {
                    name: "Rozliczenia".to_owned(),
                    description: Some("Czynsz, saldo i opłaty za lokale".to_owned()),
                    url: "https://rozliczenia.example/".to_owned(),
                },
                Service {
                    name: "Zgłoszenia".to_owned(),
                    description: None,
                    url: "https://zgloszenia.example/".to_owned(),
                },
            ],
            has_regulations: true,
        };
        vec![
            signed_in.clone(),
            Self { services: Vec::new(), ..signed_in.clone() },
            Self { person: None, ..signed_in.clone() },
            Self { person: None, services: Vec::new(), has_regulations: false, ..signed_in },
        ]
    }
}
