//! `porchlight business create`: a real business and its first admin.

use std::path::Path;

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, LineGroupId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_edge::secrets::ProviderCredentials;
use porchlight_edge::{BoxError, Platform, password};
use porchlight_engine::Templates;
use porchlight_store::Store;

use crate::account;
use crate::offline::Offline;

/// Days a technician still sees a thread after a job's completion, until Settings say otherwise.
const ACCESS_DAYS: u32 = 14;

/// What is known of a new business. No `Debug`: it holds a token.
#[derive(clap::Args)]
pub struct NewBusiness {
    /// As customers know it.
    #[arg(long)]
    pub name: String,
    /// Its number, in international form (+1…).
    #[arg(long, allow_hyphen_values = true)]
    pub line: String,
    /// Its time zone, such as America/New_York.
    #[arg(long)]
    pub time_zone: String,
    /// The first admin's name.
    #[arg(long)]
    pub admin: String,
    /// The first admin's email address, for signing in.
    #[arg(long)]
    pub email: String,
    /// Twilio's account SID (AC…).
    #[arg(long)]
    pub account_sid: String,
    /// Environment variable that holds Twilio's auth token; a command line is seen by others.
    #[arg(long, default_value = "TWILIO_AUTH_TOKEN")]
    pub auth_token_from: String,
}

/// What the first admin must be told.
pub struct Created {
    /// Names the business, also in its webhook's address.
    pub business: BusinessId,
    /// Of the first admin; told this once.
    pub password: String,
}

/// Makes the business in the data folder, on which nothing may be running.
pub async fn create(
    data: &Path,
    templates: &Templates,
    new: &NewBusiness,
    auth_token: String,
) -> Result<Created, BoxError> {
    let Offline { platform, folder: _held, .. } = Offline::open(data, templates).await?;
    let store = platform.store()?;
    let half_made = half_made(&store, &new.email).await?;
    let mut business = business(&platform, new)?;
    let (mut group, mut line) = line(&platform, new)?;
    is_nobody_elses(&store, &line.number).await?;
    let password = account::new_password(&platform.entropy);
    let mut admin = admin(&platform, &business, new, &password);
    if let Some(before) = half_made {
        (admin.id, admin.business) = (before.id, before.business.clone());
        business.id = before.business;
        if let Some(known) = store.groups(&business.id).await?.into_iter().next() {
            (line.group, group.id) = (known.id.clone(), known.id);
        }
    }
    let credentials =
        ProviderCredentials { account_sid: new.account_sid.clone(), auth_tokens: vec![auth_token] };
    account::keep(&*platform.secrets()?, &business.id, &credentials).await?;
    store.put_group(&business.id, &group).await?;
    store.put_line(&business.id, &line).await?;
    store.put_staff(&admin).await?;
    store.put_business(&business).await?;
    Ok(Created { business: business.id, password })
}

/// The admin of a business whose making was interrupted: the business itself is written last. It is gone on with.
async fn half_made(store: &Store, email: &str) -> Result<Option<Staff>, BoxError> {
    let Some(staff) = store.staff_by_login(email).await? else { return Ok(None) };
    if store.business(&staff.business).await?.is_some() {
        return Err("somebody signs in with that address already".into());
    }
    Ok(Some(staff))
}

/// Texts to a number go to one business: none other of the folder may have it.
async fn is_nobody_elses(store: &Store, number: &ContactPoint) -> Result<(), BoxError> {
    for other in store.businesses().await? {
        if store.line(&other.id, number).await?.is_some() {
            return Err(format!("{number} is a line of {} already", other.name).into());
        }
    }
    Ok(())
}

fn business(platform: &Platform, new: &NewBusiness) -> Result<Business, BoxError> {
    jiff::tz::TimeZone::get(&new.time_zone)
        .map_err(|_| format!("there is no time zone {}", new.time_zone))?;
    let now = platform.clock.now();
    Ok(Business {
        id: BusinessId::from(platform.entropy.ulid(now)),
        name: new.name.clone(),
        time_zone: new.time_zone.clone(),
        hours: BusinessHours::usual(),
        provider_account: new.account_sid.clone(),
        technicians_text: true,
        access_days_after_completion: ACCESS_DAYS,
        created_at: now,
    })
}

