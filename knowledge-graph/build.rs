//! Rebuilds the crate when a content file is added or removed, not only when one changes.

fn main() {
    println!("cargo:rerun-if-changed=data");
}
