//! libFuzzer over the readers of what comes from outside. One binary, so that the product is linked once:
//! `IOK_ID_FUZZ` names the target, and without it there is a list.

#![no_main]

mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

use self::targets::{TARGETS, Target};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let wanted = std::env::var("IOK_ID_FUZZ").unwrap_or_default();
    match TARGETS.iter().find(|(name, _)| *name == wanted) {
        Some((_, target)) => *target,
        None => {
            for (name, _) in TARGETS {
                println!("{name}");
            }
            std::process::exit(i32::from(!wanted.is_empty()));
        }
    }
});

fuzz_target!(|data: &[u8]| TARGET(data));
