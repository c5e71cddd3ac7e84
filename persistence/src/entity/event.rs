//! Rows of events; they only grow.

/// Audit events.
pub(crate) mod audit_event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub operation: String,
        pub actor_id: Option<Uuid>,
        pub actor_role: Option<String>,
        pub object_kind: String,
        pub object_id: Uuid,
        pub campaign_id: Option<Uuid>,
        pub audience: String,
        pub leaf: String,
        pub outcome: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Outgoing events.
pub(crate) mod outgoing_event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outgoing_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub kind: String,
        pub object_kind: String,
        pub object_id: Uuid,
        pub campaign_id: Option<Uuid>,
        pub audience: String,
        pub leaf: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
