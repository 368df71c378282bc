//! Plausible customers and threads in any number, for `porchlight seed` and to fill up the demo.
//!
//! Drawn from a seed, so that the same command loads the same data. Numbers lie in 555-01xx as long as those
//! last, then in the rest of 555, never in area code 415.

use std::time::Duration;

use porchlight_domain::channel::Channel;
use porchlight_domain::customer::{
    Assignment, ContactLink, ContactRecord, Customer, Job, JobStatus, LeadStage,
};
use porchlight_domain::id::{CustomerId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use porchlight_store::jobs::summarize;

use super::spread::Spread;
use super::story::{Person, StoryFrame, Teller, Told, Voice};
use super::words::{
    ANSWERS, CLOSINGS, FIRST_NAMES, JOBS, LAST_NAMES, NOTES, OPENERS, QUESTIONS, REMINDERS, STREETS,
};

/// Most threads that ended longer ago are closed.
const SETTLED: Duration = Duration::from_hours(14 * 24);

/// How long a job takes.
const VISIT: Duration = Duration::from_hours(2);

/// So many of the first people may be today's and tomorrow's work.
const AT_WORK: u32 = 24;

/// Draws people.
pub struct Generator<'s> {
    /// What every thread shares.
    pub frame: StoryFrame<'s>,
    /// Who answers.
    pub office: Vec<StaffId>,
    /// Who works on the jobs of these days; nobody, where that is told already.
    pub crew: Vec<StaffId>,
    /// Now.
    pub now: Timestamp,
    /// When it all was.
    pub spread: Spread,
}

