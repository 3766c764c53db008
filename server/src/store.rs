//! SQLite: the only module with SQL.

mod records;

pub use records::{
    CaseRecord, CaseStatus, Diagnosis, EncounterRecord, EncounterState, MasteryRecord, Mode, NewEncounter, OrderKind,
    OrderRecord, Role, TurnRecord, TurnReply, User,
};
