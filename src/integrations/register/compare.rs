//! What the file says beside what the register has: the changes, in words and as rows to write. Nothing is written
//! here, so that a dry run is this and no more.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use super::change::{Change, FieldChange, NamedTitle};
use super::file::{FiledContractor, FiledPremises, RegisterFile};
use super::terms::{Scope, Step, Terms};
use crate::domain::ambient::Ambient;
use crate::domain::clock::Moment;
use crate::domain::ids::{ContractorId, LegalTitleId, OfficeId, PremisesId};
use crate::domain::premises::TitleRole;
use crate::storage::people;
use crate::storage::register::{self, CHUNK, Contractor, Premises, Title};

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub changes: Vec<Change>,
    pub offices: Vec<(OfficeId, String)>,
    pub contractors: Vec<Contractor>,
    pub premises: Vec<Premises>,
    pub titles: Vec<Title>,
    /// Titles that hold today.
    pub current_titles: usize,
    /// Titles that held today or were to, and no longer do. Only told of a full snapshot.
    pub ending: Vec<NamedTitle>,
}

/// One title, as the register tells titles apart.
type TitleKey = (ContractorId, PremisesId, &'static str);

pub(super) async fn compare(
    connection: &impl ConnectionTrait,
    ambient: &Ambient,
    file: &RegisterFile,
    terms: Terms,
    progress: &mut impl FnMut(Step, usize, usize),
) -> Result<Plan, DbErr> {
    let mut comparison = Comparison {
        connection,
        ambient,
        now: ambient.now(),
        terms,
        file,
        plan: Plan::default(),
        progress,
        looked_up: 0,
    };
    let offices = comparison.offices().await?;
    let contractors = comparison.contractors(&offices).await?;
    let premises = comparison.premises().await?;
    let in_file = comparison.titles(&contractors, &premises).await?;
    if let Scope::FullSnapshot { .. } = terms.scope {
        comparison.end_what_is_missing(&in_file).await?;
    }
    Ok(comparison.plan)
}

struct Comparison<'a, C, P> {
    connection: &'a C,
    ambient: &'a Ambient,
    now: Moment,
    terms: Terms,
    file: &'a RegisterFile,
    plan: Plan,
    progress: &'a mut P,
    looked_up: usize,
}

/// Ids in the order of the file's rows, and those of rows that the register has already.
struct Found<I> {
    ids: Vec<I>,
    known: Vec<I>,
}

