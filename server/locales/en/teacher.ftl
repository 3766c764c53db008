class-title = Class
class-summary = { $students ->
    [one] 1 student
   *[other] { $students } students
 }, { $consultations ->
    [one] 1 consultation
   *[other] { $consultations } consultations
 }
class-empty-title = No students yet
class-empty-text = An administrator adds students on the page “Users”. Their consultations will appear here.
class-help = Who needs help
class-help-low = mean of the last consultations { $percent } %
class-help-idle = has not finished a consultation yet
class-help-critical = { $n ->
    [one] missed 1 key question in the last consultation
   *[other] missed { $n } key questions in the last consultation
 }
class-students = Students
class-student = Student
class-finished = Finished
class-mean = Mean score
class-weakest = Weakest section
class-last = Last practised
class-consultations = Consultations
class-no-consultations = Nobody has begun a consultation.
class-case = Case
class-when = Began
class-state = State
class-score = Score
class-review = For an examiner
class-report = Report
class-never = Not yet
state-open = In progress
state-finished = Finished
state-abandoned = Left

manage-title = Cases
manage-lead = Students see what is published, without its diagnosis.
manage-add = Add a case
manage-add-lead = Upload a case file or paste its text. It is checked before anything is stored, and saved as a draft.
manage-empty-title = No cases yet
manage-empty-text = Add a case file to begin.
manage-diagnosis = Diagnosis
manage-version = Version
manage-actions = Actions
manage-publish = Publish
manage-unpublish = Withdraw
manage-published = “{ $title }” is published. Students can see it now.
manage-withdrawn = “{ $title }” is withdrawn. Consultations already begun can go on.
manage-preview = Try it as a student
manage-upload = Case file
manage-upload-hint = A .toml file of at most 1 MB.
manage-paste = Or paste the text
manage-paste-hint = Used when no file is chosen.
manage-check-save = Check and save as draft
manage-saved = “{ $title }” is saved as a draft. Look it over, try it, then publish it.
manage-warnings = Look at these
manage-nothing = Choose a file or paste the text of a case.
manage-not-text = The file is not text in UTF-8. Save it as UTF-8 in your editor and upload it again.
manage-too-large = The file is too large. A case has a few dozen kilobytes; is this the right file?
manage-version-taken = Version { $version } of “{ $id }” is stored already with other content. Count “version” up in the file and try again.
manage-problems = { $n ->
    [one] One thing to mend before this can be saved
   *[other] { $n } things to mend before this can be saved
 }
manage-line = Line { $line }
manage-file = The file
manage-facts = What the patient knows
manage-topic = Topic
manage-tells = What the patient says
manage-disclosure = Told
disclosure-volunteered = without being asked
disclosure-open-question = to an open question
disclosure-asked = when asked for it
disclosure-needs-trust = when asked, once trusting
manage-findings = Examination and tests
manage-no-findings = None; every order gets the normal result.
manage-order = Examination or test
manage-shows = Result
manage-rubric = Checklist
manage-item = Item
manage-weight = Weight
opening-words = First words
status-draft = Draft
status-published = Published
status-retired = Withdrawn

users-title = Users
users-add = Add a user
users-add-action = Add user
users-login-hint = Lower-case letters, digits and . _ - @
users-made = The password of { $login } is now:
users-made-once = Write it down or pass it on; it is not shown again.
users-reset = New password
users-taken = The login “{ $login }” is taken. Choose another.
users-invalid = A login needs lower-case letters, digits and . _ - @ only, and a name must not be empty.

engine-title = Engine
engine-model = Model
engine-hash = SHA-256
engine-up = The model answers
engine-up-text = Patients’ words are phrased by the model and checked against the case.
engine-down = No model
engine-down-text = Patients speak the sentences written in the case. Consultations and marks work as usual.
engine-trouble = The model had trouble
engine-trouble-text = It is restarted by itself; meanwhile patients speak the sentences written in the case.
engine-context = Context
engine-threads = Threads
engine-cpu = Processor features
engine-version = Anamnesis
engine-in-flight = Being spoken now
engine-restarts = Restarts
engine-now = Now
engine-since-start = Since the start
engine-machine = Model and machine
engine-queue = In the queue (median · slowest 5 %)
engine-first-token = To the first word (median · slowest 5 %)
engine-rate = Tokens a second, one reply
engine-servers = Servers reached
engine-spoken = Replies by the model
engine-said-again = Said again from earlier
engine-hopeless = Left to the case’s own sentences
engine-prepared = Prepared in the background
engine-kept = Replies kept
engine-shared = Prompt tokens found in the context
engine-drafts = Drafted tokens that were right
engine-busy = Turned away, queue full
engine-failed = Not answered by the model
engine-draft-length = Tokens drafted at once
manage-invalid = This version cannot be published as it is. Mend what is listed below, count “version” up and bring it in again.

generate-title = Make a case from the graph
generate-lead = The patient, the history, examination, tests and checklist are drawn from the knowledge graph and saved as a draft for you to read, try and edit. Most frequencies are estimates: look them over before an exam.
generate-disease-part = What is wrong
generate-patient-part = Who comes
generate-choose = Choose a disease
generate-none = None
generate-any = Leave to chance
generate-comorbidity = Also has ({ $n })
generate-level = Difficulty
generate-age = Age
generate-age-hint = 8 to 110 years, less only for diseases of small children; empty: typical of the disease.
generate-sex = Sex
generate-style = Manner
generate-seed = Seed
generate-seed-hint = The same choices and seed make the same patient; empty: a new one each time.
generate-make = Make the case
generate-no-disease = Choose a disease from the list.
generate-same = “{ $disease }” is the diagnosis already. Choose another disease to go with it.
generate-wrong-sex = “{ $disease }” does not occur in that sex. Leave the sex to chance.
generate-age-invalid = The age must be a whole number from 8 to 110. Younger patients, for whom a carer speaks, come with diseases of small children only.
generate-child-age = “{ $disease }” is a disease of children from { $first } to { $last } years. Leave the age out or choose one of these.
generate-rare = Or a rare disease
generate-rare-hint = Its number in a catalogue, such as ORPHA:558; takes the place of the choice above.
generate-rare-missing = No rare diseases are imported on this server. Ask an administrator to import them.
generate-rare-unknown = The imported rare diseases have no “{ $disease }”. Search for its number in the catalogue (ORPHA or OMIM).
generate-rare-core = The graph describes this disease itself: choose “{ $disease }” in the list.
generate-rare-voice = Patients with this disease mostly do not live or learn to tell their own history. Write the case by hand, with somebody who speaks for them.
generate-rare-little = Too little is annotated of this disease to make a patient. Choose another one.
generate-rare-onset = This disease begins at { $age } or later. Choose a greater age or leave it out.
generate-no-complaint = Patients of this age and sex do not come because of “{ $disease }”. Choose another age or sex.
generate-seed-invalid = The seed must be a whole number from 0 to 9223372036854775807.
manage-generate = Make one from the graph
manage-made = “{ $title }” was made from the graph (seed { $seed }) and saved as a draft. Look it over, try it, then publish it.
