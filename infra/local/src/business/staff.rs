//! `porchlight business staff`: somebody who signs in.

use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff, login_address};
use porchlight_edge::{BoxError, Platform, password};
use porchlight_store::{Store, StoreError};
use serde::de::IntoDeserializer as _;
use serde::{Deserialize as _, Serialize};

use super::meant;
use crate::account;

/// Somebody new, or somebody who forgot their password.
#[derive(clap::Args)]
pub struct StaffCommand {
    /// The business, where there are several.
    #[arg(long)]
    business: Option<BusinessId>,
    /// Give the one who signs in with this address another password, and end their sessions.
    #[arg(long, conflicts_with_all = ["name", "role", "phone", "full_chat_access"])]
    new_password: bool,
    #[command(flatten)]
    new: NewStaff,
}

/// Somebody who will sign in.
#[derive(clap::Args)]
pub struct NewStaff {
    /// As colleagues know them.
    #[arg(long, required_unless_present = "new_password", default_value = "")]
    name: String,
    /// Their email address, for signing in.
    #[arg(long)]
    email: String,
    /// What they are to the inbox: admin, office or technician.
    #[arg(long, value_parser = role, default_value = "office")]
    role: Role,
    /// Their own phone (+1…): its texts never land among the leads.
    #[arg(long, allow_hyphen_values = true)]
    phone: Option<String>,
    /// A technician who may text customers.
    #[arg(long)]
    full_chat_access: bool,
}

/// How somebody signs in: told once.
#[derive(Serialize)]
pub struct SignIn {
    /// With this address.
    pub email: String,
    /// And this password.
    pub password: String,
}

impl SignIn {
    /// A line for people.
    pub fn words(&self) -> String {
        format!("Sign in as   {} {}\n", self.email, self.password)
    }
}

fn role(word: &str) -> Result<Role, String> {
    let word: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    Role::deserialize(word).map_err(|_| "it is admin, office or technician".to_owned())
}

/// An address to sign in with, in lower case.
pub(super) fn email_address(typed: &str) -> Result<String, BoxError> {
    login_address(typed).ok_or_else(|| format!("{typed} is no email address").into())
}

/// Lets them sign in.
pub async fn carry_out(platform: &Platform, command: &StaffCommand) -> Result<SignIn, BoxError> {
    let store = platform.store()?;
    let business = meant(&store, command.business.as_ref()).await?.id;
    let known = store.staff_by_login(&email_address(&command.new.email)?).await?;
    if command.new_password {
        let known = known.filter(|it| it.business == business);
        let known = known.ok_or("nobody of the business signs in with that address")?;
        return with_new_password(platform, &store, known).await;
    }
    if known.is_some() {
        return Err(
            "somebody signs in with that address already: --new-password gives them another password".into(),
        );
    }
    let (staff, sign_in) = command.new.made(platform, &business).await?;
    match store.put_staff(&staff).await {
        Err(StoreError::Conflict(_)) => Err("that address or phone is a colleague's already".into()),
        put => Ok(put.map(|()| sign_in)?),
    }
}

async fn with_new_password(platform: &Platform, store: &Store, known: Staff) -> Result<SignIn, BoxError> {
    if known.disabled_at.is_some() {
        return Err(format!("{} no longer works here", known.name).into());
    }
    let (password, password_hash) = new_password(platform).await?;
    let staff = Staff { password_hash, session_epoch: known.session_epoch + 1, ..known };
    store.put_staff(&staff).await?;
    store.delete_sessions_of(&staff.business, &staff.id).await?;
    Ok(SignIn { email: staff.email, password })
}

async fn new_password(platform: &Platform) -> Result<(String, String), BoxError> {
    let password = account::new_password(&platform.entropy);
    let hash = password::hash_aside(password.clone(), platform.entropy.clone()).await?;
    Ok((password, hash))
}

impl NewStaff {
    /// Somebody without a phone of their own.
    pub(super) fn new(name: &str, email: &str, role: Role) -> Self {
        let (name, email) = (name.to_owned(), email.to_owned());
        Self { name, email, role, phone: None, full_chat_access: false }
    }

