//! What holds of a database whatever was done to it, asked in SQL alone: by `pingxuan doctor`, and after every story of the tests.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::{QueryResult, Statement, TryGetable};
use serde_json::Value;
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::{from_json, mark};
use crate::error::StoreError;
use crate::vault::digest;

/// How many events are read at once.
const AT_ONCE: u32 = 5_000;

/// What is wrong with a database; nothing is, where it is as it must be.
///
/// # Errors
/// [`StoreError`] where the database refuses, or holds what cannot be read at all.
pub async fn broken(connection: &impl Connection) -> Result<Vec<String>, StoreError> {
    let db = Tables(connection);
    let mut broken = db.quotas_and_shares().await?;
    broken.extend(db.lists_alive().await?);
    broken.extend(db.awards_without_notice().await?);
    broken.extend(db.events().await?);
    Ok(broken)
}

/// Tables with a workflow, as the audit names their objects: kind, table, id, state.
const FLOWS: [(&str, &str, &str, &str); 12] = [
    ("campaign", "campaigns", "id", "state"),
    ("application", "applications", "id", "state"),
    ("assignment", "assignments", "id", "state"),
    ("score_sheet", "score_sheets", "assignment_id", "state"),
    ("shortlist", "shortlists", "id", "state"),
    ("public_notice", "public_notices", "id", "state"),
    ("duty_record", "duty_records", "id", "state"),
    ("recusal", "recusals", "id", "state"),
    ("vetting_request", "vetting_requests", "id", "state"),
    ("veto", "vetoes", "id", "state"),
    ("objection", "objections", "id", "state"),
    ("user", "users", "id", "state"),
];

/// What stands in a column.
fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    Ok(row.try_get("", column)?)
}

/// What a column holds as JSON.
fn json(row: &QueryResult, column: &str) -> Result<Value, StoreError> {
    from_json(column, &get::<String>(row, column)?)
}

struct Tables<'a, C>(&'a C);

