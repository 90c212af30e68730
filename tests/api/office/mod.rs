//! The office's console, what happens at its counter, and the people who work there.

mod collection;
mod lapse;
mod letters;
mod paper;
mod review;
mod roles;
mod second_factor;
mod staff;
