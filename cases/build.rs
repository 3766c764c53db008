//! Rebuilds the crate when a shipped case is added or removed, not only when one changes.

fn main() {
    println!("cargo:rerun-if-changed=library");
}
