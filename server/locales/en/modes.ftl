mode-skill = One section
mode-skill-of = One section: { $section }
mode-self-test = Self-test
start-section = Section to practise
start-section-hint = For “One section” only.

rules-practice-1 = No time limit; pause and the clock stops.
rules-practice-2 = Hints when you want them, from a nudge to the question itself. They are listed in your feedback.
rules-practice-3 = What you ask after a full hint is marked, but does not count as recalled.
rules-skill-1 = You choose one section of the history; only that section is marked.
rules-skill-2 = The patient answers all you ask, and holds nothing back.
rules-skill-3 = Hints and pauses as in practice.
rules-self-test-1 = { $minutes } minutes on the clock, as at a station. No hints, no pause, and the disease graph is closed.
rules-self-test-2 = For your own eyes: it never counts as an exam’s mark.
rules-exam-1 = { $minutes } minutes on the clock, as at a station. You can still finish when time is up.
rules-exam-2 = No hints, no pause, and the disease graph is closed.

talks-title = How this patient talks
talks-asked = Answers what is asked; says no more than a person would.
talks-volunteers = To an open question, or to “anything else?”, tells one more thing at a time.
talks-trust = Keeps some things back until there is trust: listen, respond to feelings, ask gently.
talks-all = In this mode nothing is kept back: ask and you are told.
talks-words = Asks back when a word is too technical.
talks-plain-words = Knows few words of medicine; say it in everyday words.
talks-unsure = Says so when something is not known.
talks-style-plain = Speaks plainly.
talks-style-talkative = Talks a lot; guide kindly.
talks-style-terse = Is sparing with words; open questions help.
talks-style-anxious = Is worried and asks back; answer before you go on.
talks-style-distrustful = Is wary at first.
talks-style-hard-of-hearing = Hears badly; short, clear sentences help.
talks-style-proxy = Somebody else speaks for the patient.

help-title = Help
help-hint = Give me a hint
help-stronger = A stronger hint
help-expert = What would an expert ask now?
help-pause = Pause
hint-label-area = Hint: where to look
hint-label-direction = Hint: what kind of thing
hint-label-full = Full hint
hint-label-expert = What an expert would ask now
hint-nothing = There is nothing left to hint at: you have touched on everything that counts here.
hint-gone = This hint was about an item that the case no longer has.
hint-like = For example: “{ $question }”
hint-full = { $item }.

hint-area-opening = Think of how a consultation opens: who you are, who they are, and whether they agree.
hint-area-presenting-complaint = Stay with what brought this person here today.
hint-area-present-illness = There is more to learn about the main complaint itself.
hint-area-associated-symptoms = You have not heard yet what else came along with it.
hint-area-general-condition = You know the complaint; how has this person been in general?
hint-area-course-of-care = What happened between the first symptom and today?
hint-area-past-history = There is a past you have not asked about.
hint-area-drugs = Think of what this person takes, and how.
hint-area-allergies = One thing must be known before anybody prescribes.
hint-area-family-history = Illness can run in families.
hint-area-social-history = How does this person live?
hint-area-menstrual-obstetric = There is a part of the history that only some patients have.
hint-area-systems-review = Go through the body once more, from head to toe.
hint-area-perspective = You know the symptoms; do you know what they mean to this person?
hint-area-closing = Think of how a consultation closes.

hint-kind-time = You know there is { $finding }. Its timing is still missing.
hint-kind-place = You know there is { $finding }. Where exactly, and does it stay there?
hint-kind-changes = You know there is { $finding }. What acts on it, for better or worse?
hint-kind-quality = You know there is { $finding }. There is more to learn about what it is like.
hint-kind-symptom = Think of symptoms of this kind: { $system }.
hint-kind-why = It is asked because: { $why }
hint-kind-background = It is a question about the background ({ $section }), not about the complaint.
hint-kind-other = It is a question you would ask any patient.
hint-critical = It must not be missed.

expert-lead = Given what you know so far, these would tell most:
expert-nothing = Given what you know so far, no single symptom would tell much more. Look at what is left of the history, then examine.
expert-spread = Of the causes that fit so far, some bring it in { $high } % of patients and others in { $low } %.
expert-some = Some of the causes that fit so far bring it, in up to { $high } % of patients; others do not have it as a feature.
expert-moves = A yes would make causes of one kind more likely ({ $system }: { $before } % → { $after } %).
expert-danger = It is a danger sign.
expert-generic = The answer would shift what is likely.

paused-title = Paused
paused-text = The clock stands still at { $clock }. Nothing you said is lost.
paused-resume = Go on
paused-home = Leave it paused

debrief-help = Help you used
debrief-help-count = { $n ->
    [one] You used 1 hint.
   *[other] You used { $n } hints.
 }
debrief-help-count-student = { $n ->
    [one] 1 hint was used.
   *[other] { $n } hints were used.
 }
debrief-help-note = What was asked after a full hint is marked, but does not count as recalled.
debrief-help-none = No hints were used.
debrief-help-turn = { $n ->
    [0] Before the first question
   *[other] After question { $n }
 }
debrief-section-only = Only this section counts here: { $section }.
