//! Who may not do what after what: no one person can become a contractor.
//!
//! What a *role* may do is a table in [`super::staff`]. Here is what somebody may not do because of what they did
//! before, or of who they are. `two_persons` is the house's setting (`office.two_persons`): an office of one has it
//! off, and a supervisor reviews what was done alone. That nobody acts on an account of their own is no setting, nor is
//! the second person for another e-mail address.

use super::ids::{AccountId, ContractorId};

/// Who took in an application does not approve it. `taken_in_by` is `None` for what came on-line.
pub fn may_approve(two_persons: bool, clerk: AccountId, taken_in_by: Option<AccountId>) -> bool {
    !two_persons || taken_in_by != Some(clerk)
}

/// Who printed a letter saw its password, and does not record that somebody collected it. Nor does who ordered it, by
/// approving the application or by asking for another letter: what lies between the two is a colleague's routine. A
/// letter of which nobody knows who had a part in it (an imported one) may be handed over by anybody.
pub fn may_collect(two_persons: bool, clerk: AccountId, had_a_part: Option<AccountId>) -> bool {
    !two_persons || had_a_part != Some(clerk)
}

/// Who asked for a new letter to an account that was active once is not the second person who agrees to it.
pub fn may_agree_to_reissue(two_persons: bool, clerk: AccountId, requested_by: Option<AccountId>) -> bool {
    !two_persons || requested_by != Some(clerk)
}

/// Who asked for another e-mail address is not the supervisor who agrees to it: whoever reads somebody's mail learns of
/// nothing that is done behind their back. No setting relaxes it: what a supervisor reviews afterwards, the owner would
/// have had to hear of before.
pub fn may_agree_to_contact_change(clerk: AccountId, requested_by: AccountId) -> bool {
    requested_by != clerk
}

/// Is this the clerk's own account? Then a colleague does it, whatever it is and whatever the settings say.
pub fn acts_on_own_account(clerk: AccountId, account: AccountId) -> bool {
    clerk == account
}

/// What tells that an application is somebody's own, although it is no account yet. Names and addresses of e-mail are
/// folded by whoever fills this in.
#[derive(Debug, Clone, Copy)]
pub struct Likeness<'a> {
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub contractors: &'a [ContractorId],
}

/// Is this application, as far as one can tell, the clerk's own, or that of somebody who shares their mailbox or their
/// contractor number? A namesake is refused too: asking a colleague costs a minute, and a clerk who approves
/// themselves costs the trust in every account.
pub fn is_own_application(clerk: Likeness<'_>, applicant: Likeness<'_>) -> bool {
    let same = |one: Option<&str>, other: Option<&str>| one.is_some() && one == other;
    (!clerk.name.is_empty() && clerk.name == applicant.name)
        || same(clerk.email, applicant.email)
        || clerk.contractors.iter().any(|contractor| applicant.contractors.contains(contractor))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn clerk(number: u128) -> AccountId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn a_second_step_takes_a_second_person() {
        for may in [may_approve, may_collect, may_agree_to_reissue] {
            assert!(!may(true, clerk(1), Some(clerk(1))), "not the same person twice");
            assert!(may(true, clerk(2), Some(clerk(1))), "but a colleague");
            assert!(may(true, clerk(1), None), "and whoever likes, if nobody did the first step");
        }
    }

    #[test]
    fn an_office_of_one_does_both_steps_but_for_an_address() {
        for may in [may_approve, may_collect, may_agree_to_reissue] {
            assert!(may(false, clerk(1), Some(clerk(1))));
        }
        assert!(may_agree_to_contact_change(clerk(2), clerk(1)));
        assert!(!may_agree_to_contact_change(clerk(1), clerk(1)));
    }

    #[test]
    fn nobody_acts_on_an_account_of_their_own() {
        assert!(acts_on_own_account(clerk(1), clerk(1)));
        assert!(!acts_on_own_account(clerk(1), clerk(2)));
    }

    #[test]
    fn an_application_is_told_to_be_ones_own_by_name_mailbox_or_number() {
        let number = [ContractorId::from(Uuid::from_u128(7))];
        let me = Likeness { name: "anna nowak", email: Some("anna@example.pl"), contractors: &number };
        let stranger = Likeness { name: "jan kowalski", email: Some("jan@example.pl"), contractors: &[] };
        assert!(!is_own_application(me, stranger));
        assert!(is_own_application(me, Likeness { name: me.name, ..stranger }));
        assert!(is_own_application(me, Likeness { email: me.email, ..stranger }));
        assert!(is_own_application(me, Likeness { contractors: &number, ..stranger }));
    }

    #[test]
    fn what_is_not_known_is_not_the_same() {
        let nobody = Likeness { name: "", email: None, contractors: &[] };
        assert!(!is_own_application(nobody, nobody));
    }
}
