//! Limits against floods: how often one source, or one address, may ask for something that costs somebody a letter.
//!
//! Windows are fixed, so that a count is one statement. What is counted is an HMAC: the counters name nobody.

use std::net::IpAddr;

use chrono::{DurationRound as _, TimeDelta};
use sea_orm::{ConnectionTrait, DbErr};

use crate::crypto::pseudonyms::PseudonymKey;
use crate::domain::clock::Moment;
use crate::storage::floods;

/// One limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// Permanent: a part of the counter's key.
    pub kind: &'static str,
    /// `None`: as many as come.
    pub most: Option<u32>,
    pub within: TimeDelta,
}

/// Counts one more. Returns the moment from which it is worth trying again, if the limit is passed.
pub(super) async fn count(
    transaction: &impl ConnectionTrait,
    key: &PseudonymKey,
    limit: Limit,
    subject: &str,
    now: Moment,
) -> Result<Option<Moment>, DbErr> {
    let Some(most) = limit.most else {
        return Ok(None);
    };
    let window =
        now.duration_trunc(limit.within).map_err(|error| DbErr::Custom(format!("flood window: {error}")))?;
    let counted = floods::count(transaction, limit.kind, &key.of(&[limit.kind, subject]), window).await?;
    let is_over = u32::try_from(counted).is_ok_and(|counted| counted > most);
    Ok(is_over.then(|| window + limit.within))
}

/// The network that an address is in: a household's or an office's, where addresses change by themselves.
pub(super) fn network_of(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_network() {
        let network = |text: &str| network_of(Some(text.parse().expect("an address")));
        assert_eq!(network("192.0.2.1"), network("192.0.2.254"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.1"), "the same network, mapped into IPv6");
        assert_ne!(network("192.0.2.1"), network("192.0.3.1"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
