//! What checkov asks for and is declined.

/// The check and why it does not apply here. One that checkov no longer raises is to be deleted.
pub const SKIPPED: [(&str, &str); 13] = [
    (
        "CKV_AWS_18",
        "the bucket holds the built web app, which is public; who fetched it is nobody's business",
    ),
    ("CKV_AWS_26", "an alarm's name is no secret, and CloudWatch cannot write under the key of SNS"),
    ("CKV_AWS_27", "encrypted by SQS's own key, which this check does not know"),
    ("CKV_AWS_73", "the functions tell how long they took; a trace would add a cost to every text"),
    (
        "CKV_AWS_76",
        "access logs need a role of the account and hold addresses of people; the functions log each failure",
    ),
    ("CKV_AWS_86", "the same: access logs hold addresses of people"),
    (
        "CKV_AWS_115",
        "Live is limited and Webhooks kept free (parameters); to set more aside would starve the rest",
    ),
    (
        "CKV_AWS_116",
        "callers of an API come again by themselves; streams have their queues, schedules their next minute",
    ),
    ("CKV_AWS_117", "nothing that the functions use lies in a VPC"),
    ("CKV_AWS_119", "encrypted by DynamoDB's own key, which costs nothing and needs no grant"),
    ("CKV_AWS_120", "answers differ by session and are never kept"),
    (
        "CKV_AWS_158",
        "log lines hold no bodies, numbers and secrets (P11); encrypted by the service's own key",
    ),
    (
        "CKV_AWS_173",
        "encrypted by Lambda's own key; the one secret among the variables opens nothing by itself",
    ),
];
