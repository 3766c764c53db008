path-pages = Your path
path-figure = { $percent }% ({ $range }), based on { $n ->
    [one] 1 graded question
   *[other] { $n } graded questions
 }
path-borrowed = About { $percent }%, based on no graded question here: guessed from the rest of what you asked

weak-title = Weak areas
weak-based-on = { $n ->
    [one] Based on 1 graded question.
   *[other] Based on { $n } graded questions.
 }
weak-empty-text = Take one history and finish it. The map then shows where your questions are reliable and where they are not.
weak-explained = Each percentage is the chance that you ask something when it matters; the range holds the true value nine times out of ten. It moves with every consultation and review, and fades when you have not practised.
map-title = Body systems and sections of the history
map-lead = Choose a field to practise there. n is the number of your graded questions behind it.
map-weak = weak
map-fair = getting there
map-good = reliable
map-open = fewer than 3 questions, mostly guessed
map-nothing = nothing is asked here
map-cell = { $system }, { $section }: { $level }. { $figure }. Practise this
lately-title = Lately
trend-better = better than before
trend-worse = worse than before
trend-steady = about the same
trend-too-few = too early to say
practise-title = Practise
practise-this-now = Practise this now
practise-place = Practise: { $place }
practise-case = See a patient: { $title }
practise-review = Review what you missed here
missed-title = Questions you missed
missed-none = You have missed nothing that is still worth repeating.
missed-of = Missed { $missed } of { $n } since the first time
review-due-now = due now
review-due-on = due { $day }
skills-title = How you ask, and how you reason
skills-none = Finish a consultation to see how you asked.
skill-communication = Communication
skill-organisation = Organisation
skill-efficiency = Efficiency
skill-safety = Safety
skill-note = Reasoning
skill-note-diagnosis = The diagnosis is on your list
skill-note-differential = Other diagnoses worth considering
skill-note-support = Reasons given for each diagnosis
skill-figure = { $percent }% ({ $range }), based on { $n ->
    [one] 1 judgement
   *[other] { $n } judgements
 }
skill-debrief = See where

review-title = Review
review-due = { $n ->
    [0] Nothing is due today.
    [one] 1 missed question is due.
   *[other] { $n } missed questions are due.
 }
review-met = you met on { $day }
review-ask = What would you ask this patient now? Section: { $section }
review-hint = One question a line, in your own words. The checklist has { $n ->
    [one] 1 point
   *[other] { $n } points
 } here.
review-check = Check my questions
review-not-now = Not now
review-outcome = You asked { $right } of { $n }
review-asked = Asked
review-missed = Missed
review-unsure = Not sure: does not count
review-example = For example: “{ $example }”
review-yours = What you wrote
review-next = Next review
review-none-title = Nothing to review here
review-none-text = What you miss in a consultation comes back here after a while: soon at first, then at longer and longer intervals.

plan-title = Plan
plan-lead = Set the day of your exam, and see what to do in each week until then.
plan-days = { $n ->
    [one] 1 day to your exam.
   *[other] { $n } days to your exam.
 }
plan-over = The day of this exam is over. Set another one, or leave the day empty.
plan-empty-title = No plan yet
plan-empty-text = Say when the exam is and how many patients you can see in a week. The weeks fill with your weak areas, your reviews, and a last week of rehearsal.
plan-week = Week { $n }
plan-now = This week
plan-patients = { $n ->
    [one] 1 patient
   *[other] { $n } patients
 }
plan-reviews = { $n ->
    [0] no reviews due yet
    [one] 1 review falls due
   *[other] { $n } reviews fall due
 }
plan-rehearse = any kind, under exam conditions
plan-areas = Choose them from:
plan-explained = The plan follows your figures: it changes when you do. Nothing here is compulsory.
plan-form-title = Your exam
plan-exam = Day of the exam
plan-exam-hint = Leave it empty to give the plan up.
plan-per-week = Patients a week
plan-make = Make the plan
plan-undo = Undo the last change
plan-made = Your plan is kept.
plan-undone = The last change is undone.
plan-per-week-wrong = Say how many patients a week, from 1 to 50.
plan-day-wrong = That is not a day. Write it like 2027-06-12.
plan-day-past = That day is today or over. Choose a later one, or leave it empty.

next-fresh = A fresh patient for you
next-fresh-why = You are weak here, and a patient nobody has met is made for it: { $figure }.
next-fresh-action = Make me a fresh patient
next-drill = Short practice: { $section }
next-drill-why = Your weakest section: { $figure }.
next-drill-action = Start
next-review = { $n ->
    [one] Review 1 missed question
   *[other] Review { $n } missed questions
 }
next-review-why = Now is when you would begin to forget them.
next-review-action = Review
next-case-section = Asks most for what you are not sure of yet: { $section }.
next-other = Something else
next-not-now = Not now
next-all = Everything is put off for today.
next-restore = Suggest again
home-declined = Put off until tomorrow. Here is something else.
home-reviews-title = Due reviews
home-plan = Your plan
own-tag = Made for you
own-waiting = You have 10 fresh patients waiting. See one of them first; they are at the top of the list of patients.
