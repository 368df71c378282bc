//! Items lie packed in the file, and nobody who asks for them can tell.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use porchlight_calls::Calls;
use serde_json::{Value, json};

use super::*;
use crate::values::engine_items;
use crate::{Access, Item};

/// Asks something of the store's file.
async fn look<T: Send + 'static>(
    engine: &Engine,
    look: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
) -> T {
    let looked = engine.run(move |room| look(&room.side.connection)).await;
    looked.expect("the store runs").expect("a look")
}

/// How many rows of `sqlite_master` are called so.
async fn count_of(engine: &Engine, kind: &'static str, name: String) -> i64 {
    let count = "SELECT COUNT(*) FROM sqlite_master WHERE type = ?1 AND name = ?2";
    look(engine, move |file| file.query_row(count, [kind, &name], |row| row.get(0))).await
}

async fn is_packed(engine: &Engine, name: &str) -> bool {
    let packed = count_of(engine, "table", format!("{name}::packed")).await == 1;
    assert_eq!(count_of(engine, "view", name.to_owned()).await == 1, packed);
    assert_eq!(count_of(engine, "table", name.to_owned()).await == 1, !packed);
    packed
}

/// Packs a table and one of its indexes.
async fn pack(engine: &Engine, table: &str, index: &str) {
    let (table, index) = (table.to_owned(), index.to_owned());
    let packed = engine.run(move |room| room.side.pack(&table, &[index])).await;
    packed.expect("the store runs").expect("they are packed");
    engine.read_anew().expect("readers");
}

/// Bytes of the file that a table takes with all that belongs to it.
async fn bytes_of(engine: &Engine, table: &str) -> i64 {
    let of_it = "SELECT SUM(pgsize) FROM dbstat WHERE instr(name, ?1)";
    let table = table.to_owned();
    look(engine, move |file| file.query_row(of_it, [table], |row| row.get(0))).await
}

/// Items in the large part of a table.
async fn large_of(engine: &Engine, table: &str) -> i64 {
    let count = format!("SELECT COUNT(*) FROM \"{table}::large\"");
    look(engine, move |file| file.query_row(&count, [], |row| row.get(0))).await
}

