//! A refresh token, by its digest.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub grant_id: Uuid,
    pub generation: i32,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub sealed_answer: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::token_grant::Entity",
        from = "Column::GrantId",
        to = "super::token_grant::Column::Id"
    )]
    TokenGrant,
}

impl Related<super::token_grant::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TokenGrant.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
