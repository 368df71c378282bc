//! `GET /api/me`

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Person;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;

use crate::Inbox;
use crate::view::me::Me;

/// Who is signed in
#[utoipa::path(
    get, path = "/api/me", operation_id = "me", tag = "session",
    responses((status = 200, description = "The person, their business and their colleagues", body = Me)),
)]
pub async fn me(State(inbox): State<Inbox>, who: SignedIn) -> Result<Json<Me>, Problem> {
    Ok(Json(inbox.me(&who).await?))
}

impl Inbox {
    /// The person behind a session, with their colleagues.
    pub async fn me(&self, who: &Person) -> Result<Me, StoreError> {
        let business = &who.business.id;
        let (staff, lines) = tokio::try_join!(self.store.staff_of(business), self.store.lines(business))?;
        let current = lines.into_iter().find(|line| line.successor.is_none());
        Ok(Me::new(who, &staff, current.map(|line| line.number), self.push_key().await))
    }
}