/// A request about tables that goes well.
async fn ask(engine: &Engine, operation: &str, request: Value) -> Value {
    let (status, answer) = raw(engine, operation, request).await;
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

async fn raw(engine: &Engine, operation: &str, request: Value) -> (u16, Value) {
    let answer = engine.call(operation.to_owned(), request.to_string().into_bytes()).await;
    let (status, answer) = answer.expect("the store runs");
    (status, serde_json::from_slice(&answer).expect("JSON"))
}

fn keyed(pk: &str, sk: &str) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn put_of(table: &str, item: &Item) -> aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder {
    PutItemInput::builder().table_name(table).set_item(Some(item.clone()))
}

async fn put_all(calls: &Arc<dyn Calls>, table: &str, items: &[Item]) {
    for item in items {
        calls.put_item(put_of(table, item)).await.expect("a put");
    }
}

async fn got(calls: &Arc<dyn Calls>, table: &str, item: &Item) -> Option<Item> {
    let get = GetItemInput::builder().table_name(table).key("pk", item["pk"].clone());
    calls.get_item(get.key("sk", item["sk"].clone())).await.expect("a get").item
}

async fn queried(calls: &Arc<dyn Calls>, table: &str, pk: &str) -> Vec<Item> {
    let query = QueryInput::builder().table_name(table).key_condition_expression("pk = :pk");
    let found = calls.query(query.expression_attribute_values(":pk", text(pk))).await;
    found.expect("a query").items.expect("items")
}

async fn by_colour(calls: &Arc<dyn Calls>, table: &str) -> Vec<Item> {
    let query = QueryInput::builder().table_name(table).index_name("colours");
    let query =
        query.key_condition_expression("colour = :c").expression_attribute_values(":c", text("\"b\\\0"));
    calls.query(query).await.expect("a query of the index").items.expect("items")
}

/// In four segments, or in one.
async fn scanned(calls: &Arc<dyn Calls>, table: &str, segments: Option<i32>) -> Vec<Item> {
    let mut items = Vec::new();
    for segment in 0..segments.unwrap_or(1) {
        let scan = ScanInput::builder().table_name(table).set_total_segments(segments);
        let scan = scan.set_segment(segments.map(|_| segment)).limit(3);
        let mut from = None;
        loop {
            let page = calls.scan(scan.clone().set_exclusive_start_key(from)).await.expect("a scan");
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
    }
    items
}

fn sorted(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(|item| ["pk", "sk"].map(|key| item[key].as_s().expect("text").clone()));
    items
}

const STRANGE: [&str; 9] =
    ["", "\0", "a\0b", "\"'`", "\\n\\\\", "\u{7f}\u{1}\t\r\n", "é ☎ 🧑‍🔧 \u{2028}", "{\"S\":\"x\"}", "S:N:B:"];

fn strange_values() -> Vec<AttributeValue> {
    let number = |digits: &str| AttributeValue::N(digits.to_owned());
    let map = |entries: &[(&str, AttributeValue)]| {
        AttributeValue::M(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    };
    let deep = (0..30).fold(text("deep"), |inner, _| AttributeValue::L(vec![inner]));
    let mut values: Vec<AttributeValue> = STRANGE.iter().map(|value| text(value)).collect();
    values.extend([
        number("12345678901234567890123456789012345678"),
        number("-0.00000000000000000000000000000000000012345678901234567890123456789012345678"),
        number("0"),
        AttributeValue::Bool(true),
        AttributeValue::Bool(false),
        AttributeValue::Null(true),
        AttributeValue::B(Blob::new((0..=255).collect::<Vec<u8>>())),
        AttributeValue::B(Blob::new(Vec::new())),
        AttributeValue::Bs(vec![Blob::new([0, 1]), Blob::new([255])]),
        AttributeValue::Ns(vec!["2.5".to_owned()]),
        AttributeValue::Ss(vec!["a\"".to_owned(), "b\0".to_owned()]),
        AttributeValue::L(Vec::new()),
        map(&[]),
        map(&[("pk", text("inner")), ("sk", map(&[("pk", AttributeValue::L(vec![text("x"), map(&[])]))]))]),
        deep,
        text(&"long \" ☎ \0".repeat(90)),
        text(&"x".repeat(300_000)),
    ]);
    values
}

/// Each value alone, all the small ones at once under names of every kind, and items of nothing but keys.
fn strange_items() -> Vec<Item> {
    let values = strange_values();
    let names =
        ["$", "$.pk", "a.b", "a[0]", "\"q\"", "'", "\\", "\0", "☎", "PK", "item", "large", "changes()"];
    let mut items: Vec<Item> = (0..)
        .zip(&values)
        .map(|(n, value)| {
            let mut item = keyed("values", &format!("{n:03}"));
            item.insert("value".to_owned(), value.clone());
            item
        })
        .collect();
    let mut all = keyed("values", "all");
    all.extend(names.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned()));
    items.push(all);
    items.extend(STRANGE.iter().filter(|key| !key.is_empty()).map(|key| keyed(&format!("{key}☎"), key)));
    for item in &mut items {
        item.insert("colour".to_owned(), text("\"b\\\0"));
    }
    items.push(keyed("values", "bare"));
    items
}

async fn add_colours(engine: &Engine, table: &str, projection: &str) {
    let change = json!({
        "TableName": table,
        "AttributeDefinitions": [{ "AttributeName": "colour", "AttributeType": "S" }],
        "GlobalSecondaryIndexUpdates": [{ "Create": {
            "IndexName": "colours",
            "KeySchema": [{ "AttributeName": "colour", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": projection },
        } }],
    });
    ask(engine, "UpdateTable", change).await;
}

fn drop_index(table: &str, index: &str) -> Value {
    json!({ "TableName": table, "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": index } }] })
}

async fn answers_the_same(calls: &Arc<dyn Calls>, table: &str, items: &[Item]) {
    for item in items {
        assert_eq!(got(calls, table, item).await.as_ref(), Some(item));
    }
    let all = sorted(items.to_vec());
    assert_eq!(sorted(scanned(calls, table, None).await), all);
    assert_eq!(sorted(scanned(calls, table, Some(4)).await), all);
    let (values, coloured): (Vec<Item>, Vec<Item>) = (
        all.iter().filter(|item| item["pk"] == text("values")).cloned().collect(),
        all.iter().filter(|item| item.contains_key("colour")).cloned().collect(),
    );
    assert_eq!(queried(calls, table, "values").await, values);
    assert_eq!(sorted(by_colour(calls, table).await), coloured);
}

#[tokio::test]
async fn every_kind_of_value_is_read_as_it_was_put_from_a_file_and_from_memory() {
    let items = strange_items();
    let (_folder, in_file) = in_a_file().await;
    for tables in [in_file, TestTables::new().await] {
        let (engine, calls, table) = (&tables.engine, &tables.calls, TestTables::name("messages"));
        add_colours(engine, &table, "ALL").await;
        pack(engine, &table, "colours").await;
        assert!(
            is_packed(engine, &table).await && is_packed(engine, &format!("{table}::gsi::colours")).await
        );
        // Twice: what is there is replaced.
        for _ in 0..2 {
            put_all(calls, &table, &items).await;
            answers_the_same(calls, &table, &items).await;
        }
        let keys = items.iter().take(20).map(|item| keyed("values", item["sk"].as_s().expect("text")));
        let keys = KeysAndAttributes::builder().set_keys(Some(keys.collect())).build().expect("keys");
        let found = calls.batch_get_item(BatchGetItemInput::builder().request_items(&table, keys)).await;
        let found = found.expect("a batch").responses.expect("answers").remove(&table).expect("items");
        assert_eq!(sorted(found), sorted(items[..20].to_vec()));
    }
}

#[tokio::test]
async fn a_stream_tells_of_every_kind_of_value_before_and_after() {
    let tables = TestTables::new().await;
    let (engine, calls, table) = (&tables.engine, &tables.calls, TestTables::name("messages"));
    let off = json!({ "TableName": table, "StreamSpecification": { "StreamEnabled": false } });
    ask(engine, "UpdateTable", off).await;
    let images = json!({ "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" });
    ask(engine, "UpdateTable", json!({ "TableName": table, "StreamSpecification": images })).await;
    let items = strange_items();
    put_all(calls, &table, &items).await;
    for item in &items {
        let delete = DeleteItemInput::builder().table_name(&table).key("pk", item["pk"].clone());
        calls.delete_item(delete.key("sk", item["sk"].clone())).await.expect("a deletion");
    }
    let records = engine.records_after(&table, "0", 1000).await.expect("a stream");
    let shown = |image: &str| {
        let images =
            records.iter().map(|record| &record["dynamodb"][image]).filter(|image| image.is_object());
        images.cloned().collect::<Vec<Value>>()
    };
    let put = engine_items(items).expect("items").into_iter();
    let put: Vec<Value> = put.map(|item| serde_json::to_value(item).expect("JSON")).collect();
    assert!(shown("NewImage") == put && shown("OldImage") == put);
    assert_eq!(scanned(calls, &table, None).await, Vec::<Item>::new());
    assert_eq!(large_of(engine, &table).await, 0, "what was large is gone with its item");
}

async fn load(engine: &Engine, table: &str, items: &[Item]) {
    let loading = engine.load().await.expect("a place to gather");
    for piece in items.chunks(7) {
        loading.put(table, piece.to_vec()).await.expect("it is gathered");
    }
    loading.end().await.expect("it is laid");
}

/// The engine's rows of a table, its JSON as values.
async fn rows_of(engine: &Engine, name: &str) -> Vec<Vec<Value>> {
    let query = format!("SELECT * FROM \"{name}\" ORDER BY 1, 2, 3, 4");
    let read = move |file: &rusqlite::Connection| {
        let mut statement = file.prepare(&query)?;
        let (json, width) = (statement.column_index("item_json")?, statement.column_count());
        let column = |row: &rusqlite::Row<'_>, at: usize| {
            let value = row.get::<_, rusqlite::types::Value>(at)?;
            Ok(match value {
                rusqlite::types::Value::Text(text) if at == json => {
                    serde_json::from_str(&text).expect("JSON")
                }
                other => json!(format!("{other:?}")),
            })
        };
        statement.query_map([], |row| (0..width).map(|at| column(row, at)).collect())?.collect()
    };
    look(engine, read).await
}

