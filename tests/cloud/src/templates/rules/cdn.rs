//! CloudFront keeps what never changes, and nothing else; it is the only way in.

use serde_json::Value;

use super::super::{Resource, Templates};
use super::{Broken, allows, each, statements, unless};

/// Managed-CachingDisabled.
const NOT_CACHED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// The errors that CloudFront keeps for a while unless told otherwise.
const ERRORS: [u16; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
/// Seconds that CloudFront waits at most.
const LONGEST_WAIT: u64 = 120;

pub(super) fn broken(templates: &Templates) -> Vec<Broken> {
    let distributions = templates.of_kind("AWS::CloudFront::Distribution").flat_map(distribution);
    let buckets = templates.of_kind("AWS::S3::BucketPolicy").filter_map(says_what_is_missing);
    let headers = templates.of_kind("AWS::CloudFront::ResponseHeadersPolicy");
    distributions.chain(buckets).chain(headers.filter_map(runs_our_code_only)).collect()
}

fn distribution(distribution: Resource<'_>) -> Vec<Broken> {
    let (id, config) = (distribution.id, &distribution.properties["DistributionConfig"]);
    let kept = unless(no_error_is_kept(config), "errors-are-not-cached", id, "others see one tenant's error");
    let origins = each(&config["Origins"]).iter().flat_map(|it| origin(id, it));
    let behaviors = each(&config["CacheBehaviors"]).iter().chain([&config["DefaultCacheBehavior"]]);
    kept.into_iter().chain(origins).chain(behaviors.flat_map(|it| behavior(id, it))).collect()
}

fn no_error_is_kept(config: &Value) -> bool {
    let listed = each(&config["CustomErrorResponses"]);
    ERRORS
        .iter()
        .all(|code| listed.iter().any(|it| it["ErrorCode"] == *code && it["ErrorCachingMinTTL"] == 0))
}

fn behavior<'a>(id: &'a str, behavior: &Value) -> impl Iterator<Item = Broken> + use<'a> {
    let fresh = behavior["PathPattern"] == "/assets/*" || behavior["CachePolicyId"] == NOT_CACHED;
    let flows = behavior["TargetOriginId"] != "api" || behavior["Compress"] == false;
    [
        unless(fresh, "pages-are-not-cached", id, "only what is named by its content may be kept"),
        unless(flows, "streams-are-not-compressed", id, "a compressed stream is held back"),
    ]
    .into_iter()
    .flatten()
}

fn origin(id: &str, origin: &Value) -> Vec<Broken> {
    if origin.get("S3OriginConfig").is_some() {
        let signs = origin.get("OriginAccessControlId").is_some();
        return Vec::from_iter(unless(signs, "bucket-knows-who-asks", id, "it answers only who signs"));
    }
    let config = &origin["CustomOriginConfig"];
    let shows =
        each(&origin["OriginCustomHeaders"]).iter().any(|it| it["HeaderName"] == "X-Porchlight-Origin");
    let waits = config["OriginReadTimeout"].as_u64().is_some_and(|seconds| seconds <= LONGEST_WAIT);
    let tls = config["OriginProtocolPolicy"] == "https-only";
    let checks = [
        unless(shows, "origin-shows-its-secret", id, "the API turns away who does not show it"),
        unless(waits, "origin-wait-is-allowed", id, "CloudFront waits for 120 seconds at most"),
        unless(tls, "origin-is-asked-over-tls", id, "sessions would travel in the clear"),
    ];
    checks.into_iter().flatten().collect()
}

/// S3 answers 404 only to who may list. Of buckets that CloudFront does not read nothing is asked.
fn says_what_is_missing(policy: Resource<'_>) -> Option<Broken> {
    let lets = |action: &str| {
        let of_cdn = |it: &&Value| it["Principal"]["Service"] == "cloudfront.amazonaws.com";
        let statements = statements(&policy.properties["PolicyDocument"]);
        statements.iter().filter(of_cdn).any(|it| allows(it, action))
    };
    let says = !lets("s3:GetObject") || lets("s3:ListBucket");
    unless(says, "missing-asset-is-404", policy.id, "CloudFront is told 403 of what is not there")
}

fn runs_our_code_only(policy: Resource<'_>) -> Option<Broken> {
    let config = &policy.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"];
    let csp = &config["ContentSecurityPolicy"]["ContentSecurityPolicy"];
    let csp = csp.as_str().or_else(|| csp["Fn::Sub"].as_str());
    let strict = csp.is_none_or(|csp| csp.contains("default-src 'none'") && !csp.contains("unsafe-"));
    unless(strict, "page-runs-our-code-only", policy.id, "its content security policy lets other code run")
}
