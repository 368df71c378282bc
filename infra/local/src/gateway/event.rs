//! The event that API Gateway's REST proxy integration sends for a request.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::request::Parts;
use porchlight_engine::template::ACCOUNT;
use serde_json::{Value, json};

use super::routes::{Match, decoded};

/// The stage that events name.
pub const STAGE: &str = "prod";

/// What is not in the request itself.
pub struct Circumstances<'a> {
    /// Who asks.
    pub source: IpAddr,
    /// Names the request.
    pub request_id: &'a str,
    /// Unix milliseconds.
    pub at: i64,
    /// Media types whose bodies travel as base64, as the template lists them.
    pub binary: &'a [String],
}

type Many = BTreeMap<String, Vec<String>>;

/// The event as JSON.
pub fn event(parts: &Parts, body: &[u8], found: &Match<'_>, around: &Circumstances<'_>) -> Value {
    let (path, method) = (parts.uri.path(), parts.method.as_str());
    let headers = with_hops(headers(&parts.headers), around.source);
    let query = query(parts.uri.query().unwrap_or_default());
    let (body, is_base64) = encoded(body, &parts.headers, around.binary);
    json!({
        "resource": found.mounted.route.path,
        "path": path,
        "httpMethod": method,
        "headers": last_of_each(&headers),
        "multiValueHeaders": headers,
        "queryStringParameters": or_null(&query, json!(last_of_each(&query))),
        "multiValueQueryStringParameters": or_null(&query, json!(query)),
        "pathParameters": or_null(&found.parameters, json!(found.parameters)),
        "stageVariables": null,
        "requestContext": context(parts, found, around),
        "body": body,
        "isBase64Encoded": is_base64,
    })
}

fn context(parts: &Parts, found: &Match<'_>, around: &Circumstances<'_>) -> Value {
    let header = |name: http::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    json!({
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": header(http::header::HOST),
        "extendedRequestId": around.request_id,
        "httpMethod": parts.method.as_str(),
        "identity": { "sourceIp": around.source.to_string(), "userAgent": header(http::header::USER_AGENT) },
        "path": format!("/{STAGE}{}", parts.uri.path()),
        "protocol": "HTTP/1.1",
        "requestId": around.request_id,
        "requestTimeEpoch": around.at,
        "resourceId": "local",
        "resourcePath": found.mounted.route.path,
        "stage": STAGE,
    })
}

fn headers(headers: &HeaderMap) -> Many {
    let mut many = Many::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        many.entry(name.to_string()).or_default().push(value);
    }
    many
}

/// CloudFront writes who called after what the caller claims, and API Gateway writes CloudFront after that; here
/// both are this machine.
fn with_hops(mut headers: Many, source: IpAddr) -> Many {
    let claimed = headers.remove("x-forwarded-for").unwrap_or_default();
    let hops = claimed.into_iter().chain([source.to_string(), Ipv4Addr::LOCALHOST.to_string()]);
    let hops = hops.collect::<Vec<_>>().join(", ");
    headers.insert("x-forwarded-for".to_owned(), vec![hops]);
    headers
}

fn query(query: &str) -> Many {
    let mut many = Many::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        many.entry(form_decoded(name)).or_default().push(form_decoded(value));
    }
    many
}

fn form_decoded(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

fn last_of_each(many: &Many) -> BTreeMap<&String, Option<&String>> {
    many.iter().map(|(name, values)| (name, values.last())).collect()
}

/// API Gateway writes `null` for nothing.
fn or_null<K, V>(map: &BTreeMap<K, V>, value: Value) -> Value {
    if map.is_empty() { Value::Null } else { value }
}

fn encoded(body: &[u8], headers: &HeaderMap, binary: &[String]) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let content_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if is_binary(content_type.unwrap_or("application/json"), binary) {
        return (Some(STANDARD.encode(body)), true);
    }
    (Some(String::from_utf8_lossy(body).into_owned()), false)
}

fn is_binary(content_type: &str, binary: &[String]) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    binary.iter().any(|pattern| match pattern.split_once('*') {
        Some((before, after)) => {
            essence.starts_with(before) && essence.ends_with(after.trim_matches(['*', '/']))
        }
        None => *pattern == essence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_query_keys_are_all_kept_and_decoded() {
        let many = query("a=1&a=two%20words&b=x+y&c");
        assert_eq!(many["a"], ["1", "two words"]);
        assert_eq!(many["b"], ["x y"]);
        assert_eq!(many["c"], [""]);
        assert_eq!(last_of_each(&many)[&"a".to_owned()], Some(&"two words".to_owned()));
    }

    #[test]
    fn who_called_stands_before_the_last_hop_whatever_the_caller_claims() {
        let hops =
            |claimed: Many| with_hops(claimed, IpAddr::from([203, 0, 113, 7]))["x-forwarded-for"].clone();
        assert_eq!(hops(Many::new()), ["203.0.113.7, 127.0.0.1"]);
        let claimed = Many::from([("x-forwarded-for".to_owned(), vec!["10.0.0.1".to_owned()])]);
        assert_eq!(hops(claimed), ["10.0.0.1, 203.0.113.7, 127.0.0.1"]);
    }

    #[test]
    fn bodies_of_binary_types_travel_as_base64() {
        let all = vec!["*/*".to_owned()];
        assert!(is_binary("application/x-www-form-urlencoded; charset=UTF-8", &all));
        let images = vec!["image/*".to_owned(), "application/pdf".to_owned()];
        assert!(is_binary("image/png", &images) && is_binary("application/pdf", &images));
        assert!(!is_binary("application/json", &images));
    }
}
