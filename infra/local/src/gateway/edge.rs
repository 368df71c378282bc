//! What CloudFront adds: the headers policies of `edge.yaml`, by path.

use http::header::X_FRAME_OPTIONS;
use http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use porchlight_engine::Stack;
use serde_json::Value;

/// Paths and the headers that their answers get.
#[derive(Clone, Debug, Default)]
pub struct EdgeHeaders(Vec<Behavior>);

#[derive(Clone, Debug)]
struct Behavior {
    /// `/assets/*`; `*` for everything else.
    pattern: String,
    headers: Vec<Header>,
}

#[derive(Clone, Debug, PartialEq)]
struct Header {
    name: HeaderName,
    value: HeaderValue,
    replaces: bool,
}

impl EdgeHeaders {
    /// Reads the distribution. Over plain http nobody is told to come by https only.
    pub fn read(stack: &Stack, https: bool) -> Result<Self, String> {
        let distribution =
            stack.of_kind("AWS::CloudFront::Distribution").next().ok_or("edge.yaml: no distribution")?;
        let config = &distribution.properties["DistributionConfig"];
        let listed = config["CacheBehaviors"].as_array().into_iter().flatten();
        let behaviors = listed.chain([&config["DefaultCacheBehavior"]]);
        behaviors.map(|declared| behavior(stack, declared, https)).collect::<Result<_, _>>().map(Self)
    }

    /// Adds what an answer for `path` gets.
    pub fn add(&self, path: &str, headers: &mut HeaderMap) {
        let fitting = self.0.iter().find(|behavior| fits(&behavior.pattern, path));
        for header in fitting.map_or(&[][..], |behavior| &behavior.headers) {
            if header.replaces || !headers.contains_key(&header.name) {
                headers.insert(header.name.clone(), header.value.clone());
            }
        }
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    pattern.split_once('*').map_or(pattern == path, |(before, after)| {
        path.len() >= before.len() + after.len() && path.starts_with(before) && path.ends_with(after)
    })
}

fn behavior(stack: &Stack, declared: &Value, https: bool) -> Result<Behavior, String> {
    let pattern = declared["PathPattern"].as_str().unwrap_or("*").to_owned();
    let policy = declared["ResponseHeadersPolicyId"].as_str().and_then(|id| stack.resource(id));
    let mut headers = Vec::new();
    if let Some(policy) = policy {
        let config = &policy.properties["ResponseHeadersPolicyConfig"];
        headers.extend(security_headers(&config["SecurityHeadersConfig"])?);
        for item in config["CustomHeadersConfig"]["Items"].as_array().into_iter().flatten() {
            headers.push(header(text(item, "Header"), text(item, "Value"), item)?);
        }
    }
    headers.retain(|header| https || header.name != STRICT_TRANSPORT_SECURITY);
    Ok(Behavior { pattern, headers })
}

fn security_headers(config: &Value) -> Result<Vec<Header>, String> {
    let declared = [
        (CONTENT_SECURITY_POLICY, "ContentSecurityPolicy"),
        (STRICT_TRANSPORT_SECURITY, "StrictTransportSecurity"),
        (X_CONTENT_TYPE_OPTIONS, "ContentTypeOptions"),
        (X_FRAME_OPTIONS, "FrameOptions"),
        (REFERRER_POLICY, "ReferrerPolicy"),
    ];
    let present = declared.into_iter().filter(|(_, key)| config.get(key).is_some());
    present
        .map(|(name, key)| header(name.as_str(), &security_value(key, &config[key]), &config[key]))
        .collect()
}

fn security_value(key: &str, declared: &Value) -> String {
    match key {
        "ContentSecurityPolicy" => text(declared, "ContentSecurityPolicy").trim().to_owned(),
        "ContentTypeOptions" => "nosniff".to_owned(),
        "FrameOptions" => text(declared, "FrameOption").to_owned(),
        "ReferrerPolicy" => text(declared, "ReferrerPolicy").to_owned(),
        _ => {
            let seconds = declared["AccessControlMaxAgeSec"].as_u64().unwrap_or_default();
            let subdomains = if declared["IncludeSubdomains"] == true { "; includeSubDomains" } else { "" };
            format!("max-age={seconds}{subdomains}")
        }
    }
}

fn header(name: &str, value: &str, declared: &Value) -> Result<Header, String> {
    let wrong = || format!("edge.yaml: header {name} cannot be sent");
    Ok(Header {
        name: HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?,
        value: HeaderValue::from_str(value).map_err(|_| wrong())?,
        replaces: declared["Override"] == true,
    })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_assets_and_the_api_get_their_own_headers() {
        let edge = EdgeHeaders::read(&Stack::embedded(), false).expect("the embedded template");
        let of = |path: &str| {
            let mut headers = HeaderMap::new();
            edge.add(path, &mut headers);
            headers
        };
        let csp = of("/")[CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        assert!(csp.contains("default-src 'none'") && !csp.contains("unsafe-inline"), "{csp}");
        assert_eq!(of("/inbox")["cache-control"], "no-cache");
        assert_eq!(of("/assets/a.js")["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(of("/api/me")["cache-control"], "no-store");
        assert!(of("/").get(STRICT_TRANSPORT_SECURITY).is_none());
    }

    #[test]
    fn a_function_keeps_its_own_caching_and_https_is_demanded_over_https() {
        let edge = EdgeHeaders::read(&Stack::embedded(), true).expect("the embedded template");
        let mut headers =
            HeaderMap::from_iter([(http::header::CACHE_CONTROL, HeaderValue::from_static("private"))]);
        edge.add("/api/media/x", &mut headers);
        assert_eq!(headers["cache-control"], "private");
        assert!(headers.contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
