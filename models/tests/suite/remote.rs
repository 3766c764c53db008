//! Remote engines against servers of this test.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use models::{EngineError, FinishReason, RemoteEngine, RemoteOptions, Speech, SpeechEngine};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_util::sync::CancellationToken;

use crate::support::request;

/// What a server does with a request to speak.
#[derive(Clone, Copy)]
enum Habit {
    /// Answers with these words.
    Says(&'static str),
    /// Begins and breaks off.
    BreaksOff,
    /// Answers with this status.
    Status(u16),
}

/// A server that counts what it is asked to say.
struct Server {
    address: String,
    asked: Arc<AtomicUsize>,
}

async fn server(habit: Habit) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, habit, Arc::clone(&counted)));
        }
    });
    Server { address, asked }
}

async fn answer(mut stream: TcpStream, habit: Habit, asked: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await.unwrap();
        head.extend_from_slice(&buffer[..read]);
    }
    let body = if head.starts_with(b"GET /v1/models") {
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"data\":[{\"id\":\"test-model\"}]}".to_owned()
    } else {
        asked.fetch_add(1, Ordering::Relaxed);
        let event = |words: &str, finish: &str| {
            format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{words}\"}},\"finish_reason\":{finish}}}]}}\n\n")
        };
        let begin = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        match habit {
            Habit::Says(words) => format!("{begin}{}data: [DONE]\n\n", event(words, "\"stop\"")),
            Habit::BreaksOff => format!("{begin}{}", event("I", "null")),
            Habit::Status(status) => format!("HTTP/1.1 {status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
        }
    };
    stream.write_all(body.as_bytes()).await.unwrap();
}

async fn engine(servers: &[&Server]) -> RemoteEngine {
    let addresses = servers.iter().map(|server| server.address.clone()).collect();
    RemoteEngine::start(RemoteOptions::new(addresses)).await.unwrap()
}

async fn speak(engine: &RemoteEngine, case: &str) -> (Result<Speech, EngineError>, String) {
    let mut request = request("Doctor: When?", 20);
    request.shared_prefix = case.to_owned();
    let (sender, mut pieces) = mpsc::channel(64);
    let outcome = engine.speak(request, sender, CancellationToken::new()).await;
    let mut heard = String::new();
    while let Ok(piece) = pieces.try_recv() {
        heard.push_str(&piece);
    }
    (outcome, heard)
}

#[tokio::test]
async fn words_are_streamed_and_thoughts_are_not() {
    let server = server(Habit::Says("<think>hm</think>Three days ago.")).await;
    let engine = engine(&[&server]).await;

    let (speech, heard) = speak(&engine, "Mary").await;

    let speech = speech.unwrap();
    assert_eq!((speech.text.as_str(), heard.as_str()), ("Three days ago.", "Three days ago."));
    assert_eq!(speech.finish, FinishReason::Stop);
    assert_eq!(engine.identity().name, "test-model");
}

#[tokio::test]
async fn a_case_stays_with_one_server_and_cases_are_spread() {
    let servers = [server(Habit::Says("Yes.")).await, server(Habit::Says("Yes.")).await];
    let engine = engine(&[&servers[0], &servers[1]]).await;

    for _ in 0..3 {
        speak(&engine, "Mary").await.0.unwrap();
    }
    let asked = [0, 1].map(|place: usize| servers[place].asked.load(Ordering::Relaxed));
    assert!(asked == [3, 0] || asked == [0, 3], "{asked:?}");

    for case in 0..32 {
        speak(&engine, &format!("case {case}")).await.0.unwrap();
    }
    assert!(servers.iter().all(|server| server.asked.load(Ordering::Relaxed) > 3));
}

#[tokio::test]
async fn the_next_server_answers_for_one_that_fails() {
    for habit in [Habit::Status(500), Habit::Status(429), Habit::Status(503)] {
        let (bad, good) = (server(habit).await, server(Habit::Says("Yes.")).await);
        let engine = engine(&[&bad, &good]).await;

        for case in 0..8 {
            assert_eq!(speak(&engine, &format!("case {case}")).await.0.unwrap().text, "Yes.");
        }

        assert_eq!(good.asked.load(Ordering::Relaxed), 8);
    }
}

#[tokio::test]
async fn a_server_that_failed_is_left_alone() {
    let (bad, good) = (server(Habit::Status(500)).await, server(Habit::Says("Yes.")).await);
    let engine = engine(&[&bad, &good]).await;

    for case in 0..32 {
        speak(&engine, &format!("case {case}")).await.0.unwrap();
    }

    assert_eq!(bad.asked.load(Ordering::Relaxed), 1);
    assert_eq!(engine.status().endpoints, Some((1, 2)));
}

#[tokio::test]
async fn words_that_were_heard_are_not_said_again_by_another() {
    let (broken, good) = (server(Habit::BreaksOff).await, server(Habit::Says("Yes.")).await);
    let engine = engine(&[&broken, &good]).await;

    let mut broken_off = 0;
    for case in 0..32 {
        let (outcome, heard) = speak(&engine, &format!("case {case}")).await;
        match outcome {
            Ok(_) => assert_eq!(heard, "Yes."),
            Err(error) => {
                assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
                assert_eq!(heard, "I");
                broken_off += 1;
            }
        }
    }

    assert_eq!(broken_off, 1, "then it is left alone");
}

#[tokio::test]
async fn full_servers_are_busy_and_none_is_an_error_that_names_them() {
    let full = server(Habit::Status(429)).await;
    let engine = engine(&[&full]).await;

    assert!(matches!(speak(&engine, "Mary").await.0, Err(EngineError::Busy { .. })));
    let nobody = RemoteEngine::start(RemoteOptions::new(vec!["http://127.0.0.1:9".to_owned()])).await;
    let Err(EngineError::Unavailable(why)) = nobody else { panic!("nobody listens there") };
    assert!(why.contains("127.0.0.1:9"), "{why}");
}
