decide-title = Decide this item
decide-keys = Keys: J next item, K previous, D write a reason, A asked, M not asked, U take back.
decide-reason = Reason
decide-reason-hint = Needed when you change the mark. It is kept beside the mark and shown to the student.
decide-asked = Asked
decide-missed = Not asked
decide-undo = Take back
decide-machine = The program: { $mark }, confidence { $confidence } %
decide-machine-review = The program: { $mark }, confidence { $confidence } %; it asks for an examiner
decide-by = { $who }, { $when }: { $mark }
decide-by-undone = { $who }, { $when }: { $mark } (taken back)
decide-somebody = An examiner
decide-no-reason = Say why the mark changes: the reason is kept beside it.
decide-too-long = The reason has more than 1,000 characters. Shorten it.
decided-tag = Decided by an examiner
decided-reason = The examiner: “{ $reason }”

moderation-title = Marks
marks-lead = What examiners decided, how far the program agrees with them, and what this version says of older marks.
marks-link = Marks and agreement
marks-agreement = Agreement with examiners
marks-agreement-none = No examiner has decided an item yet. Open a report from the class page and decide an item; from then on agreement is counted here.
marks-agreement-caution = Examiners look first where the program is unsure, so it agrees less often here than over all items.
marks-examiner = Examiner
marks-items = Items
marks-alike = Marked alike
marks-kappa = κ (95 % interval)
marks-ac1 = AC1
marks-item = Item
marks-times = Consultations
marks-by-item = By item, the least alike first
marks-again = Grade again
marks-again-lead = This version (matcher { $matcher }) reads the consultations below again. The marks that were given and what examiners decided stay as they are; the new marks are kept beside them.
marks-again-all = { $n ->
    [one] Grade 1 consultation again
   *[other] Grade { $n } consultations again
 }
marks-again-none = No consultation has been finished yet.
marks-given = Mark given
marks-new = Graded again
marks-by = Graded by
marks-differs = What differs
marks-same = Nothing
marks-not-again = Not yet
marks-done = { $n ->
    [one] 1 consultation was graded again.
   *[other] { $n } consultations were graded again.
 }
marks-change = { $item }: { $was } → { $is }
marks-mark-asked = asked
marks-mark-missed = not asked
marks-mark-review = for an examiner
marks-mark-none = no such item
