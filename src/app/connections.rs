//! How many connections are open, from where, and which of them have come to nothing.
//!
//! Whoever opens connections and says little or nothing wants them to run out. So an idle one makes room for a new one,
//! the longest idle first: those who only sit there are the first to go, and whoever is being answered never is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use ipnet::IpNet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::domain::network::network_of;

/// File descriptors that connections leave to the database, to mail and to requests of our own.
const SPARED: usize = 128;

#[derive(Debug, Clone)]
pub(super) struct ConnectionLimits {
    pub at_most: usize,
    /// From one network ([`network_of`]).
    pub per_source: usize,
    /// Networks where many people's connections come from by right: the reverse proxies.
    pub proxies: Vec<IpNet>,
    /// How long one is kept on which nothing is asked.
    pub idle: Duration,
    /// How long an answer may stand still: nothing more is made of it, or nobody takes it.
    pub stalled: Duration,
}

impl ConnectionLimits {
    /// As many as the system lets this process have: with all descriptors in connections, the database could not be
    /// reached any more.
    pub(super) fn within_the_system(mut self) -> Self {
        let Some(files) = open_files() else { return self };
        let possible = files.saturating_sub(SPARED).max(files / 2);
        if possible < self.at_most {
            tracing::warn!(
                open_files = files,
                connections = possible,
                "fewer connections than server.max_connections: raise the limit of open files (LimitNOFILE)"
            );
            self.at_most = possible;
        }
        self
    }
}

/// The soft limit of open files, where the system tells it.
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    // `unlimited` is no number, and no limit.
    line.split_whitespace().next()?.parse().ok()
}

/// All connections of a server.
#[derive(Debug)]
pub(super) struct Connections {
    limits: ConnectionLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last_id: u64,
    by_id: HashMap<u64, Seat>,
    by_source: HashMap<String, usize>,
}

#[derive(Debug)]
struct Seat {
    /// `None`: it counts for no source.
    source: Option<String>,
    activity: Arc<Activity>,
    /// Cancelled: this connection makes room.
    out: CancellationToken,
}

/// A connection's place. It is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    connections: Arc<Connections>,
    pub activity: Arc<Activity>,
    out: CancellationToken,
}

impl Connections {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default() })
    }

    /// A place for a connection from there. `None`: all are taken by connections that are being answered.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let source = self.source_of(peer);
        let mut open = self.lock();
        if let Some(source) = &source
            && open.by_source.get(source).is_some_and(|taken| *taken >= self.limits.per_source)
        {
            open.make_room(|seat| seat.source.as_ref() == Some(source))?;
        }
        if open.by_id.len() >= self.limits.at_most {
            open.make_room(|_| true)?;
        }
        open.last_id += 1;
        let (id, activity, out) = (open.last_id, Arc::new(Activity::new()), CancellationToken::new());
        if let Some(source) = &source {
            *open.by_source.entry(source.clone()).or_default() += 1;
        }
        open.by_id.insert(id, Seat { source, activity: Arc::clone(&activity), out: out.clone() });
        Some(Place { id, connections: Arc::clone(self), activity, out })
    }

    /// From this machine come its reverse proxy and its own tools, whether or not somebody said so.
    fn source_of(&self, peer: IpAddr) -> Option<String> {
        let peer = peer.to_canonical();
        let is_of_many = peer.is_loopback() || self.limits.proxies.iter().any(|proxy| proxy.contains(&peer));
        (!is_of_many).then(|| network_of(Some(peer)))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Sends away the longest idle of these. `None`: every one of them is being answered.
    ///
    /// Looks at each connection; it does so only at the limit, and there are some thousands at most.
    fn make_room(&mut self, of: impl Fn(&Seat) -> bool) -> Option<()> {
        let (_, id) = self
            .by_id
            .iter()
            .filter(|(_, seat)| of(seat))
            .filter_map(|(id, seat)| Some((seat.activity.idle_since()?, *id)))
            .min()?;
        if let Some(seat) = self.remove(id) {
            seat.out.cancel();
        }
        Some(())
    }

    fn remove(&mut self, id: u64) -> Option<Seat> {
        let seat = self.by_id.remove(&id)?;
        if let Some(source) = &seat.source
            && let Some(taken) = self.by_source.get_mut(source)
        {
            *taken -= 1;
            if *taken == 0 {
                self.by_source.remove(source);
            }
        }
        Some(seat)
    }
}

impl Place {
    /// Returns once the connection must end.
    pub(super) async fn is_over(&self) -> Over {
        let limits = &self.connections.limits;
        loop {
            let (state, since) = self.activity.state();
            let ends = match state {
                Doing::Nothing => since + limits.idle,
                Doing::Answering => since + limits.stalled,
            };
            if ends <= Instant::now() {
                return match state {
                    Doing::Nothing => Over::Idle,
                    Doing::Answering => Over::Stalled,
                };
            }
            tokio::select! {
                () = self.out.cancelled() => return Over::MakesRoom,
                () = sleep_until(ends) => {}
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.lock().remove(self.id);
    }
}

/// Why a connection ends that its client would have kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Idle,
    Stalled,
    MakesRoom,
}

/// What happens on one connection.
#[derive(Debug)]
pub(super) struct Activity(Mutex<(usize, Instant)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Answering,
}

impl Activity {
    fn new() -> Self {
        Self(Mutex::new((0, Instant::now())))
    }