fn line(platform: &Platform, new: &NewBusiness) -> Result<(LineGroup, Line), BoxError> {
    let id = LineGroupId::from(platform.entropy.ulid(platform.clock.now()));
    let number = ContactPoint::typed(&new.line).map_err(|why| format!("{} is no line: {why}", new.line))?;
    if !number.is_e164() {
        return Err(format!("{number} is no phone number").into());
    }
    let line = Line { number, group: id.clone(), label: "Main line".to_owned(), successor: None };
    Ok((LineGroup { id, name: new.name.clone() }, line))
}

fn admin(platform: &Platform, business: &Business, new: &NewBusiness, password: &str) -> Staff {
    Staff {
        business: business.id.clone(),
        id: StaffId::from(platform.entropy.ulid(platform.clock.now())),
        name: new.admin.clone(),
        email: new.email.clone(),
        password_hash: password::hash(password, &platform.entropy),
        role: Role::Admin,
        full_chat_access: true,
        phone: None,
        disabled_at: None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn harbor() -> NewBusiness {
        NewBusiness {
            name: "Harbor Plumbing".to_owned(),
            line: "+12075550142".to_owned(),
            time_zone: "America/New_York".to_owned(),
            admin: "Ana Ferreira".to_owned(),
            email: "ana@harbor.example".to_owned(),
            account_sid: "AC00000000000000000000000000000042".to_owned(),
            auth_token_from: "TWILIO_AUTH_TOKEN".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_number_that_another_business_has_or_that_is_none_is_refused_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let templates = Templates::embedded();
        let made = create(folder.path(), &templates, &harbor(), "token".to_owned()).await;
        made.unwrap_or_else(|error| panic!("{error}"));
        let with = |line: &str| NewBusiness {
            name: "Bayside Heating".to_owned(),
            email: "bea@bayside.example".to_owned(),
            line: line.to_owned(),
            ..harbor()
        };
        for (line, words) in [
            ("(207) 555-0142", "a line of Harbor Plumbing already"),
            ("555-0142", "The area code is missing"),
            ("bea@bayside.example", "no phone number"),
        ] {
            let refused = create(folder.path(), &templates, &with(line), "token".to_owned()).await;
            assert!(refused.is_err_and(|error| error.to_string().contains(words)), "{line}");
        }
        let platform = Offline::open(folder.path(), &templates).await.expect("a folder").platform;
        let businesses = platform.store().expect("a store").businesses().await.expect("a read");
        assert_eq!(businesses.len(), 1);
    }

    #[tokio::test]
    async fn an_interrupted_making_is_gone_on_with_and_a_finished_one_is_not_repeated() {
        let folder = tempfile::tempdir().expect("a folder");
        let templates = Templates::embedded();
        let left = {
            let platform = Offline::open(folder.path(), &templates).await.expect("a folder").platform;
            let store = platform.store().expect("a store");
            let business = business(&platform, &harbor()).expect("a business");
            let (group, line) = line(&platform, &harbor()).expect("a line");
            store.put_group(&business.id, &group).await.expect("a write");
            store.put_line(&business.id, &line).await.expect("a write");
            store.put_staff(&admin(&platform, &business, &harbor(), "forgotten")).await.expect("a write");
            business.id
        };
        let made = create(folder.path(), &templates, &harbor(), "token".to_owned()).await;
        let made = made.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(made.business, left);
        let again = create(folder.path(), &templates, &harbor(), "token".to_owned()).await;
        assert!(again.is_err_and(|error| error.to_string().contains("signs in with that address")));
        let platform = Offline::open(folder.path(), &templates).await.expect("a folder").platform;
        let store = platform.store().expect("a store");
        assert_eq!(store.groups(&left).await.expect("a read").len(), 1);
        assert_eq!(store.staff_of(&left).await.expect("a read").len(), 1);
        assert_eq!(store.businesses().await.expect("a read").len(), 1);
    }
}
