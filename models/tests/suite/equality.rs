//! Whatever the engine saves, it says what it would have said plainly.
//!
//! At temperature 0, replies spoken together, on a shared prefix, after an eviction, by a new worker
//! or with drafts have the tokens of the reply spoken alone by a fresh engine. A batch is summed in
//! another order than a single token, so where the two best logits all but tie the other one may
//! win: there, and only there, a reply may differ, and it is compared no further.

use models::{Choice, Drafting, SpeechRequest, WorkerEngine, WorkerOptions};
use nix::{sys::signal::Signal, unistd::Pid};

use crate::support::{PATIENCE, SPEAKER, options, request, speaker, started, weights};

/// Logits nearer than this all but tie: at temperature 1 the better word would be less than twice
/// as likely (e^0.5 = 1.6).
const TIE: f32 = 0.5;
/// Tokens of each reply.
const LENGTH: u32 = 40;

const TURNS: [[&str; 2]; 6] = [
    ["When did it start?", "The pain began three days ago, suddenly, while I was gardening."],
    ["Where exactly is it?", "It is in the middle of my chest. It goes into my left arm."],
    ["Do you smoke?", "I've smoked ten cigarettes a day for thirty years."],
    ["What worries you most?", "My father died of his heart at sixty. I fear the same for me."],
    ["什么时候开始疼的？", "三天前在院子里干活时突然开始疼。"],
    ["您最担心什么？", "父亲六十岁时因心脏的毛病去世。我怕自己也一样。"],
];

fn turn([asked, note]: [&str; 2]) -> SpeechRequest {
    request(&format!("Doctor: {asked}\nNote: {note}\nPatient:"), LENGTH)
}

async fn say(engine: &WorkerEngine, request: SpeechRequest) -> Vec<Choice> {
    engine.speak_traced(request).await.unwrap().1
}

/// Every reply by an engine that knows nothing before it.
async fn plain(requests: &[SpeechRequest]) -> Vec<Vec<Choice>> {
    let mut replies = Vec::new();
    for request in requests {
        replies.push(say(&speaker(), request.clone()).await);
    }
    replies
}

#[track_caller]
fn assert_same(kind: &str, plain: &[Choice], other: &[Choice]) {
    for (place, (expected, found)) in plain.iter().zip(other).enumerate() {
        if expected.token != found.token {
            let tie = expected.margin < TIE && found.margin < TIE;
            let swapped = expected.runner_up == found.token && found.runner_up == expected.token;
            assert!(tie && swapped, "{kind}, token {place}: {expected:?} became {found:?}");
            return;
        }
    }
    assert_eq!(plain.len(), other.len(), "{kind}: one reply ended early");
}

#[tokio::test]
async fn replies_spoken_together_are_those_spoken_alone() {
    let requests = TURNS.map(turn);
    let plain = plain(&requests).await;
    let engine = started(WorkerOptions { most_speaking: 6, ..with_speaker() });

    let mut together = tokio::task::JoinSet::new();
    let engine = std::sync::Arc::new(engine);
    for (place, request) in requests.into_iter().enumerate() {
        let engine = std::sync::Arc::clone(&engine);
        together.spawn(async move { (place, say(&engine, request).await) });
    }

    for (place, reply) in together.join_all().await {
        assert_same("together", &plain[place], &reply);
    }
}

#[tokio::test]
async fn replies_on_a_shared_prefix_are_those_that_evaluated_it() {
    let requests = TURNS.map(turn);
    let plain = plain(&requests).await;
    let engine = speaker();

    for (request, plain) in requests.into_iter().zip(&plain) {
        assert_same("shared", plain, &say(&engine, request).await);
    }
}

#[tokio::test]
async fn a_conversation_that_was_evicted_goes_on_as_if_it_had_stayed() {
    let first = turn(TURNS[0]);
    let mut second = turn(TURNS[1]);
    second.history = vec![(first.prompt.clone(), "Three days ago, in the garden.".to_owned())];
    let plain = plain(std::slice::from_ref(&second)).await.remove(0);
    // Room for about two conversations: the others push the first one out.
    let engine = started(WorkerOptions { context_tokens: 512, ..with_speaker() });
    say(&engine, first).await;
    let mut others = Vec::new();
    for (place, other) in TURNS.into_iter().enumerate() {
        let mut other = turn(other);
        other.shared_prefix = format!("You are patient number {place}. {}", "You are tired. ".repeat(30));
        others.push(say(&engine, other).await);
    }

    assert_same("evicted", &plain, &say(&engine, second.clone()).await);
    assert_same("kept", &plain, &say(&engine, second).await);
}

#[tokio::test]
async fn a_conversation_goes_on_after_the_worker_died() {
    let first = turn(TURNS[0]);
    let mut second = turn(TURNS[3]);
    second.history = vec![(first.prompt.clone(), "Three days ago, in the garden.".to_owned())];
    let plain = plain(std::slice::from_ref(&second)).await.remove(0);
    let engine = speaker();
    say(&engine, first).await;
    let worker = i32::try_from(engine.worker_process().unwrap()).unwrap();
    nix::sys::signal::kill(Pid::from_raw(worker), Signal::SIGKILL).unwrap();
    while engine.worker_process() == u32::try_from(worker).ok() {
        tokio::task::yield_now().await;
    }
    engine.wait_until_recovered(PATIENCE).unwrap();

    assert_same("restored", &plain, &say(&engine, second).await);
}

#[tokio::test]
async fn drafts_change_nothing_but_the_speed() {
    let requests = TURNS.map(turn);
    let plain = plain(&requests).await;
    let engine = started(WorkerOptions { drafting: Drafting::On, ..with_speaker() });

    let mut accepted = 0;
    for (request, plain) in requests.into_iter().zip(&plain) {
        let (speech, reply) = engine.speak_traced(request).await.unwrap();
        assert_same("drafted", plain, &reply);
        accepted += speech.timing.accepted_tokens;
    }

    assert!(accepted > 0, "a note that is told again is drafted from the prompt");
}

#[tokio::test]
async fn a_long_consultation_lets_its_oldest_exchanges_go() {
    let engine = started(WorkerOptions { context_tokens: 512, ..with_speaker() });
    let exchange = |n: usize| (format!("Question {n}?"), format!("Answer number {n} of a long consultation."));
    let mut long = turn(TURNS[0]);
    long.history = (0..60).map(exchange).collect();

    let (speech, _) = engine.speak_traced(long.clone()).await.unwrap();
    long.history.push(exchange(60));
    let (next, _) = engine.speak_traced(long).await.unwrap();

    let read = speech.timing.prompt_tokens + speech.timing.cached_tokens;
    assert!(read + LENGTH <= 256, "others speak too: {:?}", speech.timing);
    assert!(next.timing.cached_tokens * 2 > read, "what remains begins the same: {:?}", next.timing);
}

fn with_speaker() -> WorkerOptions {
    WorkerOptions { speech: Some(weights(SPEAKER)), context_tokens: 2048, ..options() }
}
