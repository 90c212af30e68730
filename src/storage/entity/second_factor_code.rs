//! A recovery code of somebody's second factor.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// An argon2id hash, the whole set under one salt; a SHA-256 of codes from before.
    pub digest: String,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::second_factor::Entity",
        from = "Column::AccountId",
        to = "super::second_factor::Column::AccountId"
    )]
    SecondFactor,
}

impl Related<super::second_factor::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SecondFactor.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
