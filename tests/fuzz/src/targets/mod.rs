//! One file a reader. A target panics where what was read is not what it should be.

mod accept_language;
mod access_token;
mod account_import;
mod basic_header;
mod claims_parameter;
mod client_metadata;
mod cookies;
mod device_cookie;
mod form_parameters;
mod forwarded_header;
mod jws;
mod key_set;
mod logout_hint;
mod mailed_link;
mod passkey;
mod redirect_uri;
mod register_import;
mod request_object;
mod scope;
mod second_factor;

pub(crate) type Target = fn(&[u8]);

pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("accept_language", accept_language::read),
    ("access_token", access_token::read),
    ("account_import", account_import::read),
    ("basic_header", basic_header::read),
    ("claims_parameter", claims_parameter::read),
    ("client_metadata", client_metadata::read),
    ("cookies", cookies::read),
    ("device_cookie", device_cookie::read),
    ("form_parameters", form_parameters::read),
    ("forwarded_header", forwarded_header::read),
    ("jws", jws::read),
    ("key_set", key_set::read),
    ("logout_hint", logout_hint::read),
    ("mailed_link", mailed_link::read),
    ("passkey", passkey::read),
    ("redirect_uri", redirect_uri::read),
    ("register_import", register_import::read),
    ("request_object", request_object::read),
    ("scope", scope::read),
    ("second_factor", second_factor::read),
];
