//! What people see in a real browser.

mod newcomer;
mod pages;
mod two_tabs;
