//! Rows of the selection: campaigns, extensions, applications and what was submitted.

/// 评选活动.
pub(crate) mod campaign {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "campaigns")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub year: i32,
        pub title: String,
        pub state: String,
        pub definition: String,
        pub definition_digest: String,
        pub opens_at: i64,
        pub closes_at: i64,
        pub published_at: Option<i64>,
        pub announced_at: Option<i64>,
        pub seal_opened_at: Option<i64>,
        pub cancel_reason: Option<String>,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 申报/推荐.
pub(crate) mod application {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "applications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub category_code: String,
        pub nominee_kind: String,
        pub unit_id: Option<Uuid>,
        pub supervisor_id: Option<Uuid>,
        pub nominee_name: String,
        pub nominee_post: Option<String>,
        pub is_leading_cadre: bool,
        pub front_line: bool,
        pub form: String,
        pub personal: Option<Vec<u8>>,
        pub person_index: Option<Vec<u8>>,
        pub content_digest: String,
        pub attached: String,
        pub state: String,
        pub version: i64,
        pub shown_state: String,
        pub shown_version: i64,
        pub shown_updated_at: i64,
        pub entered_by_office: bool,
        pub reason: Option<String>,
        pub rejection: Option<String>,
        pub correct_by: Option<String>,
        pub paper: Option<String>,
        pub handling: String,
        pub submitted_at: Option<i64>,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A longer time for one unit, or for all.
pub(crate) mod extension {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "extensions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub campaign_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub until: String,
        pub document_number: Option<String>,
        pub reason: String,
        pub granted_by: Uuid,
        pub granted_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was submitted, kept as it was.
pub(crate) mod snapshot {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application_snapshots")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub form: String,
        pub personal: Option<Vec<u8>>,
        pub content_digest: String,
        pub attached: String,
        pub submitted_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// 附件.
pub(crate) mod attachment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub application_id: Uuid,
        pub code: Option<String>,
        pub pointers: String,
        pub name: String,
        pub kind: Option<String>,
        pub size: i64,
        pub digest: Option<String>,
        pub received: i64,
        pub state: String,
        pub created_by: Uuid,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A paper that was printed.
pub(crate) mod printed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "printed_documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub check_code: String,
        pub kind: String,
        pub object_id: Uuid,
        pub digest: String,
        pub printed_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Long work.
pub(crate) mod job {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "jobs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub asked: String,
        pub owner_id: Uuid,
        pub owner_name: String,
        pub owner_role: String,
        pub language: String,
        pub request_id: String,
        pub campaign_id: Option<Uuid>,
        pub state: String,
        pub progress: i32,
        pub attempts: i32,
        pub held_until: Option<i64>,
        pub holder: Option<Uuid>,
        pub result: Option<String>,
        pub fault: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
        pub finished_at: Option<i64>,
        pub expires_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
