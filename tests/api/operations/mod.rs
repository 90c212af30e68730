//! What operators do and see.

mod accounts;
mod availability;
mod clients;
mod configuration;
mod crash;
mod demo;
mod doctor;
mod https;
mod keys;
mod logs;
mod mail;
mod nginx;
mod offices;
mod proxies;
mod register;
mod regulations;
mod start;