    /// What it does, and since when nothing changed about that.
    fn state(&self) -> (Doing, Instant) {
        let (requests, since) = *self.lock();
        (if requests == 0 { Doing::Nothing } else { Doing::Answering }, since)
    }

    fn idle_since(&self) -> Option<Instant> {
        let (doing, since) = self.state();
        (doing == Doing::Nothing).then_some(since)
    }

    fn begin(self: &Arc<Self>) -> Answering {
        let mut state = self.lock();
        *state = (state.0 + 1, Instant::now());
        Answering(Arc::clone(self))
    }

    fn lock(&self) -> MutexGuard<'_, (usize, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request, from its head to the last of its answer.
#[derive(Debug)]
struct Answering(Arc<Activity>);

impl Answering {
    fn moves(&self) {
        self.0.lock().1 = Instant::now();
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        *state = (state.0.saturating_sub(1), Instant::now());
    }
}

/// Answers requests, and has the connection's [`Activity`] know.
#[derive(Debug, Clone)]
pub(super) struct Watched<S> {
    pub app: S,
    pub activity: Arc<Activity>,
}

impl<S, B> Service<Request<B>> for Watched<S>
where
    S: Service<Request<B>, Response = Response>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.app.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let answering = self.activity.begin();
        let answer = self.app.call(request);
        Box::pin(async move {
            let response = answer.await?;
            answering.moves();
            Ok(response.map(|body| Body::new(WatchedBody { body, answering })))
        })
    }
}

/// An answer on its way. Its parts are asked for as the client takes them.
#[derive(Debug)]
struct WatchedBody {
    body: Body,
    answering: Answering,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_ready() {
            self.answering.moves();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const IDLE: Duration = Duration::from_millis(200);
    const STALLED: Duration = Duration::from_millis(500);
    /// So that one began before another.
    const MOMENT: Duration = Duration::from_millis(5);

    fn connections(at_most: usize, per_source: usize) -> Arc<Connections> {
        Connections::new(ConnectionLimits {
            at_most,
            per_source,
            proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            idle: IDLE,
            stalled: STALLED,
        })
    }

    fn from(connections: &Arc<Connections>, peer: &str) -> Option<Place> {
        connections.admit(peer.parse().expect("an address"))
    }

    #[tokio::test]
    async fn the_longest_idle_makes_room_and_who_is_being_answered_stays() {
        let connections = connections(3, 100);
        let answered = from(&connections, "192.0.2.1").expect("a place");
        let answer = answered.activity.begin();
        sleep(MOMENT).await;
        let sitting = from(&connections, "192.0.2.2").expect("a place");
        sleep(MOMENT).await;
        let recent = from(&connections, "192.0.2.3").expect("a place");

        let fourth = from(&connections, "192.0.2.4").expect("a place was made");
        assert_eq!(sitting.is_over().await, Over::MakesRoom);
        assert!(!answered.out.is_cancelled() && !recent.out.is_cancelled());

        let _answers = [recent.activity.begin(), fourth.activity.begin()];
        assert!(from(&connections, "192.0.2.5").is_none(), "all are being answered");
        drop(sitting);
        assert!(from(&connections, "192.0.2.5").is_none(), "it gave its place back before");
        drop(answer);
        assert!(from(&connections, "192.0.2.5").is_some());
    }

    #[tokio::test]
    async fn one_network_takes_places_of_its_own_only_and_proxies_have_no_such_limit() {
        let connections = connections(100, 2);
        let stranger = from(&connections, "198.51.100.1").expect("a place");
        let first = from(&connections, "192.0.2.1").expect("a place");
        let second = from(&connections, "192.0.2.200").expect("a place");
        let third = from(&connections, "192.0.2.77").expect("a place was made");
        assert!(first.out.is_cancelled() && !second.out.is_cancelled() && !stranger.out.is_cancelled());
        let _busy = [second.activity.begin(), third.activity.begin()];
        assert!(from(&connections, "192.0.2.78").is_none());
        assert!(from(&connections, "::ffff:192.0.2.78").is_none(), "the same network");
        assert!(from(&connections, "192.0.3.78").is_some());
        let many: Vec<_> = ["127.0.0.1", "::1", "10.1.2.3"]
            .iter()
            .flat_map(|peer| [(); 9].map(|()| from(&connections, peer)))
            .collect();
        assert!(many.iter().all(Option::is_some));
        drop((first, second, third, stranger, many));
        assert!(connections.lock().by_id.is_empty() && connections.lock().by_source.is_empty());
    }

    #[tokio::test]
    async fn a_connection_ends_when_nothing_is_asked_or_an_answer_stands_still() {
        let connections = connections(9, 9);
        let place = from(&connections, "192.0.2.1").expect("a place");
        let began = Instant::now();
        assert_eq!(place.is_over().await, Over::Idle);
        assert!(began.elapsed() >= IDLE);

        let place = from(&connections, "192.0.2.1").expect("a place");
        let answer = place.activity.begin();
        sleep(STALLED / 2).await;
        answer.moves();
        let moved = Instant::now();
        assert_eq!(place.is_over().await, Over::Stalled);
        assert!(moved.elapsed() >= STALLED, "what moves has its time anew");
    }
}
