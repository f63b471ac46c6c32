//! The dashboard that a fresh server starts with.

use coboard_protocol::codec::plain_from_json;
use coboard_protocol::{User, UserId};
use coboard_storage::{DashboardQuery, StorageError};

use crate::app::App;
use crate::create::create_dashboard;

/// A dashboard that shows what there is to see.
const WELCOME: &str = include_str!("../../../samples/welcome.json");

/// Makes the sample dashboard if there is none at all.
pub(crate) async fn create_if_empty(app: &App) -> Result<(), StorageError> {
    let any = DashboardQuery {
        search: None,
        limit: 1,
    };
    if !app.storage.dashboards(any).await?.is_empty() {
        return Ok(());
    }
    let author = User {
        id: UserId::try_from("coboard").expect("a word is an identifier"),
        name: "Coboard".to_owned(),
    };
    let content = serde_json::from_str(WELCOME).expect("a test reads the sample");
    let content = plain_from_json(&content).expect("a test holds the sample to the limits");
    app.storage.save_user(&author).await?;
    if let Err(error) = create_dashboard(app, &author, &content).await {
        tracing::warn!(
            code = error.code.as_str(),
            "the sample dashboard could not be made"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_a_dashboard() {
        let json: serde_json::Value = serde_json::from_str(WELCOME).expect("it is JSON");
        assert!(json["title"].is_string());
        plain_from_json(&json).expect("it is within the limits");
    }
}
