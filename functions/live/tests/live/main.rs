//! `live`: what open streams are told, over the template's tables.

mod follower;
#[path = "../../../index/tests/index/house.rs"]
mod house;
mod looks;
mod resume;
mod sight;
