//! Work that must not stop half-way because a browser hung up.

use std::panic::resume_unwind;

/// Runs on its own task, so that it comes to its end whoever still listens. A double click makes the browser drop its
/// first request: without this, the place that request reserved in the attempt budget would never be settled, and an
/// owner who clicks twice would count as somebody guessing.
pub(super) async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // Only a runtime that is shutting down cancels it, and then nobody waits here either.
            Err(_) => std::future::pending().await,
        },
    }
}
