//! A key that signs checkpoints. The public half is kept for ever, the private one until the next key.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i32,
    #[sea_orm(unique)]
    pub kid: String,
    pub public: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub sealed: Option<String>,
    pub created_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub introduction: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
