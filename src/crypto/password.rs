//! argon2id on a fixed pool of threads that keep their memory blocks.
//!
//! Why not `spawn_blocking`: glibc keeps an arena for each thread that ever hashed (1.4 GiB resident was measured
//! with four at a time), and the unbounded queue would let sign-ins pile up until everything is slow. Here a
//! bounded queue stands in front, in which each source waits in a line of its own; when it is full, a sign-in of the
//! longest line is shed at once and everything else stays fast.

use std::fmt;
use std::sync::Arc;
use std::thread;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::fair_queue::FairQueue;
use crate::domain::secret::Entropy;

/// Cost of a hash (RFC 9106 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// KiB.
    pub memory: u32,
    pub iterations: u32,
    pub parallelism: u32,
}

impl Default for HashCost {
    /// OWASP's recommendation: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory: 19_456, iterations: 2, parallelism: 1 }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct PoolSize {
    pub threads: usize,
    /// How many may wait for a thread before the next one is shed.
    pub queue: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many at once. Nothing was compared; try again in a moment.
    #[error("the queue for password hashes is full")]
    Overloaded,
    #[error("a stored hash cannot be read: {0}")]
    Unreadable(String),
    #[error("argon2 refused: {0}")]
    Argon2(#[from] argon2::Error),
}

/// What a comparison said, and whether the stored hash is weaker than what is configured now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    pub matches: bool,
    pub outdated: bool,
}

/// In whose line a job waits. Each has its turn, however long the others are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Line {
    /// Whoever comes from that network and has shown nothing yet.
    Network(String),
    /// Somebody who has shown something that strangers have not: a device of theirs, a letter, a session.
    Known(String),
    /// What the house does for others, such as printing.
    House,
}

/// Hashes and compares passwords. Cheap to clone; the threads end with the last clone.
#[derive(Clone)]
pub struct PasswordHasher {
    jobs: Arc<Jobs>,
    cost: HashCost,
    /// A hash of nothing anybody knows: what unknown logins are compared with, so that they cost the same.
    decoy: Arc<str>,
}

/// The queue, which closes when nobody can put anything into it any more.
struct Jobs(Arc<FairQueue<Line, Job>>);

impl Drop for Jobs {
    fn drop(&mut self) {
        self.0.close();
    }
}

struct Job {
    work: Work,
    reply: oneshot::Sender<Result<Done, HashError>>,
}

enum Work {
    Hash { password: Zeroizing<String>, salt: [u8; 16] },
    HashLike { password: Zeroizing<String>, like: Arc<str> },
    Compare { password: Zeroizing<String>, stored: Arc<str> },
}

enum Done {
    Hashed(String),
    Compared(Comparison),
}

impl PasswordHasher {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the cost is outside argon2's limits, or the system gives no thread.
    pub fn start(cost: HashCost, size: PoolSize, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let params = params(cost)?;
        let threads = size.threads.max(1);
        let queue = Arc::new(FairQueue::new(size.queue.max(1), threads));
        let jobs = Arc::new(Jobs(Arc::clone(&queue)));
        for number in 0..threads {
            let queue = Arc::clone(&queue);
            let params = params.clone();
            thread::Builder::new().name(format!("password-{number}")).spawn(move || work(&queue, &params))?;
        }
        let decoy = hash_now(cost, "", entropy)?;
        Ok(Self { jobs, cost, decoy: decoy.into() })
    }

    pub fn cost(&self) -> HashCost {
        self.cost
    }

