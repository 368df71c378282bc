//! One call with its repetitions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::error::{ConnectorError, SdkError};
use dynoxide::Database;
use porchlight_calls::{ATTEMPTS, FIRST_WAIT};

use super::errors::told;
use super::{Request, Values};
use crate::call::Call;
use crate::engine::{EngineError, Rows, Turn};
use crate::faults::Fault;

type Answered<R> = Result<<R as Request>::Output, SdkError<<R as Request>::Error>>;

impl Values {
    /// Asks if the role allows it, and as often as it takes.
    pub(super) async fn ask<R: Request>(&self, request: R) -> Answered<R> {
        let call = Arc::new(request.call());
        if let Err(denied) = self.rights.check(&call) {
            return Err(told(denied.into()));
        }
        if self.faults.are_armed() {
            self.repeat(&call, request).await
        } else {
            self.once(&call, request).await
        }
    }

    async fn repeat<R: Request>(&self, call: &Arc<Call>, request: R) -> Answered<R> {
        let request = request.repeatable();
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            match self.faults.strike(call) {
                Some(fault) if fault.is_worth_repeating() => drop(self.strike(call, &request, fault).await),
                struck => return self.attempt(call, request, struck).await,
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        let struck = self.faults.strike(call);
        self.attempt(call, request, struck).await
    }

    async fn attempt<R: Request>(&self, call: &Arc<Call>, request: R, struck: Option<Fault>) -> Answered<R> {
        match struck {
            Some(fault) => Err(self.strike(call, &request, fault).await),
            None => self.once(call, request).await,
        }
    }

    /// The fault strikes: what the caller is told. A lost answer is one to a request that was carried out.
    async fn strike<R: Request>(&self, call: &Arc<Call>, request: &R, fault: Fault) -> SdkError<R::Error> {
        if let Some(refusal) = fault.refusal(call) {
            return told(refusal);
        }
        match self.once(call, request.clone()).await {
            Err(SdkError::DispatchFailure(gone)) => SdkError::DispatchFailure(gone),
            _ => SdkError::dispatch_failure(ConnectorError::io(
                "the connection was lost before the answer".into(),
            )),
        }
    }

    async fn once<R: Request>(&self, call: &Arc<Call>, request: R) -> Answered<R> {
        let (faults, writes, written) = (self.faults.clone(), self.engine.writes(), Arc::clone(call));
        let committed = move || {
            faults.remember(&written);
            writes.tell(&written);
        };
        let turn = if self.trails && R::TURN == Turn::Write { Turn::TrailingWrite } else { R::TURN };
        let carry_out = move |database: &Database, rows: Option<&Rows>| {
            let read = rows.and_then(|rows| request.read(rows));
            read.map_or_else(|| request.carry_out(database), Ok)
        };
        let answer = match self.engine.carry_out(turn, carry_out, committed).await {
            Ok(answer) => answer.map_err(|error| told(error.into()))?,
            Err(EngineError::Late) => return Err(SdkError::timeout_error(EngineError::Late)),
            Err(gone) => return Err(SdkError::dispatch_failure(ConnectorError::other(gone.into(), None))),
        };
        Ok(self.as_the_index_shows::<R>(call, answer))
    }

    fn as_the_index_shows<R: Request>(&self, call: &Arc<Call>, answer: R::Output) -> R::Output {
        match call.table_of_index().filter(|_| self.faults.indexes_lag()) {
            Some(table) => R::without(answer, &self.faults.hidden_in(table)),
            None => answer,
        }
    }
}

/// A token that no other transaction of this process has.
pub(super) fn token() -> String {
    static TAKEN: AtomicU64 = AtomicU64::new(0);
    format!("porchlight-{}", TAKEN.fetch_add(1, Ordering::Relaxed))
}