impl<C: ConnectionTrait, P: FnMut(Step, usize, usize)> Comparison<'_, C, P> {
    async fn offices(&mut self) -> Result<HashMap<String, OfficeId>, DbErr> {
        let mut ids: HashMap<String, OfficeId> =
            people::offices(self.connection).await?.into_iter().map(|(id, name)| (name, id)).collect();
        let named: BTreeSet<&str> = self.file.contractors.iter().map(|row| row.office.as_str()).collect();
        for name in named {
            if !ids.contains_key(name) {
                let id = self.ambient.new_id();
                ids.insert(name.to_owned(), id);
                self.plan.offices.push((id, name.to_owned()));
                self.plan.changes.push(Change::NewOffice { office: name.to_owned() });
            }
        }
        Ok(ids)
    }

    async fn contractors(
        &mut self,
        offices: &HashMap<String, OfficeId>,
    ) -> Result<Found<ContractorId>, DbErr> {
        let office_names: HashMap<OfficeId, &str> =
            offices.iter().map(|(name, id)| (*id, name.as_str())).collect();
        let mut found = Found { ids: Vec::with_capacity(self.file.contractors.len()), known: Vec::new() };
        for rows in self.file.contractors.chunks(CHUNK) {
            let numbers: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
            let stored = register::contractors_numbered(self.connection, &numbers).await?;
            let mut stored: HashMap<String, Contractor> =
                stored.into_iter().map(|row| (row.number.clone(), row)).collect();
            for row in rows {
                let office = offices.get(&row.office).copied();
                if let Some(before) = stored.remove(&row.number) {
                    found.ids.push(before.id);
                    found.known.push(before.id);
                    let office_before = before.office.and_then(|id| office_names.get(&id).copied());
                    self.change_contractor(&before, row, office, office_before);
                } else {
                    let new = contractor(row, self.ambient.new_id(), office, self.now);
                    found.ids.push(new.id);
                    self.plan.contractors.push(new);
                    self.plan.changes.push(Change::NewContractor {
                        contractor_number: row.number.clone(),
                        name: shown_name(row),
                        office: row.office.clone(),
                    });
                }
            }
            self.tell(rows.len());
        }
        Ok(found)
    }

    fn change_contractor(
        &mut self,
        before: &Contractor,
        row: &FiledContractor,
        office: Option<OfficeId>,
        office_before: Option<&str>,
    ) {
        let names = &row.names;
        let fields: Vec<FieldChange> = [
            FieldChange::between("given_name", Some(&before.given_name), Some(&names.given_name)),
            FieldChange::between("family_name", Some(&before.family_name), Some(&names.family_name)),
            FieldChange::between(
                "organisation_name",
                before.organisation_name.as_deref(),
                names.organisation_name.as_deref(),
            ),
            FieldChange::between("office", office_before, Some(&row.office)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !fields.is_empty() {
            self.plan.contractors.push(contractor(row, before.id, office, before.created_at));
            self.plan
                .changes
                .push(Change::ContractorChanged { contractor_number: row.number.clone(), fields });
        }
    }

    async fn premises(&mut self) -> Result<Found<PremisesId>, DbErr> {
        let mut found = Found { ids: Vec::with_capacity(self.file.premises.len()), known: Vec::new() };
        for rows in self.file.premises.chunks(CHUNK) {
            let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
            let stored = register::premises_coded(self.connection, &codes).await?;
            let mut stored: HashMap<String, Premises> =
                stored.into_iter().map(|row| (row.code.clone(), row)).collect();
            for row in rows {
                if let Some(before) = stored.remove(&row.code) {
                    found.ids.push(before.id);
                    found.known.push(before.id);
                    self.change_premises(&before, row);
                } else {
                    let new = premises(row, self.ambient.new_id(), self.now);
                    found.ids.push(new.id);
                    self.plan.premises.push(new);
                    self.plan.changes.push(Change::NewPremises {
                        premises: row.code.clone(),
                        kind: row.kind.as_str(),
                        address: shown_address(row),
                    });
                }
            }
            self.tell(rows.len());
        }
        Ok(found)
    }

    fn change_premises(&mut self, before: &Premises, row: &FiledPremises) {
        let fields: Vec<FieldChange> = [
            FieldChange::between_kinds(before.kind, row.kind),
            FieldChange::between("street", before.street.as_deref(), row.street.as_deref()),
            FieldChange::between("postal_code", before.postal_code.as_deref(), row.postal_code.as_deref()),
            FieldChange::between("city", before.city.as_deref(), row.city.as_deref()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !fields.is_empty() {
            self.plan.premises.push(premises(row, before.id, before.created_at));
            self.plan.changes.push(Change::PremisesChanged { premises: row.code.clone(), fields });
        }
    }

    /// Returns which titles of the register the file has too.
    async fn titles(
        &mut self,
        contractors: &Found<ContractorId>,
        premises: &Found<PremisesId>,
    ) -> Result<HashSet<LegalTitleId>, DbErr> {
        let mut stored: HashMap<TitleKey, Title> = HashMap::new();
        for some in contractors.known.chunks(CHUNK) {
            let titles = register::titles_of(self.connection, some).await?;
            stored.extend(titles.into_iter().map(|title| (key(&title), title)));
            self.tell(some.len());
        }
        let mut in_file = HashSet::new();
        for row in &self.file.titles {
            let (contractor, premises) = (contractors.ids[row.contractor], premises.ids[row.premises]);
            let (role, from, until) = (row.title.role(), row.title.valid_from(), row.title.valid_until());
            let named = NamedTitle::new(
                &self.file.contractors[row.contractor].number,
                &self.file.premises[row.premises].code,
                role,
            );
            let Some(before) = stored.get(&(contractor, premises, role.as_str())) else {
                self.plan.titles.push(Title {
                    id: self.ambient.new_id(),
                    contractor,
                    premises,
                    role,
                    valid_from: from,
                    valid_until: until,
                    created_at: self.now,
                });
                self.plan.changes.push(Change::NewTitle {
                    title: named,
                    valid_from: from,
                    valid_until: until,
                });
                continue;
            };
            in_file.insert(before.id);
            let fields: Vec<FieldChange> = [
                FieldChange::between_dates("valid_from", before.valid_from, from),
                FieldChange::between_dates("valid_until", before.valid_until, until),
            ]
            .into_iter()
            .flatten()
            .collect();
            if fields.is_empty() {
                continue;
            }
            if is_open(before.valid_until, self.terms.today) && !is_open(until, self.terms.today) {
                self.plan.ending.push(named.clone());
            }
            self.plan.titles.push(Title { valid_from: from, valid_until: until, ..*before });
            self.plan.changes.push(Change::TitleChanged { title: named, fields });
        }
        Ok(in_file)
    }

    async fn end_what_is_missing(&mut self, in_file: &HashSet<LegalTitleId>) -> Result<(), DbErr> {
        let today = self.terms.today;
        let open = register::titles_since(self.connection, today).await?;
        self.plan.current_titles =
            open.iter().filter(|title| title.valid_from.is_none_or(|from| from <= today)).count();
        let missing: Vec<Title> = open.into_iter().filter(|title| !in_file.contains(&title.id)).collect();
        let mut ended = Vec::with_capacity(missing.len());
        for titles in missing.chunks(CHUNK) {
            let holders: Vec<ContractorId> = titles.iter().map(|title| title.contractor).collect();
            let held: Vec<PremisesId> = titles.iter().map(|title| title.premises).collect();
            let numbers: HashMap<ContractorId, String> = register::contractors(self.connection, &holders)
                .await?
                .into_iter()
                .map(|row| (row.id, row.number))
                .collect();
            let codes: HashMap<PremisesId, String> = register::premises(self.connection, &held)
                .await?
                .into_iter()
                .map(|row| (row.id, row.code))
                .collect();
            for title in titles {
                let (Some(number), Some(code)) = (numbers.get(&title.contractor), codes.get(&title.premises))
                else {
                    continue;
                };
                // What was to begin later never does.
                let until = title.valid_from.map_or(today, |from| from.max(today));
                let title = Title { valid_until: Some(until), ..*title };
                ended.push((NamedTitle::new(number, code, title.role), until, title));
            }
        }
        ended.sort_by(|(a, ..), (b, ..)| {
            (&a.contractor_number, &a.premises, a.role).cmp(&(&b.contractor_number, &b.premises, b.role))
        });
        for (named, valid_until, title) in ended {
            self.plan.ending.push(named.clone());
            self.plan.titles.push(title);
            self.plan.changes.push(Change::TitleEnded { title: named, valid_until });
        }
        Ok(())
    }

    fn tell(&mut self, done: usize) {
        self.looked_up += done;
        // Titles are looked up by their contractors.
        let of = self.file.contractors.len() * 2 + self.file.premises.len();
        (self.progress)(Step::Comparing, self.looked_up, of);
    }
}

fn key(title: &Title) -> TitleKey {
    (title.contractor, title.premises, TitleRole::as_str(title.role))
}

/// Does a title with this end hold on this day, or later?
fn is_open(valid_until: Option<NaiveDate>, today: NaiveDate) -> bool {
    valid_until.is_none_or(|until| today < until)
}

fn contractor(
    row: &FiledContractor,
    id: ContractorId,
    office: Option<OfficeId>,
    created_at: Moment,
) -> Contractor {
    Contractor {
        id,
        number: row.number.clone(),
        given_name: row.names.given_name.clone(),
        family_name: row.names.family_name.clone(),
        organisation_name: row.names.organisation_name.clone(),
        office,
        created_at,
    }
}

fn premises(row: &FiledPremises, id: PremisesId, created_at: Moment) -> Premises {
    Premises {
        id,
        code: row.code.clone(),
        kind: row.kind,
        street: row.street.clone(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
        created_at,
    }
}

fn shown_name(row: &FiledContractor) -> String {
    let names = &row.names;
    let person = format!("{} {}", names.given_name, names.family_name);
    match &names.organisation_name {
        Some(organisation) if person.trim().is_empty() => organisation.clone(),
        Some(organisation) => format!("{organisation} ({})", person.trim()),
        None => person,
    }
}

fn shown_address(row: &FiledPremises) -> String {
    let place = [&row.postal_code, &row.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let lines = row.street.iter().cloned().chain(Some(place).filter(|place| !place.is_empty()));
    lines.collect::<Vec<_>>().join(", ")
}
