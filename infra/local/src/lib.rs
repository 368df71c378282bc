//! The binary `porchlight`: everything that `infra/*.yaml` declares, on one machine.
//!
//! # Layout
//!
//! - [`local`]: starts everything in this process, from the templates alone; `wired` builds and connects it.
//! - [`gateway`]: API Gateway and CloudFront; [`streams`]: stream mappings; [`schedules`]: EventBridge;
//!   [`invoker`]: Lambda. The tables are `porchlight-engine`.
//! - [`functions`]: the one list of functions that are linked in.
//! - [`demo`]: what an empty store is filled with.
//! - `own`: the platform of what is no function.
//! - [`config`], [`data_folder`], [`secrets`], [`ambient`]: what comes from outside.
//! - [`cli`]: the commands; [`run`], [`status`], [`seed`], [`rebuild`], [`business`], [`text`]: what they do.
//! - [`place`]: a data folder or, by `cloud`, a stack on AWS: where the commands of [`business`] work.
//! - [`demo_business`], [`account`]: the demo in a store, with its sign-ins and its account.
//! - [`web_app`]: builds the web app in a checkout. [`welcome`]: what people read when everything runs.
//!
//! It must not repeat the wiring: what is not in a template is not here. It must not know what functions do.
//!
//! Invariant: no table, route, stream, schedule or permission is named here: all of them are read from the
//! templates.

pub mod account;
pub mod ambient;
pub mod bucket;
pub mod business;
pub mod cli;
mod cloud;
pub mod config;
pub mod data_folder;
pub mod demo;
pub mod demo_business;
mod failure;
pub mod functions;
pub mod gateway;
pub mod invoker;
pub mod local;
pub mod logs;
mod offline;
mod own;
mod parts;
pub mod place;
pub mod rebuild;
pub mod run;
pub mod schedules;
pub mod secrets;
pub mod seed;
pub mod status;
pub mod streams;
pub mod text;
pub mod web_app;
pub mod welcome;
mod wired;
