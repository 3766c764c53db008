//! What is stored stays stored, and goes when it should.

use anamnesis::{
    learner::{Observation, Placed, Source},
    store::{
        BegunTurn, CaseRecord, CaseStatus, Diagnosis, EncounterRecord, EncounterState, MasteryRecord, Mode,
        NewEncounter, NewUser, Observed, OrderKind, OrderRecord, Page, Role, Store, StoreError, TurnReply, User,
    },
};
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Language, Section};
use serde_json::json;
use tempfile::TempDir;

use crate::support::noon;

async fn database() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Store::open(folder.path().join("new/folder/anamnesis.db")).await.unwrap(), folder)
}

async fn student(store: &Store, login: &str) -> User {
    let new = NewUser {
        login: login.to_owned(),
        name: "Amara".to_owned(),
        role: Role::Student,
        password_hash: "!".to_owned(),
        language: Some(Language::Zh),
    };
    store.create_user(new, noon()).await.unwrap()
}

fn case(id: &str, version: u32, status: CaseStatus) -> CaseRecord {
    CaseRecord {
        id: id.to_owned(),
        version,
        status,
        toml: format!("id = '{id}'"),
        hash: format!("hash-{version}"),
        owner: None,
        created: noon(),
    }
}

async fn encounter(store: &Store, student: &User) -> EncounterRecord {
    store.save_case(case("chest-pain-1", 1, CaseStatus::Published)).await.unwrap();
    let new = NewEncounter {
        student: student.id,
        case_id: "chest-pain-1".to_owned(),
        case_version: 1,
        language: Language::Zh,
        mode: Mode::Practice,
        seed: u64::MAX - 1,
    };
    store.create_encounter(new, noon()).await.unwrap()
}

fn reply(text: &str) -> TurnReply {
    TurnReply {
        felt: Vec::new(),
        text: text.to_owned(),
        cue: Some("looks away".to_owned()),
        facts: vec!["onset".to_owned()],
        topics: vec!["finding:chest-pain/onset".parse().unwrap()],
        policy: "answer".to_owned(),
        mood: "calm".to_owned(),
        trust: 50,
        check: "scripted".to_owned(),
        model_sha256: String::new(),
        prompt_version: "1".to_owned(),
        seed: 7,
        first_token_ms: 3,
        total_ms: 9,
        at: noon(),
    }
}

fn mastery(encounter: &EncounterRecord, topic: &str, value: f64) -> MasteryRecord {
    MasteryRecord {
        topic: topic.parse().unwrap(),
        section: "present-illness".to_owned(),
        mastery: value,
        asked: 1,
        missed: 2,
        last: noon(),
        last_missed_in: Some(encounter.id),
    }
}

#[tokio::test]
async fn an_account_is_found_in_any_letter_case_and_its_login_is_unique() {
    let (store, _folder) = database().await;
    let made = student(&store, " Amara ").await;

    let (found, _) = store.user_by_login("AMARA").await.unwrap().unwrap();
    let again = NewUser {
        login: "amara".to_owned(),
        name: String::new(),
        role: Role::Admin,
        password_hash: "!".to_owned(),
        language: None,
    };

    assert_eq!(found, made);
    assert!(matches!(store.create_user(again, noon()).await, Err(StoreError::LoginTaken(login)) if login == "amara"));
}

#[tokio::test]
async fn a_session_ends_at_its_time_when_signed_out_and_when_the_password_changes() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let hour = SignedDuration::from_hours(1);
    let first = store.create_session(user.id, noon(), hour).await.unwrap();
    let second = store.create_session(user.id, noon(), hour).await.unwrap();

    let just_before = noon() + SignedDuration::from_mins(59);
    assert_eq!(store.session_user(&first, just_before).await.unwrap(), Some(user.clone()));
    assert_eq!(store.session_user(&first, noon() + hour).await.unwrap(), None);
    store.delete_session(&first).await.unwrap();
    assert_eq!(store.session_user(&first, noon()).await.unwrap(), None);
    store.set_password(user.id, "new".to_owned()).await.unwrap();
    assert_eq!(store.session_user(&second, noon()).await.unwrap(), None);
}

