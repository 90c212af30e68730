//! The queue.

use super::paper_applications::{OFFICE, stage, taken_in};
use crate::helpers::form;

#[tokio::test]
async fn a_clerk_sees_the_own_office_and_a_supervisor_all() {
    let provider = stage(&[]).await;
    let here = provider.clerk("urszula", OFFICE).await;
    let there = provider.clerk("wiktor", "Administracja nr 2").await;
    let supervisor = provider.supervisor("zofia").await;
    let administrator = provider.administrator("adam").await;
    let application = taken_in(&here, &[]).await;
    let shown = async |clerk: &crate::helpers::staff::Clerk, query: &str| {
        form::hrefs(&clerk.open(&format!("/office{query}")).await.body, "#queue a")
    };
    assert_eq!(shown(&here, "").await, [application.as_str()]);
    assert!(shown(&there, "").await.is_empty());
    assert_eq!(shown(&supervisor, "").await, [application.as_str()]);
    assert!(!form::has(&administrator.open("/office").await.body, "#states"), "no queue at all");
    for (query, found) in [
        ("?q=zolkiewska", true),
        ("?q=Katowicka+12", true),
        ("?q=k-17", true),
        ("?q=Nowak", false),
        ("?q=%25", false),
        ("?channel=paper", true),
        ("?channel=online", false),
        ("?state=approved", false),
        ("?state=nonsense&page=99999999999999999999", true),
        ("?page=7", true),
    ] {
        assert_eq!(shown(&here, query).await.len(), usize::from(found), "{query}");
    }
    for clerk in [&there, &administrator] {
        let status = clerk.get(&application).await.status.as_u16();
        assert!(matches!(status, 403 | 404), "{status}");
    }
}
