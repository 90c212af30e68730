//! What the demo says on the terminal, and how it hears that it should stop.

use std::io::{self, Write};
use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::letters::Letter;

/// What to open, whom to sign in as, how to stop.
#[derive(Debug)]
pub(super) struct Announcement<'a> {
    pub provider: &'a str,
    pub billing: &'a str,
    pub complaints: &'a str,
    /// Where the mail is that the provider sends.
    pub mailbox: &'a str,
    /// Those whose initial password still works.
    pub letters: &'a [Letter],
    /// Those of the office's staff.
    pub staff_letters: &'a [Letter],
    pub folder: &'a Path,
}

impl Announcement<'_> {
    /// Writes everything and flushes: whoever reads a pipe waits for these lines.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "The demo is running. Open:")?;
        writeln!(out, "  billing     {}", self.billing)?;
        writeln!(out, "  complaints  {}", self.complaints)?;
        writeln!(out, "  IOK ID      {}", self.provider)?;
        writeln!(out, "  its mail    {}", self.mailbox)?;
        writeln!(out)?;
        if self.letters.is_empty() {
            writeln!(
                out,
                "Every sample contractor has a password of their own by now; --fresh starts over."
            )?;
        } else {
            writeln!(out, "Sign in as one of these. The initial password works until it is changed.")?;
        }
        for letter in self.letters {
            writeln!(out, "{letter}")?;
        }
        writeln!(out)?;
        if !self.staff_letters.is_empty() {
            writeln!(
                out,
                "Or as one of the office's staff, with an authenticator app at hand: {}/office",
                self.provider
            )?;
            for letter in self.staff_letters {
                writeln!(out, "{letter}")?;
            }
            writeln!(out)?;
        }
        writeln!(out, "The data is in {} and stays there; --fresh starts over.", self.folder.display())?;
        writeln!(out, "Press Ctrl-C to stop.")?;
        out.flush()
    }
}

/// Ctrl-C, or the signal by which a service manager stops a process.
#[derive(Debug)]
pub(super) struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignal {
    /// From here on the signals no longer kill: one that comes before [`Self::received`] is asked is kept for it.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    pub(super) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(letters: &[Letter]) -> anyhow::Result<String> {
        let mut out = Vec::new();
        Announcement {
            provider: "http://localhost:8080",
            billing: "http://localhost:8081",
            complaints: "http://localhost:8082",
            mailbox: "http://localhost:8080/demo/mail",
            letters,
            staff_letters: &[],
            folder: Path::new("/tmp/demo"),
        }
        .write(&mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn each_letter_is_a_line_of_its_own() -> anyhow::Result<()> {
        let letters = ["letter login=a.b initial_password=x", "letter login=c.d initial_password=y"];
        let parsed: Vec<Letter> = letters.iter().filter_map(|line| line.parse().ok()).collect();
        let text = announced(&parsed)?;
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("letter ")).collect();
        assert_eq!(lines, letters);
        for address in [
            "http://localhost:8080",
            "http://localhost:8081",
            "http://localhost:8082",
            "8080/demo/mail",
            "Ctrl-C",
        ] {
            assert!(text.contains(address), "{address}");
        }
        Ok(())
    }

    #[test]
    fn without_letters_it_says_why() -> anyhow::Result<()> {
        assert!(announced(&[])?.contains("password of their own"));
        Ok(())
    }
}
