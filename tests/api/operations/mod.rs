//! What operators do and see.

mod accounts;
mod availability;
mod clients;
mod configuration;
mod crash;
mod demo;
mod doctor;
mod keys;
mod logs;
mod mail;
mod offices;
mod register;
mod regulations;
mod start;
