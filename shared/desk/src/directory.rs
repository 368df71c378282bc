//! What the business knows: customers, contact points, jobs, crews. A change reaches the conversations and the people
//! that it concerns in the same commit.

mod assignments;
mod contacts;
mod customers;
mod jobs;
mod links;
mod reached;

pub use self::contacts::ContactChange;
pub use self::customers::CustomerChange;
pub use self::jobs::JobChange;
