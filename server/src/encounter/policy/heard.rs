//! The student's words as the policy reads them.

use knowledge_graph::{Language, TopicId, TopicKind, is_negated};

use crate::{
    encounter::{
        deed::Deed,
        question::{Form, begins_asking, form, parts},
        refine::lists,
    },
    understanding::{Clause, DialogueAct, MatchMethod, TopicHit, Understood},
};

/// The student's words and what understanding made of them.
pub struct Heard<'a> {
    /// As they were typed.
    pub text: &'a str,
    /// The language of the consultation.
    pub language: Language,
    /// What they mean.
    pub said: &'a Understood,
    /// Whether it was also weighed which of the patient's facts they aim at.
    pub aimed: bool,
    /// What they do as a whole, where that is sure.
    pub deed: Option<Deed>,
}

impl Heard<'_> {
    /// The form of the clause in which `hit` stands; "Was it sudden or did it creep up?" is one
    /// question, however many clauses it has.
    pub(super) fn form_of(&self, hit: &TopicHit) -> Form {
        let whole = form(self.text, self.language);
        if whole == Form::Open && self.text.contains(" or ") { whole } else { form(self.clause_of(hit), self.language) }
    }

    pub(super) fn clause_of(&self, hit: &TopicHit) -> &str {
        self.clause_around(hit.quote.start)
    }

    /// The words of the clause at byte `at`, its question mark included.
    pub(super) fn clause_around(&self, at: usize) -> &str {
        let clause = self.said.clauses.iter().find(|clause| clause.span.contains(&at));
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

    /// The words of the first clause that does `act`; all of them where none does.
    pub(super) fn words_of(&self, act: DialogueAct) -> &str {
        let clause = self.said.clauses.iter().find(|clause| clause.act == act);
        clause.map_or(self.text, |clause| self.clause_around(clause.span.start))
    }

    pub(super) fn heard(&self, act: DialogueAct) -> bool {
        self.said.act == act || self.said.clauses.iter().any(|clause| clause.act == act)
    }

    /// Whether it is asked what else there is, whatever is named besides ("除了胸闷还有哪儿不舒服?").
    pub(super) fn asks_for_more(&self, asked: &[&TopicHit]) -> bool {
        let in_general = |hit: &&TopicHit| super::is_other_symptoms(hit);
        let set_aside = |hit: &&TopicHit| {
            // What is only near in meaning, or carried over, has no words of its own.
            let own = if hit.method == MatchMethod::Lexicon { hit.quote.start } else { self.text.len() };
            sets_aside(self.text.get(..own).unwrap_or_default(), self.language)
        };
        let mut topics = self.said.clauses.iter().flat_map(|clause| &clause.topics);
        let anything_else = topics.any(|hit| hit.topic == TopicId::new(TopicKind::Consultation, "anything-else"));
        let more = asked.iter().any(in_general) || anything_else || self.heard(DialogueAct::Vague);
        more && (!asked.is_empty() || self.said.act == DialogueAct::Vague)
            && asked.iter().all(|hit| in_general(hit) || set_aside(hit))
    }

    /// Whether nothing is asked beside `hit`: a bare "yes" to one of several things says nothing of the others.
    pub(super) fn asks_one_thing(&self, hit: &TopicHit) -> bool {
        parts(self.text, self.language) == 1 && !lists(self.clause_of(hit))
    }

    /// Whether the clause of `hit` asks which of two it is.
    pub(super) fn offers_a_choice(&self, hit: &TopicHit) -> bool {
        match self.language {
            Language::En => self.text.contains(" or ") && self.form_of(hit) == Form::Open,
            Language::Zh => self.text.contains("还是"),
        }
    }

    /// Whether the student asks leave to ask, or whether they can be heard.
    pub(super) fn asks_leave(&self) -> bool {
        let leave = |hit: &TopicHit| {
            hit.topic.kind() == TopicKind::Consultation && matches!(hit.topic.name(), "consent" | "signpost")
        };
        let hears = match self.language {
            Language::En => [
                "can you hear me",
                "is it ok if",
                "is it okay if",
                "is it alright if",
                "is it all right if",
                "do you mind if",
                "is that ok",
                "is that okay",
                "is that alright",
                "is that all right",
                "would that be ok",
                "would that be okay",
                "would that be alright",
                "would that be all right",
                "are you comfortable",
                "are you happy to",
            ]
            .as_slice(),
            Language::Zh => [
                "听得见",
                "听得清",
                "听得到",
                "能听见",
                "能听清",
                "跟您聊聊",
                "跟你聊聊",
                "问您几个",
                "问你几个",
                "可以吗",
                "方便吗",
                "行吗",
                "介意吗",
            ]
            .as_slice(),
        };
        let lower = self.text.to_lowercase();
        let asks = hears.iter().any(|words| lower.contains(words));
        let acts = matches!(
            self.said.act,
            DialogueAct::Specific
                | DialogueAct::OffTopic
                | DialogueAct::Greeting
                | DialogueAct::Summary
                | DialogueAct::Backchannel
        );
        acts && (asks || self.said.clauses.iter().flat_map(|clause| &clause.topics).any(leave))
    }

    /// Whether the student asks leave to talk, or whether they can be heard, in words that ask for nothing else.
    pub(super) fn asks_to_talk(&self) -> bool {
        let words: &[&str] = match self.language {
            Language::En => {
                &["can you hear me", "is it ok if we talk", "is it okay if we talk", "ok to talk", "okay to talk"]
            }
            Language::Zh => {
                &["聊几句", "聊聊吗", "聊一下吗", "说几句", "听得清我", "听得见我", "听得到我", "能听清我", "能听见我"]
            }
        };
        let lower = self.text.to_lowercase();
        words.iter().any(|words| lower.contains(words))
    }

    /// Whether what was summed up is put to the patient, and nothing is asked besides: 对吧, "right?".
    pub(super) fn offers_to_confirm(&self) -> bool {
        const CHECKS: [&str; 10] = [
            "对吧",
            "对吗",
            "是吧",
            "没错吧",
            "是这样吗",
            "对不对",
            "right?",
            "correct?",
            "got that right",
            "is that it?",
        ];
        let lower = self.text.to_lowercase();
        CHECKS.iter().any(|check| lower.trim_end_matches('？').ends_with(check))
            || form(self.text, self.language) != Form::Open && !self.ends_asking()
    }

    /// Whether something is asked after what was summed up: "A month, you said. Was it sudden?"
    fn ends_asking(&self) -> bool {
        let own = self.said.clauses.last().filter(|clause| !clause.topics.is_empty());
        let asks = own.is_some_and(|clause| begins_asking(self.clause_around(clause.span.start)));
        self.language == Language::En && asks
    }

    /// Whether the student announces an examination and asks nothing but leave for it.
    pub(super) fn orders_only(&self) -> bool {
        let announces = |clause: &Clause| {
            matches!(
                clause.act,
                DialogueAct::Order | DialogueAct::Advice | DialogueAct::Empathy | DialogueAct::Greeting
            )
        };
        let asks = |clause: &Clause| form(self.clause_around(clause.span.start), self.language) == Form::Open;
        self.heard(DialogueAct::Order) && self.said.clauses.iter().all(|clause| announces(clause) || !asks(clause))
    }

    pub(super) fn invites_questions(&self) -> bool {
        let invitation = TopicId::new(TopicKind::Consultation, "ask-questions");
        self.said.clauses.iter().flat_map(|clause| &clause.topics).any(|hit| hit.topic == invitation)
    }
}

/// Whether what follows these words is set aside: "apart from the …", "除了…".
fn sets_aside(before: &str, language: Language) -> bool {
    let lower = before.to_lowercase();
    let words: &[&str] = match language {
        Language::En => &["apart from", "other than", "besides", "aside from", "as well as"],
        Language::Zh => &["除了", "除去"],
    };
    // "Apart from the cough, do you …" sets nothing aside after the comma.
    let ends: &[&str] = match language {
        Language::En => &[",", " do ", " any ", " have ", " are "],
        Language::Zh => &["，", ",", "还", "外"],
    };
    let set_aside = words.iter().filter_map(|word| lower.rfind(word).map(|at| &lower[at + word.len()..])).next_back();
    set_aside.is_some_and(|after| !ends.iter().any(|end| after.contains(end)))
}
