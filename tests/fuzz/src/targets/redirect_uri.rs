//! A registered address and a presented one, on a line each: what matches leads where the registered one leads.

use iok_id::parsers;

pub(crate) fn read(data: &[u8]) {
    let Some((registered, presented)) = std::str::from_utf8(data).ok().and_then(|text| text.split_once('\n'))
    else {
        return;
    };
    let native = parsers::owns_redirect_uri("native", registered, presented);
    assert_eq!(parsers::owns_redirect_uri("web", registered, presented), registered == presented);
    if native && registered != presented {
        let [mut one, mut other] = [registered, presented].map(|uri| url::Url::parse(uri));
        // What no parser reads was never registered.
        if let (Ok(one), Ok(other)) = (&mut one, &mut other) {
            assert!(matches!(other.host_str(), Some("127.0.0.1" | "[::1]")), "{presented}");
            one.set_port(None).unwrap();
            other.set_port(None).unwrap();
            assert_eq!(one, other);
        }
    }
}
