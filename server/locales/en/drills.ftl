drills-title = Drills
drills-lead = Short questions, a minute each. Every answer comes with its reasons and sources.
drills-done = { $n ->
    [one] You have answered 1 question.
   *[other] You have answered { $n } questions.
 }
drills-first-title = Begin with one question
drills-first-text = Read a few lines about a patient, choose an answer, and see at once why each option is right or wrong. What you get wrong comes back when it fades.
drills-first-action = First question
drills-mixed = Mixed
drills-mixed-text = All kinds in turn, chosen by what you find hardest and about as difficult as you can manage.
drills-mixed-action = Next question
drills-kinds = Choose a kind
drills-start = Start
drills-none-yet = Not tried yet
drills-share = { $percent }% right, based on { $n ->
    [one] 1 answer
   *[other] { $n } answers
 }
drills-share-explained = An answer that is partly right counts in part.
drills-making-title = Questions are being made
drills-making-text = They are made from the disease graph, which takes a moment when the server is new. Look again in half a minute.
drills-look-again = Look again
drills-kind-making = More of these are being made.
drills-none-now = Nothing of that kind is left that you have not answered in the last two weeks. More is being made; choose another meanwhile.
drills-gone = A teacher took that question out while you were answering. Nothing was counted.
drills-exam-title = Drills are closed during an exam
drills-exam-what = You have a consultation under exam conditions that is still open. Drills name diagnoses and what speaks for them, so they wait until you are done.

drill-kind-next-question = What to ask next
drill-kind-discriminate = Tell them apart
drill-kind-lay-words = Patients' words
drill-kind-order = Rank the differential
drill-kind-ratio = Likelihood ratios
drill-kind-best-answer = Best diagnosis
drill-about-next-question = A patient has told you a little. Which question would tell you most?
drill-about-discriminate = Two or three diseases that look alike. Which finding speaks for one of them?
drill-about-lay-words = What patients say, and the term for it.
drill-about-order = Put diagnoses in order of probability.
drill-about-ratio = How far a finding moves a probability.
drill-about-best-answer = A short vignette and several diagnoses. Which fits best?

drill-keys = Keys 1 to { $most } choose, Enter answers.
drill-choose-term = Choose a term
drill-order-hint = Give each its place: 1 for the most likely. Use each number once.
drill-place-of = Place of { $name }
drill-moved = %name% is now number %place%
drill-answer = Answer
drill-dont-know = I don't know
drill-choose-first = Choose an answer first, or say that you don't know.
drill-match-first = Match at least one sentence first, or say that you don't know.
drill-each-place-once = Give each line its own place, each number once, or say that you don't know.

drill-right = Right
drill-partly = Partly right: { $percent }%
drill-wrong = Not right
drill-unknown = Now you know
drill-not-fresh = You answered this one in the last two weeks, so this answer is not counted.
drill-tag-right = right answer
drill-tag-yours = your answer
drill-tag-yours-right = your answer, right
drill-your-place = you put it at { $place }
drill-left-open = left open
drill-terms = The terms
drill-why = Why
drill-next = Next
drill-enough = Enough for now
drill-report = Something is wrong with this question
drill-report-reason = What is wrong?
drill-report-hint = One sentence. Teachers read it; your name is not shown.
drill-report-send = Tell the teachers
drill-reported = Thank you. The teachers will look at it.

drill-state-offered = Offered
drill-state-edited = Edited
drill-state-retired = Retired
drill-part-stem = Situation
drill-part-question = Question
drill-part-prompt = Sentence
drill-part-choice = Option
drill-part-why = Reason for option
drill-part-explanation = Explanation
drill-not-known = not known yet
drill-too-few = needs { $n } answers

manage-drills-lead = Short questions made from the disease graph. Learners get them by themselves; take out what is bad, mend what is unclear.
manage-drills-bad = { $n ->
    [one] 1 question needs a look: it was reported, or good students get it no more often than weak ones.
   *[other] { $n } questions need a look: they were reported, or good students get them no more often than weak ones.
 }
manage-drills-bad-show = Show only these
manage-drills-kind = Kind
manage-drills-all = All
manage-drills-only-bad = Only what needs a look
manage-drills-empty-title = No questions yet
manage-drills-empty-text = They are made in the background after a start. Make the first one below, or come back in a minute.
manage-drills-none-title = Nothing like that
manage-drills-show-all = Show all
manage-drills-count = { $shown } of { $n } shown
manage-drills-before = Previous
manage-drills-after = More
manage-drills-item = Question
manage-drills-share = Right
manage-drills-difficulty = Difficulty
manage-drills-discrimination = Discrimination
manage-drills-reports = { $n ->
    [one] 1 report
   *[other] { $n } reports
 }
manage-drills-outdated = older graph
manage-drills-explained = Difficulty is in logits: 0 is average, +1 clearly harder. Discrimination is the correlation with how well the same students do on all other questions; below 0.20 from thirty answers on, a question tells you little and stands at the top. Only students' first answers count.
manage-drills-make = Make a new one
manage-drills-make-lead = It is checked like all others and offered at once.
manage-drills-make-action = Make a question
manage-drills-none-made = No sound question came of it this time. Try again: the next attempt begins elsewhere in the graph.

manage-drill-made = Made. Learners can get it from now on; retire it if you do not like it.
manage-drill-saved = Saved. Its figures are counted anew from now on.
manage-drill-retired = Retired. Nobody is given it any more.
manage-drill-back = Brought back.
manage-drill-settled = The reports are settled.
manage-drill-original = Back in the words it was made with.
manage-drill-outdated-text = The disease graph has changed since this was made, so nobody is given it. Check it and save it to offer it again.
manage-drill-weak = Good students get this no more often than weak ones. Often two options can both be defended, or the key is wrong.
manage-drill-problems = Not saved yet
manage-drill-key = Key
manage-drill-key-one = Option { $n }
manage-drill-key-order = { $order }
manage-drill-key-pairs = Sentence = option: { $pairs }
manage-drill-topics = About
manage-drill-made-on = Made on
manage-drill-reports = What learners reported
manage-drill-looked-at = settled
manage-drill-retire = Retire
manage-drill-bring-back = Bring back
manage-drill-settle = Settle the reports
manage-drill-to-original = Back to the words it was made with
manage-drill-texts = Words
manage-drill-texts-lead = Both languages must say the same. The key stays as it is; if it is wrong, retire the question.
manage-drill-before = As made:
manage-drill-save = Save
manage-drill-empty = { $part } ({ $language }) is empty.
manage-drill-long = { $part } ({ $language }) has more than { $most } characters.
manage-drill-twice = { $part } ({ $language }) says the same as another.
manage-drill-key-broken = The key points to an option that is not there; retire this question.

next-item = A short question: { $topic }
next-item-why = You ask about this least surely of what you have met. { $figure }.
next-item-action = Answer it
drill-about-topic = Drill
practise-drill = Answer a short question here
