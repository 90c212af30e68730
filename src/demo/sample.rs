//! The sample contractors: a file as an operator would import it, except that its hashes are made at the first start.
//!
//! `letter_serial` stays empty. The demo prints no serial and no recovery codes, and a serial that nobody holds would
//! close the way back by login and initial password that letters without one have.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use csv::StringRecord;

const CONTRACTORS: &str = include_str!("sample/contractors.csv");

/// The contractor register, as the billing system would hand it over: those who have accounts, and some who may apply
/// for one. Among these are a contractor with three premises, a firm, and premises that were sold.
pub(super) const REGISTER: &str = include_str!("sample/register.csv");

/// The numbers in the register, each once.
///
/// # Errors
/// If the file is not the import that it should be.
pub(super) fn registered_contractors() -> anyhow::Result<BTreeSet<String>> {
    let mut reader = csv::Reader::from_reader(REGISTER.as_bytes());
    let number = position(reader.headers()?, "contractor_number")?;
    Ok(reader.records().map(|row| row.map(|row| row[number].to_owned())).collect::<Result<_, _>>()?)
}

/// Who a letter is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    pub login: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
}

/// The sample file, column by column.
#[derive(Debug)]
pub(super) struct SampleContractors {
    columns: StringRecord,
    rows: Vec<StringRecord>,
    login: usize,
    initial_password_hash: usize,
}

impl SampleContractors {
    /// # Errors
    /// If the file is not the import that it should be.
    pub(super) fn read() -> anyhow::Result<Self> {
        let mut reader = csv::Reader::from_reader(CONTRACTORS.as_bytes());
        let columns = reader.headers()?.clone();
        Ok(Self {
            login: position(&columns, "login")?,
            initial_password_hash: position(&columns, "initial_password_hash")?,
            rows: reader.into_records().collect::<Result<_, _>>()?,
            columns,
        })
    }

    /// # Errors
    /// If a column is missing.
    pub(super) fn addressees(&self) -> anyhow::Result<Vec<Addressee>> {
        let given_name = position(&self.columns, "given_name")?;
        let family_name = position(&self.columns, "family_name")?;
        let organisation_name = position(&self.columns, "organisation_name")?;
        Ok(self
            .rows
            .iter()
            .map(|row| Addressee {
                login: row[self.login].to_owned(),
                given_name: row[given_name].to_owned(),
                family_name: row[family_name].to_owned(),
                organisation_name: Some(row[organisation_name].to_owned()).filter(|name| !name.is_empty()),
            })
            .collect())
    }

    /// The import of those contractors whose login has a hash here.
    ///
    /// # Errors
    /// If the CSV cannot be written.
    pub(super) fn import_with(
        &self,
        initial_password_hashes: &HashMap<String, String>,
    ) -> anyhow::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            let Some(hash) = initial_password_hashes.get(&row[self.login]) else {
                continue;
            };
            let filled = row.iter().enumerate().map(|(column, value)| {
                if column == self.initial_password_hash { hash.as_str() } else { value }
            });
            writer.write_record(filled)?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }
}

