//! `GET Messages.json`: newest first, by To, From and date *sent* (so a date hides what is still queued), in
//! pages that stay put while new messages come.

use axum::Json;
use axum::extract::{RawQuery, State};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Shared;
use super::error::ApiError;
use crate::message::Message;
use crate::moment::Moment;
use crate::number::normalise;

const USUAL_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1_000;
const DAY_MS: i64 = 86_400_000;

#[derive(Default)]
struct Query {
    to: Option<String>,
    from: Option<String>,
    sent_from: Option<i64>,
    sent_until: Option<i64>,
    page: usize,
    page_size: Option<usize>,
    after: Option<String>,
    /// What belongs to every page's address.
    filters: Vec<(String, String)>,
}

/// `GET Messages.json`
pub(super) async fn list(State(world): Shared, RawQuery(raw): RawQuery) -> Result<Json<Value>, ApiError> {
    let query = Query::parse(raw.as_deref().unwrap_or_default())?;
    let size = query.page_size.unwrap_or(USUAL_PAGE).clamp(1, LARGEST_PAGE);
    let inner = world.lock();
    let mut found = inner.state.messages().iter().rev().filter(|message| query.wants(message)).peekable();
    if let Some(after) = &query.after {
        found.by_ref().find(|message| message.sid == *after);
    }
    let page: Vec<&Message> = found.by_ref().take(size).collect();
    let last = page.last().filter(|_| found.peek().is_some());
    let next = last.map(|last| query.address(&world.account_sid, size, Some((query.page + 1, &last.sid))));
    let messages: Vec<Value> = page.iter().map(|message| message.to_twilio(&world.account_sid)).collect();
    let start = query.page * size;
    Ok(Json(json!({
        "end": start + messages.len().saturating_sub(1),
        "first_page_uri": query.address(&world.account_sid, size, None),
        "messages": messages,
        "next_page_uri": next,
        "page": query.page,
        "page_size": size,
        "previous_page_uri": null,
        "start": start,
        "uri": query.address(&world.account_sid, size, None),
    })))
}

impl Query {
    fn parse(raw: &str) -> Result<Self, ApiError> {
        let mut query = Self::default();
        for (name, value) in
            form_urlencoded::parse(raw.as_bytes()).into_owned().filter(|(_, value)| !value.is_empty())
        {
            let number = || {
                value.parse::<usize>().map_err(|_| ApiError::new(20001, format!("{name} is not a number")))
            };
            match name.as_str() {
                "To" => query.to = Some(normalise(&value).unwrap_or_else(|| value.clone())),
                "From" => query.from = Some(normalise(&value).unwrap_or_else(|| value.clone())),
                "DateSent" => (query.sent_from, query.sent_until) = day(&value)?,
                "DateSent>" => query.sent_from = Some(instant(&value, 0)?),
                "DateSent<" => query.sent_until = Some(instant(&value, DAY_MS - 1)?),
                "Page" => query.page = number()?,
                "PageSize" => query.page_size = Some(number()?),
                "PageToken" => query.after = value.strip_prefix("PA").map(str::to_owned),
                _ => {}
            }
            if matches!(name.as_str(), "To" | "From" | "DateSent" | "DateSent>" | "DateSent<") {
                query.filters.push((name, value));
            }
        }
        Ok(query)
    }

    fn wants(&self, message: &Message) -> bool {
        let sent = message.sent.map(Moment::unix_ms);
        let dated = |limit: Option<i64>, fits: fn(i64, i64) -> bool| {
            limit.is_none_or(|limit| sent.is_some_and(|sent| fits(sent, limit)))
        };
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self.from.as_ref().is_none_or(|from| *from == message.from)
            && dated(self.sent_from, |sent, limit| sent >= limit)
            && dated(self.sent_until, |sent, limit| sent <= limit)
    }

    fn address(&self, account_sid: &str, size: usize, page: Option<(usize, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.filters).append_pair("PageSize", &size.to_string());
        let (number, token) = page.map_or((0, None), |(number, sid)| (number, Some(format!("PA{sid}"))));
        query.append_pair("Page", &number.to_string()).extend_pairs(token.map(|token| ("PageToken", token)));
        format!("/2010-04-01/Accounts/{account_sid}/Messages.json?{}", query.finish())
    }
}

/// The whole day in UTC, also where a time is given: Twilio's libraries write a day as its midnight.
fn day(written: &str) -> Result<(Option<i64>, Option<i64>), ApiError> {
    let date = written.split('T').next().unwrap_or(written);
    Ok((Some(instant(date, 0)?), Some(instant(date, DAY_MS - 1)?)))
}

/// `YYYY-MM-DD` (plus so many milliseconds) or an RFC 3339 time.
fn instant(written: &str, into_the_day: i64) -> Result<i64, ApiError> {
    if let Ok(timestamp) = written.parse::<jiff::Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    let date: Date = written.parse().map_err(|_| ApiError::new(20001, "DateSent is not a date"))?;
    let midnight =
        date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| ApiError::new(20001, "DateSent is no date"))?;
    Ok(midnight.timestamp().as_millisecond() + into_the_day)
}
