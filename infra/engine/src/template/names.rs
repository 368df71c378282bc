//! What `!Ref` and `!GetAtt` stand for on this machine.

use serde_json::Value;

/// The region that ARNs on this machine name.
pub const REGION: &str = "us-east-1";
/// The account that ARNs on this machine name.
pub const ACCOUNT: &str = "000000000000";

/// The ARN of a table.
pub fn table_arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}")
}

/// The table that a stream's ARN belongs to.
pub fn table_of_stream(arn: &str) -> Option<&str> {
    arn.split_once(":table/")?.1.split_once("/stream/").map(|(table, _)| table)
}

/// What `!Ref` gives for a resource of `kind` whose name property is `name`.
pub(super) fn reference(kind: &str, id: &str, name: Option<&str>) -> String {
    let name = name.unwrap_or(id);
    match kind {
        "AWS::SQS::Queue" => format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"),
        "AWS::SNS::Topic" => format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}"),
        _ => name.to_owned(),
    }
}

/// What `!GetAtt` gives.
pub(super) fn attribute(kind: &str, id: &str, name: Option<&str>, attribute: &str) -> String {
    let name = name.unwrap_or(id);
    match (kind, attribute) {
        ("AWS::DynamoDB::Table", "Arn") => table_arn(name),
        ("AWS::DynamoDB::Table", "StreamArn") => format!("{}/stream/local", table_arn(name)),
        ("AWS::SQS::Queue", "Arn") => format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"),
        (_, "QueueName") => name.to_owned(),
        ("AWS::IAM::Role", "Arn") => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        ("AWS::Logs::LogGroup", "Arn") => format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"),
        ("AWS::Serverless::Function", "Arn") => format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
        ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{name}"),
        _ => format!("{id}.{attribute}"),
    }
}

/// The property that names a resource of `kind`.
pub(super) fn name_property(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "AWS::DynamoDB::Table" => "TableName",
        "AWS::SQS::Queue" => "QueueName",
        "AWS::Serverless::Function" => "FunctionName",
        "AWS::S3::Bucket" => "BucketName",
        "AWS::IAM::Role" => "RoleName",
        "AWS::Logs::LogGroup" => "LogGroupName",
        _ => return None,
    })
}

/// What a parameter is here that has no default, where nobody gives it.
pub(super) fn stand_in(parameter: &str) -> Option<&'static str> {
    Some(match parameter {
        "PublicUrl" => "http://localhost",
        // Nothing stands before the functions of this machine, and nobody is told of alarms.
        "OriginSecret" | "OriginSecrets" | "AlarmEmail" => "",
        _ => return None,
    })
}

/// Parameters that CloudFormation itself gives.
pub(super) fn pseudo_parameter(name: &str, stack: &str) -> Option<Value> {
    Some(Value::String(
        match name {
            "AWS::StackName" => stack,
            "AWS::Region" => REGION,
            "AWS::AccountId" => ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::NoValue" => return Some(Value::Null),
            _ => return None,
        }
        .to_owned(),
    ))
}
