//! The office's console, and the people who work there.

mod roles;
mod second_factor;
mod staff;
