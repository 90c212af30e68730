//! What the chain was at a moment, signed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_checkpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub seq: i64,
    pub hash: String,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    /// Absent while neither the log nor the file has it.
    pub written_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
