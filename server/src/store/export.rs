//! Everything stored of one person.

use serde_json::{Value, json};

use super::{Store, StoreError, User};

impl Store {
    /// Everything stored of `user`, to hand over: account, tokens (without their secrets),
    /// consultations with turns, orders, notes, reports and examiners' decisions,
    /// mastery.
    pub async fn export(&self, user: &User) -> Result<Value, StoreError> {
        let mut encounters = Vec::new();
        for encounter in self.encounters_of(user.id).await? {
            encounters.push(json!({
                "turns": self.turns(encounter.id).await?,
                "orders": self.orders(encounter.id).await?,
                "notes": self.notes(encounter.id).await?,
                "decisions": self.overrides(encounter.id).await?,
                "regraded": self.latest_regrading(encounter.id).await?,
                "encounter": encounter,
            }));
        }
        let (mastery, tokens) = (self.mastery(user.id).await?, self.tokens(user.id).await?);
        Ok(json!({ "account": user, "tokens": tokens, "encounters": encounters, "mastery": mastery }))
    }
}
