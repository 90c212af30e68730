//! A file of accounts.

pub(crate) fn read(data: &[u8]) {
    if let Ok(accounts) = iok_id::integrations::import::parse(data) {
        assert!(accounts.iter().all(|account| !account.contractor_numbers.is_empty()));
    }
}
