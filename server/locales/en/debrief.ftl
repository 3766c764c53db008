debrief-title = Your feedback
report-title = Report: { $name }
debrief-print = Print
debrief-score = of the points. You asked { $asked } of the { $total } things on the checklist.
debrief-review-count = { $n ->
    [one] 1 for an examiner
   *[other] { $n } for an examiner
 }
debrief-critical-count = { $n ->
    [one] 1 key question missed
   *[other] { $n } key questions missed
 }
debrief-well = What went well
debrief-well-none = Nothing on the checklist was recognised this time. Start with what brings the patient here, then follow each symptom: when, where, how, what else.
debrief-next = What to do next time
debrief-next-none = You asked everything on the checklist. Try a harder patient.
debrief-ask-like = For example: “{ $question }”
debrief-again = Practise this patient again
debrief-suggest = Next: { $title }
debrief-contents = On this page
debrief-checklist = Checklist
debrief-differential = Diagnoses
debrief-orders = Examination and tests
debrief-no-orders = Nothing was examined or tested.
debrief-transcript = Transcript
debrief-no-turns = Nothing was said.
debrief-graded-by = Graded by Anamnesis { $version }, matcher { $matcher }.
section-asked-of = { $asked } of { $total } asked
verdict-asked = Asked
verdict-missed = Missed
verdict-review = Needs an examiner
item-critical = Key question
item-told = The patient told it without being asked.
item-unsure = It is not certain whether this was asked. A person will decide.
item-why = Why it matters
item-source = Source: { $source }
item-example = Ask it like this: “{ $question }”
evidence-systematic-review = systematic review
evidence-study = study
evidence-guideline = guideline
evidence-textbook = textbook
evidence-ontology = ontology
evidence-unverified = unverified
quoted = “{ $words }”
dx-yours = Yours
dx-yours-empty = No diagnosis was given.
dx-case = The case
dx-the-diagnosis = This is what the patient has.
dx-is-diagnosis = This is it
dx-in-case = Worth considering
dx-not-in-case = Not on the case’s list
dx-dangerous = Must not be missed
dx-named = Named
dx-not-named = Not named
teaching-note = Teaching note
report-score = of the points. Asked { $asked } of the { $total } things on the checklist.
dx-students = The student’s

# How the patient felt
debrief-feelings = How the patient felt
feelings-trust = Trust went from { $before } to { $after } of 100; from { $enough } on a patient speaks of private matters. Every turn in which the patient is heard earns a point.
feelings-mood = Mood: { $before } at the beginning, { $after } at the end.
feelings-none = Nothing you said moved the patient further, either way.
feelings-points = Trust { $points }
mood-calm = calm
mood-worried = worried
mood-sad = sad
mood-irritated = irritated
mood-distressed = distressed
