//! The account's numbers; and what a former run left under way on them, which goes on once they are known.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Line;
use crate::events::Change;
use crate::message::{Direction, Message};
use crate::world::{Inner, World};
use crate::{inbound, outbound};

/// Replaces the account's lines.
pub(crate) fn set(world: &Arc<World>, lines: Vec<Line>) {
    world.lock().lines = lines;
    resume(world);
    world.events.tell(Change::Settings);
}

/// Goes on with what a former run did not finish on lines that are known: texts that Porchlight has not taken,
/// messages on their way. A line takes no message before it is known, so what is unfinished then is from before.
pub(crate) fn resume(world: &Arc<World>) {
    let unfinished = world.lock().newly_known();
    for message in unfinished {
        match message.direction {
            Direction::Inbound if message.webhook.is_none() => {
                let shared = Arc::clone(world);
                world.spawn(async move { drop(inbound::tell_porchlight(&shared, &message.sid).await) });
            }
            Direction::OutboundApi if outbound::is_unfinished(&message) => {
                outbound::set_out(world, &message.sid);
            }
            _ => {}
        }
    }
}

impl Inner {
    /// The messages of lines that were not known until now.
    fn newly_known(&mut self) -> Vec<Message> {
        let known = self.lines.iter().map(|line| line.number.clone());
        let new: BTreeSet<String> = known.filter(|number| !self.resumed.contains(number)).collect();
        let theirs = self.state.messages().iter().filter(|message| new.contains(message.line()));
        let theirs = theirs.cloned().collect();
        self.resumed.extend(new);
        theirs
    }
}
