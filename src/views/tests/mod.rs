mod documents;
mod hostile_input;
mod pages;
mod support;
mod texts;
