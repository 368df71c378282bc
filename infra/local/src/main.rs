//! The binary `porchlight`.

use std::process::ExitCode;

/// Gives back what a burst of sign-ins took (19 MB each); the system's allocator keeps it per thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Requests are few and short; the store has a thread of its own.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(porchlight_local::cli::main());
            drop(runtime);
            porchlight_engine::engine::wait_until_closed();
            code
        }
        Err(error) => {
            eprintln!("porchlight: this machine gives no threads: {error}");
            ExitCode::FAILURE
        }
    }
}
