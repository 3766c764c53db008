//! A consultation as the rules read it: turns with their readings, questions with what they ask.

use std::ops::Range;

use knowledge_graph::{Facet, Section, TopicId, TopicKind};

use super::{
    Subject,
    words::{ConductWords, Sign, Signs},
};
use crate::{
    assessment::{Evidence, Speaker},
    understanding::{ClauseReading, DialogueAct, Matcher, Reading},
};

/// One turn.
pub(crate) struct Said<'t> {
    /// Its index.
    pub turn: usize,
    /// Its words.
    pub text: &'t str,
    /// As read.
    pub reading: Reading,
    /// Signs in it.
    pub signs: Signs,
    /// Technical words, student's turns only.
    pub jargon: Vec<String>,
}

impl Said<'_> {
    /// These bytes as a quotation.
    pub fn quote(&self, span: &Range<usize>) -> Evidence {
        Evidence { turn: self.turn, quote: self.text[span.clone()].to_owned() }
    }

    /// The clause that holds a sign.
    pub fn clause_with(&self, sign: Sign) -> Option<&ClauseReading> {
        self.reading.clauses.iter().find(|clause| self.signs.within(sign, &clause.words))
    }

    /// The whole turn as a quotation, or its clause with `sign`.
    pub fn quote_of(&self, sign: Sign) -> Evidence {
        let whole = 0..self.text.len();
        self.quote(self.clause_with(sign).map_or(&whole, |clause| &clause.span))
    }

    /// The first clause that does `act`.
    pub fn clause_doing(&self, act: DialogueAct) -> Option<&ClauseReading> {
        self.reading.clauses.iter().find(|clause| clause.act == act)
    }

    /// Whether it only acknowledges ("OK", 嗯).
    pub fn is_backchannel(&self) -> bool {
        self.reading.clauses.iter().all(|clause| clause.act == DialogueAct::Backchannel)
    }
}

/// What a question asks for: the topics it names and their attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    /// Topics named.
    pub topics: Vec<TopicId>,
    /// Attributes.
    pub facets: Vec<Facet>,
}

/// One question.
pub(crate) struct Question {
    /// Which of the student's turns, by place in `Interview::student`.
    pub of: usize,
    /// Bytes of the turn.
    pub span: Range<usize>,
    /// Words of the turn.
    pub words: Range<usize>,
    /// What it asks.
    pub asked: Asked,
    /// Whether it is an open invitation.
    pub open: bool,
    /// Whether it suggests its answer.
    pub leading: bool,
    /// The part of the history.
    pub part: Option<Part>,
}

/// A part of the history that is kept together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The illness: complaint, associated symptoms, general condition, care so far.
    Illness,
    /// Past health, drugs, allergies, periods and pregnancies.
    PastHealth,
    /// Illness of relatives.
    Family,
    /// Life, work, habits.
    Life,
}

/// A consultation as the rules read it.
pub(crate) struct Interview<'t> {
    /// What it is judged with.
    pub subject: &'t Subject<'t>,
    /// The student's turns, those tampered with left out.
    pub student: Vec<Said<'t>>,
    /// The patient's turns.
    pub patient: Vec<Said<'t>>,
    /// The student's questions about the illness and the patient, in order.
    pub questions: Vec<Question>,
    /// Ids of the rubric's red flags.
    pub red_flags: Vec<&'t str>,
}

impl<'t> Interview<'t> {
    /// Reads a transcript.
    pub fn read(subject: &'t Subject<'t>, matcher: &Matcher, words: &ConductWords) -> Self {
        let mut interview = Self {
            subject,
            student: vec![],
            patient: vec![],
            questions: vec![],
            red_flags: red_flags(subject, matcher),
        };
        for (turn, said) in subject.transcript.turns.iter().enumerate() {
            if subject.flags.iter().any(|flag| flag.turn == turn && flag.kind.discredits()) {
                continue;
            }
            let reading = matcher.read(&said.text);
            let (signs, text) = (words.find(&reading), said.text.as_str());
            match said.speaker {
                Speaker::Patient => interview.patient.push(Said { turn, text, reading, signs, jargon: vec![] }),
                Speaker::Student => {
                    let jargon = matcher.jargon(text, &reading.words);
                    let of = interview.student.len();
                    let clauses = reading.clauses.iter();
                    let questions = clauses
                        .filter(|clause| !asks_nothing_new(clause, &reading))
                        .filter_map(|clause| question(of, clause, matcher));
                    interview.questions.extend(questions.collect::<Vec<_>>());
                    interview.student.push(Said { turn, text, reading, signs, jargon });
                }
            }
        }
        interview
    }

    /// The question's words.
    pub fn quote(&self, question: &Question) -> Evidence {
        self.student[question.of].quote(&question.span)
    }

