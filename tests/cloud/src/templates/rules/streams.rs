//! What happens in a table reaches its readers, and what they could not take is kept.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{Resource, Templates, attribute_of};
use super::{Broken, each, unless};

pub(super) fn broken(templates: &Templates) -> Vec<Broken> {
    let mappings: Vec<_> = templates.of_kind("AWS::Lambda::EventSourceMapping").collect();
    let works = mappings.iter().flat_map(|mapping| works(templates, *mapping));
    works.chain(two_readers_at_most(templates, &mappings)).chain(unknown_imports(templates)).collect()
}

fn works<'a>(templates: &'a Templates, mapping: Resource<'a>) -> impl Iterator<Item = Broken> {
    let properties = mapping.properties;
    let table = table_of(templates, mapping);
    let flows = table.is_some_and(|table| !table.properties["StreamSpecification"].is_null());
    let mut kinds = each(&properties["FunctionResponseTypes"]).iter();
    let partial = kinds.any(|kind| kind == "ReportBatchItemFailures");
    let mut filters = each(&properties["FilterCriteria"]["Filters"]).iter();
    let matches = filters.all(|filter| is_pattern(&filter["Pattern"]));
    let kept = is_kept(templates, properties);
    [
        unless(flows, "mapping-has-a-stream", mapping.id, "its table has no stream"),
        unless(partial, "mapping-reports-failures", mapping.id, "one failure brings back the whole batch"),
        unless(
            matches,
            "mapping-filter-matches",
            mapping.id,
            "a filter that ends in no list matches nothing",
        ),
        unless(kept, "mapping-keeps-what-fails", mapping.id, "OnFailure is no queue's ARN"),
    ]
    .into_iter()
    .flatten()
}

fn table_of<'a>(templates: &'a Templates, mapping: Resource<'a>) -> Option<Resource<'a>> {
    let (table, attribute) = attribute_of(templates.imported(&mapping.properties["EventSourceArn"])?)?;
    templates.resource(table).filter(|_| attribute == "StreamArn")
}

fn is_kept(templates: &Templates, properties: &Value) -> bool {
    let queue = templates.imported(&properties["DestinationConfig"]["OnFailure"]["Destination"]);
    queue.and_then(attribute_of).is_some_and(|(_, attribute)| attribute == "Arn")
}

/// JSON that is objects all the way down to lists.
fn is_pattern(text: &Value) -> bool {
    fn ends_in_lists(value: &Value) -> bool {
        match value {
            Value::Object(pairs) => pairs.values().all(ends_in_lists),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        }
    }
    let pattern = text.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    pattern.is_some_and(|pattern| pattern.is_object() && ends_in_lists(&pattern))
}

fn two_readers_at_most(templates: &Templates, mappings: &[Resource<'_>]) -> Vec<Broken> {
    let mut readers = BTreeMap::<&str, usize>::new();
    for table in mappings.iter().filter_map(|mapping| table_of(templates, *mapping)) {
        *readers.entry(table.id).or_default() += 1;
    }
    let broken = readers.into_iter().filter_map(|(table, count)| {
        unless(count <= 2, "stream-has-two-readers", table, "AWS lets a stream have two readers")
    });
    broken.collect()
}

fn unknown_imports(templates: &Templates) -> impl Iterator<Item = Broken> {
    templates.imports().into_iter().filter_map(|(resource, import)| {
        let exported = templates.imported(import).is_some();
        unless(exported, "import-is-exported", resource.id, "data.yaml exports nothing of that name")
    })
}