impl<C: Connection> Tables<'_, C> {
    async fn rows(&self, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
        Ok(self.0.query_all_raw(Statement::from_string(self.0.get_database_backend(), sql)).await?)
    }

    /// D-205, D-206: no list that is proposed or further has more entries standing than the quota; no approved one breaks a share.
    async fn quotas_and_shares(&self) -> Result<Vec<String>, StoreError> {
        let rows = self
            .rows(
                "SELECT l.category_code AS category, l.state AS state, c.definition AS definition, \
                 COUNT(*) AS standing, \
                 SUM(CASE WHEN a.is_leading_cadre THEN 1 ELSE 0 END) AS leading, \
                 SUM(CASE WHEN a.front_line THEN 1 ELSE 0 END) AS front_line \
                 FROM shortlists l JOIN campaigns c ON c.id = l.campaign_id \
                 JOIN shortlist_entries e ON e.shortlist_id = l.id \
                 JOIN applications a ON a.id = e.application_id \
                 WHERE l.state IN ('proposed', 'endorsed', 'noticed', 'approved') \
                 AND a.state IN ('shortlisted', 'awarded', 'revoked') \
                 GROUP BY l.id, l.category_code, l.state, c.definition",
            )
            .await?;
        rows.iter().filter_map(|row| too_many(row).transpose()).collect()
    }

    /// One list of a category is alive at a time.
    async fn lists_alive(&self) -> Result<Vec<String>, StoreError> {
        let rows = self
            .rows(
                "SELECT category_code AS category, COUNT(*) AS alive FROM shortlists WHERE state <> 'returned' \
                 GROUP BY campaign_id, category_code HAVING COUNT(*) > 1",
            )
            .await?;
        rows.iter()
            .map(|row| {
                let (alive, category): (i64, String) = (get(row, "alive")?, get(row, "category")?);
                Ok(format!("{alive} lists of {category} are alive"))
            })
            .collect()
    }

    /// D-707: whoever is awarded stands on an approved list and stood in a closed notice of it.
    async fn awards_without_notice(&self) -> Result<Vec<String>, StoreError> {
        let closed =
            self.rows("SELECT shortlist_id, content FROM public_notices WHERE state = 'closed'").await?;
        let mut named: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        for row in &closed {
            let (content, list) = (json(row, "content")?, get(row, "shortlist_id")?);
            let entries = content.get("entries").and_then(Value::as_array).into_iter().flatten();
            let ids = entries.filter_map(|entry| entry.get("application_id")?.as_str()?.parse().ok());
            named.extend(ids.map(|id: Uuid| (list, id)));
        }
        let awarded = self
            .rows(
                "SELECT a.id AS id, l.id AS list FROM applications a \
                 LEFT JOIN shortlist_entries e ON e.application_id = a.id \
                 AND EXISTS (SELECT 1 FROM shortlists s WHERE s.id = e.shortlist_id AND s.state = 'approved') \
                 LEFT JOIN shortlists l ON l.id = e.shortlist_id \
                 WHERE a.state IN ('awarded', 'revoked') OR a.id IN (SELECT application_id FROM awards)",
            )
            .await?;
        let mut broken = Vec::new();
        for row in &awarded {
            let (id, list): (Uuid, Option<Uuid>) = (get(row, "id")?, get(row, "list")?);
            if list.is_none_or(|list| !named.contains(&(list, id))) {
                broken.push(format!("{id} is awarded without a closed notice of its list"));
            }
        }
        Ok(broken)
    }

    /// D-1001: every step is written down once, and the steps of each object lead to where it is: for the house, and for those
    /// outside it, who see an application move later (D-403).
    async fn events(&self) -> Result<Vec<String>, StoreError> {
        let mut paths: BTreeMap<(bool, String, Uuid), Path> = BTreeMap::new();
        let (mut seen, mut broken, mut after) = (HashSet::new(), Vec::new(), Uuid::nil());
        loop {
            let rows = self.events_after(after).await?;
            for row in &rows {
                let (kind, id): (String, Uuid) = (get(row, "object_kind")?, get(row, "object_id")?);
                let audience: String = get(row, "audience")?;
                let mut leaf = json(row, "leaf")?;
                let text = |member: &str| leaf.get(member).and_then(Value::as_str).map(str::to_owned);
                let (from, to) = (text("from"), text("to"));
                leaf.as_object_mut().map(|members| members.remove("id"));
                if !seen.insert(digest(format!("{audience} {leaf}").as_bytes())) {
                    broken.push(format!("written down twice: {leaf}"));
                }
                for inside in [true, false] {
                    let told = if inside { audience != "outsiders" } else { audience != "insiders" };
                    if told {
                        paths.entry((inside, kind.clone(), id)).or_default().step(from.clone(), to.clone());
                    }
                }
            }
            let Some(last) = rows.last() else { break };
            after = get(last, "id")?;
        }
        for (kind, table, id, state) in FLOWS {
            broken.extend(self.paths_end((kind, table, id, state), true, &mut paths).await?);
        }
        let shown = ("application", "applications", "id", "shown_state");
        broken.extend(self.paths_end(shown, false, &mut paths).await?);
        let followed = |kind: &str| FLOWS.iter().any(|(of, _, _, _)| *of == kind);
        let gone = paths.iter().filter(|((inside, kind, _), _)| *inside && followed(kind));
        broken.extend(gone.filter(|(_, path)| !path.leads_to(None)).map(|((_, kind, id), path)| {
            format!("{kind} {id} is gone, and its events lead elsewhere: {path:?}")
        }));
        Ok(broken)
    }

    /// The events after one, a piece of them: there may be more than memory holds.
    async fn events_after(&self, id: Uuid) -> Result<Vec<QueryResult>, StoreError> {
        let backend = self.0.get_database_backend();
        let wanted = format!(
            "SELECT id, object_kind, object_id, audience, leaf FROM audit_events WHERE id > {} ORDER BY id LIMIT {AT_ONCE}",
            mark(backend, 1)
        );
        Ok(self.0.query_all_raw(Statement::from_sql_and_values(backend, wanted, [id.into()])).await?)
    }

    async fn paths_end(
        &self,
        (kind, table, id, state): (&str, &str, &str, &str),
        inside: bool,
        paths: &mut BTreeMap<(bool, String, Uuid), Path>,
    ) -> Result<Vec<String>, StoreError> {
        let rows = self.rows(&format!("SELECT {id} AS id, {state} AS state FROM {table}")).await?;
        let mut broken = Vec::new();
        for row in &rows {
            let (id, now): (Uuid, String) = (get(row, "id")?, get(row, "state")?);
            let path = paths.remove(&(inside, kind.to_owned(), id)).unwrap_or_default();
            if !path.leads_to(Some(&now)) {
                broken.push(format!(
                    "{kind} {id} is `{now}` ({state}), and its events lead elsewhere: {path:?}"
                ));
            }
        }
        Ok(broken)
    }
}

