//! The register of fields is joined to the schema: no column without its row, no row without its column.

use std::collections::BTreeSet;

use pingxuan_api::register::{REGISTER, tables};
use pingxuan_tests::dump::columns;
use pingxuan_tests::{World, both};

both! {
    async fn g_14_every_column_stands_in_the_register(world: World) {
        let schema: BTreeSet<String> = columns(world.database_url()).await.into_iter().collect();
        let names = |table: &'static pingxuan_api::register::Table| {
            table.columns.iter().map(move |column| format!("{}.{}", table.name, column.name))
        };
        let told: Vec<String> = tables().flat_map(names).collect();
        let register: BTreeSet<String> = told.iter().cloned().collect();
        assert_eq!(told.len(), register.len(), "none twice");
        assert!(!REGISTER.is_empty() && schema.len() > 300, "{} columns", schema.len());
        let missing: Vec<_> = schema.difference(&register).collect();
        let stray: Vec<_> = register.difference(&schema).collect();
        assert!(missing.is_empty() && stray.is_empty(), "without a row: {missing:?}; without a column: {stray:?}");
    }
}
