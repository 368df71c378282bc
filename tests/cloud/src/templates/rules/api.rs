//! The API is one, is reached through CloudFront only, and streams what should flow.

use serde_json::{Value, json};

use super::super::{Resource, Templates, reference_to};
use super::{Broken, each, has_setting, unless};

/// How long API Gateway waits, in milliseconds, for an answer that does not flow.
const LONGEST_WAIT: u64 = 29_000;

pub(super) fn broken(templates: &Templates) -> Vec<Broken> {
    let apis = templates.of_kind("AWS::ApiGateway::RestApi");
    apis.flat_map(|api| {
        let integrations = methods(api).map(|(_, method)| &method["x-amazon-apigateway-integration"]);
        let integrations = integrations.flat_map(|it| answers(templates, api, it));
        stands_alone(templates, api).into_iter().chain(integrations).collect::<Vec<_>>()
    })
    .collect()
}

fn stands_alone(templates: &Templates, api: Resource<'_>) -> Vec<Broken> {
    let of_api = |it: &Resource<'_>| reference_to(&it.properties["RestApiId"]) == Some(api.id);
    let stages: Vec<_> = templates.of_kind("AWS::ApiGateway::Stage").filter(of_api).collect();
    let mut deployments = templates.of_kind("AWS::ApiGateway::Deployment").filter(of_api);
    let alone = stages.len() == 1 && deployments.all(|it| it.properties.get("StageName").is_none());
    let regional = api.properties["EndpointConfiguration"]["Types"] == json!(["REGIONAL"]);
    let checks = [
        unless(alone, "api-has-one-stage", api.id, "another stage answers everybody"),
        unless(
            regional,
            "api-is-regional",
            api.id,
            "an edge-optimized one ends streams after 30 silent seconds",
        ),
    ];
    let throttles = stages.iter().flat_map(|stage| webhooks_have_their_throttle(api, *stage));
    checks.into_iter().flatten().chain(throttles).collect()
}

fn webhooks_have_their_throttle(api: Resource<'_>, stage: Resource<'_>) -> Vec<Broken> {
    let throttled = |path: &str| {
        let path = format!("/{}", path.replace('/', "~1"));
        let mut settings = each(&stage.properties["MethodSettings"]).iter();
        settings.any(|it| it["ResourcePath"] == *path && !it["ThrottlingRateLimit"].is_null())
    };
    let webhooks = methods(api).map(|(path, _)| path).filter(|path| path.starts_with("/twilio/"));
    let broken = webhooks.filter_map(|path| {
        unless(throttled(path), "webhook-has-its-throttle", stage.id, "what browsers do turns texts away")
    });
    broken.collect()
}

fn answers<'a>(
    templates: &'a Templates,
    api: Resource<'a>,
    integration: &'a Value,
) -> impl Iterator<Item = Broken> + use<'a> {
    let uri = integration["uri"]["Fn::Sub"].as_str().unwrap_or_default();
    let flows =
        integration["responseTransferMode"] == "STREAM" && uri.ends_with("/response-streaming-invocations");
    let waits = integration["timeoutInMillis"].as_u64().unwrap_or(LONGEST_WAIT);
    let function = function_of(templates, uri);
    let lasts = function.and_then(|it| it.properties["Timeout"].as_u64()).unwrap_or_default() * 1000;
    let guarded = function.is_some_and(|it| has_setting(it, "ORIGIN_SECRETS"));
    let id = function.map_or(api.id, |it| it.id);
    [
        unless(
            flows || lasts <= LONGEST_WAIT,
            "stream-flows",
            id,
            "so long an answer must flow (RESPONSE_STREAM)",
        ),
        unless(lasts <= waits, "api-waits-for-its-function", id, "it may run for longer than the API waits"),
        unless(
            guarded,
            "function-is-behind-cloudfront",
            id,
            "it answers who calls the API beside CloudFront",
        ),
    ]
    .into_iter()
    .flatten()
}

fn function_of<'a>(templates: &'a Templates, uri: &str) -> Option<Resource<'a>> {
    let (id, _) = uri.split_once("/functions/${")?.1.split_once(".Arn}")?;
    templates.resource(id)
}

/// Each method of each path.
fn methods(api: Resource<'_>) -> impl Iterator<Item = (&str, &Value)> {
    let paths = api.properties["Body"]["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(|it| (path.as_str(), it.1)))
}
