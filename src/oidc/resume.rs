//! A stored authorization request goes on at its own address, until it can be answered.
//!
//! It may be visited any number of times, from two tabs, by the back button, by a double submit: each visit looks
//! anew at who is signed in and what is missing.

use sea_orm::DatabaseTransaction;

use super::authorize::{AuthorizationResponse, ReturnAddress};
use super::error::{ErrorCode, Failure, ProtocolError};
use super::oxide::{self, GrantContext, Op};
use super::provider::Provider;
use super::redirect::ProvenRedirect;
use crate::domain::account::Account;
use crate::domain::audit::{Action, AuditRecord, Origin};
use crate::domain::authorization::{Authorization, Impossible, Need, Present, Prompt, StepUp};
use crate::domain::client::Client;
use crate::domain::ids::AuthorizationId;
use crate::domain::secret::BearerSecret;
use crate::domain::session::{Owed, Session, SignedIn};
use crate::storage::{
    accounts, authorizations, clients, consents, grants, passkeys, second_factors, sessions,
};

/// A stored request, seen from the browser it belongs to.
#[derive(Debug, Clone)]
pub struct Visited {
    pub authorization: Authorization,
    pub client: Client,
    redirect: ProvenRedirect,
}

impl Visited {
    /// Where, and how, its answer goes.
    pub(super) fn return_address<'a>(&'a self, provider: &'a Provider) -> ReturnAddress<'a> {
        let parameters = &self.authorization.parameters;
        ReturnAddress {
            issuer: &provider.issuer,
            redirect: &self.redirect,
            mode: parameters.response_mode,
            state: parameters.state.as_deref(),
        }
    }

    /// The client's address: forms on the way there may end at it.
    pub fn redirect_uri(&self) -> &str {
        self.redirect.as_str()
    }
}

/// Why a stored request cannot go on here.
#[derive(Debug)]
pub enum VisitError {
    /// Never stored, too old, or its client is gone; the client, if it is known: a person can begin anew there.
    Expired(Option<Box<Client>>),
    /// It belongs to another browser.
    Elsewhere(Box<Client>),
    Failure(Failure),
}

impl<F: Into<Failure>> From<F> for VisitError {
    fn from(failure: F) -> Self {
        Self::Failure(failure.into())
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    SignIn,
    Settle(Owed),
    /// To a second factor.
    StepUp(StepUp),
    Consent,
    /// Back to the client, with a code or an error.
    Answer(AuthorizationResponse),
    /// It was answered before, and the answer was taken.
    AlreadyAnswered,
}

impl Provider {
    /// Finds a stored request, and binds it to the browser that comes first.
    ///
    /// # Errors
    /// [`VisitError`]: it expired, or belongs to another browser.
    pub async fn visit(&self, id: AuthorizationId, visit: &BearerSecret) -> Result<Visited, VisitError> {
        let visited = self.look_at(id).await?;
        match visited.authorization.visit {
            Some(bound) if bound.matches(visit) => Ok(visited),
            Some(_) => Err(VisitError::Elsewhere(Box::new(visited.client))),
            None => {
                let transaction = self.database.begin().await?;
                let first = authorizations::bind(&transaction, id, visit.digest()).await?;
                transaction.commit().await?;
                if first { Ok(visited) } else { Err(VisitError::Elsewhere(Box::new(visited.client))) }
            }
        }
    }

    /// The same for pages on the way: there the request is bound already.
    pub async fn visit_bound(
        &self,
        id: AuthorizationId,
        visit: &BearerSecret,
    ) -> Result<Visited, VisitError> {
        let visited = self.look_at(id).await?;
        if visited.authorization.visit.is_some_and(|bound| bound.matches(visit)) {
            Ok(visited)
        } else {
            Err(VisitError::Elsewhere(Box::new(visited.client)))
        }
    }

    async fn look_at(&self, id: AuthorizationId) -> Result<Visited, VisitError> {
        let authorization =
            authorizations::find(self.database.read(), id).await?.ok_or(VisitError::Expired(None))?;
        let client = clients::find(self.database.read(), &authorization.client_id)
            .await?
            .ok_or(VisitError::Expired(None))?;
        // Proven once more: the registration may have changed since.
        let redirect = ProvenRedirect::of_client(&client, &authorization.parameters.redirect_uri)
            .filter(|_| authorization.expires_at > self.ambient.now());
        let Some(redirect) = redirect else {
            return Err(VisitError::Expired(Some(Box::new(client))));
        };
        Ok(Visited { authorization, client, redirect })
    }

