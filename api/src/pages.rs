//! Lists: pages by key, with cursors that are opaque and bound to what was asked (docs/api-design.md, rule 2).

use actix_web::HttpResponse;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pingxuan_domain::{ErrorCode, Fault};
use pingxuan_persistence::{Key, Page, PageRequest, digest_hex};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::{Answer, Call};
use crate::problem::Failure;

const LIMIT: u64 = 20;

/// What every list takes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 每页条数 · Rows at most, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u64>,
    /// 上一页给出的游标 · The `next_cursor` of the page before, for the same filters and order.
    #[param(max_length = 2000, pattern = "^[A-Za-z0-9_.-]+$")]
    pub cursor: Option<String>,
    /// 附加内容,逗号分隔 · What to add, separated by commas: `total`, `allowed_actions`.
    #[param(max_length = 60, pattern = "^(total|allowed_actions)(,(total|allowed_actions))*$")]
    pub include: Option<String>,
}

/// A page of a list.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PageView<T: ToSchema> {
    /// The rows of this page.
    #[schema(inline = false, max_items = 100)]
    pub items: Vec<T>,
    /// What to ask the next page with; null on the last.
    #[serialize_always]
    #[schema(max_length = 2000, required)]
    pub next_cursor: Option<String>,
    /// How many there are in all, with `include=total`.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    pub total: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    keys: Vec<Key>,
    binding: String,
}

impl Call {
    /// The page that is asked for.
    ///
    /// # Errors
    /// 400 `malformed_cursor` for a cursor that is not of this list, with these filters and this order.
    pub fn page(&self) -> Result<PageRequest, Failure> {
        let asked: PageQuery = self.filters()?;
        let after = asked.cursor.map(|cursor| self.unpack(&cursor)).transpose()?;
        let sort = self.parameter("sort").unwrap_or_default();
        let sort = sort.split(',').filter(|name| !name.is_empty());
        let sort = sort.map(|name| match name.strip_prefix('-') {
            Some(name) => (name.to_owned(), true),
            None => (name.to_owned(), false),
        });
        Ok(PageRequest {
            limit: asked.limit.unwrap_or(LIMIT),
            after,
            sort: sort.collect(),
            total: self.includes("total"),
        })
    }

    /// The page of a list that is known whole.
    ///
    /// # Errors
    /// As [`Call::page`].
    pub fn sliced<T>(&self, whole: Vec<T>) -> Result<Page<T>, Failure> {
        let asked = self.page()?;
        let done = match asked.after.as_deref() {
            Some([Key::Number(done)]) => usize::try_from(*done).unwrap_or(usize::MAX),
            Some(_) | None => 0,
        };
        let (count, limit) = (whole.len(), usize::try_from(asked.limit).unwrap_or(usize::MAX));
        let items: Vec<T> = whole.into_iter().skip(done).take(limit).collect();
        let reached = done.saturating_add(items.len());
        let next = (reached < count).then(|| vec![Key::Number(i64::try_from(reached).unwrap_or(i64::MAX))]);
        let total = asked.total.then(|| u64::try_from(count).unwrap_or(u64::MAX));
        Ok(Page { items, next, total })
    }

    /// Whether the list is to be answered with something more.
    #[must_use]
    pub fn includes(&self, what: &str) -> bool {
        self.parameter("include").is_some_and(|include| include.split(',').any(|included| included == what))
    }

    /// 200 with a page, whose rows are made into views.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be written.
    pub fn listed<T, V: ToSchema + Serialize>(&self, page: Page<T>, view: impl FnMut(T) -> V) -> Answer {
        let page = page.map(view);
        let next_cursor = page.next.map(|keys| self.pack(keys)).transpose()?;
        let link = next_cursor.as_ref().map(|cursor| self.link(cursor));
        let view = PageView { items: page.items, next_cursor, total: page.total };
        let body = serde_json::to_vec(&view).map_err(|error| Failure::Internal(error.to_string()))?;
        let mut response = HttpResponse::Ok();
        if let Some(link) = link {
            response.insert_header((header::LINK, link));
        }
        Ok(response.content_type("application/json").body(body))
    }

    fn link(&self, cursor: &str) -> String {
        let kept = form_urlencoded::parse(self.query().as_bytes()).filter(|(name, _)| name != "cursor");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).append_pair("cursor", cursor);
        format!("<{}?{}>; rel=\"next\"", self.path(), query.finish())
    }

    fn pack(&self, keys: Vec<Key>) -> Result<String, Failure> {
        let cursor = Cursor { keys, binding: self.bound() };
        let text = serde_json::to_vec(&cursor).map_err(|error| Failure::Internal(error.to_string()))?;
        let signature = self.vault().sign_cursor(&text);
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(signature)))
    }

    fn unpack(&self, cursor: &str) -> Result<Vec<Key>, Failure> {
        let bad = || Failure::Plain(Fault::new(ErrorCode::MalformedCursor));
        let (text, signature) = cursor.split_once('.').ok_or_else(bad)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| bad())?;
        if signature != self.vault().sign_cursor(&text) {
            return Err(bad());
        }
        let cursor: Cursor = serde_json::from_slice(&text).map_err(|_| bad())?;
        if cursor.binding == self.bound() { Ok(cursor.keys) } else { Err(bad()) }
    }

    fn bound(&self) -> String {
        digest_hex(self.binding().as_bytes()).chars().take(16).collect()
    }
}
