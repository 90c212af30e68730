//! One of a letter's numbered single-use recovery codes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub letter_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i16,
    #[sea_orm(column_type = "Text")]
    pub hash: String,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::credential_letter::Entity",
        from = "Column::LetterId",
        to = "super::credential_letter::Column::Id"
    )]
    CredentialLetter,
}

impl Related<super::credential_letter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CredentialLetter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
