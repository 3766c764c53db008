//! From a decision to what is said: the script, and what the model is asked to make of it.

use cases::format::Case;
use knowledge_graph::{Language, TopicKind};

use super::{
    policy::{Decision, Length, Policy, Telling},
    prompt,
    question::{Form, form},
    service::Service,
    speaking::{Occasion, Utterance},
    wording::{self, Script, Voice},
};

impl Service {
    /// A decision in words.
    pub(super) fn script(
        &self,
        case: &Case,
        decision: &Decision,
        spoken: &[String],
        language: Language,
        seed: u64,
    ) -> Script {
        wording::script(decision, &Voice { case, graph: self.graph(), language, pick: seed, spoken })
    }

    /// What is to be spoken, and what the model is asked for it.
    #[expect(clippy::too_many_arguments, reason = "what a turn and its preparation share; a struct would rename it")]
    pub(super) fn utterance<'a>(
        &self,
        case: &'a Case,
        decision: &Decision,
        script: &'a Script,
        (said, known): (&'a str, &'a [String]),
        language: Language,
        seed: u64,
    ) -> Utterance<'a> {
        let everything = self.phrases_everything() && !script.facts.is_empty();
        let request = (everything || worth_phrasing(decision)).then(|| {
            prompt::request(&prompt::Utterance {
                shared_prefix: prompt::shared_prefix(&case.patient, &case.persona, language),
                said,
                facts: &script.facts,
                language,
                seed,
            })
        });
        let form = form(said, language);
        let (case_id, case_version) = (case.id.as_str(), case.version);
        let occasion = Occasion { case_id, case_version, mood: decision.mood, policy: decision.policy, form };
        Utterance {
            script,
            request,
            known,
            echoed: if form == Form::Open { said } else { "" },
            language,
            occasion: Some(occasion),
            spoken: &[],
            anew: false,
        }
    }
}

/// What a model is given to phrase. An author's sentence told in answer to the question it was
/// written for stands as it is, for a small model's rewording of it is the same or worse; so do a
/// few words to a closed question, denials, openings and repetitions. Several sentences to be
/// joined, a sentence written for another question, what is volunteered and what is felt are the
/// model's.
fn worth_phrasing(decision: &Decision) -> bool {
    let tells = |telling: &&Telling| {
        let fact = &telling.fact;
        fact.present && telling.length == Length::Full && !telling.again && !fact.id.starts_with("identity-")
    };
    let several = decision.tellings.len() > 1;
    let free = |telling: &Telling| !telling.exact || telling.fact.topic.kind() == TopicKind::Perspective;
    matches!(decision.policy, Policy::Answer | Policy::Volunteer | Policy::Correct)
        && decision.tellings.iter().filter(tells).any(|telling| several || free(telling))
}
