//! An alarm reaches somebody.

use serde_json::Value;

use super::super::{Resource, Templates, attribute_of, reference_to};
use super::{Broken, allows, each, statements, unless};

pub(super) fn broken(templates: &Templates) -> Vec<Broken> {
    let alarms = templates.of_kind("AWS::CloudWatch::Alarm").flat_map(|alarm| is_told(templates, alarm));
    let topics = templates.of_kind("AWS::SNS::Topic").flat_map(|topic| is_heard(templates, topic));
    alarms.chain(topics).collect()
}

fn is_told<'a>(templates: &'a Templates, alarm: Resource<'a>) -> impl Iterator<Item = Broken> {
    let names = |value: &Value, kind| {
        reference_to(value).is_some_and(|id| templates.of_kind(kind).any(|resource| resource.id == id))
    };
    let told = each(&alarm.properties["AlarmActions"]).iter().any(|it| names(it, "AWS::SNS::Topic"));
    let mut dimensions = each(&alarm.properties["Dimensions"]).iter();
    let function = dimensions.find(|it| it["Name"] == "FunctionName").map(|it| &it["Value"]);
    let watched = function.is_none_or(|it| names(it, "AWS::Lambda::Function"));
    [
        unless(told, "alarm-tells-a-topic", alarm.id, "it tells no topic of this stack"),
        unless(
            watched,
            "alarm-watches-a-function",
            alarm.id,
            "no function has that name: it is never raised",
        ),
    ]
    .into_iter()
    .flatten()
}

fn is_heard<'a>(templates: &'a Templates, topic: Resource<'a>) -> impl Iterator<Item = Broken> {
    let mut subscriptions = templates.of_kind("AWS::SNS::Subscription");
    let heard = subscriptions.any(|it| reference_to(&it.properties["TopicArn"]) == Some(topic.id));
    let key = topic.properties.get("KmsMasterKeyId");
    let writable = key.is_none_or(|key| cloudwatch_may_use(templates, key));
    [
        unless(heard, "alarm-topic-is-heard", topic.id, "nobody is subscribed to it"),
        unless(writable, "alarm-topic-is-writable", topic.id, "CloudWatch may not use its key"),
    ]
    .into_iter()
    .flatten()
}

/// Only a key of our own can say so in its policy; SNS's own (`alias/aws/sns`) does not.
fn cloudwatch_may_use(templates: &Templates, key: &Value) -> bool {
    let key = reference_to(key).or_else(|| attribute_of(key).map(|(key, _)| key));
    let Some(key) = key.and_then(|id| templates.resource(id)) else { return false };
    statements(&key.properties["KeyPolicy"]).iter().any(|statement| {
        let mut services = each(&statement["Principal"]["Service"]).iter();
        services.any(|service| service == "cloudwatch.amazonaws.com")
            && allows(statement, "kms:Decrypt")
            && allows(statement, "kms:GenerateDataKey*")
    })
}
