class-pages = Pages about the class
class-overview = Overview
class-show = Show
class-show-action = Show
class-everyone = All students
class-all-groups = All my groups
class-waiting = { $n ->
    [one] 1 finished consultation is still being counted; load the page again in a moment.
   *[other] { $n } finished consultations are still being counted; load the page again in a moment.
 }
class-help-more = { $n } more
class-group-empty-title = Nobody is in this group yet
class-group-empty-text = Give your students the join code of the group. What they do appears here as soon as they have joined.
class-nothing-title = Nothing to show yet
class-nothing-text = As soon as students finish a consultation, this page shows what they asked and what they missed.
class-share = { $percent }% ({ $low }–{ $high }%), { $count } of { $of }
class-missed-of = missed { $count } of { $of }

class-map-title = What is missed
class-map-students = Students and sections of the history
class-map-lead = Share of the checklist questions that were missed, with missed and judged below it. Choose a field to see which questions, and in which consultation. What an examiner has still to decide counts nowhere.
class-map-good = mostly asked
class-map-fair = often missed
class-map-weak = missed more than asked
class-map-open = fewer than 5 questions
class-map-none = nothing was judged here
class-map-all = { $n ->
    [one] The one student
   *[other] All { $n } students
 }
class-previous = Previous
class-next = Next
class-topics = Topics, the most missed first
class-topics-lead = With the range that holds the true share nineteen times out of twenty. The order is by the lower end of the range, so that a topic that came up only a few times does not lead by chance.
class-topics-unranked = { $n ->
    [one] 1 topic came up fewer than 5 times and is not ranked.
   *[other] { $n } topics came up fewer than 5 times and are not ranked.
 }
class-topics-none = No topic has come up often enough to be ranked.
class-topic = Topic
class-missed = Missed
class-missed-by = Students it was judged for

class-topic-told = Missed { $told }; { $students ->
    [one] 1 student
   *[other] { $students } students
 }
class-topic-show = Which consultations
class-topic-missed = Missed
class-topic-asked = Asked
class-topic-examiner = With an examiner
class-topic-all = All
class-topic-none = No consultation fits.
class-topic-said = Asked in these words:
class-topic-near = Asked in the same section instead:
class-topic-nothing-near = Nothing was asked in this section.
class-topic-item = See it in the report
class-topic-found = { $n ->
    [one] 1 consultation
   *[other] { $n } consultations
 }

class-student-finished = { $n ->
    [one] 1 finished consultation
   *[other] { $n } finished consultations
 }
class-student-empty = This student has not finished a consultation yet.
class-student-missed = Questions missed
class-student-missed-in = Questions missed: { $section }
class-student-all-sections = Show all sections
class-student-none = Nothing was missed here.
class-student-in = Missed in the consultations of
class-student-sections = Missed, by section

class-items-title = Odd items
class-items-count = { $odd ->
    [one] 1 odd item of { $all } that came up
   *[other] { $odd } odd items of { $all } that came up
 }
class-items-lead = A checklist item that behaves oddly is worth a look: its wording may be unclear, it may not be worth a mark, or it may be what nobody was taught.
class-items-kinds = Kinds of oddity
class-items-all = All
class-items-none = No item is odd by these rules.
class-items-more = { $n } more are in the export.
class-items-explained = Nobody or everybody asks it: from 10 judged consultations on. Often with an examiner: more than 20% of at least 10. Discrimination is the point-biserial correlation of asking the item with the share asked of the other items of the same consultation; below 0.1 it is listed, from 30 judged consultations on. With few consultations even a good item may fall below by chance, and a student who plays several times counts several times.
item-text = Item
item-odd = What is odd
item-odd-nobody = Nobody asks it
item-odd-everybody = Everybody asks it
item-odd-flat = Tells nobody apart
item-odd-examiner = Often with an examiner
item-asked = Asked
item-discrimination = Discrimination
item-examiner = With an examiner

week-title = This week
week-since = since { $day }, { $n ->
    [one] 1 finished consultation
   *[other] { $n } finished consultations
 }
week-missed = Missed most
week-lead = At least 10 judged occasions by at least 3 students. Examples name nobody.
week-empty-title = Too little this week to say
week-empty-text = A topic is named here once it came up at least 10 times for at least 3 students within a week. Set an assignment, or look at the whole time on “What is missed”.
week-asked-nothing = In one consultation nothing at all was asked in this section.
week-asked-instead = In one consultation, this was asked in the same section, but not it:
week-together = A patient to play together
week-together-why = Asks for { $n } of these { $of } topics. { $played ->
    [0] Nobody of { $students } has played it yet.
    [one] One of { $students } has played it.
   *[other] { $played } of { $students } have played it.
 }
week-together-action = Read the door note
focus-title = What you work on
focus-empty = Mark a topic as your focus. Two weeks before are then compared with two weeks after.
focus-mark = Make it our focus
focus-is = Your focus
focus-marked = Marked. What comes after is compared with the two weeks before.
focus-withdrawn = The focus was taken away.
focus-restore = Put it back
focus-withdraw = Take away
focus-choose-group = Choose one group above to mark a focus for it.
focus-since = since { $day }
focus-before = Missed before
focus-after = Missed since
focus-nothing = it has not come up
focus-too-few = Too few occasions to compare: at least 20 are needed before and after.
focus-unclear = No clear change. The difference may be chance: from { $fewer } points less to { $more } points more.
focus-better = Missed { $points } points less than before (range { $least }–{ $most } points).
focus-worse = Missed { $points } points more than before (range { $least }–{ $most } points).
focus-explained = A change after the focus need not be because of it: the patients and the students who practised may have differed, and a student who played often counts often, so the true range is wider.

export-title = Take it with you
export-text = Tables for a spreadsheet, of the students shown on this page.
export-students = Students
export-consultations = Consultations
export-topics = Topics
export-items = Items
export-student = Student
export-login = Login
export-finished = Finished consultations
export-mean = Mean score (%)
export-section-missed = { $section }: missed (%)
export-case = Case
export-began = Began
export-ended = Ended
export-mode = Mode
export-score = Score (%)
export-asked = Asked
export-missed = Missed
export-examiner = With an examiner
export-critical = Critical items missed
export-topic = Topic
export-topic-id = Topic id
export-judged = Judged
export-share = Missed (%)
export-low = Lower end of the 95% interval (%)
export-high = Upper end of the 95% interval (%)
export-students-judged = Students
export-item = Item
export-asked-share = Asked (%)
export-discrimination = Discrimination
export-examiner-share = With an examiner (%)
export-odd = What is odd
