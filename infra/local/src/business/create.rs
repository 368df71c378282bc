//! `porchlight business create`: a real business and its first admin.

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, LineGroupId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_edge::{BoxError, Platform};
use porchlight_store::Store;

use super::auth_token::TokenFrom;
use super::credentials;
use super::staff::{NewStaff, SignIn, email_address};
use crate::account;

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
    #[command(flatten)]
    pub(super) auth_token: TokenFrom,
}

/// What is told of a business that was made.
pub struct Created {
    /// Names the business, also in its webhook's address.
    pub business: BusinessId,
    /// Of the first admin.
    pub sign_in: SignIn,
}

/// Makes the business, on which nothing else may be working.
pub async fn create(platform: &Platform, new: &NewBusiness, auth_token: String) -> Result<Created, BoxError> {
    let store = platform.store()?;
    let credentials = credentials::of_account(&new.account_sid, vec![auth_token])?;
    let half_made = half_made(&store, &email_address(&new.email)?).await?;
    let mut business = business(platform, new)?;
    let (mut group, mut line) = line(platform, new)?;
    is_nobody_elses(&store, &line.number).await?;
    let (mut admin, sign_in) = new.admin().made(platform, &business.id).await?;
    if let Some(before) = half_made {
        (admin.id, admin.business) = (before.id, before.business.clone());
        business.id = before.business;
        if let Some(known) = store.groups(&business.id).await?.into_iter().next() {
            (line.group, group.id) = (known.id.clone(), known.id);
        }
    }
    account::keep(&*platform.secrets()?, &business.id, &credentials).await?;
    store.put_group(&business.id, &group).await?;
    store.put_line(&business.id, &line).await?;
    store.put_staff(&admin).await?;
    store.put_business(&business).await?;
    Ok(Created { business: business.id, sign_in })
}

/// The admin of a business whose making was interrupted: the business itself is written last. It is gone on with.
async fn half_made(store: &Store, email: &str) -> Result<Option<Staff>, BoxError> {
    let Some(staff) = store.staff_by_login(email).await? else { return Ok(None) };
    if store.business(&staff.business).await?.is_some() {
        return Err("somebody signs in with that address already".into());
    }
    Ok(Some(staff))
}

/// Texts to a number go to one business: none other may have it.
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
        one_revocation_covers_all_from: None,
        push_ladder: porchlight_domain::push::PushLadder::default(),
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

impl NewBusiness {
    fn admin(&self) -> NewStaff {
        NewStaff::new(&self.admin, &self.email, Role::Admin)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use porchlight_engine::Templates;

    use super::*;
    use crate::offline::Offline;

    pub(crate) fn harbor() -> NewBusiness {
        NewBusiness {
            name: "Harbor Plumbing".to_owned(),
            line: "+12075550142".to_owned(),
            time_zone: "America/New_York".to_owned(),
            admin: "Ana Ferreira".to_owned(),
            email: "ana@harbor.example".to_owned(),
            account_sid: "AC00000000000000000000000000000042".to_owned(),
            auth_token: TokenFrom::default(),
        }
    }

    /// The folder, held as long as what this gives.
    async fn open(folder: &Path) -> Offline {
        Offline::open(folder, &Templates::embedded()).await.expect("a folder")
    }

    #[tokio::test]
    async fn a_number_that_another_business_has_or_that_is_none_is_refused_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let platform = open(folder.path()).await.platform;
        let made = create(&platform, &harbor(), "token".to_owned()).await;
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
            let refused = create(&platform, &with(line), "token".to_owned()).await;
            assert!(refused.is_err_and(|error| error.to_string().contains(words)), "{line}");
        }
        let businesses = platform.store().expect("a store").businesses().await.expect("a read");
        assert_eq!(businesses.len(), 1);
    }

    #[tokio::test]
    async fn an_interrupted_making_is_gone_on_with_and_a_finished_one_is_not_repeated() {
        let folder = tempfile::tempdir().expect("a folder");
        let platform = open(folder.path()).await.platform;
        let store = platform.store().expect("a store");
        let left = business(&platform, &harbor()).expect("a business").id;
        let (group, line) = line(&platform, &harbor()).expect("a line");
        let (admin, _) = harbor().admin().made(&platform, &left).await.expect("an admin");
        store.put_group(&left, &group).await.expect("a write");
        store.put_line(&left, &line).await.expect("a write");
        store.put_staff(&admin).await.expect("a write");
        let made = create(&platform, &harbor(), "token".to_owned()).await;
        let made = made.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(made.business, left);
        let again = create(&platform, &harbor(), "token".to_owned()).await;
        assert!(again.is_err_and(|error| error.to_string().contains("signs in with that address")));
        assert_eq!(store.groups(&left).await.expect("a read").len(), 1);
        assert_eq!(store.staff_of(&left).await.expect("a read").len(), 1);
        assert_eq!(store.businesses().await.expect("a read").len(), 1);
    }
}
