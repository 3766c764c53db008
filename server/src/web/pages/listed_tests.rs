//! The browser test `pages.test.mjs` opens every page there is: its list and the routers must agree.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::every_page;

#[derive(Deserialize)]
struct Listed {
    route: String,
    #[serde(default)]
    open: Vec<String>,
    #[serde(default)]
    file: bool,
}

/// The routes that answer GET, as the routers themselves print them.
fn routes() -> BTreeSet<String> {
    let printed = format!("{:?}", every_page());
    let printed = printed.split("fallback_router").next().unwrap();
    let (mut answers_get, mut paths) = (BTreeMap::new(), BTreeMap::new());
    for piece in printed.split("RouteId(").skip(1) {
        let Some((number, rest)) = piece.split_once("): ") else { continue };
        if let Some(path) = rest.strip_prefix('"') {
            paths.insert(number, path.split('"').next().unwrap());
        } else if let Some(get) = rest.split_once("{ get: ") {
            answers_get.insert(number, !get.1.starts_with("None"));
        }
    }
    assert_eq!(answers_get.len(), paths.len(), "the routers print otherwise than before: {printed}");
    paths.into_iter().filter(|(number, _)| answers_get[number]).map(|(_, path)| path.to_owned()).collect()
}

#[test]
fn every_page_is_opened_by_the_browser_test() {
    let listed: Vec<Listed> = serde_json::from_str(include_str!("../../../../tests/browser/pages.json")).unwrap();

    let routes = routes();

    let of_list: BTreeSet<String> = listed.iter().map(|one| one.route.clone()).collect();
    let missing: Vec<_> = routes.difference(&of_list).collect();
    let gone: Vec<_> = of_list.difference(&routes).collect();
    assert!(missing.is_empty() && gone.is_empty(), "add to tests/browser/pages.json: {missing:?}; take out: {gone:?}");
    assert!(routes.len() > 50, "{routes:?}");
    for one in &listed {
        assert!(one.file || !one.open.is_empty(), "{} is neither opened nor a file", one.route);
    }
}
