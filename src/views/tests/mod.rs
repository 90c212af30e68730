mod documents;
mod hostile_input;
mod mails;
mod pages;
mod support;
mod texts;
