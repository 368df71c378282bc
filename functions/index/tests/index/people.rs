//! Customers by name, number and street, with whom there may be no conversation yet.

use porchlight_domain::terms;

use crate::house::{House, business, customer};

/// The names of those who are found, in no order.
async fn found(house: &House, typed: &str) -> Vec<String> {
    let called = house.store.customers_called(&business(), &terms::query(typed)).await.expect("a search");
    let names = called.files.into_iter().filter_map(|file| file.customer).map(|customer| customer.name);
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

async fn lives_at(house: &House, n: u64, address: &str) {
    let mut known = house.store.customer(&business(), &customer(n)).await.expect("a read").expect("moved in");
    known.address = Some(address.to_owned());
    house.store.put_customer(&business(), &mut known).await.expect("a write");
}

#[tokio::test]
async fn customers_without_a_conversation_are_found_by_name_street_and_number() {
    let house = House::open().await;
    house.move_in(142, "Maria O'Brien").await;
    house.move_in(143, "Maria Delgado").await;
    lives_at(&house, 143, "18 Clifton Street, Portland").await;
    house.settle().await;
    assert_eq!(found(&house, "mar").await, ["Maria Delgado", "Maria O'Brien"]);
    assert_eq!(found(&house, "obrien").await, ["Maria O'Brien"]);
    assert_eq!(found(&house, "brien maria").await, ["Maria O'Brien"]);
    assert_eq!(found(&house, "18 clif").await, ["Maria Delgado"]);
    assert_eq!(found(&house, "maria portland").await, ["Maria Delgado"], "the town narrows");
    let number = house.with(143).await.contact().expect("a customer").as_str().to_owned();
    for typed in [number.as_str(), &number[2..], &number[5..], &number[8..]] {
        assert_eq!(found(&house, typed).await, ["Maria Delgado"], "{typed}");
    }
    assert!(found(&house, "xavier").await.is_empty());
}

#[tokio::test]
async fn whoever_is_called_otherwise_now_is_found_by_that_alone_p10() {
    let house = House::open().await;
    house.move_in(142, "Maria Delgado").await;
    let known = house.settle().await;
    let mut maria = house.store.customer(&business(), &customer(142)).await.expect("a read").expect("there");
    maria.name = "Maria Lindqvist".to_owned();
    house.store.put_customer(&business(), &mut maria).await.expect("a write");
    assert!(found(&house, "delgado").await.is_empty(), "what lags finds nothing wrong");
    house.settle_from(known).await;
    assert_eq!(found(&house, "lindq").await, ["Maria Lindqvist"]);
    house.settle().await;
    assert_eq!(found(&house, "lindq").await, ["Maria Lindqvist"], "records that come again change nothing");
}