#[tokio::test]
async fn what_is_loaded_lies_there_as_if_it_had_been_put() {
    for (projection, is_packed) in [("ALL", true), ("ALL", false), ("KEYS_ONLY", true), ("KEYS_ONLY", false)]
    {
        let table = TestTables::name("derived");
        let (items, before) = (strange_items(), keyed("before", &"large".repeat(200)));
        let mut laid = Vec::new();
        for is_loaded in [true, false] {
            let (_folder, tables) = in_a_file().await;
            let engine = &tables.engine;
            add_colours(engine, &table, projection).await;
            if is_packed {
                pack(engine, &table, "colours").await;
            }
            put_all(&tables.calls, &table, std::slice::from_ref(&before)).await;
            if is_loaded {
                load(engine, &table, &items).await;
            } else {
                put_all(&tables.calls, &table, &items).await;
            }
            let of_index = rows_of(engine, &format!("{table}::gsi::colours")).await;
            laid.push((rows_of(engine, &table).await, of_index, large_of(engine, &table).await));
        }
        assert!(laid[0] == laid[1], "{projection} {is_packed}");
        assert_eq!(laid[0].1.len(), items.len() - 1, "one has no colour");
    }
}

#[tokio::test]
async fn what_is_loaded_is_counted_and_comes_once() {
    let (_folder, tables) = in_a_file().await;
    let (table, items) = (TestTables::name("derived"), strange_items());
    load(&tables.engine, &table, &items).await;
    let described = ask(&tables.engine, "DescribeTable", json!({ "TableName": table })).await;
    assert_eq!(described["Table"]["ItemCount"], items.len());
    let sizes = tables.engine.sizes().await.expect("sizes");
    let size = sizes.iter().find(|size| size.table == table).expect("of the table");
    assert_eq!(size.items, i64::try_from(items.len()).expect("a few"));
    let loading = tables.engine.load().await.expect("a place to gather");
    let mut keyless = keyed("values", "none");
    keyless.remove("sk");
    assert!(loading.put(&table, vec![keyless]).await.is_err(), "no row is passed over");
    loading.put(&table, items).await.expect("they are gathered");
    assert!(loading.end().await.is_err(), "they are there already");
}

