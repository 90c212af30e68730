//! What billing shows: charges, payments and the balance of each premises that the person has a title to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::addresses::address_of;
use super::calendar::day;
use super::claims::{IokClaims, PremisesClaim, PremisesKind, Role, by_premises};
use super::money::Grosze;
use super::table;
use crate::domain::locale::Locale;

#[derive(Deserialize)]
struct Charge {
    premises: String,
    kind: ChargeKind,
    due: NaiveDate,
    amount: Grosze,
}

#[derive(Deserialize)]
struct Payment {
    premises: String,
    received: NaiveDate,
    amount: Grosze,
}

/// What a charge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ChargeKind {
    /// Czynsz.
    Rent,
    /// Czynsz dzierżawny, for commercial premises.
    LeaseRent,
    /// Eksploatacja: the running of the common parts of the building.
    Maintenance,
    /// Fundusz remontowy.
    RenovationFund,
    /// Zaliczka na centralne ogrzewanie.
    Heating,
    /// Zaliczka na wodę i ścieki.
    Water,
    /// Gospodarowanie odpadami.
    Waste,
}

static CHARGES: LazyLock<Vec<Charge>> = LazyLock::new(|| table::embedded(include_str!("sample/charges.csv")));
static PAYMENTS: LazyLock<Vec<Payment>> =
    LazyLock::new(|| table::embedded(include_str!("sample/payments.csv")));

/// The page's content for one person.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Statement {
    /// Over all premises.
    pub balance: Balance,
    pub premises: Vec<PremisesAccount>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct PremisesAccount {
    pub code: String,
    pub address: Option<&'static str>,
    pub kind: PremisesKind,
    pub role: Role,
    pub contractor_number: String,
    pub balance: Balance,
    /// The latest first.
    pub bills: Vec<Bill>,
    pub payments: Vec<PaymentLine>,
}

/// What is due on one day.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Bill {
    pub due: String,
    pub charges: Vec<ChargeLine>,
    pub total: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ChargeLine {
    pub kind: ChargeKind,
    pub amount: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct PaymentLine {
    pub received: String,
    pub amount: String,
}

/// Saldo.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Balance {
    pub standing: Standing,
    /// Without a sign.
    pub amount: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Settled,
    /// Zaległość: the contractor owes.
    Arrears,
    /// Nadpłata: the company owes.
    Overpayment,
}

impl Balance {
    fn new(paid_less_charged: Grosze, locale: Locale) -> Self {
        let standing = match paid_less_charged.cmp(&Grosze::default()) {
            std::cmp::Ordering::Less => Standing::Arrears,
            std::cmp::Ordering::Equal => Standing::Settled,
            std::cmp::Ordering::Greater => Standing::Overpayment,
        };
        Self { standing, amount: paid_less_charged.magnitude().text(locale) }
    }
}

/// Only of the premises in the claims: nobody sees anything by knowing a code.
pub(super) fn statement(claims: &IokClaims, locale: Locale) -> Statement {
    let titles = by_premises(&claims.premises);
    Statement {
        balance: Balance::new(titles.iter().map(|title| balance_of(&title.code)).sum(), locale),
        premises: titles.into_iter().map(|title| account(title, locale)).collect(),
    }
}

fn account(title: &PremisesClaim, locale: Locale) -> PremisesAccount {
    PremisesAccount {
        code: title.code.clone(),
        address: address_of(&title.code),
        kind: title.kind,
        role: title.role,
        contractor_number: title.contractor_number.clone(),
        balance: Balance::new(balance_of(&title.code), locale),
        bills: bills_of(&title.code, locale),
        payments: payments_of(&title.code)
            .map(|payment| PaymentLine {
                received: day(payment.received, locale),
                amount: payment.amount.text(locale),
            })
            .collect(),
    }
}

fn bills_of(premises: &str, locale: Locale) -> Vec<Bill> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&Charge>> = BTreeMap::new();
    for charge in charges_of(premises) {
        by_day.entry(charge.due).or_default().push(charge);
    }
    by_day
        .into_iter()
        .rev()
        .map(|(due, charges)| Bill {
            due: day(due, locale),
            total: charges.iter().map(|charge| charge.amount).sum::<Grosze>().text(locale),
            charges: charges
                .into_iter()
                .map(|charge| ChargeLine { kind: charge.kind, amount: charge.amount.text(locale) })
                .collect(),
        })
        .collect()
}

/// Payments less charges: negative is owed by the contractor.
fn balance_of(premises: &str) -> Grosze {
    let paid: Grosze = payments_of(premises).map(|payment| payment.amount).sum();
    let charged: Grosze = charges_of(premises).map(|charge| charge.amount).sum();
    paid - charged
}

fn charges_of(premises: &str) -> impl Iterator<Item = &'static Charge> {
    CHARGES.iter().filter(move |charge| charge.premises == premises)
}

fn payments_of(premises: &str) -> impl Iterator<Item = &'static Payment> {
    PAYMENTS.iter().filter(move |payment| payment.premises == premises)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(codes: &[&str]) -> IokClaims {
        IokClaims {
            premises: codes
                .iter()
                .map(|code| PremisesClaim {
                    code: (*code).to_owned(),
                    kind: PremisesKind::Residential,
                    role: Role::Owner,
                    contractor_number: "100101".into(),
                })
                .collect(),
            ..IokClaims::default()
        }
    }

    #[test]
    fn a_statement_has_only_the_premises_in_the_claims() {
        let statement = statement(&claims(&["KAT-12-4"]), Locale::Polish);
        assert_eq!(statement.premises.len(), 1);
        let account = &statement.premises[0];
        assert_eq!(
            account.bills.iter().map(|bill| bill.charges.len()).sum::<usize>(),
            charges_of("KAT-12-4").count()
        );
        assert_eq!(account.bills[0].due, "10.11.2026", "the latest bill comes first");
        assert_eq!(account.bills[0].total, "738,30\u{a0}zł");
        assert_eq!(account.payments.len(), 2);
        assert_eq!(statement.balance, account.balance);
    }

    #[test]
    fn the_balance_is_payments_less_charges_over_all_premises() {
        let apart: Grosze = ["KAT-12-4", "BYT-3-10"].into_iter().map(balance_of).sum();
        let together = statement(&claims(&["KAT-12-4", "BYT-3-10", "KAT-12-4"]), Locale::Polish);
        assert_eq!(together.balance, Balance::new(apart, Locale::Polish));
        assert_eq!(together.premises.len(), 2);
    }

    #[test]
    fn the_sample_shows_arrears_an_overpayment_and_a_settled_account() {
        let mut seen: Vec<Standing> = Vec::new();
        for charge in CHARGES.iter() {
            let standing = Balance::new(balance_of(&charge.premises), Locale::Polish).standing;
            if !seen.contains(&standing) {
                seen.push(standing);
            }
        }
        assert_eq!(seen.len(), 3, "{seen:?}");
    }

    #[test]
    fn nobody_without_premises_owes_anything() {
        let statement = statement(&IokClaims::default(), Locale::English);
        assert_eq!(statement.balance.standing, Standing::Settled);
        assert!(statement.premises.is_empty());
    }

    #[test]
    fn every_charge_and_payment_belongs_to_premises_with_an_address() {
        for code in CHARGES
            .iter()
            .map(|charge| &charge.premises)
            .chain(PAYMENTS.iter().map(|payment| &payment.premises))
        {
            assert!(address_of(code).is_some(), "{code}");
        }
    }
}
