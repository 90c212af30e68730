//! `premises`: `code:role[:kind[:until]]`, separated by `;`.

use std::collections::HashMap;

use super::ImportedAccount;
use super::columns::Column;
use crate::domain::premises::{LegalTitle, PremisesKind};
use crate::integrations::csv::{Column as _, ImportProblem, values};

/// A legal title that a row names. The file does not say since when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedTitle {
    pub premises_code: String,
    pub kind: PremisesKind,
    pub title: LegalTitle,
    /// Did the row say the kind, or is it what no row said?
    is_kind_given: bool,
}

pub(super) fn parse(others: &[ImportedTitle], entry: &str) -> Result<ImportedTitle, String> {
    let parts: Vec<&str> = entry.split(':').map(str::trim).collect();
    let (code, role, kind, until) = match parts[..] {
        [code, role] => (code, role, "", ""),
        [code, role, kind] => (code, role, kind, ""),
        [code, role, kind, until] => (code, role, kind, until),
        _ => return Err(format!("{entry:?} is not code:role[:kind[:until]]")),
    };
    values::premises_code(code).map_err(|error| format!("{entry:?}: {error}"))?;
    let of_code = |error: String| format!("{code}: {error}");
    let role = values::role(role).map_err(of_code)?;
    let given_kind =
        Some(kind).filter(|kind| !kind.is_empty()).map(values::kind).transpose().map_err(of_code)?;
    let until =
        Some(until).filter(|until| !until.is_empty()).map(values::date).transpose().map_err(of_code)?;
    let title = LegalTitle::new(role, None, until).map_err(|error| format!("{code}: {error}"))?;
    if others.iter().any(|other| other.premises_code == code && other.title.role() == role) {
        return Err(format!("{code}: the role {role} is there twice"));
    }
    Ok(ImportedTitle {
        premises_code: code.to_owned(),
        kind: given_kind.unwrap_or_default(),
        title,
        is_kind_given: given_kind.is_some(),
    })
}

/// Premises are of one kind, whoever holds them. Where one row says it and another does not, it is said; where two
/// say different things, one is wrong.
pub(super) fn settle_kinds(accounts: &mut [ImportedAccount], problems: &mut Vec<ImportProblem>) {
    let mut said: HashMap<String, (PremisesKind, u64)> = HashMap::new();
    for account in accounts.iter() {
        for title in account.titles.iter().filter(|title| title.is_kind_given) {
            let (kind, line) = *said.entry(title.premises_code.clone()).or_insert((title.kind, account.line));
            if kind != title.kind {
                let what =
                    format!("{} is {} here, and {kind} in line {line}", title.premises_code, title.kind);
                problems.push(ImportProblem::in_column(account.line, Column::Premises.as_str(), what));
            }
        }
    }
    for title in accounts.iter_mut().flat_map(|account| &mut account.titles) {
        if let Some((kind, _)) = said.get(&title.premises_code) {
            title.kind = *kind;
        }
    }
}
