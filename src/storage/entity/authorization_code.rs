//! An authorization code, by its digest.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "authorization_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub grant_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub redirect_uri: String,
    pub code_challenge: Option<String>,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
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
