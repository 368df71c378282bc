//! From the script to a story.

use std::time::Duration;

use jiff::tz::TimeZone;
use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::customer::{Assignment, ContactLink, ContactRecord, Customer, Job, JobStatus};
use porchlight_domain::id::{BusinessId, CustomerId, JobId, LineGroupId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Entropy;
use porchlight_store::jobs::summarize;

use super::DemoError;
use super::hours::hours_around;
use super::script::{Script, ScriptCustomer, ScriptJob, ScriptLine};
use super::story::{Person, Story, StoryFrame, Teller, Told, Voice};
use super::when::{spoken, when};

/// Days a technician still sees a thread after a job's completion.
const ACCESS_DAYS: u32 = 14;

/// Reads the script of the demo business.
pub fn script() -> Result<Script, DemoError> {
    toml::from_str(include_str!("../../demo/harbor.toml")).map_err(DemoError::Script)
}

/// A business with no customers yet, and its people. `password_hashes` go to the staff in order.
pub fn business_of(
    script: &Script,
    account: &str,
    password_hashes: &[String],
    now: Timestamp,
    entropy: &Entropy,
) -> Result<Story, DemoError> {
    let zone = TimeZone::get(&script.business.time_zone).map_err(DemoError::TimeZone)?;
    let business = Business {
        id: BusinessId::from(entropy.ulid(now)),
        name: script.business.name.clone(),
        time_zone: script.business.time_zone.clone(),
        hours: hours_around(now, &zone),
        provider_account: account.to_owned(),
        technicians_text: true,
        access_days_after_completion: ACCESS_DAYS,
        one_revocation_covers_all_from: None,
        push_ladder: porchlight_domain::push::PushLadder::default(),
        created_at: now,
    };
    let group = LineGroup { id: LineGroupId::from(entropy.ulid(now)), name: script.business.name.clone() };
    let number = ContactPoint::phone(&script.business.line)?;
    let line = Line { number, group: group.id.clone(), label: "Main line".to_owned(), successor: None };
    let staff = script.staff.iter().zip(password_hashes).map(|(person, hash)| {
        Ok(Staff {
            business: business.id.clone(),
            id: StaffId::from(entropy.ulid(now)),
            name: person.name.clone(),
            email: person.email.clone(),
            password_hash: hash.clone(),
            role: person.role,
            full_chat_access: person.texting,
            phone: person.phone.as_deref().map(ContactPoint::phone).transpose()?,
            disabled_at: None,
            session_epoch: 0,
            day_off: None,
        })
    });
    let staff = staff.collect::<Result<_, DemoError>>()?;
    Ok(Story { business, group, line, staff, people: Vec::new() })
}

/// Tells the script's threads into the story.
pub fn tell(
    script: &Script,
    story: &mut Story,
    provider_url: &str,
    now: Timestamp,
    entropy: &Entropy,
) -> Result<(), DemoError> {
    let zone = TimeZone::get(&script.business.time_zone).map_err(DemoError::TimeZone)?;
    let keys = script.staff.iter().map(|person| person.key.as_str()).zip(&story.staff);
    let stage = Stage {
        frame: StoryFrame {
            business: &story.business,
            line: &story.line,
            provider_url,
            entropy,
            photo: None,
        },
        crew: keys.map(|(key, staff)| (key, staff.id.clone())).collect(),
        readers: story.staff.iter().filter(|s| s.role.sees_everything()).map(|s| s.id.clone()).collect(),
        zone,
        now,
    };
    story.people =
        script.customers.iter().map(|customer| stage.person(customer)).collect::<Result<_, _>>()?;
    Ok(())
}

/// What the telling of every customer needs.
struct Stage<'s> {
    frame: StoryFrame<'s>,
    crew: Vec<(&'s str, StaffId)>,
    readers: Vec<StaffId>,
    zone: TimeZone,
    now: Timestamp,
}

impl Stage<'_> {
    fn person(&self, script: &ScriptCustomer) -> Result<Person, DemoError> {
        let customer = self.customer(script)?;
        let contacts = Self::contacts(script, customer.as_ref())?;
        let (jobs, assignments) = self.jobs(script, customer.as_ref())?;
        let home = match &script.thread_contact {
            Some(number) => ContactPoint::phone(number)?,
            None => contacts.first().ok_or(DemoError::Empty)?.0.contact.clone(),
        };
        let lines = script.thread.iter().map(|line| self.line(line)).collect::<Result<Vec<_>, _>>()?;
        let summary = customer.as_ref().map(|customer| summarize(customer, &jobs));
        let began = lines.first().map_or(self.now, |line| line.at);
        let mut teller = Teller::new(&self.frame, &home, summary, &jobs, began);
        for line in lines {
            teller.tell(line);
        }
        if let Some(key) = &script.assignee {
            teller.assign(self.staff(key)?);
        }
        if script.closed {
            teller.close();
        }
        let yesterday = self.now - std::time::Duration::from_hours(24);
        let (mut thread, consent) = teller.finish(&self.readers, yesterday);
        let cannot_text = contacts.iter().any(|(record, _)| record.contact == home && record.cannot_text);
        thread.conversation.know_cannot_text(cannot_text);
        Ok(Person { customer, contacts, jobs, assignments, consent, thread })
    }

    fn customer(&self, script: &ScriptCustomer) -> Result<Option<Customer>, DemoError> {
        let Some(name) = script.name.clone() else { return Ok(None) };
        let since = match &script.since {
            Some(day) => format!("{day}T12:00:00Z").parse().map_err(|_| DemoError::Day(day.clone()))?,
            None => self.now,
        };
        Ok(Some(Customer {
            id: CustomerId::from(self.frame.entropy.ulid(self.now)),
            name,
            address: script.address.clone(),
            notes: script.notes.clone(),
            access_notes: script.access_notes.clone(),
            balance_cents: script.balance_cents,
            lead: script.lead,
            since: self.now.min(since),
            version: 1,
        }))
    }

    fn contacts(
        script: &ScriptCustomer,
        customer: Option<&Customer>,
    ) -> Result<Vec<(ContactRecord, Option<ContactLink>)>, DemoError> {
        let contacts = script.contacts.iter().map(|given| {
            let contact = ContactPoint::phone(&given.contact)?;
            let link = customer.map(|customer| ContactLink {
                customer: customer.id.clone(),
                contact: contact.clone(),
                channel: Channel::Sms,
                label: given.label.clone(),
                linked_at: customer.since,
                unlinked_at: None,
            });
            let (cannot_text, shared) = (given.cannot_text, given.shared);
            Ok((ContactRecord { cannot_text, shared, ..ContactRecord::new(contact) }, link))
        });
        contacts.collect()
    }

    fn jobs(
        &self,
        script: &ScriptCustomer,
        customer: Option<&Customer>,
    ) -> Result<(Vec<Job>, Vec<Assignment>), DemoError> {
        let Some(customer) = customer else { return Ok((Vec::new(), Vec::new())) };
        let mut assignments = Vec::new();
        let mut jobs = Vec::new();
        for given in &script.jobs {
            let job = self.job(given, &customer.id)?;
            for key in &given.crew {
                assignments.push(Assignment {
                    job: job.id.clone(),
                    customer: customer.id.clone(),
                    staff: self.staff(key)?,
                    assigned_at: customer.since,
                    unassigned_at: None,
                });
            }
            jobs.push(job);
        }
        Ok((jobs, assignments))
    }

    fn job(&self, given: &ScriptJob, customer: &CustomerId) -> Result<Job, DemoError> {
        let scheduled_at = when(&given.at, self.now, &self.zone)?;
        Ok(Job {
            id: JobId::from(self.frame.entropy.ulid(self.now)),
            customer: customer.clone(),
            number: given.number,
            title: given.title.clone(),
            status: given.status,
            scheduled_at: Some(scheduled_at),
            ends_at: given.minutes.map(|minutes| scheduled_at + Duration::from_mins(minutes)),
            ended_at: (given.status == JobStatus::Completed).then_some(scheduled_at),
            amount_cents: given.amount_cents,
            facts: Vec::new(),
            version: 1,
        })
    }

    fn line(&self, line: &ScriptLine) -> Result<Told, DemoError> {
        let (at, who, text, media) = match line {
            ScriptLine::With(at, who, text, more) => (at, who, text, Some(more.media.clone())),
            ScriptLine::Plain(at, who, text) => (at, who, text, None),
        };
        let voice = match who.as_str() {
            "in" => Voice::Customer,
            "auto" => Voice::Automated,
            "assigned" => assigned(text)?,
            key => Voice::Staff(self.staff(key)?),
        };
        let (text, undelivered) = match text.split_once(" | undelivered ") {
            Some((text, code)) => (text, Some(code.parse().map_err(|_| DemoError::Line(text.to_owned()))?)),
            None => (text.as_str(), None),
        };
        let text = spoken(text, self.now, &self.zone)?;
        Ok(Told { at: when(at, self.now, &self.zone)?, voice, text, media, undelivered })
    }

    fn staff(&self, key: &str) -> Result<StaffId, DemoError> {
        let found = self.crew.iter().find(|(known, _)| *known == key);
        found.map(|(_, id)| id.clone()).ok_or_else(|| DemoError::Nobody(key.to_owned()))
    }
}

