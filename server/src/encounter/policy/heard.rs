//! The student's words as the policy reads them.

use knowledge_graph::{Language, TopicId, TopicKind, is_negated};

use crate::{
    encounter::question::{Form, form},
    understanding::{DialogueAct, TopicHit, Understood},
};

/// The student's words and what understanding made of them.
pub struct Heard<'a> {
    /// As they were typed.
    pub text: &'a str,
    /// The language of the consultation.
    pub language: Language,
    /// What they mean.
    pub said: &'a Understood,
}

impl Heard<'_> {
    /// The form of the clause in which `hit` stands; "Was it sudden or did it creep up?" is one
    /// question, however many clauses it has.
    pub(super) fn form_of(&self, hit: &TopicHit) -> Form {
        let whole = form(self.text, self.language);
        if whole == Form::Open && self.text.contains(" or ") { whole } else { form(self.clause_of(hit), self.language) }
    }

    pub(super) fn clause_of(&self, hit: &TopicHit) -> &str {
        let clause = self.said.clauses.iter().find(|clause| clause.span.contains(&hit.quote.start));
        // A clause ends before its question mark.
        let to = |end: usize| end + self.text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        clause.and_then(|clause| self.text.get(clause.span.start..to(clause.span.end))).unwrap_or(self.text)
    }

    /// Whether the words deny what `hit` names ("no fever", 没有胸痛).
    pub(super) fn denies(&self, hit: &TopicHit) -> bool {
        /// These hold a "not" that denies nothing.
        const NOT_DENIALS: [&str; 8] = ["不舒服", "是不是", "对不对", "有没有", "不好意思", "不好", "不过", "not only"];
        let Some(before) = self.text.get(..hit.quote.start) else { return false };
        let before = NOT_DENIALS.iter().fold(before.to_owned(), |text, word| text.replace(word, ""));
        is_negated(&before, self.language)
    }

    pub(super) fn heard(&self, act: DialogueAct) -> bool {
        self.said.act == act || self.said.clauses.iter().any(|clause| clause.act == act)
    }

    pub(super) fn invites_questions(&self) -> bool {
        let invitation = TopicId::new(TopicKind::Consultation, "ask-questions");
        self.said.clauses.iter().flat_map(|clause| &clause.topics).any(|hit| hit.topic == invitation)
    }
}
