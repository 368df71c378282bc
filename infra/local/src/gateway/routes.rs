//! Which function a request reaches, by API Gateway's rules.

use std::collections::BTreeMap;

use porchlight_engine::template::ApiRoute;

use crate::invoker::Invoker;

/// A route and the function behind it.
#[derive(Clone)]
pub struct Mounted {
    /// As the template declares it.
    pub route: ApiRoute,
    /// Whom it reaches.
    pub invoker: Invoker,
}

/// All routes.
#[derive(Clone, Default)]
pub struct Routes(Vec<Mounted>);

/// A route that fits, with what its placeholders stand for.
pub struct Match<'a> {
    /// The route.
    pub mounted: &'a Mounted,
    /// `{business_id}` → value, decoded.
    pub parameters: BTreeMap<String, String>,
}

impl Routes {
    /// Routes in any order.
    pub const fn new(routes: Vec<Mounted>) -> Self {
        Self(routes)
    }

    /// The resource is chosen by its path alone, the most literal one first; then the method must exist there.
    pub fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let fitting = self.0.iter().filter_map(|mounted| {
            let parameters = parameters(&mounted.route.path, path)?;
            Some((specificity(&mounted.route.path), mounted, parameters))
        });
        let fitting: Vec<_> = fitting.collect();
        let best = fitting.iter().map(|(specificity, ..)| specificity.clone()).max()?;
        let on_resource = fitting.into_iter().filter(|(specificity, ..)| *specificity == best);
        let by_method = on_resource.filter(|(_, mounted, _)| takes(&mounted.route.method, method));
        // A method that is named goes before ANY.
        let (_, mounted, parameters) =
            by_method.min_by_key(|(_, mounted, _)| mounted.route.method == "ANY")?;
        Some(Match { mounted, parameters })
    }
}

fn takes(declared: &str, method: &str) -> bool {
    declared == "ANY" || declared == method
}

/// Segment by segment: literal before placeholder before `{rest+}`.
fn specificity(pattern: &str) -> Vec<u8> {
    segments(pattern)
        .map(|segment| match placeholder(segment) {
            None => 3,
            Some(name) if !name.ends_with('+') => 2,
            Some(_) => 1,
        })
        .collect()
}

fn parameters(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let mut given: Vec<&str> = segments(path).collect();
    for segment in segments(pattern) {
        match placeholder(segment) {
            Some(name) if name.ends_with('+') => {
                let rest = (!given.is_empty()).then(|| given.join("/"))?;
                parameters.insert(name.trim_end_matches('+').to_owned(), decoded(&rest));
                return Some(parameters);
            }
            Some(name) => {
                let value = take_first(&mut given).filter(|value| !value.is_empty())?;
                parameters.insert(name.to_owned(), decoded(value));
            }
            None => {
                take_first(&mut given).filter(|given| *given == segment)?;
            }
        }
    }
    given.is_empty().then_some(parameters)
}

fn take_first<'a>(segments: &mut Vec<&'a str>) -> Option<&'a str> {
    (!segments.is_empty()).then(|| segments.remove(0))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Percent-decoded; what is no UTF-8 is replaced, as text must be text in the event.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use porchlight_edge::Function;

    use super::*;

    fn routes() -> Routes {
        let declared = [
            ("ANY", "/api/{proxy+}"),
            ("GET", "/api/live"),
            ("POST", "/twilio/{business_id}/messages"),
            ("GET", "/both"),
            ("ANY", "/both"),
        ];
        let mount = |(method, path): (&str, &str)| Mounted {
            route: ApiRoute {
                path: path.to_owned(),
                method: method.to_owned(),
                streamed: false,
                timeout: Duration::from_secs(29),
            },
            invoker: Invoker::new("test", Function::new(), Duration::from_secs(1)),
        };
        Routes::new(declared.into_iter().map(mount).collect())
    }

    fn found(method: &str, path: &str) -> Option<(String, BTreeMap<String, String>)> {
        let routes = routes();
        let found = routes.find(method, path)?;
        Some((format!("{} {}", found.mounted.route.method, found.mounted.route.path), found.parameters))
    }

    #[test]
    fn the_most_literal_resource_wins_and_its_methods_are_final() {
        assert_eq!(found("GET", "/api/live").map(|(route, _)| route), Some("GET /api/live".to_owned()));
        assert_eq!(found("POST", "/api/live"), None);
        assert_eq!(found("GET", "/api/live/x").map(|(route, _)| route), Some("ANY /api/{proxy+}".to_owned()));
        assert_eq!(found("GET", "/both").map(|(route, _)| route), Some("GET /both".to_owned()));
        assert_eq!(found("PUT", "/both").map(|(route, _)| route), Some("ANY /both".to_owned()));
    }

    #[test]
    fn placeholders_are_filled_and_decoded() {
        let (_, parameters) = found("POST", "/twilio/b%2B1/messages").expect("a route");
        assert_eq!(parameters["business_id"], "b+1");
        let (_, parameters) = found("GET", "/api/a/b").expect("a route");
        assert_eq!(parameters["proxy"], "a/b");
    }

    #[test]
    fn nothing_else_fits() {
        for (method, path) in
            [("GET", "/"), ("GET", "/api"), ("GET", "/twilio/b/messages"), ("POST", "/twilio//messages")]
        {
            assert_eq!(found(method, path), None, "{method} {path}");
        }
    }
}
