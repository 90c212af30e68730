//! A contractor's application for an account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub state_since: DateTimeUtc,
    pub channel: String,
    pub locale: String,
    pub office_id: Uuid,
    pub applicant: String,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
    pub contractor_number: Option<String>,
    pub premises_street: String,
    pub premises_postal_code: String,
    pub premises_city: String,
    pub title_role: String,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub regulations_version: String,
    pub regulations_accepted_at: DateTimeUtc,
    pub name_key: String,
    pub address_key: String,
    pub scan_reference: Option<String>,
    pub taken_in_by: Option<Uuid>,
    pub received_on: Option<Date>,
    pub created_at: DateTimeUtc,
    pub link_sent_at: Option<DateTimeUtc>,
    pub submitted_at: Option<DateTimeUtc>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub override_reason: Option<String>,
    pub reviewed_at: Option<DateTimeUtc>,
    pub reviewed_by: Option<Uuid>,
    pub correction_reminded_at: Option<DateTimeUtc>,
    pub corrected_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::office::Entity",
        from = "Column::OfficeId",
        to = "super::office::Column::Id"
    )]
    Office,
}

impl Related<super::office::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Office.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