    /// Does the next thing.
    pub async fn resume(
        &self,
        visited: &Visited,
        session: Option<Session>,
        origin: &Origin,
    ) -> Result<Next, Failure> {
        let authorization = &visited.authorization;
        if authorization.ended_at.is_some() || self.was_taken(authorization).await? {
            return Ok(Next::AlreadyAnswered);
        }
        match self.need(visited, session).await? {
            Need::Nothing(signed_in) => self.answer(visited, &signed_in, origin).await,
            Need::Impossible(why) => self.refuse(visited, &impossible(why)).await,
            need if authorization.parameters.prompts(Prompt::None) => {
                self.refuse(visited, &interaction_error(&need)).await
            }
            Need::SignIn => Ok(Next::SignIn),
            Need::Settle(owed) => Ok(Next::Settle(owed)),
            Need::StepUp(step_up) => Ok(Next::StepUp(step_up)),
            Need::Consent => Ok(Next::Consent),
        }
    }

    /// What would come next, without doing it: a code is not issued by looking.
    pub async fn needs_sign_in(&self, visited: &Visited, session: Session) -> Result<bool, Failure> {
        Ok(visited.authorization.ended_at.is_none()
            && matches!(self.need(visited, Some(session)).await?, Need::SignIn))
    }

    /// How this session is to come to a second factor that the request asks for, if it is that what it needs.
    pub async fn needs_step_up(
        &self,
        visited: &Visited,
        session: Session,
    ) -> Result<Option<StepUp>, Failure> {
        if visited.authorization.ended_at.is_some() {
            return Ok(None);
        }
        Ok(match self.need(visited, Some(session)).await? {
            Need::StepUp(step_up) => Some(step_up),
            _ => None,
        })
    }

    /// The person cannot, or will not, prove a second factor now: the client is told
    /// (OpenID Connect Core Unmet Authentication Requirements 1.0 §2). `None` if that is not what the request needs: it goes
    /// on as it is.
    pub async fn decline_step_up(
        &self,
        visited: &Visited,
        session: Option<Session>,
    ) -> Result<Option<Next>, Failure> {
        if visited.authorization.ended_at.is_some() || self.was_taken(&visited.authorization).await? {
            return Ok(Some(Next::AlreadyAnswered));
        }
        match self.need(visited, session).await? {
            Need::StepUp(_) => self.refuse(visited, &step_up_declined()).await.map(Some),
            _ => Ok(None),
        }
    }

    /// What the request still needs from this session.
    pub(super) async fn need(&self, visited: &Visited, session: Option<Session>) -> Result<Need, Failure> {
        let present = match session {
            Some(session) => self.present(visited, session).await?,
            None => None,
        };
        Ok(visited.authorization.need(&visited.client, present, self.ambient.now()))
    }

    /// Who is there, as this client would see them.
    async fn present(&self, visited: &Visited, session: Session) -> Result<Option<Present>, Failure> {
        let Visited { client, authorization, .. } = visited;
        let connection = self.database.read();
        let Some(account) = accounts::find(connection, session.account).await? else {
            return Ok(None);
        };
        let consented = consents::remembered(connection, account.id, &client.id).await?;
        let subject = self.known_subject(connection, client, &account).await?;
        // Most requests do not ask how somebody signed in, and cost no question to the database.
        let has_second_factor = !authorization.parameters.acr.values.is_empty()
            && (second_factors::is_confirmed(connection, account.id).await?
                || passkeys::count(connection, account.id).await? > 0);
        Ok(Some(Present { session, subject, consented, has_second_factor }))
    }

    /// Is this the person that the request names, or does it name nobody?
    pub async fn may_be_for(&self, visited: &Visited, account: &Account) -> Result<bool, Failure> {
        let Some(expected) = &visited.authorization.parameters.expected_subject else {
            return Ok(true);
        };
        let known_as = self.known_subject(self.database.read(), &visited.client, account).await?;
        Ok(known_as.as_ref() == Some(expected))
    }

    async fn was_taken(&self, authorization: &Authorization) -> Result<bool, Failure> {
        match authorization.grant {
            Some(grant) => Ok(grants::was_redeemed(self.database.read(), grant).await?),
            None => Ok(false),
        }
    }

