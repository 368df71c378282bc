//! Customers by name, number and street, those too with whom there is no conversation yet: laid by `index` from the
//! directory, asked while somebody types.
//!
//! | partition | place | what |
//! |---|---|---|
//! | `{b}#WHO#{first two}` | `{term}#{customer}` | a word of the name or street, or a number from its area code, its exchange or its last four digits on |
//! | `{b}#CALLED#{customer}` | `META` | the terms under which they were last laid |
//!
//! Seven items or so for a customer, one unit each, once. What is found is read again and compared, so that what lags,
//! or was left behind, finds nothing wrong.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use porchlight_domain::customer::{ContactLink, Customer};
use porchlight_domain::id::{BusinessId, CustomerId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::terms::{self, QueryTerm};

use crate::customer_file::CustomerFile;
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::query::Query;
use crate::store::Store;
use crate::table::{Table, text_of};

/// Customers of one term that are looked at, at most: of more it only tells who else is none.
const MOST_CALLED: usize = 1_000;
/// Customers that are read, at most.
const MOST_READ: usize = 40;
/// Where the tails of a number begin that it is found by: the whole, without the area code, the last four.
const TAILS: [usize; 3] = [10, 7, 4];
const TERMS: &str = "terms";

/// Customers who are called so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// With all that lies beside them.
    pub files: Vec<CustomerFile>,
    /// There may be others.
    pub more: bool,
}

impl Store {
    /// Lays what a customer is called by now, in place of what they were. Repeating it changes nothing.
    pub async fn index_customer(&self, business: &BusinessId, id: &CustomerId) -> Result<(), StoreError> {
        let file = self.customer_file(business, id).await?;
        let now = file.customer.as_ref().map(|customer| laid(customer, &file.links)).unwrap_or_default();
        let key = keys::called(business, id);
        let was = self.get_derived(std::slice::from_ref(&key)).await?;
        let was = was.first().and_then(|item| item.fields.get(TERMS)).map(String::as_str).unwrap_or_default();
        let was: BTreeSet<String> = was.split_whitespace().map(str::to_owned).collect();
        if was == now {
            return Ok(());
        }
        let new: BTreeSet<String> = now.difference(&was).cloned().collect();
        let gone: Vec<Key> = was.difference(&now).map(|term| keys::who(business, term, id)).collect();
        self.put_derived(bare(business, id, &new)).await?;
        self.delete_derived(&gone).await?;
        self.put_derived(vec![told(key, &now)]).await
    }

    /// The customers who have all terms, by the words of their name, their street and town, and parts of their numbers.
    pub async fn customers_called(
        &self,
        business: &BusinessId,
        terms: &[QueryTerm],
    ) -> Result<Found, StoreError> {
        let lists = try_join_all(terms.iter().map(|term| self.called(business, term))).await?;
        let mut more = false;
        // A term that nobody is laid under may still be of their town; one of very many tells of nobody.
        let whole = lists.iter().filter(|list| !list.is_empty() && list.len() < MOST_CALLED);
        let met = whole.cloned().reduce(|met, list| met.intersection(&list).cloned().collect());
        let met = met.unwrap_or_else(|| {
            more = true;
            lists.into_iter().max_by_key(BTreeSet::len).unwrap_or_default()
        });
        more |= met.len() > MOST_READ;
        // The last made first.
        let read = met.iter().rev().take(MOST_READ).map(|id| self.customer_file(business, id));
        let mut files = try_join_all(read).await?;
        files.retain(|file| has_all(file, terms));
        Ok(Found { files, more })
    }

    async fn called(
        &self,
        business: &BusinessId,
        term: &QueryTerm,
    ) -> Result<BTreeSet<CustomerId>, StoreError> {
        let begins = asked(term);
        let end = if term.is_prefix { "" } else { "#" };
        let query = Query::table(Table::Derived, keys::who_pk(business, &begins));
        let query = query.prefix(format!("{begins}{end}")).limit(MOST_CALLED);
        let found = self.query_first(query, MOST_CALLED).await?;
        let ids = found.iter().filter_map(|item| text_of(item, "sk")?.rsplit('#').next()?.parse().ok());
        Ok(ids.collect())
    }
}

/// The items of a customer who is loaded.
pub(crate) fn fresh(business: &BusinessId, customer: &Customer, links: &[ContactLink]) -> Vec<DerivedItem> {
    let terms = laid(customer, links);
    let mut items = bare(business, &customer.id, &terms);
    items.push(told(keys::called(business, &customer.id), &terms));
    items
}

fn bare(business: &BusinessId, id: &CustomerId, terms: &BTreeSet<String>) -> Vec<DerivedItem> {
    let key = |term: &String| keys::who(business, term, id);
    terms.iter().map(key).map(|key| DerivedItem::bare(key.pk, key.sk)).collect()
}

fn told(key: Key, terms: &BTreeSet<String>) -> DerivedItem {
    let all: Vec<&str> = terms.iter().map(String::as_str).collect();
    DerivedItem { key, fields: BTreeMap::from([(TERMS.to_owned(), all.join(" "))]) }
}

/// What a customer is laid under.
fn laid(customer: &Customer, links: &[ContactLink]) -> BTreeSet<String> {
    let mut laid = terms::name_terms(&customer.name);
    let street = customer.address.as_deref().and_then(|address| address.split([',', '\n']).next());
    laid.extend(terms::terms(street.unwrap_or_default()));
    for link in links.iter().filter(|link| link.is_current()) {
        laid.extend(tails(&link.contact));
    }
    laid
}

fn tails(contact: &ContactPoint) -> BTreeSet<String> {
    let digits = contact.digits();
    if digits.is_empty() {
        return terms::terms(contact.as_str());
    }
    let own = own(&digits);
    TAILS
        .iter()
        .filter_map(|length| own.get(own.len().checked_sub(*length)?..))
        .map(str::to_owned)
        .chain([own.to_owned()])
        .collect()
}

/// Without the country code of where most numbers are from: people hardly type it.
fn own(digits: &str) -> &str {
    digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(digits)
}

/// The term as it is laid.
fn asked(term: &QueryTerm) -> String {
    if term.is_phone_fragment { own(&term.text).to_owned() } else { term.text.clone() }
}

fn has_all(file: &CustomerFile, asked: &[QueryTerm]) -> bool {
    let Some(customer) = &file.customer else { return false };
    let mut words = terms::name_terms(&customer.name);
    words.extend(terms::terms(customer.address.as_deref().unwrap_or_default()));
    let numbers = file.links.iter().filter(|link| link.is_current());
    let numbers: BTreeSet<String> = numbers.flat_map(|link| terms::phone_fragments(&link.contact)).collect();
    asked.iter().all(|term| {
        let begins =
            |word: &String| if term.is_prefix { word.starts_with(&term.text) } else { *word == term.text };
        words.iter().any(begins)
            || (numbers.iter().any(begins) && (term.is_phone_fragment || !is_number(&term.text)))
    })
}

pub(crate) fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
