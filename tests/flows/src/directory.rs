//! The customers and jobs that an office user puts.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::Person;
use crate::new_id;

impl Person {
    /// A customer who uses a contact point; their id.
    pub async fn put_customer(&self, name: &str, contact: &str) -> String {
        let id = new_id();
        self.put(&format!("/api/customers/{id}"), json!({ "name": name })).await;
        self.put(&format!("/api/customers/{id}/contacts/{contact}"), json!({})).await;
        id
    }

    /// A scheduled job for a customer; its id.
    pub async fn put_job(&self, customer: &str, number: u32) -> String {
        let id = new_id();
        let title = format!("Job {number}");
        let job = json!({ "customer_id": customer, "number": number, "title": title, "status": "scheduled" });
        self.put(&format!("/api/jobs/{id}"), job).await;
        id
    }

    /// Somebody works on a job.
    pub async fn assign_job(&self, job: &str, staff: &str) {
        self.put(&format!("/api/jobs/{job}/assignments/{staff}"), Value::Null).await;
    }

    /// Somebody no longer works on a job.
    pub async fn unassign_job(&self, job: &str, staff: &str) {
        self.delete(&format!("/api/jobs/{job}/assignments/{staff}")).await;
    }

    /// Deletes.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn delete(&self, path: &str) {
        let (status, body) = self.ask(Method::DELETE, path, Value::Null).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "DELETE {path}: {body}");
    }
}