/// A list whose standing entries are more than its category allows, or break its shares.
fn too_many(row: &QueryResult) -> Result<Option<String>, StoreError> {
    let definition = json(row, "definition")?;
    let (category, state): (String, String) = (get(row, "category")?, get(row, "state")?);
    let (standing, leading, front_line): (i64, i64, i64) =
        (get(row, "standing")?, get(row, "leading")?, get(row, "front_line")?);
    let mut of = definition.get("categories").and_then(Value::as_array).into_iter().flatten();
    let of = of.find(|of| of.get("code").and_then(Value::as_str) == Some(&category));
    let number = |pointer: &str| of?.pointer(pointer)?.as_i64();
    let Some(quota) = number("/quota/value") else { return Ok(None) };
    let most = number("/share_rules/value/leading_cadres_at_most_percent")
        .map(|percent| if quota < 5 { 0 } else { standing * percent / 100 });
    let least = number("/share_rules/value/front_line_at_least_percent")
        .map_or(0, |percent| (standing * percent + 99) / 100);
    let nominee = of.and_then(|of| of.pointer("/nominee/value")).and_then(Value::as_str);
    let shares = nominee != Some("unit") && state == "approved";
    let wrong =
        standing > quota || (shares && (most.is_some_and(|most| leading > most) || front_line < least));
    Ok(wrong.then(|| {
        format!("the {state} list of {category} has {standing} of {quota}, {leading} leading, {front_line} at the front line")
    }))
}

/// The steps of one object: how often each state is entered more than it is left. Those of one instant have no order, so they are
/// counted and not followed.
#[derive(Debug, Default)]
struct Path(Vec<(Option<String>, i64)>);

impl Path {
    fn step(&mut self, from: Option<String>, to: Option<String>) {
        self.count(from, -1);
        self.count(to, 1);
    }

    fn count(&mut self, state: Option<String>, more: i64) {
        match self.0.iter_mut().find(|(known, _)| *known == state) {
            Some((_, net)) => *net += more,
            None => self.0.push((state, more)),
        }
    }

    /// Whether the steps, whatever their order, begin with nothing and end here: every other state is entered as often as it is
    /// left.
    fn leads_to(&self, end: Option<&str>) -> bool {
        let count = |state: &Option<String>| i64::from(state.as_deref() == end) - i64::from(state.is_none());
        !self.0.is_empty() && self.0.iter().all(|(state, net)| *net == count(state))
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn steps_lead_from_nothing_to_the_end_whatever_their_order() {
        let path = |steps: &[(&str, &str)]| {
            let mut path = Path::default();
            let state = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            steps.iter().for_each(|(from, to)| path.step(state(from), state(to)));
            path
        };
        let there_and_back = [("b", "a"), ("", "a"), ("a", "b"), ("a", "b")];
        assert!(path(&there_and_back).leads_to(Some("b")));
        assert!(!path(&there_and_back).leads_to(Some("a")));
        assert!(!path(&there_and_back[..3]).leads_to(Some("b")), "one is missing");
        assert!(!path(&[("", "a"), ("a", "b"), ("a", "b")]).leads_to(Some("b")), "one is there twice");
        assert!(path(&[("", "a"), ("a", "")]).leads_to(None));
        assert!(!path(&[("", "a")]).leads_to(None));
        assert!(!path(&[]).leads_to(None));
    }
}
