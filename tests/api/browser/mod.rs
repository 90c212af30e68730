//! What people see in a real browser.

mod clerks_day;
mod form_post;
mod newcomer;
mod office_pages;
mod pages;
mod passkeys;
mod procedure;
mod single_page;
mod two_tabs;
