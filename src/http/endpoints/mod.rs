//! One file a page or endpoint, one function a verb.

pub(super) mod account;
pub(super) mod apply;
pub(super) mod apply_follow;
pub(super) mod assets;
pub(super) mod authorize;
pub(super) mod block;
pub(super) mod change_password;
pub(super) mod consent;
pub(super) mod discovery;
pub(super) mod health;
pub(super) mod help;
pub(super) mod home;
pub(super) mod introspect;
pub(super) mod logout;
pub(super) mod office;
pub(super) mod recover;
pub(super) mod registration;
pub(super) mod regulations;
pub(super) mod regulations_accept;
pub(super) mod revoke;
pub(super) mod second_factor;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod token;
pub(super) mod userinfo;