    /// Their record, and how they sign in.
    pub(super) async fn made(
        &self,
        platform: &Platform,
        business: &BusinessId,
    ) -> Result<(Staff, SignIn), BoxError> {
        let (password, password_hash) = new_password(platform).await?;
        let email = email_address(&self.email)?;
        let staff = Staff {
            business: business.clone(),
            id: StaffId::from(platform.entropy.ulid(platform.clock.now())),
            name: self.name.clone(),
            email: email.clone(),
            password_hash,
            role: self.role,
            full_chat_access: self.role.sees_everything() || self.full_chat_access,
            phone: self.own_phone()?,
            disabled_at: None,
            session_epoch: 0,
            day_off: None,
        };
        Ok((staff, SignIn { email, password }))
    }

    fn own_phone(&self) -> Result<Option<ContactPoint>, BoxError> {
        let Some(typed) = &self.phone else { return Ok(None) };
        let phone = ContactPoint::typed(typed).map_err(|why| format!("{typed} is no phone: {why}"))?;
        if !phone.is_e164() {
            return Err(format!("{typed} is no phone number").into());
        }
        Ok(Some(phone))
    }
}

#[cfg(test)]
mod tests {
    use porchlight_engine::Templates;

    use super::super::create::{create, tests::harbor};
    use super::*;
    use crate::offline::Offline;

    fn luis(new_password: bool) -> StaffCommand {
        let new = NewStaff {
            phone: Some("(207) 555-0177".to_owned()),
            ..NewStaff::new("Luis Ortega", "Luis@Harbor.example", Role::Technician)
        };
        StaffCommand { business: None, new_password, new }
    }

    #[tokio::test]
    async fn somebody_new_signs_in_and_a_new_password_takes_the_place_of_the_old_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let offline = Offline::open(folder.path(), &Templates::embedded()).await.expect("a folder");
        let platform = &offline.platform;
        let refused =
            carry_out(platform, &luis(false)).await.err().expect("there is no business").to_string();
        assert!(refused.contains("business create"), "{refused}");
        create(platform, &harbor(), "token".to_owned()).await.unwrap_or_else(|error| panic!("{error}"));
        let refused = carry_out(platform, &luis(true)).await.err().expect("there is no Luis").to_string();
        assert!(refused.contains("nobody"), "{refused}");
        let first = carry_out(platform, &luis(false)).await.unwrap_or_else(|error| panic!("{error}"));
        let refused = carry_out(platform, &luis(false)).await.err().expect("he is there").to_string();
        assert!(refused.contains("--new-password"), "{refused}");
        let second = carry_out(platform, &luis(true)).await.unwrap_or_else(|error| panic!("{error}"));
        let store = platform.store().expect("a store");
        let staff = store.staff_by_login("luis@harbor.example").await.expect("a read").expect("Luis");
        assert!(password::matches(&second.password, &staff.password_hash));
        assert!(!password::matches(&first.password, &staff.password_hash));
        assert_eq!((staff.role, staff.email.as_str()), (Role::Technician, "luis@harbor.example"));
        assert!(!staff.full_chat_access && staff.phone.is_some_and(|it| it.to_string() == "+12075550177"));
    }

    #[tokio::test]
    async fn a_phone_has_one_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let offline = Offline::open(folder.path(), &Templates::embedded()).await.expect("a folder");
        let platform = &offline.platform;
        create(platform, &harbor(), "token".to_owned()).await.unwrap_or_else(|error| panic!("{error}"));
        carry_out(platform, &luis(false)).await.unwrap_or_else(|error| panic!("{error}"));
        let mut twin = luis(false);
        twin.new.email = "twin@harbor.example".to_owned();
        let refused = carry_out(platform, &twin).await.err().expect("the phone is his").to_string();
        assert!(refused.contains("a colleague's already"), "{refused}");
    }

    #[test]
    fn what_cannot_sign_in_is_no_address() {
        for wrong in ["", "ana", "@harbor.example", "ana@", "a na@harbor.example"] {
            assert!(email_address(wrong).is_err(), "{wrong}");
        }
        assert!(email_address(" Ana@Harbor.Example ").is_ok_and(|it| it == "ana@harbor.example"));
    }
}
