//! Tries a model by hand: four turns of one consultation, a second learner on the same case, then
//! vectors. `cargo run --release -p models --example speak -- WORKER [NAME] [en|zh]`, where WORKER
//! is a built `model-worker`.

use std::{
    io::Write,
    path::PathBuf,
    time::{Duration, Instant},
};

use models::{
    Embedder, QUERY_PREFIX, SpeechEngine, SpeechRequest, WorkerEngine, WorkerOptions, slow_cpu_warning, start_up_line,
    weights::WeightsStore,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const PERSONA: [&str; 2] = [
    "You are Mary Hughes, 58, a retired bus driver, sitting in a clinic. You are a patient, not a doctor. \
     Answer the doctor in one or two short everyday sentences, as yourself. Say only what is in the facts \
     you are given for this question. Never name a disease. If there is no fact, say you do not know. \
     You are worried and a little short of breath. You came because of pain in your chest.",
    "你是王秀兰，58岁，退休公交司机，坐在诊室里。你是病人，不是医生。用一两句日常口语以第一人称回答医生。\
     只说本次问题给出的事实，不要说出任何病名。没有事实就说不知道。你有些担心，有点喘。你因为胸口疼来看病。",
];

const TURNS: [[(&str, &str); 4]; 2] = [
    [
        ("When did it start?", "The pain began three days ago, suddenly, while gardening."),
        ("Where exactly is it?", "The pain is in the middle of the chest and spreads to the left arm."),
        ("Do you smoke?", "She has smoked ten cigarettes a day for thirty years."),
        ("What worries you most?", "Her father died of his heart at sixty; she fears the same."),
    ],
    [
        ("什么时候开始的？", "三天前在院子里干活时突然开始疼。"),
        ("具体哪里疼？", "胸口正中疼，会串到左胳膊。"),
        ("您抽烟吗？", "抽烟三十年，每天十支。"),
        ("您最担心什么？", "父亲六十岁时因心脏的毛病去世，怕自己也一样。"),
    ],
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let worker = PathBuf::from(arguments.next().ok_or("the path of a built model-worker is missing")?);
    let name = arguments.next().unwrap_or_else(|| "qwen2.5-coder-1.5b-instruct-q4_k_m".to_owned());
    let language = usize::from(arguments.next().as_deref() == Some("zh"));
    let store = WeightsStore::new(WeightsStore::default_folder())?;
    let mut options = WorkerOptions::new(worker, Vec::new());
    options.speech = Some(store.open(&name)?);
    options.embedding = Some(store.open("multilingual-e5-small")?);
    let began = Instant::now();
    let engine = WorkerEngine::start(options);
    let status = engine.wait_until_ready(Duration::from_mins(2))?;
    println!("{}; ready after {:?}", start_up_line(&SpeechEngine::identity(&engine), &status), began.elapsed());
    if let Some(warning) = slow_cpu_warning(&status) {
        println!("{warning}");
    }
    let mut history = Vec::new();
    for (asked, fact) in TURNS[language] {
        speak(&engine, language, &mut history, asked, fact).await?;
    }
    println!("— a second learner on the same case");
    let (asked, fact) = TURNS[language][1];
    speak(&engine, language, &mut Vec::new(), asked, fact).await?;
    let began = Instant::now();
    let texts: Vec<String> = TURNS.iter().flatten().map(|(asked, _)| format!("{QUERY_PREFIX}{asked}")).collect();
    let vectors = engine.embed(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    println!("{} vectors of {} in {:?}", vectors.len(), vectors[0].len(), began.elapsed());
    Ok(())
}

async fn speak(
    engine: &WorkerEngine,
    language: usize,
    history: &mut Vec<(String, String)>,
    asked: &str,
    fact: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let prompt =
        ["The doctor asks: {}\nFacts you may tell now: {}", "{}\n（只根据这个事实，用“我”回答：{}）"][language];
    let prompt = prompt.replacen("{}", asked, 1).replacen("{}", fact, 1);
    let request = SpeechRequest {
        shared_prefix: PERSONA[language].to_owned(),
        history: history.clone(),
        prompt: prompt.clone(),
        fallback: fact.to_owned(),
        max_tokens: 80,
        temperature: 0.0,
        seed: 1,
    };
    let (sender, mut pieces) = mpsc::channel(16);
    let show = tokio::spawn(async move {
        while let Some(piece) = pieces.recv().await {
            print!("{piece}");
            let _ = std::io::stdout().flush();
        }
        println!();
    });
    println!("> {asked}");
    let speech = engine.speak(request, sender, CancellationToken::new()).await?;
    show.await?;
    let timing = speech.timing;
    let spoken = f64::from(timing.spoken_tokens) / timing.total.saturating_sub(timing.first_token).as_secs_f64();
    println!(
        "  [{:?}: read {} + {} cached, first token {:?}, total {:?}, {} tokens, {spoken:.1} tokens/s]",
        speech.finish,
        timing.prompt_tokens,
        timing.cached_tokens,
        timing.first_token,
        timing.total,
        timing.spoken_tokens
    );
    history.push((prompt, speech.text));
    Ok(())
}