impl Generator<'_> {
    /// Somebody with this number and a thread of `messages` messages; `index` numbers their job.
    pub fn person(&self, contact: ContactPoint, index: u32, messages: u64) -> Person {
        let times = self.spread.times(self.now, messages, self.frame.entropy);
        let (began, ended) = (times[0], times[times.len() - 1]);
        let customer = (self.pick(10) > 0).then(|| self.customer(began));
        let mut jobs = customer.as_ref().map_or_else(Vec::new, |customer| self.jobs(customer, index));
        let assignments = self.assignments(&mut jobs, index);
        let summary = customer.as_ref().map(|customer| summarize(customer, &jobs));
        let mut teller = Teller::new(&self.frame, &contact, summary, &jobs, began);
        (0..).zip(times).take(usize::try_from(messages).unwrap_or(usize::MAX)).for_each(|(n, at)| {
            teller.tell(self.line(n, messages, at));
        });
        if self.now - SETTLED > ended && self.pick(3) > 0 {
            teller.close();
        } else if self.one_in(15) {
            let days = Duration::from_hours(24 * (1 + self.pick(20) as u64));
            teller.plan(self.somebody(), self.choose(&REMINDERS), ended, self.now + days);
        }
        let (thread, consent) = teller.finish(&self.office, self.now - Duration::from_hours(3));
        let link = customer.as_ref().map(|customer| link(customer, &contact));
        let record = ContactRecord::new(contact);
        Person { customer, contacts: vec![(record, link)], jobs, assignments, consent, thread }
    }

    fn customer(&self, began: Timestamp) -> Customer {
        let (first, last) = (self.choose(&FIRST_NAMES), self.choose(&LAST_NAMES));
        let lead = [None, None, None, Some(LeadStage::New), Some(LeadStage::FollowUp)][self.pick(5)];
        Customer {
            id: CustomerId::from(self.frame.entropy.ulid(began)),
            name: format!("{first} {last}"),
            address: Some(format!("{} {}, Portland, ME", 1 + self.pick(240), self.choose(&STREETS))),
            notes: None,
            access_notes: None,
            balance_cents: 0,
            lead,
            since: began,
            version: 1,
        }
    }

    fn jobs(&self, customer: &Customer, index: u32) -> Vec<Job> {
        if customer.lead.is_some() || self.pick(2) == 0 {
            return Vec::new();
        }
        let done = self.pick(3) > 0;
        let days = Duration::from_hours(24 * (1 + self.pick(12) as u64));
        let at = if done { self.now - days } else { self.now + days };
        vec![Job {
            id: JobId::from(self.frame.entropy.ulid(self.now)),
            customer: customer.id.clone(),
            number: 1100 + index,
            title: self.choose(&JOBS).to_owned(),
            status: if done { JobStatus::Completed } else { JobStatus::Scheduled },
            scheduled_at: Some(at),
            ends_at: Some(at + VISIT),
            ended_at: done.then_some(at),
            amount_cents: 9_500 + 500 * i64::from(self.draw_below(400)),
            facts: Vec::new(),
            version: 1,
        }]
    }

    /// Of the first customers some are today's and tomorrow's work: one after the other, for each technician.
    fn assignments(&self, jobs: &mut [Job], index: u32) -> Vec<Assignment> {
        let Some(job) = jobs.first_mut().filter(|_| index < AT_WORK) else { return Vec::new() };
        let Some(staff) = self.crew.get(index as usize % self.crew.len().max(1)) else { return Vec::new() };
        let at = self.now + Duration::from_hours(u64::from(index));
        job.status = JobStatus::Scheduled;
        (job.scheduled_at, job.ends_at, job.ended_at) = (Some(at), Some(at + VISIT), None);
        vec![Assignment {
            job: job.id.clone(),
            customer: job.customer.clone(),
            staff: staff.clone(),
            assigned_at: self.now,
            unassigned_at: None,
        }]
    }

    /// Line `n` of `messages`: customers begin, and the office has the last word in seven of eight.
    fn line(&self, n: u64, messages: u64, at: Timestamp) -> Told {
        let last = n + 1 == messages;
        let customer = if last && n > 0 { self.pick(8) == 0 } else { n.is_multiple_of(2) };
        let aside = n > 0 && !last;
        let opts_out = customer && aside && self.one_in(80);
        let is_note = !customer && aside && self.one_in(12);
        let text = match (customer, n, last) {
            _ if opts_out => "STOP",
            _ if is_note => self.choose(&NOTES),
            (true, 0, _) => self.choose(&OPENERS),
            (true, ..) => self.choose(&QUESTIONS),
            (false, _, true) => self.choose(&CLOSINGS),
            (false, ..) => self.choose(&ANSWERS),
        };
        let author = self.somebody();
        let voice = match (customer, is_note) {
            (true, _) => Voice::Customer,
            (false, true) => Voice::Note(author),
            (false, false) => Voice::Staff(author),
        };
        let media = (customer && !opts_out && self.one_in(20)).then(|| "image/jpeg".to_owned());
        Told { at, voice, text: text.to_owned(), media, undelivered: None }
    }

    fn somebody(&self) -> StaffId {
        self.office[self.pick(self.office.len())].clone()
    }

    /// Whether this is the one of so many that is out of the ordinary. Nothing is where no photo lies with us: whoever
    /// fills up the demo wants plain rows below its story.
    fn one_in(&self, n: usize) -> bool {
        self.frame.photo.is_some() && self.pick(n) == 0
    }

    fn choose(&self, from: &[&'static str]) -> &'static str {
        from[self.pick(from.len())]
    }

    /// A place below `below`.
    fn pick(&self, below: usize) -> usize {
        let drawn = u32::from_be_bytes(self.frame.entropy.bytes());
        drawn as usize % below.max(1)
    }

    fn draw_below(&self, below: u32) -> u32 {
        u32::from_be_bytes(self.frame.entropy.bytes()) % below
    }
}

fn link(customer: &Customer, contact: &ContactPoint) -> ContactLink {
    ContactLink {
        customer: customer.id.clone(),
        contact: contact.clone(),
        channel: Channel::Sms,
        label: None,
        linked_at: customer.since,
        unlinked_at: None,
    }
}

/// Area codes of New England and around, Maine's first.
const AREA_CODES: [u16; 12] = [207, 603, 802, 413, 508, 617, 774, 781, 857, 978, 401, 203];

/// Numbers without end that nobody has: not those in `taken`.
pub fn numbers(taken: &[ContactPoint]) -> impl Iterator<Item = ContactPoint> {
    let every =
        (0..).map(|index| ContactPoint::phone(&number(index)).expect("a number of the form +1NPA555XXXX"));
    every.filter(|number| !taken.contains(number))
}

/// The number at `index`: 555-0100 to 555-0199 of each area code, then the rest of 555.
fn number(index: u64) -> String {
    let (fictional, codes) = (100, AREA_CODES.len() as u64);
    let (code, line) = if index < fictional * codes {
        (index / fictional, 100 + index % fictional)
    } else {
        let rest = index - fictional * codes;
        let lines = 10_000 - 200;
        (rest / lines % codes, 200 + rest % lines)
    };
    let code = AREA_CODES[usize::try_from(code).expect("below the number of area codes")];
    format!("+1{code}555{line:04}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_hundred_thousand_people_have_as_many_numbers_none_in_415() {
        let numbers: BTreeSet<_> = (0..100_000).map(number).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|n| n.len() == 12 && !n.starts_with("+1415")));
        assert_eq!(number(0), "+12075550100");
        assert_eq!(number(99), "+12075550199");
    }
}
