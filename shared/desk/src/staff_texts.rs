//! Whether a member of staff may be texted at their own phone: their own agreement, and what was said from that phone
//! (P6).

use porchlight_domain::access::Person;
use porchlight_domain::consent::{
    Arrival, Consent, ConsentAct, ONE_COVERS_ALL_FROM, Particulars, Purpose, Revocation,
};
use porchlight_domain::id::LineGroupId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::{StaffTexts, TEXTS_HOW, TEXTS_WORDS, TextsAgreement};
use porchlight_domain::time::Timestamp;
use porchlight_store::consent::ConsentChange;
use ulid::Ulid;

use crate::{Desk, Refusal};

/// What is on record for somebody's own phone, towards each line group.
type OnRecord = Vec<(LineGroupId, Option<Consent>)>;

/// Somebody's own phone, and all that was said about texts to it.
struct Phone<'a> {
    number: &'a ContactPoint,
    agreed: Option<TextsAgreement>,
    on_record: OnRecord,
}

impl Desk {
    /// Whether somebody is texted, and what stands in the way.
    pub async fn staff_texts(&self, who: &Person) -> Result<StaffTexts, Refusal> {
        let phone = self.phone_of(who).await?;
        Ok(phone.map(|phone| phone.texts()).unwrap_or_default())
    }

    /// They say yes, or no more, for themselves and towards all lines; saying the same again keeps nothing more.
    pub async fn allow_texts(&self, who: &Person, allowed: bool) -> Result<StaffTexts, Refusal> {
        self.until_written(|| self.try_allow_texts(who, allowed)).await?;
        self.staff_texts(who).await
    }

    async fn try_allow_texts(&self, who: &Person, allowed: bool) -> Result<(), Refusal> {
        let Some(phone) = self.phone_of(who).await? else {
            return if allowed { Err(Refusal::NoNumber) } else { Ok(()) };
        };
        if allowed && phone.texts().stopped.is_some() {
            return Err(Refusal::SaidStop);
        }
        if phone.agrees() == allowed {
            return Ok(());
        }
        let (now, staff) = (self.now(), &who.staff.id);
        let line = self.entropy.ulid(now);
        let commit = self.store.commit(&who.business.id);
        let commit = if allowed {
            let agreed = TextsAgreement { number: phone.number.clone(), at: now, line: line.into() };
            commit.agree_to_texts(staff, &agreed)
        } else {
            commit.end_texts_agreement(staff)
        };
        let said = phone.on_record.iter().map(|on_record| phone.line_of(who, on_record, line, allowed, now));
        Ok(said.fold(commit, |commit, said| commit.consent(&said)).run().await?)
    }

    async fn phone_of<'a>(&self, who: &'a Person) -> Result<Option<Phone<'a>>, Refusal> {
        let Some(number) = &who.staff.phone else { return Ok(None) };
        let business = &who.business.id;
        let (facts, groups, agreed) = futures::try_join!(
            self.store.contact_facts(business, number),
            self.store.groups(business),
            self.store.texts_agreement(business, &who.staff.id)
        )?;
        let on_record = groups.into_iter().map(|group| {
            let consent = facts.consents.get(&group.id).copied();
            (group.id, consent)
        });
        Ok(Some(Phone { number, agreed, on_record: on_record.collect() }))
    }

    /// The number to text START to where a STOP of theirs stands: a line of those that it ended.
    pub async fn start_to(&self, who: &Person, texts: &StaffTexts) -> Result<Option<ContactPoint>, Refusal> {
        let Some(stopped) = &texts.stopped else { return Ok(None) };
        let lines = self.store.lines(&who.business.id).await?;
        let line = lines.into_iter().find(|line| line.group == stopped.group && line.successor.is_none());
        Ok(line.map(|line| line.number))
    }
}

impl Phone<'_> {
    fn agrees(&self) -> bool {
        self.agreed.as_ref().is_some_and(|agreed| agreed.number == *self.number)
    }

    fn texts(&self) -> StaffTexts {
        StaffTexts::of(Some(self.number), self.agreed.as_ref(), &self.on_record)
    }

    /// The ledger's line. What is on record of the number stays: the agreement is the person's and no START of the phone's.
    fn line_of(
        &self,
        who: &Person,
        (group, was): &(LineGroupId, Option<Consent>),
        line: Ulid,
        allowed: bool,
        now: Timestamp,
    ) -> ConsentChange {
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
        let whose = (self.number.clone(), group.clone());
        ConsentChange::decide(whose, line, *was, said, Arrival::Fresh).told(told).unchanging()
    }
}
