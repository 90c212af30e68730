//! What every page can say about itself.

use serde::Serialize;

use super::language_switch::Address;

/// A page: its data is the template's whole input (`page` in the template).
pub trait Page: Serialize + Sized {
    /// The page's name, which is also its template: `pages/{NAME}.html`.
    const NAME: &'static str;

    /// Every state worth looking at, filled with invented people.
    fn samples() -> Vec<Self>;

    /// Where the same page can be asked for again in another language. `None` where a second request would not give
    /// the same page, because it answers a form or depends on what is not in the address.
    fn address(&self) -> Option<Address<'_>> {
        None
    }
}
