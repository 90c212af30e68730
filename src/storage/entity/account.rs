//! A person's account. The hashes leave this room only towards `accounts::verdict`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub login: String,
    pub subject: String,
    pub state: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub initial_password_hash: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub organisation_name: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub locale: Option<String>,
    pub attributes: Json,
    pub office_id: Option<Uuid>,
    pub password_changed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub state_since: Option<DateTimeUtc>,
    pub closure_requested_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_reason: Option<String>,
    pub initial_password_recovers: bool,
    /// Mailed links that were made before do not block the account any more.
    pub block_links_from: Option<DateTimeUtc>,
    pub suspended_why: Option<String>,
    /// Absent until the profile changes for the first time.
    pub profile_updated_at: Option<DateTimeUtc>,
    /// When somebody first signed in to the end.
    pub first_signed_in_at: Option<DateTimeUtc>,
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
