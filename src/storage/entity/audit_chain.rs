//! The chain as a whole, one row: who works on it, where to look for more, and where it begins.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_chain")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub holder: Option<Uuid>,
    pub leased_until: Option<DateTimeUtc>,
    /// Records of before are chained, but for stragglers.
    pub look_from: Option<DateTimeUtc>,
    pub looked_everywhere_at: Option<DateTimeUtc>,
    /// What was before this checkpoint is forgotten.
    pub beginning_number: Option<i64>,
    pub beginning_seq: Option<i64>,
    pub beginning_hash: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub beginning_statement: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