/// `Ana Reyes > Ben Adler`.
fn assigned(text: &str) -> Result<Voice, DemoError> {
    let (by, to) = text.split_once(" > ").ok_or_else(|| DemoError::Line(text.to_owned()))?;
    Ok(Voice::Assigned { by: by.to_owned(), to: to.to_owned() })
}

#[cfg(test)]
mod tests {
    use porchlight_domain::hours::{Waiting, time_zone};

    use super::*;

    /// The demo, as it is when it is started then.
    fn started(script: &Script, now: Timestamp) -> Story {
        let (entropy, hashes) = (Entropy::seeded(7), vec![String::new(); script.staff.len()]);
        let mut story = business_of(script, "AC1", &hashes, now, &entropy).expect("a business");
        tell(script, &mut story, "http://localhost", now, &entropy).expect("the script tells");
        story
    }

    /// Every hour of a week, and of the weeks in which clocks change.
    fn starts() -> impl Iterator<Item = Timestamp> {
        let weeks = ["2026-11-16T05:13:00.000Z", "2026-03-07T05:43:00.000Z", "2026-10-31T04:59:00.000Z"];
        let weeks = weeks.map(|week| week.parse::<Timestamp>().expect("an instant"));
        weeks.into_iter().flat_map(|week| (0..7 * 24).map(move |hour| week + Duration::from_hours(hour)))
    }