    /// The turn a question stands in.
    pub fn turn_of(&self, question: &Question) -> usize {
        self.student[question.of].turn
    }

    /// The closed questions and those that name something: invitations and prompts left out.
    pub fn pointed(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| !question.open)
    }

    /// The student's turns that ask, by place.
    pub fn asking_turns(&self) -> Vec<usize> {
        let mut turns: Vec<usize> = self.questions.iter().map(|question| question.of).collect();
        turns.dedup();
        turns
    }

    /// The student's turn that follows the patient's turn `at`, a bare acknowledgement skipped.
    pub fn reply_to(&self, at: usize) -> Option<&Said<'t>> {
        self.student.iter().filter(|said| said.turn > at).find(|said| !said.is_backchannel())
    }

    /// What the patient said between the student's turns `of` and the next.
    pub fn answer_to(&self, of: usize) -> impl Iterator<Item = &Said<'t>> {
        let from = self.student[of].turn;
        let to = self.student.get(of + 1).map_or(usize::MAX, |next| next.turn);
        self.patient.iter().filter(move |said| from < said.turn && said.turn < to)
    }
}

/// Items that are key, or that ask for a finding the graph marks as a red flag.
fn red_flags<'t>(subject: &'t Subject<'t>, matcher: &Matcher) -> Vec<&'t str> {
    let flagged = |topic: &TopicId| topic.facet().is_none() && matcher.is_red_flag(topic);
    let items = subject.rubric.items.iter().filter(|item| item.critical || item.topics.iter().any(flagged));
    items.map(|item| item.id.as_str()).collect()
}

/// Whether a clause asks nothing new: it belongs to a summary that is read back ("…, and you smoke,
/// is that right?"), to words of comfort (换了谁都会担心，我理解您), or announces what comes next.
fn asks_nothing_new(clause: &ClauseReading, reading: &Reading) -> bool {
    let beside =
        |act: DialogueAct| reading.clauses.iter().any(|other| other.sentence == clause.sentence && other.act == act);
    let read_back = beside(DialogueAct::Summary) && (clause.mood.check || !clause.mood.question);
    let comforts = beside(DialogueAct::Empathy) && !clause.mood.questioned;
    let signpost = TopicId::new(TopicKind::Consultation, "signpost");
    let announces = clause.named.topics.iter().any(|named| named.topic == signpost) && !clause.mood.questioned;
    read_back || comforts || announces
}

fn question(of: usize, clause: &ClauseReading, matcher: &Matcher) -> Option<Question> {
    let open = matches!(clause.act, DialogueAct::OpenQuestion | DialogueAct::Vague);
    let named = clause.named.topics.iter().map(|named| &named.topic);
    let mut topics: Vec<TopicId> = named.filter(|topic| !is_ceremony(topic)).cloned().collect();
    topics.sort_unstable();
    topics.dedup();
    let mut facets: Vec<Facet> = clause.facets.iter().map(|(facet, _)| *facet).collect();
    facets.sort_unstable();
    facets.dedup();
    let names_ceremony_only = topics.is_empty() && !clause.named.topics.is_empty();
    let says = clause.concepts.iter().any(|concept| concept.known);
    let asks = clause.act == DialogueAct::Specific
        && !names_ceremony_only
        && (!topics.is_empty() || !facets.is_empty() || (says && clause.mood.question));
    if !(open || asks) {
        return None;
    }
    let kin = clause.kin.then_some(Part::Family);
    let part = kin.or_else(|| topics.iter().find_map(|topic| part_of(matcher.section_of(topic)?)));
    Some(Question {
        of,
        span: clause.span.clone(),
        words: clause.words.clone(),
        asked: Asked { topics, facets },
        open,
        leading: clause.mood.leading && !open,
        part: if open { None } else { part },
    })
}

/// Greetings, names and the like are no questions about the illness.
fn is_ceremony(topic: &TopicId) -> bool {
    matches!(topic.kind(), TopicKind::Consultation | TopicKind::Identity)
}

/// The part a section belongs to; none for what may be asked anywhere.
fn part_of(section: Section) -> Option<Part> {
    match section {
        Section::PresentingComplaint
        | Section::PresentIllness
        | Section::AssociatedSymptoms
        | Section::GeneralCondition
        | Section::CourseOfCare
        | Section::SystemsReview => Some(Part::Illness),
        Section::PastHistory | Section::Drugs | Section::Allergies | Section::MenstrualObstetric => {
            Some(Part::PastHealth)
        }
        Section::FamilyHistory => Some(Part::Family),
        Section::SocialHistory => Some(Part::Life),
        Section::Opening | Section::Perspective | Section::Closing => None,
    }
}
