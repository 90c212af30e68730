//! One place in a budget: leased while its hash is computed, kept while it counts as a failure.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub budget_id: Uuid,
    pub lease_ends_at: DateTimeUtc,
    pub failed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::attempt_budget::Entity",
        from = "Column::BudgetId",
        to = "super::attempt_budget::Column::Id"
    )]
    AttemptBudget,
}

impl Related<super::attempt_budget::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AttemptBudget.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