    #[test]
    fn whenever_the_demo_is_started_somebody_waits_in_amber_and_in_red() {
        let script = script().expect("the script");
        for now in starts() {
            let story = started(&script, now);
            let zone = time_zone(&story.business.time_zone).expect("a zone");
            let rows = story.people.iter().map(|person| &person.thread.conversation);
            let waits = rows.filter_map(|row| Some((row.shown_attention()?, row.route()?.channel)));
            let colours: Vec<Waiting> = waits
                .map(|(attention, channel)| {
                    Waiting::of(&attention, channel, now, &story.business.hours, &zone)
                })
                .collect();
            for colour in [Waiting::Calm, Waiting::Amber, Waiting::Red] {
                assert!(colours.contains(&colour), "{now}: {colours:?}");
            }
            assert!(story.business.hours.is_open(now, &zone), "{now}");
        }
    }

    #[test]
    fn whenever_the_demo_is_started_its_jobs_are_where_they_say() {
        let script = script().expect("the script");
        for now in starts() {
            for person in started(&script, now).people {
                for job in &person.jobs {
                    let (status, at) = (job.status, job.scheduled_at.expect("a time"));
                    assert_eq!(
                        status == JobStatus::Scheduled,
                        at > now,
                        "{now}: {} {status:?} {at}",
                        job.number
                    );
                }
                let messages = &person.thread.messages;
                assert!(
                    messages.iter().all(|message| message.created_at <= now && !message.text().contains('{'))
                );
                assert!(messages.is_sorted_by_key(|message| message.created_at), "{now}");
            }
        }
    }
}
