//! Puts every template of pages and mails into the binary, so that a release is one file.

fn main() {
    // The texts are read by a macro that does not see new files by itself: a change anywhere below `templates/`
    // rebuilds the crate, because this line of the macro watches the whole folder.
    minijinja_embed::embed_templates!("templates", &[".html", ".txt"][..]);
}
