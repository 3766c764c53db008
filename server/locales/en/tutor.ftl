tutor-title = Ask about this consultation
tutor-lead = Ask why something mattered, what a symptom means for a disease, what separates two diseases, or how sure you could be. The answers come from the disease graph and this report, with their sources. There is nothing else behind them: no treatment advice beyond the graph, and no guesses.
tutor-label = Your question
tutor-send = Ask
tutor-you = You asked
tutor-says = The tutor
tutor-ask-why = Ask why
tutor-ask-why-of = Ask why: { $item }
tutor-why-question = Why does this matter: “{ $item }”?
tutor-sources = Sources
tutor-empty = Type a question first.
tutor-too-long = The question is too long; at most { $longest } characters.
tutor-closed = The tutor waits until your exam or self-test is over.
tutor-example-1 = Why should I have asked about smoking?
tutor-example-2 = How sure could I be?
tutor-examples = For example:

tutor-no-dose = I cannot say how much of a medicine to give or how to give it: the graph has no doses. Look in a formulary or ask a clinician.
tutor-no-personal = I can only speak about this consultation. If it is about your own health or somebody you know, please ask a doctor; in an emergency call for help.
tutor-no-prognosis = The graph does not say how it will end or how long it will take, so I do not know.
tutor-no-mechanism = The graph says what goes together and how often, not how it comes about in the body. A textbook does.
tutor-no-marks = I cannot change, give or discuss marks, and I do nothing but answer questions about this consultation.
tutor-no-unknown = I do not know that: either I did not understand the question, or it names something that is not in the graph.
tutor-no-unjoined = I do not know: nothing in the graph joins these two, and I make nothing up.
tutor-no-which-two = Tell me which two diseases to compare.
tutor-can = You can ask why something should be asked, what a finding means for a disease, what separates two diseases, or how sure you could be.

tutor-went-asked = You asked it.
tutor-went-quoted = You asked it: “{ $words }”
tutor-went-told = You did not ask it; the patient told it unasked.
tutor-went-missed = You did not ask it this time.
tutor-went-review = Whether you asked it is for an examiner to decide.
tutor-would-say = Asked, this patient would have said: “{ $words }”
tutor-elsewhere = The graph does not link { $finding } with this disease. It belongs to: { $diseases }.
tutor-separates-lead = { $a } and { $b }:
tutor-present-towards = { $finding }, if present, speaks for { $disease } ({ $times } times the odds between the two).
tutor-absent-towards = { $finding }, if absent, speaks for { $disease } ({ $times } times the odds between the two).
tutor-missed-lead = { $n ->
    [one] One item was missed:
   *[other] { $n } items were missed; the most important:
 }
tutor-missed-item = { $item } – for example: “{ $question }”
tutor-missed-none = Nothing on the checklist was missed.
tutor-ask-lead = You could ask it like this:
tutor-quoted = “{ $words }”
tutor-is = { $disease }: { $text }
tutor-treatment-limit = That is all the graph says about treatment; it has no doses and does not replace a clinician.
tutor-sure = After what you had elicited, the graph gives { $disease } about { $percent } %.
tutor-sure-others = Beside it stand { $others }.
tutor-sure-other = { $disease } ({ $percent } %)
tutor-sure-all = Everything this patient can tell would have brought it to about { $percent } %. Examination and tests are not counted.
tutor-sure-limit = These are figures for learning, from published frequencies and likelihood ratios; they are not made for patients.
tutor-counts-present-for = { $finding }, present, made { $disease } more likely (odds × { $times }).
tutor-counts-present-against = { $finding }, present, made { $disease } less likely (odds ÷ { $times }).
tutor-counts-absent-for = { $finding }, absent, made { $disease } more likely (odds × { $times }).
tutor-counts-absent-against = { $finding }, absent, made { $disease } less likely (odds ÷ { $times }).
