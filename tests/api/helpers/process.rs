//! Programs that run beside the tests, and what they say.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// How long anything may take on a busy machine. A bound, not a measurement: nothing waits longer than it has to.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
const GLANCE: Duration = Duration::from_millis(20);

/// A program that was started. It is killed, by its own id, when it is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: Hearing,
    stderr: Hearing,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    #[track_caller]
    pub(crate) fn succeeded(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// That it failed as a command does, and what it said about that: one line. A server's log may stand before it.
    #[track_caller]
    pub(crate) fn refused_in_one_line(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        let lines: Vec<&str> = self.stderr.lines().filter(|line| !line.contains("  INFO ")).collect();
        let [line] = lines[..] else { panic!("not one line: {self:?}") };
        assert!(line.starts_with("iok-id: "), "{self:?}");
        let causes: Vec<&str> = line.split(": ").collect();
        assert!(causes.windows(2).all(|pair| pair[0] != pair[1]), "the same cause twice: {line}");
        line
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = Hearing::begin(child.stdout.take().unwrap());
        let stderr = Hearing::begin(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.heard()
    }

    pub(crate) fn stderr(&self) -> String {
        self.stderr.heard()
    }

    /// Waits until it has said this; panics if it ends before, or takes forever.
    pub(crate) async fn until_it_says(&mut self, text: &str) {
        let began = Instant::now();
        loop {
            if self.stdout().contains(text) || self.stderr().contains(text) {
                return;
            }
            self.still_runs();
            assert!(began.elapsed() < PATIENCE, "it never said {text}: {}", self.stderr());
            sleep(GLANCE).await;
        }
    }

    /// Panics with what it said if it has ended.
    #[track_caller]
    pub(crate) fn still_runs(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            panic!("it ended with {status}: {}{}", self.stdout(), self.stderr());
        }
    }

    /// `kill -9`: it does nothing more, not even for itself.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ctrl-C.
    pub(crate) async fn interrupt(self) -> Finished {
        self.signal("INT");
        self.finish().await
    }

    /// As a service manager stops it.
    pub(crate) async fn terminate(self) -> Finished {
        self.signal("TERM");
        self.finish().await
    }

    /// The shell's own `kill`: no library is needed for it, and no package.
    fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.id())).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end.
    pub(crate) async fn finish(mut self) -> Finished {
        let status = self.end_within(PATIENCE).await;
        let status = status.unwrap_or_else(|| panic!("it does not end: {}{}", self.stdout(), self.stderr()));
        self.stdout.hear_the_rest();
        self.stderr.hear_the_rest();
        Finished { code: status.code(), stdout: self.stdout(), stderr: self.stderr() }
    }

    /// Leaves it the time to end by itself; [`Drop`] ends it if it does not.
    pub(crate) fn let_end(&mut self, patience: Duration) {
        let began = Instant::now();
        while began.elapsed() < patience && self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::sleep(GLANCE);
        }
    }

    async fn end_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            if began.elapsed() > patience {
                return None;
            }
            sleep(GLANCE).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// One of its streams, read all the time: a full pipe would stop it.
struct Hearing {
    heard: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Hearing {
    fn begin(stream: impl Read + Send + 'static) -> Self {
        let heard = Arc::new(Mutex::new(String::new()));
        let hearing = Arc::clone(&heard);
        let reader = std::thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line);
                hearing.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
                line.clear();
            }
        });
        Self { heard, reader: Some(reader) }
    }

    fn heard(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hear_the_rest(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }
}