#[tokio::test]
async fn secrets_are_not_in_the_database_file() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let session = store.create_session(user.id, noon(), SignedDuration::from_hours(1)).await.unwrap();
    let (_, token) = store.create_token(user.id, "script", noon()).await.unwrap();

    let copy = store.path().with_extension("copy");
    store.backup(&copy).await.unwrap();
    let bytes = std::fs::read(copy).unwrap();

    let holds = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(holds("amara"), "the file is readable at all");
    assert!(!holds(session.as_str()) && !holds(token.as_str()));
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let (record, token) = store.create_token(user.id, "script", noon()).await.unwrap();
    assert_eq!(store.token_user(&token).await.unwrap(), Some(user.clone()));
    assert_eq!(store.tokens(user.id).await.unwrap(), std::slice::from_ref(&record));

    store.revoke_token(record.id).await.unwrap();

    assert_eq!(store.token_user(&token).await.unwrap(), None);
    assert!(matches!(store.revoke_token(record.id).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn a_version_of_a_case_never_changes() {
    let (store, _folder) = database().await;
    let first = case("chest-pain-1", 1, CaseStatus::Draft);
    store.save_case(first.clone()).await.unwrap();
    store.set_case_status("chest-pain-1", 1, CaseStatus::Published).await.unwrap();

    store.save_case(first.clone()).await.unwrap();
    let other = CaseRecord { hash: "other".to_owned(), ..first };

    assert!(matches!(store.save_case(other).await, Err(StoreError::CaseVersionTaken { version: 1, .. })));
    assert_eq!(store.case("chest-pain-1", 1).await.unwrap().unwrap().status, CaseStatus::Published);
}

#[tokio::test]
async fn students_choose_among_the_newest_published_versions() {
    let (store, _folder) = database().await;
    for (id, version, status) in [
        ("a", 1, CaseStatus::Published),
        ("a", 2, CaseStatus::Published),
        ("a", 3, CaseStatus::Draft),
        ("b", 1, CaseStatus::Retired),
    ] {
        store.save_case(case(id, version, status)).await.unwrap();
    }

    let published: Vec<(String, u32)> =
        store.published_cases().await.unwrap().into_iter().map(|case| (case.id, case.version)).collect();

    assert_eq!(published, [("a".to_owned(), 2)]);
    assert_eq!(store.latest_case("a").await.unwrap().unwrap().version, 3);
    assert_eq!(store.all_cases().await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_consultation_reads_back_as_it_was_stored() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;

    let begun = encounter(&store, &user).await;

    assert_eq!(store.encounter(begun.id).await.unwrap(), Some(begun.clone()));
    assert_eq!(store.encounters_of(user.id).await.unwrap(), std::slice::from_ref(&begun));
    let listed = store.encounters(Page::default()).await.unwrap();
    assert_eq!((listed[0].student_name.as_str(), listed[0].turns), ("Amara", 0));
    assert_eq!(store.encounters(Page { offset: 1, limit: 5 }).await.unwrap(), []);
}

#[tokio::test]
async fn a_crash_between_the_students_words_and_the_reply_keeps_the_words() {
    let (store, folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    store.begin_turn(begun.id, "k1", "什么时候开始的？", noon()).await.unwrap();
    let path = store.path().to_owned();
    let crashed = folder.path().join("after-the-crash.db");
    // What a crash leaves: the files as they are, nothing closed, nothing folded in.
    std::fs::copy(&path, &crashed).unwrap();
    std::fs::copy(path.with_file_name("anamnesis.db-wal"), folder.path().join("after-the-crash.db-wal")).unwrap();

    let reopened = Store::open(&crashed).await.unwrap();
    let turns = reopened.turns(begun.id).await.unwrap();

    assert_eq!((turns.len(), turns[0].said.as_str(), &turns[0].reply), (1, "什么时候开始的？", &None));
    reopened.finish_turn(begun.id, 0, &reply("昨晚。")).await.unwrap();
    assert_eq!(reopened.turns(begun.id).await.unwrap()[0].reply, Some(reply("昨晚。")));
}

#[tokio::test]
async fn a_key_gives_back_its_turn_and_no_other() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    let BegunTurn::New(turn) = store.begin_turn(begun.id, "k1", "Any fever?", noon()).await.unwrap() else {
        panic!("the first is new")
    };
    store.finish_turn(begun.id, turn.index, &reply("No.")).await.unwrap();

    let replay = store.begin_turn(begun.id, "k1", "Any fever?", noon()).await.unwrap();

    assert!(matches!(&replay, BegunTurn::Replay(turn) if turn.reply == Some(reply("No."))), "{replay:?}");
    assert!(matches!(store.begin_turn(begun.id, "k1", "Any cough?", noon()).await, Err(StoreError::KeyReused)));
    assert!(matches!(store.finish_turn(begun.id, 0, &reply("Yes.")).await, Err(StoreError::AlreadyAnswered)));
    let next = store.begin_turn(begun.id, "k2", "Any cough?", noon()).await.unwrap();
    assert_eq!((next.turn().index, store.turns(begun.id).await.unwrap().len()), (1, 2));
}

#[tokio::test]
async fn turns_sent_at_once_get_places_of_their_own() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;

    let sent: Vec<_> = (0..20)
        .map(|number| {
            let (store, id) = (store.clone(), begun.id);
            tokio::spawn(async move { store.begin_turn(id, &format!("k{}", number % 10), "Hello?", noon()).await })
        })
        .collect();
    for turn in sent {
        turn.await.unwrap().unwrap();
    }

    let places: Vec<u32> = store.turns(begun.id).await.unwrap().iter().map(|turn| turn.index).collect();
    assert_eq!(places, (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_consultation_ends_exactly_once_and_then_takes_nothing_more() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    store.begin_turn(begun.id, "k1", "Any fever?", noon()).await.unwrap();
    let diagnoses = vec![Diagnosis { name: "Pericarditis".to_owned(), reason: "sharp".to_owned() }];
    let report = json!({"score": {"percent": 50.0}});

    store.finish_encounter(begun.id, diagnoses.clone(), report.clone(), noon()).await.unwrap();

    let state = store.encounter(begun.id).await.unwrap().unwrap().state;
    assert_eq!(state, EncounterState::Finished { at: noon(), diagnoses, report: report.clone() });
    let order = OrderRecord { kind: OrderKind::Test, test: "ecg".to_owned(), after_turn: 1, at: noon() };
    let refused = [
        store.finish_encounter(begun.id, Vec::new(), report, noon()).await,
        store.abandon_encounter(begun.id, noon()).await,
        store.finish_turn(begun.id, 0, &reply("late")).await,
        store.add_order(begun.id, &order).await,
        store.begin_turn(begun.id, "k2", "One more thing", noon()).await.map(drop),
    ];
    for outcome in refused {
        assert!(matches!(outcome, Err(StoreError::NotOpen)), "{outcome:?}");
    }
    assert!(matches!(store.begin_turn(begun.id, "k1", "Any fever?", noon()).await, Ok(BegunTurn::Replay(_))));
}

#[tokio::test]
async fn an_order_made_twice_is_kept_once_in_its_first_place() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    let ecg = OrderRecord { kind: OrderKind::Test, test: "ecg".to_owned(), after_turn: 1, at: noon() };
    let abdomen = OrderRecord { kind: OrderKind::Examination, test: "abdomen".to_owned(), ..ecg.clone() };
    let later = OrderRecord { after_turn: 9, ..ecg.clone() };

    for order in [&ecg, &abdomen, &later] {
        store.add_order(begun.id, order).await.unwrap();
    }

    assert_eq!(store.orders(begun.id).await.unwrap(), [ecg, abdomen]);
}

#[tokio::test]
async fn mastery_is_replaced_topic_by_topic() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    let kept = mastery(&begun, "finding:chest-pain/onset", 0.4);
    let improved = mastery(&begun, "history:smoking", 0.9);

    store.save_mastery(user.id, &[kept.clone(), mastery(&begun, "history:smoking", 0.2)]).await.unwrap();
    store.save_mastery(user.id, std::slice::from_ref(&improved)).await.unwrap();

    assert_eq!(store.mastery(user.id).await.unwrap(), [kept, improved]);
}

#[tokio::test]
async fn consultations_that_end_at_once_all_count_for_mastery() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let topic = "history:smoking";
    let mut ending = Vec::new();
    for _ in 0..8 {
        let begun = encounter(&store, &user).await;
        let (store, student) = (store.clone(), user.id);
        ending.push(tokio::spawn(async move {
            store.finish_encounter(begun.id, Vec::new(), json!({}), noon()).await.unwrap();
            let (first, seen) = (mastery(&begun, topic, 0.5), observed(&begun, topic));
            let sum_up =
                move |all: &[Placed]| vec![MasteryRecord { asked: u32::try_from(all.len()).unwrap(), ..first }];
            store.keep_observed(student, vec![seen], sum_up).await
        }));
    }
    for end in ending {
        end.await.unwrap().unwrap();
    }

    assert_eq!(store.mastery(user.id).await.unwrap()[0].asked, 8);
    assert!(store.unobserved(user.id).await.unwrap().is_empty());
}

fn observed(encounter: &EncounterRecord, topic: &str) -> Observed {
    let observation = Observation {
        topic: topic.parse().unwrap(),
        section: Section::SocialHistory,
        correct: true,
        guess: 0.0,
        source: Source::Encounter(encounter.id),
        at: noon(),
    };
    let placed = Placed { observation, system: "respiratory".into() };
    Observed { encounter: encounter.id, occasions: vec![placed], skills: Vec::new() }
}

#[tokio::test]
async fn a_consultation_taken_in_again_replaces_what_was_taken_in_before() {
    let (store, _folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    store.finish_encounter(begun.id, Vec::new(), json!({}), noon()).await.unwrap();
    assert_eq!(store.unobserved(user.id).await.unwrap().len(), 1);

    for _ in 0..2 {
        let observed = observed(&begun, "history:smoking");
        store.keep_observed(user.id, vec![observed], |_| Vec::new()).await.unwrap();
    }

    assert_eq!(store.observations(user.id).await.unwrap().len(), 1);
    assert!(store.unobserved(user.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn erasing_an_account_leaves_no_trace_of_its_words_in_the_files() {
    let (store, _folder) = database().await;
    let (user, other) = (student(&store, "amara").await, student(&store, "lin").await);
    let begun = encounter(&store, &user).await;
    let others = encounter(&store, &other).await;
    store.begin_turn(begun.id, "k1", "a-very-private-question", noon()).await.unwrap();
    store.begin_turn(others.id, "k1", "another-question", noon()).await.unwrap();
    store.save_notes(begun.id, "a-very-private-note".to_owned()).await.unwrap();
    store.save_mastery(user.id, &[mastery(&begun, "history:smoking", 0.2)]).await.unwrap();

    store.delete_user(user.id).await.unwrap();

    assert_eq!(store.encounter(begun.id).await.unwrap(), None);
    assert_eq!(store.mastery(user.id).await.unwrap(), []);
    assert_eq!(store.turns(others.id).await.unwrap().len(), 1);
    for name in ["anamnesis.db", "anamnesis.db-wal"] {
        let bytes = std::fs::read(store.path().with_file_name(name)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("a-very-private"), "{name} still has it");
    }
}

#[tokio::test]
async fn a_backup_goes_back_whole_and_what_it_replaces_is_kept() {
    let (store, folder) = database().await;
    let user = student(&store, "amara").await;
    let begun = encounter(&store, &user).await;
    store.begin_turn(begun.id, "k1", "Any fever?", noon()).await.unwrap();
    let copy = folder.path().join("copy.db");
    store.backup(&copy).await.unwrap();
    let target = folder.path().join("elsewhere.db");
    Store::restore(&copy, &target).await.unwrap();

    let restored = Store::open(&target).await.unwrap();
    assert_eq!(restored.turns(begun.id).await.unwrap().len(), 1);
    assert!(matches!(store.backup(&copy).await, Err(StoreError::FileExists(_))));
    drop(restored);
}

#[tokio::test]
async fn a_database_in_use_is_not_replaced() {
    let (store, folder) = database().await;
    let copy = folder.path().join("copy.db");
    store.backup(&copy).await.unwrap();
    let user = student(&store, "amara").await;

    let outcome = Store::restore(&copy, store.path()).await;

    assert!(matches!(outcome, Err(StoreError::InUse(_))), "{outcome:?}");
    assert_eq!(store.user(user.id).await.unwrap(), Some(user));
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    let (store, folder) = database().await;
    let good = folder.path().join("good.db");
    store.backup(&good).await.unwrap();
    drop(store);
    let whole = std::fs::read(&good).unwrap();
    let mut damaged = whole.clone();
    damaged[5_000..9_000].fill(0x5A);
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let target = folder.path().join("target.db");
    std::fs::copy(&good, &target).unwrap();

    for (name, bytes) in [
        ("text", b"this is no database at all, just a text".to_vec()),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("damaged", damaged),
        ("foreign", std::fs::read(&foreign).unwrap()),
        ("empty", Vec::new()),
    ] {
        let source = folder.path().join(name);
        std::fs::write(&source, bytes).unwrap();
        let outcome = Store::restore(&source, &target).await;
        assert!(matches!(outcome, Err(StoreError::NotABackup { .. })), "{name}: {outcome:?}");
    }
    assert_eq!(std::fs::read(&target).unwrap(), whole);
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anamnesis.db");
    drop(Store::open(&path).await.unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();

    assert!(matches!(Store::open(&path).await, Err(StoreError::Newer(_))));
    assert!(matches!(Store::restore(&path, folder.path().join("b.db")).await, Err(StoreError::Newer(_))));
}

#[tokio::test]
async fn instants_keep_their_microseconds() {
    let (store, _folder) = database().await;
    let at: Timestamp = "2026-03-02T12:00:00.123456789Z".parse().unwrap();

    store.record(None, "tested", "nothing", at).await.unwrap();

    assert_eq!(store.audit(1).await.unwrap()[0].at, "2026-03-02T12:00:00.123456Z".parse().unwrap());
}
