//! axe-core, asked about the page that a browser shows.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::chromium::Browser;

/// The rules of WCAG 2.2 AA: every version's, level A and AA.
const RULES: &str = r#"["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]"#;

/// Every violation of WCAG 2.2 AA on this page, one a line; empty is good.
pub(crate) async fn violations(browser: &Browser) -> Vec<String> {
    browser.driver.execute(axe(), Vec::new()).await.unwrap();
    let script = format!(
        "const done = arguments[arguments.length - 1];
         axe.run(document, {{ runOnly: {{ type: 'tag', values: {RULES} }} }})
            .then((found) => done({{ violations: found.violations, passes: found.passes.length }}))
            .catch((error) => done({{ failed: String(error) }}));"
    );
    let found = browser.driver.execute_async(script, Vec::new()).await.unwrap().json().clone();
    assert!(found["failed"].is_null(), "{found}");
    // A page on which no rule applies was not looked at.
    assert!(found["passes"].as_u64().is_some_and(|passes| passes > 5), "{found}");
    found["violations"].as_array().unwrap().iter().flat_map(described).collect()
}

fn described(violation: &Value) -> Vec<String> {
    let nodes = violation["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| {
            format!(
                "{}: {} in {} ({})",
                violation["id"].as_str().unwrap_or_default(),
                violation["help"].as_str().unwrap_or_default(),
                node["html"].as_str().unwrap_or_default(),
                node["failureSummary"].as_str().unwrap_or_default().replace('\n', " "),
            )
        })
        .collect()
}

fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let tools = std::env::var_os("IOK_ID_TEST_TOOLS")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools"), PathBuf::from);
        let path = tools.join("node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; run `npm ci` in tests/tools", path.display()))
    })
}
