//! The parameter `claims`: what is read is remembered as it was, and asks for no more than it may.

use iok_id::domain::claims_request::ClaimsRequest;
use iok_id::domain::scope::ScopeSet;

pub(crate) fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(request) = ClaimsRequest::parse(text) {
        let kept = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<ClaimsRequest>(&kept).unwrap(), request);
        let _ = (request.subject(), request.acr());
        let scope = ScopeSet::identity();
        assert!(request.within(&scope).beyond(&scope).is_empty());
    }
}
