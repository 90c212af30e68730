//! The clerk's use cases (the procedure's rows 2 to 5 and 7): what happens at the counter. Stands on `accounts`, whose
//! accounts it opens, helps and closes. One file a desk.

pub mod aging;
pub mod collection;
pub mod context;
pub mod letters;
pub mod mail;
pub mod printing;
pub mod review;
mod voiding;
