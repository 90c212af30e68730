//! The bar of long work. It goes to standard error, and only to a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Output;

/// Hidden from scripts. `what` is being done, in the plural.
pub(super) fn bar(output: Output, what: &'static str) -> ProgressBar {
    if output.is_json() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(what)
}