    /// A fresh argon2id hash as a PHC string.
    pub async fn hash(&self, line: Line, password: &str, entropy: &dyn Entropy) -> Result<String, HashError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let work = Work::Hash { password: Zeroizing::new(password.to_owned()), salt };
        match self.ask(line, work).await? {
            Done::Hashed(hash) => Ok(hash),
            Done::Compared(_) => unreachable!("a hash was asked for"),
        }
    }

    /// The hash of this password under the salt and the cost of another: what stands there if it is the same password. For
    /// sets of secrets of which somebody types one without saying which.
    pub async fn hash_like(&self, line: Line, password: &str, sibling: &str) -> Result<String, HashError> {
        let work = Work::HashLike { password: Zeroizing::new(password.to_owned()), like: sibling.into() };
        match self.ask(line, work).await? {
            Done::Hashed(hash) => Ok(hash),
            Done::Compared(_) => unreachable!("a hash was asked for"),
        }
    }

    /// Compares in constant time. Drawing on the attempt budget is the caller's duty (`accounts::verdict`).
    pub async fn compare(&self, line: Line, password: &str, stored: &str) -> Result<Comparison, HashError> {
        let work = Work::Compare { password: Zeroizing::new(password.to_owned()), stored: stored.into() };
        match self.ask(line, work).await? {
            Done::Compared(comparison) => Ok(comparison),
            Done::Hashed(_) => unreachable!("a comparison was asked for"),
        }
    }

    /// The same work as [`Self::compare`], with no verdict at its end.
    pub async fn compare_with_decoy(&self, line: Line, password: &str) -> Result<(), HashError> {
        let decoy = Arc::clone(&self.decoy);
        self.compare(line, password, &decoy).await.map(|_| ())
    }

    /// The same work where nobody waits for a thread, and none otherwise: of what is refused before any verdict, whoever it
    /// is about (docs/adr/0016). Nothing is shed, as nothing is needed.
    pub async fn compare_with_decoy_if_idle(&self, line: Line, password: &str) {
        let (reply, answer) = oneshot::channel();
        let work =
            Work::Compare { password: Zeroizing::new(password.to_owned()), stored: Arc::clone(&self.decoy) };
        if self.jobs.0.push_if_idle(line, Job { work, reply }) {
            let _compared_for_its_time = answer.await;
        }
    }

    async fn ask(&self, line: Line, work: Work) -> Result<Done, HashError> {
        let (reply, answer) = oneshot::channel();
        // Whoever has no room, or gave way, is told by their reply's end.
        drop(self.jobs.0.push(line, Job { work, reply }));
        answer.await.map_err(|_| HashError::Overloaded)?
    }
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHasher").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// Hashes on the calling thread: for command lines and sample data, where nobody waits beside it.
///
/// # Errors
/// If the cost is outside argon2's limits.
pub fn hash_now(cost: HashCost, password: &str, entropy: &dyn Entropy) -> Result<String, HashError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    hash(&params(cost)?, password, &salt, &mut Vec::new())
}

fn params(cost: HashCost) -> Result<Params, HashError> {
    Ok(Params::new(cost.memory, cost.iterations, cost.parallelism, Some(Params::DEFAULT_OUTPUT_LEN))?)
}

/// One thread: takes jobs until the queue is closed.
fn work(queue: &FairQueue<Line, Job>, params: &Params) {
    let mut blocks = Vec::new();
    while let Some(job) = queue.take() {
        // Whoever asked may have gone away: their hash would only keep others waiting.
        if !job.reply.is_closed() {
            do_job(job, params, &mut blocks);
        }
        queue.done();
    }
}

fn do_job(Job { work, reply }: Job, params: &Params, blocks: &mut Vec<Block>) {
    let done = match work {
        Work::Hash { password, salt } => hash(params, &password, &salt, blocks).map(Done::Hashed),
        Work::HashLike { password, like } => hash_like(&password, &like, blocks).map(Done::Hashed),
        Work::Compare { password, stored } => compare(params, &password, &stored, blocks).map(Done::Compared),
    };
    let _gone = reply.send(done);
}

fn hash(
    params: &Params,
    password: &str,
    salt: &[u8; 16],
    blocks: &mut Vec<Block>,
) -> Result<String, HashError> {
    let mut output = Zeroizing::new([0_u8; Params::DEFAULT_OUTPUT_LEN]);
    fill(&Argon2::from(params.clone()), params, password, salt, &mut *output, blocks)?;
    let unreadable = |error: argon2::password_hash::phc::Error| HashError::Unreadable(error.to_string());
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(params).map_err(|error| HashError::Unreadable(error.to_string()))?,
        salt: Some(Salt::new(salt).map_err(unreadable)?),
        hash: Some(Output::new(&*output).map_err(unreadable)?),
    };
    Ok(phc.to_string())
}

fn compare(
    wanted: &Params,
    password: &str,
    stored: &str,
    blocks: &mut Vec<Block>,
) -> Result<Comparison, HashError> {
    let (output, expected, params) = recompute(password, &read(stored)?, blocks)?;
    Ok(Comparison { matches: output.ct_eq(expected.as_bytes()).into(), outdated: is_weaker(&params, wanted) })
}

