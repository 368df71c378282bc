//! The Lambda.

use porchlight_edge::{BoxError, run_on_lambda};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run_on_lambda(porchlight_push::build).await
}