fn position(columns: &StringRecord, name: &str) -> anyhow::Result<usize> {
    columns
        .iter()
        .position(|column| column == name)
        .with_context(|| format!("the sample contractors have no column `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password::{HashCost, hash_now};
    use crate::demo::addresses::address_of;
    use crate::domain::account::AccountState;
    use crate::domain::premises::{PremisesKind, TitleRole};
    use crate::domain::secret::SystemEntropy;
    use crate::integrations::import::{ImportedAccount, parse};

    /// As the importer reads it, once the hashes are filled in.
    fn imported() -> anyhow::Result<Vec<ImportedAccount>> {
        let sample = SampleContractors::read()?;
        let hash = hash_now(HashCost::default(), "secret", &SystemEntropy)?;
        let hashes =
            sample.addressees()?.into_iter().map(|addressee| (addressee.login, hash.clone())).collect();
        Ok(parse(sample.import_with(&hashes)?.as_bytes())?)
    }

    #[test]
    fn the_importer_takes_twelve_contractors_in_three_offices() -> anyhow::Result<()> {
        let accounts = imported()?;
        assert_eq!(accounts.len(), 12);
        assert!(accounts.iter().all(|account| account.state == AccountState::InitialPassword));
        let offices: BTreeSet<_> = accounts.iter().filter_map(|account| account.office.as_deref()).collect();
        assert_eq!(offices.len(), 3, "{offices:?}");
        Ok(())
    }

    #[test]
    fn premises_of_every_role_and_kind_are_there_with_addresses() -> anyhow::Result<()> {
        let accounts = imported()?;
        let titles: Vec<_> = accounts.iter().flat_map(|account| &account.titles).collect();
        for role in TitleRole::ALL {
            assert!(titles.iter().any(|title| title.title.role() == role), "{}", role.as_str());
        }
        for kind in PremisesKind::ALL {
            assert!(titles.iter().any(|title| title.kind == kind), "{}", kind.as_str());
        }
        for title in titles {
            assert!(address_of(&title.premises_code).is_some(), "{}", title.premises_code);
        }
        Ok(())
    }

    #[test]
    fn the_register_has_every_sample_title_where_the_services_know_it_to_be() -> anyhow::Result<()> {
        let mut reader = csv::Reader::from_reader(REGISTER.as_bytes());
        let columns = reader.headers()?.clone();
        let rows: Vec<StringRecord> = reader.into_records().collect::<Result<_, _>>()?;
        let field = |row: &StringRecord, name| position(&columns, name).map(|at| row[at].to_owned());
        for row in &rows {
            let code = field(row, "premises")?;
            let street = field(row, "street")?;
            assert!(address_of(&code).is_some_and(|address| address.starts_with(&street)), "{code}");
        }
        for account in imported()? {
            for title in &account.titles {
                let number = account.contractor_numbers[0].as_str();
                let found = rows.iter().find(|row| {
                    row.iter().any(|field| field == number)
                        && row.iter().any(|field| field == title.premises_code)
                });
                let found = found.with_context(|| format!("{number} {}", title.premises_code))?;
                assert_eq!(field(found, "role")?, title.title.role().as_str());
                assert_eq!(field(found, "premises_kind")?, title.kind.as_str());
                assert_eq!(field(found, "office")?, account.office.clone().unwrap_or_default());
                let until = title.title.valid_until().map(|until| until.to_string()).unwrap_or_default();
                assert_eq!(field(found, "valid_until")?, until);
            }
        }
        Ok(())
    }

    #[test]
    fn the_people_differ_as_real_ones_do() -> anyhow::Result<()> {
        let accounts = imported()?;
        let emails: Vec<_> = accounts.iter().filter_map(|account| account.profile.email.as_deref()).collect();
        let distinct: BTreeSet<_> = emails.iter().collect();
        assert!(emails.len() + 2 <= accounts.len(), "some have no e-mail");
        assert!(distinct.len() < emails.len(), "two share an e-mail");
        assert!(
            accounts.iter().any(|account| account.contractor_numbers.len() == 2),
            "two contractor numbers"
        );
        assert!(accounts.iter().any(|account| account.titles.len() == 2), "two premises");
        assert!(accounts.iter().any(|account| account.profile.organisation_name.is_some()), "a firm");
        let attributed = accounts.iter().filter(|account| !account.profile.attributes.is_empty());
        assert!(attributed.count() >= 2, "further attributes");
        Ok(())
    }

    #[test]
    fn the_file_itself_holds_no_hash_and_no_serial() -> anyhow::Result<()> {
        let sample = SampleContractors::read()?;
        for name in ["initial_password_hash", "password_hash", "letter_serial"] {
            let column = position(&sample.columns, name)?;
            assert!(sample.rows.iter().all(|row| row[column].is_empty()), "{name}");
        }
        Ok(())
    }

    #[test]
    fn only_rows_with_a_hash_are_imported_and_nothing_else_changes() -> anyhow::Result<()> {
        let sample = SampleContractors::read()?;
        let hashes = HashMap::from([("jan.krawczyk".to_owned(), "$argon2id$hash".to_owned())]);
        let import = sample.import_with(&hashes)?;
        let rows =
            csv::Reader::from_reader(import.as_bytes()).into_records().collect::<Result<Vec<_>, _>>()?;
        let original = sample.rows.iter().find(|row| &row[sample.login] == "jan.krawczyk");
        let mut expected: Vec<&str> = original.context("a row of the sample")?.iter().collect();
        expected[sample.initial_password_hash] = "$argon2id$hash";
        assert_eq!(rows, [expected]);
        Ok(())
    }
}