#[tokio::test]
async fn an_item_grows_large_and_small_again_and_is_there_once() {
    let tables = TestTables::new().await;
    let (engine, calls, table) = (&tables.engine, &tables.calls, TestTables::name("derived"));
    for (length, large) in [(10, 0), (2000, 1), (3000, 1), (20, 0), (4000, 1)] {
        let mut item = keyed("b", "x");
        item.insert("text".to_owned(), text(&"t".repeat(length)));
        put_all(calls, &table, &[item.clone(), keyed("b", "y")]).await;
        assert_eq!(queried(calls, &table, "b").await, [item, keyed("b", "y")]);
        assert_eq!(large_of(engine, &table).await, large);
    }
}

/// As a store was made before: as the engine makes tables, or laid by key since.
async fn unpacked(engine: &Engine, spec: &TableSpec, is_by_key: bool) {
    let spec = spec.clone();
    let make = move |room: &mut Room| {
        let create = spec.create_request().to_string();
        dispatch::call(&room.database, "CreateTable", create.as_bytes()).expect("a table");
        let name = &spec.name;
        let lay = format!(
            "CREATE TABLE laid (pk TEXT NOT NULL, sk TEXT NOT NULL DEFAULT '', item_json TEXT NOT NULL,
                item_size INTEGER NOT NULL, cached_at REAL, hash_prefix TEXT NOT NULL DEFAULT '',
                PRIMARY KEY (pk, sk)) WITHOUT ROWID;
            DROP TABLE \"{name}\";
            ALTER TABLE laid RENAME TO \"{name}\";"
        );
        if is_by_key {
            room.side.connection.execute_batch(&lay).expect("it is empty");
        }
    };
    engine.run(make).await.expect("the store runs");
}

