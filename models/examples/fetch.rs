//! Fetches weights by name: `cargo run --release -p models --example fetch -- NAME…`.

use models::weights::{TerminalProgress, WeightsStore};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = WeightsStore::new(WeightsStore::default_folder())?;
    for name in std::env::args().skip(1) {
        let weights = store.fetch(&name, &TerminalProgress::default())?;
        println!("{}  {}", weights.identity.sha256, weights.path.display());
    }
    Ok(())
}
