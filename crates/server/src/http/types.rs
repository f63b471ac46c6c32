//! Bodies of the HTTP interface.

use coboard_protocol::{Catalogue, PathPolicy, PolicyWord, Revision, User};
use coboard_storage::DashboardRow;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

/// Which dashboards to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Words that must all occur in title, folder or tags, whatever their case.
    pub(super) search: Option<String>,
}

/// Which state of a dashboard.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// As it was at this revision; absent: as it is.
    pub(super) revision: Option<Revision>,
}

/// Dashboards, the last changed first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DashboardList {
    /// The dashboards.
    pub(super) dashboards: Vec<DashboardSummary>,
}

/// A dashboard as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DashboardSummary {
    /// Its identifier.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Its folder; empty if it is in none.
    pub(super) folder: String,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// How many changes it has seen.
    pub(super) revision: Revision,
    /// When it was made, in milliseconds since 1970.
    pub(super) created_at_ms: u64,
    /// When it last changed, in milliseconds since 1970.
    pub(super) updated_at_ms: u64,
    /// Who changed it last.
    pub(super) updated_by: Person,
    /// How many widgets there are.
    pub(super) widget_count: u32,
    /// Its first widgets, as a miniature shows them.
    pub(super) preview: Vec<Preview>,
    /// How many sessions are in it now.
    pub(super) online: usize,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// Who it is.
    pub(super) id: String,
    /// How they are called.
    pub(super) name: String,
}

/// One widget of the miniature, in cells of the grid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Preview {
    /// Column of its left edge.
    pub(super) x: u32,
    /// Row of its upper edge.
    pub(super) y: u32,
    /// Width.
    pub(super) w: u32,
    /// Height.
    pub(super) h: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// A dashboard with its content.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Dashboard {
    /// What lists show of it.
    #[serde(flatten)]
    pub(super) summary: DashboardSummary,
    /// The dashboard itself, as plain JSON.
    #[schema(value_type = Object)]
    pub(super) content: Json,
}

/// A dashboard to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDashboard {
    /// Its title.
    pub(super) title: Option<String>,
}

/// What changes of a dashboard; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DashboardPatch {
    /// Its title.
    pub(super) title: Option<String>,
    /// All its tags.
    pub(super) tags: Option<Vec<String>>,
}

/// A dashboard after it was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Written {
    /// Its identifier.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Its revision.
    pub(super) revision: Revision,
}

/// The policies of a dashboard; the first whose path matches decides.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyList {
    /// At most 100 of them.
    pub(super) policies: Vec<PolicyRule>,
}

/// Other policies in place of all that are there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyChange {
    /// At most 100 of them.
    pub(super) policies: Vec<PolicyRule>,
    /// Those that the change was made on: it is refused (`E_REV_OLD`) where others are there by now.
    #[serde(default)]
    pub(super) before: Option<Vec<PolicyRule>>,
}

/// What decides at some paths.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyRule {
    /// A path from the root; `*` stands for one key or one place in an array, `**` for any number.
    #[schema(example = "/panels/*/gridPos/**", max_length = 512)]
    pub(super) path: String,
    /// One of `lww`, `first`, `reject`, `manual`, `delete_wins`, `bounce`, `max`, `min`.
    #[schema(example = "first")]
    pub(super) policy: String,
}

/// An error: `{"error": {code, retry, message, details}}`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Failure {
    /// What went wrong.
    pub(super) error: FailureBody,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FailureBody {
    /// The code, for example `E_NOT_FOUND`.
    pub(super) code: String,
    /// Whether to repeat: `never`, `after_backoff`, `after_reset`.
    pub(super) retry: String,
    /// One line for people.
    pub(super) message: String,
    /// Fields that belong to the code.
    #[schema(value_type = Object)]
    pub(super) details: Map<String, Json>,
}

impl PolicyList {
    /// The rules as they are told.
    pub(super) fn of(policies: &[PathPolicy]) -> Self {
        let rule = |rule: &PathPolicy| PolicyRule {
            path: rule.path.as_str().to_owned(),
            policy: PolicyWord(rule.policy).as_str().to_owned(),
        };
        Self {
            policies: policies.iter().map(rule).collect(),
        }
    }
}

impl DashboardSummary {
    /// The row of storage with what only the rooms know.
    pub(super) fn of(row: DashboardRow, online: usize) -> Self {
        let Catalogue {
            title,
            folder,
            tags,
            preview,
            widget_count,
        } = row.catalogue;
        Self {
            id: row.document.into(),
            title,
            folder,
            tags,
            revision: row.revision,
            created_at_ms: row.created_at_ms,
            updated_at_ms: row.updated_at_ms,
            updated_by: row.updated_by.into(),
            widget_count,
            preview: preview
                .into_iter()
                .map(|widget| Preview {
                    x: widget.x,
                    y: widget.y,
                    w: widget.w,
                    h: widget.h,
                    kind: widget.kind,
                })
                .collect(),
            online,
        }
    }
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        Self {
            id: user.id.into(),
            name: user.name,
        }
    }
}
