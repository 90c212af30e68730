//! What operators do and see.

mod accounts;
mod audit_chain;
mod audit_export;
mod availability;
mod clients;
mod configuration;
mod crash;
mod demo;
mod doctor;
mod headers;
mod https;
mod incident;
mod keys;
mod logs;
mod mail;
mod nginx;
mod offices;
mod overload;
mod proxies;
mod register;
mod regulations;
mod slow_clients;
mod start;
