//! Who has which title to which premises, and for how long.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_title")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub contractor_id: Uuid,
    pub premises_id: Uuid,
    pub role: String,
    pub valid_from: Option<ChronoDate>,
    pub valid_until: Option<ChronoDate>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::contractor::Entity",
        from = "Column::ContractorId",
        to = "super::contractor::Column::Id"
    )]
    Contractor,
    #[sea_orm(
        belongs_to = "super::premises::Entity",
        from = "Column::PremisesId",
        to = "super::premises::Column::Id"
    )]
    Premises,
}

impl Related<super::contractor::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Contractor.def()
    }
}

impl Related<super::premises::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Premises.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
