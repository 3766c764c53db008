//! Pages for everyone: how it works, accessibility, privacy.

use askama::Template;
use askama_web::WebTemplate;

use super::frame::Frame;

#[derive(Template, WebTemplate)]
#[template(path = "pages/how_it_works.html")]
pub(super) struct HowItWorks {
    page: Frame,
}

pub(super) async fn how_it_works(page: Frame) -> HowItWorks {
    HowItWorks { page }
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/accessibility.html")]
pub(super) struct Accessibility {
    page: Frame,
}

pub(super) async fn accessibility(page: Frame) -> Accessibility {
    Accessibility { page }
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/privacy.html")]
pub(super) struct Privacy {
    page: Frame,
}

pub(super) async fn privacy(page: Frame) -> Privacy {
    Privacy { page }
}
