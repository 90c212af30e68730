//! Ports for programs that have to be told one.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// Below the range from which the kernel takes ports for outgoing connections: none of these is lent to one.
const FIRST: u16 = 10_000;
const COUNT: u16 = 10_000;

/// The first of `count` free ports in a row. Never given twice in one run; runs beside each other begin elsewhere.
pub(crate) fn free_ports(count: u16) -> u16 {
    static NEXT: Mutex<Option<u16>> = Mutex::new(None);
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut offset = next.unwrap_or_else(|| {
        let spread = std::process::id().wrapping_mul(977) % u32::from(COUNT);
        u16::try_from(spread).unwrap()
    });
    for _ in 0..COUNT {
        if offset + count > COUNT {
            offset = 0;
        }
        let first = FIRST + offset;
        offset += count;
        if (first..first + count).all(is_free) {
            *next = Some(offset);
            return first;
        }
    }
    panic!("no {count} ports in a row are free");
}

/// On both loopback addresses, where both exist.
pub(crate) fn is_free(port: u16) -> bool {
    let is_taken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && !TcpListener::bind((Ipv6Addr::LOCALHOST, port)).is_err_and(|error| is_taken(&error))
}