fn directory() -> TableSpec {
    let declared = crate::Stack::embedded().tables().expect("tables");
    declared.into_iter().find(|spec| spec.name == TestTables::name("directory")).expect("it is declared")
}

fn of_a_kind(n: u32) -> Item {
    let mut item = keyed(&format!("01M8P0S8AC9FHERR1H263WTSD8#CUSTOMER#{}", n % 2), &format!("{n:03}"));
    item.extend([("kind".to_owned(), text("k")), ("kind_key".to_owned(), text(&format!("{:03}", 900 - n)))]);
    if n.is_multiple_of(100) {
        item.insert("note".to_owned(), text(&"long".repeat(500)));
    }
    item
}

#[tokio::test]
async fn what_was_stored_before_stays_when_it_is_packed_and_takes_less() {
    for is_by_key in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::open(&folder.path().join("porchlight.db")).expect("the file opens");
        let (spec, calls) = (directory(), engine.calls(Access::default()));
        unpacked(&engine, &spec, is_by_key).await;
        let items: Vec<Item> = (0..400).map(of_a_kind).collect();
        put_all(&calls, &spec.name, &items).await;
        let by_kind = || calls.scan(ScanInput::builder().table_name(&spec.name).index_name("directory_kind"));
        let (before, bytes) = (by_kind().await.expect("a scan").items, bytes_of(&engine, &spec.name).await);
        assert!(!is_packed(&engine, &spec.name).await);

        engine.apply(vec![spec.clone()]).await.expect("it is packed");
        let packed = bytes_of(&engine, &spec.name).await;
        assert!(packed * 10 < bytes * 8, "{bytes} become {packed}");
        engine.apply(vec![spec.clone()]).await.expect("it is so already");
        assert_eq!(bytes_of(&engine, &spec.name).await, packed);
        assert!(is_packed(&engine, &spec.name).await);
        assert!(is_packed(&engine, &format!("{}::gsi::directory_kind", spec.name)).await);
        assert_eq!(sorted(scanned(&calls, &spec.name, None).await), sorted(items));
        assert_eq!(by_kind().await.expect("a scan").items, before);

        let mut again = of_a_kind(0);
        again.insert("kind_key".to_owned(), text("999"));
        put_all(&calls, &spec.name, &[again.clone()]).await;
        let kinds = by_kind().await.expect("a scan").items.expect("items");
        let last = kinds.last().map(|item| (&item["sk"], kinds.len()));
        assert_eq!(last, Some((&again["sk"], 400)), "what is put again is there once, under its new key");
    }
}

#[tokio::test]
async fn an_index_comes_and_goes_beside_what_is_packed() {
    let (_folder, tables) = in_a_file().await;
    let (engine, calls, table) = (&tables.engine, &tables.calls, TestTables::name("derived"));
    let items = strange_items();
    put_all(calls, &table, &items).await;
    for projection in ["ALL", "KEYS_ONLY", "ALL"] {
        add_colours(engine, &table, projection).await;
        pack(engine, &table, "colours").await;
        assert!(is_packed(engine, &format!("{table}::gsi::colours")).await);
        let found = by_colour(calls, &table).await;
        assert_eq!(found.len(), items.len() - 1);
        let names: BTreeSet<usize> = found.iter().map(Item::len).collect();
        assert_eq!(names == BTreeSet::from([3]), projection == "KEYS_ONLY");
        // There is no such index, and nothing is other than before.
        assert_eq!(raw(engine, "UpdateTable", drop_index(&table, "shapes")).await.0, 400);
        ask(engine, "UpdateTable", drop_index(&table, "colours")).await;
        let left = "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE '%colours%'";
        assert_eq!(look(engine, |file| file.query_row(left, [], |row| row.get::<_, i64>(0))).await, 0);
    }
    assert!(is_packed(engine, &table).await);
    assert_eq!(sorted(scanned(calls, &table, None).await), sorted(items));
}

