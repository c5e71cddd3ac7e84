//! Rows of review and decision: ties, adjustments, vetting, lists, notices, objections, awards.

/// Orders given to ties.
pub(crate) mod tie_resolution {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tie_resolutions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub application_ids: String,
        pub reason: String,
        pub resolved_by: Uuid,
        pub resolved_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 候选名单.
pub(crate) mod shortlist {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shortlists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub state: String,
        pub ranking: String,
        pub ranking_digest: String,
        pub departures: String,
        pub proposed_by: Option<Uuid>,
        pub substituted_by: String,
        pub decision: Option<String>,
        pub reason: Option<String>,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Candidates of a list.
pub(crate) mod shortlist_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shortlist_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub shortlist_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Uuid,
        pub position: i32,
        pub declined_reason: Option<String>,
        pub substitutes: Option<Uuid>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 公示.
pub(crate) mod public_notice {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "public_notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub shortlist_id: Uuid,
        pub category_code: String,
        pub state: String,
        pub content: String,
        pub digest: String,
        pub published_at: i64,
        pub closes_at: i64,
        pub ended_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 表彰.
pub(crate) mod award {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "awards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub application_id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub certificate_number: String,
        pub honouree: String,
        pub unit_name: Option<String>,
        pub post: Option<String>,
        pub document_number: String,
        pub decided_on: String,
        pub position: i32,
        pub state: String,
        pub revocation: Option<String>,
        pub announced_at: i64,
        pub version: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Points given or taken.
pub(crate) mod point_adjustment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "point_adjustments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub application_id: Uuid,
        pub points: i32,
        pub reason: String,
        pub adjusted_by: Uuid,
        pub adjusted_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Categories decided without an award.
pub(crate) mod no_award {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "no_awards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub decision: String,
        pub decided_by: Uuid,
        pub decided_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 征求意见.
pub(crate) mod vetting_request {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "vetting_requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub application_id: Uuid,
        pub department_id: Uuid,
        pub state: String,
        pub due_on: String,
        pub asked_by: Uuid,
        pub opinion: Option<String>,
        pub resolution: Option<String>,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 异议.
pub(crate) mod objection {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "objections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub notice_id: Uuid,
        pub shortlist_id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub application_id: Option<Uuid>,
        pub receipt_digest: String,
        pub objector: Option<Vec<u8>>,
        pub content: String,
        pub evidence: String,
        pub late: bool,
        pub state: String,
        pub investigator_id: Option<Uuid>,
        pub findings: Option<String>,
        pub answer: Option<String>,
        pub consequence: Option<String>,
        pub consequence_reason: Option<String>,
        pub version: i64,
        pub filed_at: i64,
        pub resolved_at: Option<i64>,
        pub updated_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