    /// Issues the code. A second visit before the first code was redeemed gets a code of its own: the first answer
    /// may have been lost on the way.
    async fn answer(
        &self,
        visited: &Visited,
        signed_in: &SignedIn,
        origin: &Origin,
    ) -> Result<Next, Failure> {
        let Visited { authorization, client, .. } = visited;
        let parameters = &authorization.parameters;
        let transaction = self.database.begin().await?;
        let Some(locked) = authorizations::lock(&transaction, authorization.id).await? else {
            return Ok(Next::AlreadyAnswered);
        };
        if locked.ended_at.is_some() {
            return Ok(Next::AlreadyAnswered);
        }
        // Seen again, under its lock: a sign-out comes either before, and is seen, or after, and revokes this grant.
        // Before the session, as everywhere: the grant, and a pairwise name, hang on the account.
        accounts::lock(&transaction, signed_in.account()).await?;
        let session = sessions::lock_live(&transaction, signed_in.session(), self.ambient.now()).await?;
        let session = session.and_then(|session| SignedIn::try_from(session).ok());
        let account = accounts::find(&transaction, signed_in.account()).await?;
        let Some((signed_in, account)) =
            session.zip(account.filter(|account| account.state.is_open_to_clients()))
        else {
            if parameters.prompts(Prompt::None) {
                return self.end_with_error(transaction, visited, &login_required()).await;
            }
            transaction.rollback().await?;
            return Ok(Next::SignIn);
        };
        if let Some(before) = locked.grant {
            if grants::was_redeemed(&transaction, before).await? {
                return Ok(Next::AlreadyAnswered);
            }
            if grants::revoke(&transaction, before, self.ambient.now()).await? {
                let record = AuditRecord::of_account(Action::GrantRevoked, signed_in.account())
                    .session(signed_in.session())
                    .client(&client.id)
                    .outcome("code_replaced")
                    .from(origin);
                self.journal.record(&transaction, &record).await?;
            }
        }
        let code = self.issue_code(&transaction, visited, &signed_in, &account, origin).await?;
        transaction.commit().await?;
        tracing::debug!(client = client.id, "a code was issued");
        Ok(Next::Answer(visited.return_address(self).code(&code)))
    }

    async fn issue_code(
        &self,
        transaction: &DatabaseTransaction,
        visited: &Visited,
        signed_in: &SignedIn,
        account: &Account,
        origin: &Origin,
    ) -> Result<String, Failure> {
        let parameters = &visited.authorization.parameters;
        let context =
            GrantContext::of_session(signed_in, parameters).for_resources(parameters.resource.clone());
        let mut op = Op::new(self, transaction, &visited.client, origin)
            .redeeming_at(Some(&parameters.redirect_uri))
            .granting(context);
        // A pairwise name is drawn here, under the account's lock; redeeming the code only reads it.
        let subject = self.subject_for(transaction, &visited.client, account).await?;
        let code = oxide::authorize(&mut op, &visited.client, parameters, &subject).await?;
        let grant = op.granted().ok_or_else(|| Failure::internal("a code without a grant"))?;
        authorizations::set_grant(transaction, visited.authorization.id, grant).await?;
        Ok(code)
    }

    async fn refuse(&self, visited: &Visited, error: &ProtocolError) -> Result<Next, Failure> {
        let transaction = self.database.begin().await?;
        self.end_with_error(transaction, visited, error).await
    }

    /// Answers with an error, and commits; nothing comes out of this request any more.
    pub(super) async fn end_with_error(
        &self,
        transaction: DatabaseTransaction,
        visited: &Visited,
        error: &ProtocolError,
    ) -> Result<Next, Failure> {
        authorizations::end(&transaction, visited.authorization.id, self.ambient.now()).await?;
        transaction.commit().await?;
        Ok(Next::Answer(visited.return_address(self).error(error)))
    }
}

fn login_required() -> ProtocolError {
    ProtocolError::new(ErrorCode::LoginRequired, "nobody is signed in, or not recently enough")
}

/// What no sign-in and no consent would mend (OpenID Connect Core §3.1.2.2, §5.5.1.1).
fn impossible(why: Impossible) -> ProtocolError {
    match why {
        Impossible::AnotherPerson => {
            ProtocolError::new(ErrorCode::LoginRequired, "somebody else signed in than the request names")
        }
        Impossible::AuthenticationContext => ProtocolError::new(
            ErrorCode::UnmetAuthenticationRequirements,
            "the person has no authentication context that is essential to this request",
        ),
    }
}

fn step_up_declined() -> ProtocolError {
    ProtocolError::new(ErrorCode::UnmetAuthenticationRequirements, "the person did not prove a second factor")
}

/// OpenID Connect Core §3.1.2.6: why `prompt=none` could not be met.
fn interaction_error(need: &Need) -> ProtocolError {
    match need {
        Need::SignIn => login_required(),
        Need::Impossible(why) => impossible(*why),
        Need::Settle(_) => ProtocolError::new(
            ErrorCode::InteractionRequired,
            "the person must settle something with the provider first",
        ),
        Need::StepUp(_) => {
            ProtocolError::new(ErrorCode::InteractionRequired, "the person must prove a second factor first")
        }
        Need::Consent | Need::Nothing(_) => {
            ProtocolError::new(ErrorCode::ConsentRequired, "the person has not consented to this")
        }
    }
}
