//! What proxies say about a request: `X-Forwarded-For` or `Forwarded`. Whoever connects from elsewhere is not asked.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    parsers::forwarded(data);
}
