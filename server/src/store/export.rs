//! Everything stored of one person.

use serde_json::{Value, json};

use super::{Store, StoreError, User};

impl Store {
    /// Everything stored of `user`, to hand over: account, tokens (without their secrets),
    /// consultations with turns, orders, hints, notes, reports, the tutor's answers and examiners' decisions,
    /// mastery with every graded occasion behind it, the plan, patients made for it,
    /// comments and groups, answers to drills and what was reported of them.
    pub async fn export(&self, user: &User) -> Result<Value, StoreError> {
        let mut encounters = Vec::new();
        for encounter in self.encounters_of(user.id).await? {
            encounters.push(json!({
                "turns": self.turns(encounter.id).await?,
                "orders": self.orders(encounter.id).await?,
                "hints": self.hints(encounter.id).await?,
                "tutor": self.tutor_turns(encounter.id).await?,
                "notes": self.notes(encounter.id).await?,
                "decisions": self.overrides(encounter.id).await?,
                "comments": self.comments(encounter.id).await?,
                "regraded": self.latest_regrading(encounter.id).await?,
                "encounter": encounter,
            }));
        }
        let own_patients: Vec<String> = self.own_patients(user.id).await?.into_iter().map(|case| case.id).collect();
        let groups: Vec<_> = self
            .groups_of(user.id)
            .await?
            .into_iter()
            .map(|(group, place)| json!({ "name": group.name, "joined": place.joined, "ended": place.ended }))
            .collect();
        let plan = self.study_plan(user.id).await?;
        Ok(json!({
            "account": user,
            "tokens": self.tokens(user.id).await?,
            "encounters": encounters,
            "mastery": self.mastery(user.id).await?,
            "observations": self.observations(user.id).await?,
            "skills": self.skill_observations(user.id).await?,
            "plan": plan.map(|plan| json!({ "exam": plan.exam, "per_week": plan.per_week })),
            "own_patients": own_patients,
            "groups": groups,
            "drills": self.drill_answers_of(user.id).await?,
            "reported_drills": self.drill_reports_by(user.id).await?,
        }))
    }
}
