//! What is said about being texted, as the office keeps it: given, taken back, or not meant (P6).

use porchlight_domain::access::{Grant, KeepConsent, Person, SetConsentRule};
use porchlight_domain::business::Business;
use porchlight_domain::consent::{
    Arrival, Consent, ConsentAct, ONE_COVERS_ALL_FROM, Particulars, Purpose, Revocation,
};
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::id::{CommandId, LineGroupId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::Commit;
use porchlight_store::consent::ConsentChange;

use crate::command::Command;
use crate::{Desk, Refusal};

/// What somebody of the office keeps.
#[derive(Clone)]
pub struct ConsentSaid {
    /// What was said.
    pub act: ConsentAct,
    /// How they said it: "by phone".
    pub how: String,
    /// In which words.
    pub words: Option<String>,
    /// For what; the usual for what is given, everything for what is taken back.
    pub scope: Option<Purpose>,
}

/// The contact point, and who acts.
struct Scene<'a> {
    who: &'a Person,
    contact: &'a ContactPoint,
    said: &'a ConsentSaid,
    now: Timestamp,
}

impl Desk {
    /// Keeps it once, however often the command comes, towards all lines of the business.
    pub async fn keep_consent(
        &self,
        _: Grant<KeepConsent>,
        who: &Person,
        contact: &ContactPoint,
        said: &ConsentSaid,
        command: Option<CommandId>,
    ) -> Result<(), Refusal> {
        let scope = said.scope.map(|scope| format!("{scope:?}")).unwrap_or_default();
        let words = said.words.as_deref().unwrap_or_default();
        let act = format!("{:?}", said.act);
        let parts = ["consent", who.staff.id.as_str(), contact.as_str(), &act, &said.how, words, &scope];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_keep(who, contact, said, &command)).await
    }

    async fn try_keep(
        &self,
        who: &Person,
        contact: &ContactPoint,
        said: &ConsentSaid,
        command: &Command,
    ) -> Result<(), Refusal> {
        if self.was_done(command).await? {
            return Ok(());
        }
        let business = &who.business.id;
        let (facts, groups, mut conversations) = futures::try_join!(
            self.store.contact_facts(business, contact),
            self.store.groups(business),
            self.store.conversations_with(business, contact),
        )?;
        if said.act == ConsentAct::Dismiss && conversations.iter().all(|it| it.doubt.is_none()) {
            return Err(Refusal::NothingInDoubt);
        }
        let scene = Scene { who, contact, said, now: self.now() };
        let mut commit = command.join(self.store.commit(business));
        for group in groups {
            let was = facts.consents.get(&group.id).copied();
            let quoted = conversations.iter().find(|it| it.doubt.is_some() && it.group() == Some(&group.id));
            let change = self.change(&scene, group.id.clone(), was, quoted).await?;
            commit = commit.consent(&change);
            for conversation in conversations.iter_mut().filter(|it| it.group() == Some(&group.id)) {
                commit = self.and_shown_in(commit, &scene, conversation, &change).await?;
            }
        }
        Ok(commit.run().await?)
    }

    /// What comes of it towards one line group; `quoted` is the conversation in which they seem to have asked for no
    /// more texts.
    async fn change(
        &self,
        scene: &Scene<'_>,
        group: LineGroupId,
        was: Option<Consent>,
        quoted: Option<&Conversation>,
    ) -> Result<ConsentChange, Refusal> {
        let line = self.entropy.ulid(scene.now);
        let whose = (scene.contact.clone(), group);
        let decide = |said| ConsentChange::decide(whose, line, was, said, Arrival::Fresh);
        let usual = || Consent::given(was.as_ref(), Purpose::Service, line.into(), scene.now);
        let change = match scene.said.act {
            ConsentAct::Grant if was.is_some_and(|was| was.only_they_can_open()) => {
                return Err(Refusal::OnlyTheyCanOpen);
            }
            ConsentAct::Grant => {
                let scope = scene.said.scope.unwrap_or_default();
                decide(Consent::given(was.as_ref(), scope, line.into(), scene.now))
            }
            ConsentAct::Revoke => decide(scene.revocation().of(was.as_ref())),
            ConsentAct::Dismiss => decide(was.unwrap_or_else(usual)).unchanging(),
        };
        Ok(change.told(self.particulars(scene, quoted).await?))
    }

    async fn particulars(
        &self,
        Scene { who, said, .. }: &Scene<'_>,
        quoted: Option<&Conversation>,
    ) -> Result<Particulars, Refusal> {
        let particulars = Particulars {
            act: Some(said.act),
            by: Some(who.staff.id.clone()),
            how: Some(said.how.clone()),
            words: said.words.clone(),
            scope: said.scope.or((said.act == ConsentAct::Grant).then(Purpose::default)),
            ..Particulars::default()
        };
        let Some((conversation, doubt)) = quoted.and_then(|it| Some((it, it.doubt?))) else {
            return Ok(particulars);
        };
        let text = self.store.message_at(&who.business.id, &conversation.id, doubt.seq).await?;
        Ok(match text {
            Some(text) => particulars.about(&text.id, text.text()),
            None => particulars,
        })
    }

    /// The conversation's row and timeline say it, and what waited for a decision goes on, or ends.
    async fn and_shown_in<'c>(
        &self,
        mut commit: Commit<'c>,
        scene: &Scene<'_>,
        conversation: &mut Conversation,
        change: &ConsentChange,
    ) -> Result<Commit<'c>, Refusal> {
        let was_out = conversation.opted_out;
        let was_in_doubt = conversation.doubt.is_some();
        match scene.said.act {
            ConsentAct::Revoke => conversation.confirm_doubt(),
            ConsentAct::Grant | ConsentAct::Dismiss => conversation.dismiss_doubt(),
        }
        conversation.know_consent(change.now().as_ref());
        if was_in_doubt {
            let next = self.store.next_queued(&conversation.business, &conversation.id, 0).await?;
            if let Some(mut held) = next.filter(|held| held.delivery().is_some()) {
                if let Some(delivery) = held.delivery_mut() {
                    delivery.hurry();
                }
                commit = commit.update_message(&mut held);
            }
        }
        let by = &scene.who.staff.name;
        let notice = match (scene.said.act, was_out, conversation.opted_out) {
            (ConsentAct::Dismiss, ..) if was_in_doubt => Some(Notice::NoStop { by }),
            (_, false, true) => Some(Notice::Revoked { by }),
            (_, true, false) => Some(Notice::Granted { by }),
            _ => None,
        };
        Ok(self.changed(commit, Some(&scene.who.staff.id), conversation, notice))
    }

    /// From when one revocation covers everything; the rule's own day where the business says nothing.
    pub async fn set_consent_rule(
        &self,
        _: Grant<SetConsentRule>,
        who: &Person,
        from: Option<Timestamp>,
    ) -> Result<Business, Refusal> {
        Ok(self.store.set_consent_rule(&who.business.id, from).await?)
    }
}

impl Scene<'_> {
    fn revocation(&self) -> Revocation {
        let rule = self.who.business.one_revocation_covers_all_from;
        Revocation {
            scope: self.said.scope.unwrap_or(Purpose::Reply),
            covers_all_from: rule.unwrap_or(ONE_COVERS_ALL_FROM),
            at: self.now,
        }
    }
}
