//! The pages. One file a page: its template struct, then its handler; `templates/pages/` mirrors it.
//!
//! Every page works before a script loads: forms post and redirect. Scripts make it live.

mod assets;
mod case_edit;
mod case_file;
mod case_start;
mod cases;
mod class;
mod comments;
mod consultation;
mod debrief;
mod decision;
mod drills;
mod dry_run;
mod engine;
mod errors;
mod finish;
mod frame;
mod graph;
mod help;
mod home;
mod language;
#[cfg(test)]
mod listed_tests;
mod literature;
mod literature_document;
mod literature_form;
mod marks;
mod my_data;
mod my_groups;
mod path;
mod progress;
mod public;
mod schemes;
mod sign_in;
mod teacher_case;
mod teacher_case_generate;
mod teacher_case_new;
mod teacher_cases;
mod transparency;
mod tutor;
mod users;
mod versions;
mod view;
mod zone;

use axum::{
    Router, middleware,
    routing::{get, post},
};

use crate::app::AppState;

/// All pages and static files. A refusal from any of them is explained in the reader's language.
pub fn router(state: &AppState) -> Router<AppState> {
    every_page()
        .fallback(errors::nothing_here)
        .layer(middleware::from_fn_with_state(state.clone(), errors::explain))
        .merge(assets::router())
}

fn every_page() -> Router<AppState> {
    Router::new()
        .merge(public_pages())
        .merge(student_pages())
        .merge(teacher_pages())
        .merge(admin_pages())
        .merge(graph::router())
        .merge(path::router())
        .merge(drills::router())
        .merge(case_edit::router())
        .merge(class::router())
}

fn public_pages() -> Router<AppState> {
    Router::new()
        .route("/", get(home::front))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(language::post))
        .route("/how-it-works", get(public::how_it_works))
        .route("/accessibility", get(public::accessibility))
        .route("/privacy", get(public::privacy))
        .route("/transparency", get(transparency::get))
}

fn student_pages() -> Router<AppState> {
    Router::new()
        .route("/home", get(home::get))
        .route("/cases", get(cases::get))
        .route("/cases/{id}", get(case_start::get))
        .route("/cases/{id}/begin", post(case_start::begin))
        .route("/consultations/{id}", get(consultation::get))
        .route("/consultations/{id}/turns", post(consultation::turn))
        .route("/consultations/{id}/orders", post(consultation::order))
        .route("/consultations/{id}/notes", post(consultation::notes))
        .route("/consultations/{id}/hint", post(help::hint))
        .route("/consultations/{id}/pause", post(help::pause))
        .route("/consultations/{id}/resume", post(help::resume))
        .route("/consultations/{id}/finish", get(finish::get).post(finish::post))
        .route("/consultations/{id}/leave", post(finish::leave))
        .route("/consultations/{id}/debrief", get(debrief::get))
        .route("/consultations/{id}/tutor", post(tutor::ask))
        .route("/progress", get(progress::get))
        .route("/groups", get(my_groups::get))
        .route("/groups/join", post(my_groups::join))
        .route("/groups/{id}/leave", post(my_groups::leave))
        .route("/groups/{id}/come-back", post(my_groups::come_back))
        .route("/my-data", get(my_data::get))
        .route("/my-data/download", get(my_data::download))
        .route("/my-data/erase", post(my_data::erase))
}

fn teacher_pages() -> Router<AppState> {
    Router::new()
        .route("/class/marks", get(marks::get).post(marks::post))
        .route("/consultations/{id}/items/{item}/decision", post(decision::post))
        .route("/consultations/{id}/comments", post(comments::post))
        .route("/comments/{id}/withdraw", post(comments::withdraw))
        .route("/manage/cases", get(teacher_cases::get).post(teacher_case_new::post))
        .route("/manage/cases/new", get(teacher_case_new::get))
        .route("/manage/cases/generate", get(teacher_case_generate::get).post(teacher_case_generate::post))
        .route("/manage/graph", get(literature::get))
        .route("/manage/graph/new", get(literature::new).post(literature::add))
        .route("/manage/graph/changes.toml", get(literature::changes))
        .route("/manage/graph/documents/{id}", get(literature_document::get))
        .route("/manage/graph/documents/{id}/proposals/{position}", post(literature_document::decide))
        .route("/manage/graph/cases/{id}/{version}/reviewed", post(literature::reviewed))
        .route("/manage/schemes", get(schemes::get).post(schemes::add))
        .route("/manage/schemes/choose", post(schemes::choose))
        .route("/manage/schemes/example.toml", get(schemes::example))
        .route("/manage/schemes/{id}", get(schemes::one))
        .route("/manage/cases/{id}/dry-run", get(dry_run::get).post(dry_run::post))
        .route("/manage/cases/{id}/versions", get(versions::get))
        .route("/manage/cases/{id}/diff/{older}/{newer}", get(versions::compare))
        .route("/manage/cases/{id}/{version}/restore", post(versions::restore))
        .route("/manage/cases/{id}/{version}", get(teacher_case::get))
        .route("/manage/cases/{id}/{version}/file", get(case_file::get))
        .route("/manage/cases/{id}/{version}/status", post(teacher_case::status))
        .route("/manage/cases/{id}/{version}/preview", post(teacher_case::preview))
}

fn admin_pages() -> Router<AppState> {
    Router::new()
        .route("/admin/users", get(users::get).post(users::add))
        .route("/admin/users/{id}/password", post(users::new_password))
        .route("/admin/engine", get(engine::get))
}
