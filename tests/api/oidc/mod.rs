//! The protocol, as relying parties see it.

mod code_flow;