#[tokio::test]
async fn a_table_is_deleted_and_made_anew() {
    let (_folder, tables) = in_a_file().await;
    let (engine, calls, spec) = (&tables.engine, &tables.calls, directory());
    put_all(calls, &spec.name, &[of_a_kind(1), of_a_kind(100)]).await;
    ask(engine, "DeleteTable", json!({ "TableName": spec.name })).await;
    let left = "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE '%directory%'";
    assert_eq!(look(engine, |file| file.query_row(left, [], |row| row.get::<_, i64>(0))).await, 0);
    assert_eq!(raw(engine, "DeleteTable", json!({ "TableName": spec.name })).await.0, 400);
    engine.apply(vec![spec.clone()]).await.expect("it is made anew");
    assert!(is_packed(engine, &spec.name).await);
    assert_eq!(scanned(calls, &spec.name, None).await, Vec::<Item>::new());
    put_all(calls, &spec.name, &[of_a_kind(2)]).await;
    assert_eq!(scanned(calls, &spec.name, None).await, [of_a_kind(2)]);
}

#[tokio::test]
async fn keys_of_another_type_are_left_to_the_engine() {
    let (_folder, tables) = in_a_file().await;
    let (engine, calls) = (&tables.engine, &tables.calls);
    let part = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
    let create = json!({
        "TableName": "numbers",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [part("pk", "HASH"), part("sk", "RANGE")],
        "AttributeDefinitions": [
            { "AttributeName": "pk", "AttributeType": "S" },
            { "AttributeName": "sk", "AttributeType": "N" },
        ],
    });
    ask(engine, "CreateTable", create).await;
    assert!(!is_packed(engine, "numbers").await);
    let item =
        Item::from([("pk".to_owned(), text("b")), ("sk".to_owned(), AttributeValue::N("7".to_owned()))]);
    put_all(calls, "numbers", std::slice::from_ref(&item)).await;
    assert_eq!(got(calls, "numbers", &item).await, Some(item));
    ask(engine, "DeleteTable", json!({ "TableName": "numbers" })).await;
}

/// All of a partition of a table or of its index, three by three.
async fn pages(
    calls: &Arc<dyn Calls>,
    index: Option<&str>,
    [name, value]: [&str; 2],
    forward: bool,
) -> Vec<Item> {
    let query = QueryInput::builder().table_name(directory().name).set_index_name(index.map(str::to_owned));
    let query = query.key_condition_expression("#partition = :partition").scan_index_forward(forward);
    let query = query.expression_attribute_names("#partition", name);
    let query = query.expression_attribute_values(":partition", text(value)).limit(3);
    let (mut items, mut from) = (Vec::new(), None);
    loop {
        let page = calls.query(query.clone().set_exclusive_start_key(from)).await.expect("a page");
        items.extend(page.items.expect("items"));
        from = page.last_evaluated_key;
        if from.is_none() {
            return items;
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_both_ways_in_a_table_and_in_an_index() {
    let (_folder, tables) = in_a_file().await;
    let items: Vec<Item> = (0..20).map(of_a_kind).collect();
    put_all(&tables.calls, &directory().name, &items).await;
    let partition = items[0]["pk"].as_s().expect("text");
    let mut of_it: Vec<Item> = items.iter().filter(|item| item["pk"] == items[0]["pk"]).cloned().collect();
    let mut by_kind: Vec<String> =
        items.iter().rev().map(|item| item["sk"].as_s().expect("text").clone()).collect();
    for forward in [true, false] {
        assert_eq!(pages(&tables.calls, None, ["pk", partition], forward).await, of_it);
        let kinds = pages(&tables.calls, Some("directory_kind"), ["kind", "k"], forward).await;
        let kinds: Vec<String> = kinds.iter().map(|item| item["sk"].as_s().expect("text").clone()).collect();
        assert_eq!(kinds, by_kind);
        of_it.reverse();
        by_kind.reverse();
    }
}
