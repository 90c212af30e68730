//! What an import changes, for the operator to read.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::premises::{PremisesKind, TitleRole};

/// One thing that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    NewOffice {
        office: String,
    },
    NewContractor {
        contractor_number: String,
        name: String,
        office: String,
    },
    ContractorChanged {
        contractor_number: String,
        fields: Vec<FieldChange>,
    },
    NewPremises {
        premises: String,
        kind: &'static str,
        /// In one line; empty if it is not known.
        address: String,
    },
    PremisesChanged {
        premises: String,
        fields: Vec<FieldChange>,
    },
    NewTitle {
        #[serde(flatten)]
        title: NamedTitle,
        valid_from: Option<NaiveDate>,
        valid_until: Option<NaiveDate>,
    },
    /// The file gives other dates.
    TitleChanged {
        #[serde(flatten)]
        title: NamedTitle,
        fields: Vec<FieldChange>,
    },
    /// The file is a full snapshot and has no such title.
    TitleEnded {
        #[serde(flatten)]
        title: NamedTitle,
        valid_until: NaiveDate,
    },
}

/// A title by what people know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedTitle {
    pub contractor_number: String,
    pub premises: String,
    pub role: &'static str,
}

impl NamedTitle {
    pub(super) fn new(contractor_number: &str, premises: &str, role: TitleRole) -> Self {
        Self {
            contractor_number: contractor_number.to_owned(),
            premises: premises.to_owned(),
            role: role.as_str(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The file's column.
    pub field: &'static str,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl FieldChange {
    /// `None` if it is the same. No value and an empty one are.
    pub(super) fn between(field: &'static str, from: Option<&str>, to: Option<&str>) -> Option<Self> {
        let value = |value: Option<&str>| value.filter(|value| !value.is_empty()).map(str::to_owned);
        let (from, to) = (value(from), value(to));
        (from != to).then_some(Self { field, from, to })
    }

    pub(super) fn between_dates(
        field: &'static str,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Option<Self> {
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string());
        (from != to).then(|| Self { field, from: date(from), to: date(to) })
    }

    pub(super) fn between_kinds(from: PremisesKind, to: PremisesKind) -> Option<Self> {
        Self::between("premises_kind", Some(from.as_str()), Some(to.as_str()))
    }
}

/// How many changes there are of each sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub new_offices: usize,
    pub new_contractors: usize,
    pub changed_contractors: usize,
    pub new_premises: usize,
    pub changed_premises: usize,
    pub new_titles: usize,
    pub changed_titles: usize,
    /// Because a full snapshot does not have them.
    pub ended_titles: usize,
}

impl Counts {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut counts = Self::default();
        for change in changes {
            *match change {
                Change::NewOffice { .. } => &mut counts.new_offices,
                Change::NewContractor { .. } => &mut counts.new_contractors,
                Change::ContractorChanged { .. } => &mut counts.changed_contractors,
                Change::NewPremises { .. } => &mut counts.new_premises,
                Change::PremisesChanged { .. } => &mut counts.changed_premises,
                Change::NewTitle { .. } => &mut counts.new_titles,
                Change::TitleChanged { .. } => &mut counts.changed_titles,
                Change::TitleEnded { .. } => &mut counts.ended_titles,
            } += 1;
        }
        counts
    }
}

/// One line.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewOffice { office } => write!(f, "new office          {office}"),
            Self::NewContractor { contractor_number, name, office } => {
                write!(f, "new contractor      {contractor_number}: {name}, {office}")
            }
            Self::ContractorChanged { contractor_number, fields } => {
                write!(f, "contractor changed  {contractor_number}: {}", Fields(fields))
            }
            Self::NewPremises { premises, kind, address } if address.is_empty() => {
                write!(f, "new premises        {premises}: {kind}")
            }
            Self::NewPremises { premises, kind, address } => {
                write!(f, "new premises        {premises}: {kind}, {address}")
            }
            Self::PremisesChanged { premises, fields } => {
                write!(f, "premises changed    {premises}: {}", Fields(fields))
            }
            Self::NewTitle { title, valid_from, valid_until } => {
                write!(f, "new title           {title}")?;
                if let Some(from) = valid_from {
                    write!(f, ", from {from}")?;
                }
                if let Some(until) = valid_until {
                    write!(f, ", until {until}")?;
                }
                Ok(())
            }
            Self::TitleChanged { title, fields } => {
                write!(f, "title changed       {title}: {}", Fields(fields))
            }
            Self::TitleEnded { title, valid_until } => {
                write!(f, "title ended         {title}: not in the file, over on {valid_until}")
            }
        }
    }
}

impl fmt::Display for NamedTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.contractor_number, self.role, self.premises)
    }
}

struct Fields<'a>(&'a [FieldChange]);

impl fmt::Display for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, change) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            write!(f, "{} {} → {}", change.field, shown(&change.from), shown(&change.to))?;
        }
        Ok(())
    }
}