fn hash_like(password: &str, like: &str, blocks: &mut Vec<Block>) -> Result<String, HashError> {
    let mut phc = read(like)?;
    let (output, _, _) = recompute(password, &phc, blocks)?;
    phc.hash = Some(Output::new(&output).map_err(|error| HashError::Unreadable(error.to_string()))?);
    Ok(phc.to_string())
}

fn read(stored: &str) -> Result<PasswordHash, HashError> {
    PasswordHash::new(stored).map_err(|error| HashError::Unreadable(error.to_string()))
}

/// What this password comes to under the salt and the cost of a stored hash, beside what stands there.
fn recompute(
    password: &str,
    phc: &PasswordHash,
    blocks: &mut Vec<Block>,
) -> Result<(Zeroizing<Vec<u8>>, Output, Params), HashError> {
    let unreadable = |error: String| HashError::Unreadable(error);
    let algorithm =
        Algorithm::try_from(phc.algorithm.as_str()).map_err(|error| unreadable(error.to_string()))?;
    let version = phc
        .version
        .map_or(Ok(Version::default()), Version::try_from)
        .map_err(|error| unreadable(error.to_string()))?;
    let params = Params::try_from(phc).map_err(|error| unreadable(error.to_string()))?;
    let (Some(salt), Some(expected)) = (phc.salt, phc.hash) else {
        return Err(unreadable("it has no salt or no hash".to_owned()));
    };
    let mut output = Zeroizing::new(vec![0_u8; expected.len()]);
    let argon2 = Argon2::new(algorithm, version, params.clone());
    fill(&argon2, &params, password, salt.as_ref(), &mut output, blocks)?;
    Ok((output, expected, params))
}

/// Less memory or less work. A stronger hash, from elsewhere or from a time before a budget cut, stays as it is.
fn is_weaker(stored: &Params, wanted: &Params) -> bool {
    let work = |params: &Params| u64::from(params.m_cost()) * u64::from(params.t_cost());
    stored.m_cost() < wanted.m_cost() || work(stored) < work(wanted)
}

fn fill(
    argon2: &Argon2<'_>,
    params: &Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    blocks: &mut Vec<Block>,
) -> Result<(), HashError> {
    if blocks.len() < params.block_count() {
        blocks.resize(params.block_count(), Block::default());
    }
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut *blocks)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SystemEntropy;

    const CHEAP: HashCost = HashCost { memory: 64, iterations: 1, parallelism: 1 };

    #[tokio::test]
    async fn compares_and_says_when_a_hash_is_outdated() {
        let pool = PasswordHasher::start(CHEAP, PoolSize { threads: 2, queue: 8 }, &SystemEntropy).unwrap();
        let current = pool.hash(Line::House, "zażółć", &SystemEntropy).await.unwrap();
        let right = pool.compare(Line::House, "zażółć", &current).await.unwrap();
        assert_eq!(right, Comparison { matches: true, outdated: false });
        assert!(!pool.compare(Line::House, "zazolc", &current).await.unwrap().matches);

        let stronger = HashCost { memory: 128, ..CHEAP };
        let weaker = HashCost { memory: 32, ..CHEAP };
        for (cost, outdated) in [(stronger, false), (weaker, true)] {
            let older = hash_now(cost, "zażółć", &SystemEntropy).unwrap();
            let right = pool.compare(Line::House, "zażółć", &older).await.unwrap();
            assert_eq!(right, Comparison { matches: true, outdated });
        }
    }

    #[tokio::test]
    async fn sheds_instead_of_piling_up() {
        let slow = HashCost { memory: 19_456, iterations: 4, parallelism: 1 };
        let pool = PasswordHasher::start(slow, PoolSize { threads: 1, queue: 1 }, &SystemEntropy).unwrap();
        let asked = (0..16).map(|_| pool.compare_with_decoy(Line::House, "x"));
        let answers = futures_util::future::join_all(asked).await;
        assert!(answers.iter().any(Result::is_ok));
        assert!(answers.iter().any(|answer| matches!(answer, Err(HashError::Overloaded))));
    }
}
