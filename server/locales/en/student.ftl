home-title = Home
home-hello = Hello, { $name }
home-continue = Continue your consultation
home-continue-detail = Started { $started } · { $turns ->
    [0] nothing asked yet
    [one] 1 question so far
   *[other] { $turns } questions so far
 }
home-continue-action = Go back to the patient
home-suggestion = Today’s suggestion
home-first-title = Meet your first patient
home-first-text = This one is a good start. Read the door note, go in, and ask what you would ask at the bedside.
home-choose-other = Choose another patient
home-no-cases-title = No patients yet
home-no-cases-text = Your teacher has not published a case. Come back later, or ask when there will be one.
home-steps-title = How a consultation goes
home-step-1 = Read the door note: who is there and why.
home-step-2 = Ask in your own words. Examine and order tests when you need them.
home-step-3 = Finish with your diagnoses and see what you asked, what you missed and why it mattered.
home-weak-title = Weak areas
home-weak-empty = After your first consultation you will see here what to work on.
home-weak-none = Nothing stands out. Keep practising to keep it that way.
home-weak-more = See the map of your weak areas
home-recent = Recent consultations

cases-title = Patients
cases-lead = Choose who to see. The diagnosis is for you to find.
cases-filter = Find a patient
cases-search = Search
cases-count = { $total ->
    [one] { $shown } of 1 patient
   *[other] { $shown } of { $total } patients
 }
cases-none-title = No patient matches
cases-none-text = Try fewer words or another filter.
cases-show-all = Show all patients
case-who = { $who }, { $occupation }
case-open = In progress
case-done = { $n ->
    [one] Done once
   *[other] Done { $n } times
 }
case-undone = Not done yet
case-read-door-note = Read the door note
filter-all = All
filter-apply = Filter
filter-system = System
filter-complaint = Complaint
filter-level = Level
filter-done = Done
filter-done-yes = Done
filter-done-no = Not done yet

start-title = Before you go in
start-open-already = You have an open consultation with this patient.
start-mode = How do you want to practise?
mode-practice-hint = No time limit. Leave and come back when you like.
mode-exam-hint = { $minutes } minutes on the clock, as at a station. You can still finish when time is up.
start-language = Which language does the patient speak?
start-action = Go in

progress-title = Your progress
progress-based-on = { $n ->
    [one] Based on 1 consultation.
   *[other] Based on { $n } consultations.
 }
progress-empty-title = Nothing to show yet
progress-empty-text = Take one history and finish it. You will then see here, section by section, what you asked and what you missed.
progress-empty-action = Choose a patient
progress-weak = Weak areas
progress-weak-none = No topic stands out as weak.
progress-sections = By section of the history
progress-section = Section
progress-asked = Asked when it mattered
progress-topics = All topics
progress-topic = Topic
progress-mastery = Likely to ask
progress-mastery-explained = “Likely to ask” is an estimate from every time the topic mattered, and from how you ask in its section and body system. It fades when you have not practised.
progress-next = What to practise next
progress-past = Your consultations
mastery-asked-of = asked { $asked } of { $total }
mastery-evidence = { $total ->
    [one] Asked { $asked } of the 1 time it mattered
   *[other] Asked { $asked } of the { $total } times it mattered
 }

suggest-first = A textbook picture and a forthcoming patient: a good one to begin with.
suggest-new = You have not seen this patient yet.
suggest-weak = Practises what you missed lately: { $topics }.
suggest-again = You have seen every patient; this one is worth seeing again.

my-data-title = My data
my-data-lead = What this server keeps about you, and what you can do with it.
my-data-consultations = Consultations
my-data-since = Account since
my-data-download = Download
my-data-download-text = One JSON file with your account, every consultation with its transcript, notes, orders and report, and your progress.
my-data-download-action = Download my data
my-data-erase = Erase my account
my-data-erase-text = This erases your account, your consultations, reports and progress for good. Nobody can bring them back.
my-data-erase-confirm = To confirm, type your login: { $login }
my-data-erase-action = Erase everything
my-data-erase-mismatch = That is not your login, so nothing was erased. Type it exactly as shown.
my-data-erase-last-admin = You are the only administrator, so your account cannot be erased. Make someone else administrator first.
progress-weak-more = Show { $n } more
home-left = You left the consultation. It was not graded.
