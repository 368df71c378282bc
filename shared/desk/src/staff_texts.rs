//! Whether a member of staff may be texted at their own phone: their own consent, kept like a customer's (P6).

use porchlight_domain::access::Person;
use porchlight_domain::consent::{
    Arrival, Consent, ConsentAct, ONE_COVERS_ALL_FROM, Particulars, Purpose, Revocation,
};
use porchlight_domain::id::LineGroupId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::{StaffTexts, TEXTS_HOW, TEXTS_WORDS, may_text_staff};
use porchlight_store::consent::ConsentChange;

use crate::{Desk, Refusal};

/// What is on record for somebody's own phone, towards each line group.
type OnRecord = Vec<(LineGroupId, Option<Consent>)>;

impl Desk {
    /// Whether somebody is texted, and what stands in the way.
    pub async fn staff_texts(&self, who: &Person) -> Result<StaffTexts, Refusal> {
        let number = who.staff.phone.as_ref();
        let on_record = match number {
            Some(number) => self.texts_on_record(who, number).await?,
            None => OnRecord::new(),
        };
        Ok(StaffTexts::of(number, on_record.iter().map(|(_, consent)| consent.as_ref())))
    }

    /// They say yes, or no more, for themselves and towards all lines; saying the same again keeps nothing more.
    pub async fn allow_texts(&self, who: &Person, allowed: bool) -> Result<StaffTexts, Refusal> {
        self.until_written(|| self.try_allow_texts(who, allowed)).await?;
        self.staff_texts(who).await
    }

    async fn try_allow_texts(&self, who: &Person, allowed: bool) -> Result<(), Refusal> {
        let Some(number) = &who.staff.phone else {
            return if allowed { Err(Refusal::NoNumber) } else { Ok(()) };
        };
        let on_record = self.texts_on_record(who, number).await?;
        let stopped = on_record.iter().any(|(_, was)| was.is_some_and(|was| was.only_they_can_open()));
        if allowed && stopped {
            return Err(Refusal::SaidStop);
        }
        let other = on_record.into_iter().filter(|(_, was)| may_text_staff(was.as_ref()) != allowed);
        let changes: Vec<_> =
            other.map(|(group, was)| self.texts_change(who, number, group, was, allowed)).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let commit = self.store.commit(&who.business.id);
        Ok(changes.iter().fold(commit, porchlight_store::Commit::consent).run().await?)
    }

    async fn texts_on_record(&self, who: &Person, number: &ContactPoint) -> Result<OnRecord, Refusal> {
        let business = &who.business.id;
        let (facts, groups) =
            futures::try_join!(self.store.contact_facts(business, number), self.store.groups(business))?;
        Ok(groups
            .into_iter()
            .map(|group| {
                let consent = facts.consents.get(&group.id).copied();
                (group.id, consent)
            })
            .collect())
    }

    fn texts_change(
        &self,
        who: &Person,
        number: &ContactPoint,
        group: LineGroupId,
        was: Option<Consent>,
        allowed: bool,
    ) -> ConsentChange {
        let now = self.now();
        let line = self.entropy.ulid(now);
        let covers_all_from = who.business.one_revocation_covers_all_from.unwrap_or(ONE_COVERS_ALL_FROM);
        let (act, said) = if allowed {
            (ConsentAct::Grant, Consent::given(was.as_ref(), Purpose::Service, line.into(), now))
        } else {
            let revocation = Revocation { scope: Purpose::Reply, covers_all_from, at: now };
            (ConsentAct::Revoke, revocation.of(was.as_ref()))
        };
        let told = Particulars {
            act: Some(act),
            by: Some(who.staff.id.clone()),
            how: Some(TEXTS_HOW.to_owned()),
            words: allowed.then(|| TEXTS_WORDS.to_owned()),
            scope: allowed.then_some(Purpose::Service),
            ..Particulars::default()
        };
        ConsentChange::decide((number.clone(), group), line, was, said, Arrival::Fresh).told(told)
    }
}
