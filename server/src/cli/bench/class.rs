//! `anamnesis bench class`: how fast the pages about a class are.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, anyhow, ensure};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use clap::Args;
use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::Graph;
use models::ScriptedEngine;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::super::{BadInput, say};
use crate::{
    app::{AppState, Parts},
    bench::class,
    chance::CountedSeeds,
    classroom,
    clock::{Clock as _, FixedClock, SystemClock},
    config::{Config, SCRIPTED, Settings},
    engine::percentile,
    store::{AssignmentRecord, Mode, NewComment, NewUser, Role, Store, User},
    understanding::Matcher,
    web::{self, metrics::Metrics},
};

/// Largest page read.
const LARGEST: usize = 64 * 1024 * 1024;
/// Rows made at a time when results are counted.
const AT_ONCE: u32 = 200;

/// Arguments of `anamnesis bench class`.
#[derive(Debug, Args)]
pub struct ClassArgs {
    /// Learners of the class.
    #[arg(long, default_value_t = 200, value_name = "N")]
    learners: usize,
    /// Finished consultations of each.
    #[arg(long, default_value_t = 50, value_name = "N")]
    encounters: usize,
    /// How often each page is asked for; a student's home so often, too, each time another student's.
    #[arg(long, default_value_t = 40, value_name = "N")]
    repeats: usize,
    /// Keep the database here; otherwise it is temporary.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

/// A server in this process with a class in its database.
struct Bench {
    app: AppState,
    router: Router,
    learners: Vec<User>,
    teacher: User,
    group: Uuid,
    assignment: Uuid,
    consultation: Uuid,
}

/// Runs the measurement.
pub async fn run(args: &ClassArgs) -> anyhow::Result<ExitCode> {
    if args.learners == 0 || args.encounters == 0 || args.repeats == 0 {
        return Err(BadInput("--learners, --encounters and --repeats must be 1 or more".to_owned()).into());
    }
    let folder = tempfile::tempdir().context("making a folder for the database")?;
    let database = args.keep.clone().unwrap_or_else(|| folder.path().join("class.db"));
    let bench = Bench::with_class(args, database).await?;
    bench.take_in().await?;
    say(format!("{:<44}  {:>8}  {:>8}  {:>8}  {:>8}", "page", "KiB", "median", "p95", "slowest"));
    let teacher = bench.session(bench.teacher.id).await?;
    for page in bench.teacher_pages() {
        bench.measure(&page, &page, std::iter::repeat_n(teacher.clone(), args.repeats)).await?;
    }
    let mut students = Vec::new();
    for learner in bench.learners.iter().cycle().take(args.repeats) {
        students.push(bench.session(learner.id).await?);
    }
    for page in ["/home", "/groups", "/progress"] {
        bench.measure(page, &format!("{page} (student)"), students.iter().cloned()).await?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Bench {
    async fn with_class(args: &ClassArgs, database: PathBuf) -> anyhow::Result<Self> {
        let graph = Graph::embedded().map_err(|_| anyhow!("the graph does not load; see `anamnesis graph check`"))?;
        let shipped = cases::library().map_err(|_| anyhow!("the cases do not load; see `anamnesis case list`"))?;
        let now = SystemClock.now();
        let settings =
            Settings { database: Some(database.clone()), speech: Some(SCRIPTED.to_owned()), ..Settings::default() };
        let app = AppState::assemble(Parts {
            config: Config::from_settings(settings)?,
            graph,
            store: Store::open(&database).await?,
            clock: Arc::new(FixedClock::new(now)),
            seeds: Arc::new(CountedSeeds::default()),
            speech: Arc::new(ScriptedEngine),
            matcher: Arc::new(Matcher::new(graph, None, None)?),
            metrics: Metrics::detached(),
            demo: false,
        })?;
        ensure!(app.store.users().await?.is_empty(), "{}: has accounts already; name a new file", database.display());
        app.catalogue.stock(shipped, now).await?;
        let teacher = account(&app, "teacher", Role::Teacher, now).await?;
        let group = app.store.create_group("The class".to_owned(), teacher.id, "AAAAAA".to_owned(), now).await?;
        let mut learners = Vec::new();
        for number in 0..args.learners {
            let learner = account(&app, &format!("learner{number:04}"), Role::Student, now).await?;
            app.store.join_group("AAAAAA".to_owned(), learner.id, now).await?;
            learners.push(learner);
        }
        let consultation = fill(&app, &learners, args, now).await?;
        let assignment = assign(&app, (group, &teacher), consultation, now).await?;
        Ok(Self { router: web::router(app.clone()), app, learners, teacher, group, assignment, consultation })
    }

    /// What a server does once after it finds an older database: every report is read.
    async fn take_in(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut counted = 0;
        loop {
            match classroom::catch_up(&self.app.store, &self.app.catalogue, AT_ONCE).await? {
                0 => break,
                more => counted += more,
            }
        }
        eprintln!("{counted} reports counted in {:.1} s", begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        self.app.learning.catch_up_class(&self.app.catalogue, self.app.clock.now()).await?;
        eprintln!("taken into the learners' figures in {:.1} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    fn teacher_pages(&self) -> Vec<String> {
        let Self { group, assignment, consultation, .. } = self;
        let student = self.learners[0].id;
        let mut pages: Vec<String> =
            ["/class", "/class/week", "/class/map", "/class/items", "/class/groups", "/class/marks"]
                .map(str::to_owned)
                .into();
        pages.extend([
            format!("/class/week?group={group}"),
            format!("/class/map?group={group}&page=2"),
            format!("/class/groups/{group}"),
            format!("/class/assignments/{assignment}"),
            format!("/class/students/{student}"),
            format!("/class/students/{student}?section=social-history"),
            "/class/topic?topic=history%3Asmoking".to_owned(),
            format!("/consultations/{consultation}/debrief"),
        ]);
        for table in ["students", "consultations", "topics", "items"] {
            pages.extend(["csv", "xlsx"].map(|ending| format!("/class/export/{table}.{ending}")));
        }
        pages
    }

    async fn session(&self, user: Uuid) -> anyhow::Result<String> {
        let token = self.app.store.create_session(user, self.app.clock.now(), SignedDuration::from_hours(1)).await?;
        Ok(format!("anamnesis={}", token.as_str()))
    }

    /// Asks for a page once for each session after one time that does not count.
    async fn measure(
        &self,
        page: &str,
        name: &str,
        sessions: impl ExactSizeIterator<Item = String>,
    ) -> anyhow::Result<()> {
        let (mut times, mut size) = (Vec::new(), 0);
        let progress = ProgressBar::new(sessions.len() as u64);
        for (number, session) in sessions.enumerate() {
            if number == 0 {
                self.ask(page, &session).await?;
            }
            let (took, bytes) = self.ask(page, &session).await?;
            times.push(took.as_secs_f64() * 1_000.0);
            size = bytes;
            progress.inc(1);
        }
        progress.finish_and_clear();
        let slowest = times.iter().copied().fold(0.0, f64::max);
        // Ids are long and say nothing.
        let shown = name.split('/').map(|part| if part.len() >= 36 { "…" } else { part }).collect::<Vec<_>>().join("/");
        say(format!(
            "{shown:<44.44}  {:>8.0}  {:>5.1} ms  {:>5.1} ms  {slowest:>5.1} ms",
            size as f64 / 1_024.0,
            percentile(&times, 0.5),
            percentile(&times, 0.95),
        ));
        Ok(())
    }

    async fn ask(&self, page: &str, session: &str) -> anyhow::Result<(Duration, usize)> {
        let request = Request::get(page).header(header::COOKIE, session).body(Body::empty())?;
        let begun = Instant::now();
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let body = to_bytes(answer.into_body(), LARGEST).await?;
        ensure!(status == StatusCode::OK, "{page} answers {status}");
        Ok((begun.elapsed(), body.len()))
    }
}

async fn account(app: &AppState, login: &str, role: Role, now: Timestamp) -> anyhow::Result<User> {
    let new = NewUser {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        password_hash: "!".to_owned(),
        language: None,
    };
    Ok(app.store.create_user(new, now).await?)
}

/// Fills the database and gives one of the consultations.
async fn fill(app: &AppState, learners: &[User], args: &ClassArgs, now: Timestamp) -> anyhow::Result<Uuid> {
    let published = app.catalogue.published().await?;
    let models = class::models(&published, app.graph, (&app.grader, &app.schemes)).await?;
    let progress = ProgressBar::new(learners.len() as u64);
    let mut last = None;
    for (number, learner) in learners.iter().enumerate() {
        let made = class::consultations(&models, learner.id, (number, args.encounters), now);
        last = made.last().map(|(encounter, _)| encounter.id).or(last);
        app.store.import_finished(made).await?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    last.context("no consultation was made")
}

/// An assignment, a focus and a comment.
async fn assign(
    app: &AppState,
    (group, teacher): (Uuid, &User),
    consultation: Uuid,
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    let ago = |days: i64| now.checked_sub(SignedDuration::from_hours(24 * days));
    let published = app.catalogue.published().await?;
    let new = AssignmentRecord {
        id: Uuid::nil(),
        group,
        title: "Three patients".to_owned(),
        mode: Mode::Practice,
        system: None,
        cases: published.iter().take(3).map(|case| case.id.clone()).collect(),
        opens: ago(30)?,
        due: ago(2)?,
        withdrawn: None,
    };
    let any = AssignmentRecord {
        title: "Any chest".to_owned(),
        system: published.first().map(|case| case.system.clone()),
        cases: Vec::new(),
        ..new.clone()
    };
    app.store.assign(any, now).await?;
    app.store.mark_focus(Some(group), "history:smoking".parse()?, teacher.id, ago(14)?).await?;
    let words =
        NewComment { encounter: consultation, exchange: Some(0), author: teacher.id, text: "Well asked.".to_owned() };
    app.store.comment(words, now).await?;
    Ok(app.store.assign(new, now).await?)
}
