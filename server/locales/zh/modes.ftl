mode-skill = 单项训练
mode-skill-of = 单项训练：{ $section }
mode-self-test = 自测
start-section = 练习哪一部分
start-section-hint = 仅用于“单项训练”。

rules-practice-1 = 不限时；可随时暂停，计时随之停止。
rules-practice-2 = 需要时可要提示，从点拨方向到给出问题，逐级加强；用过的提示会列在反馈里。
rules-practice-3 = 看过完整提示后再问的内容照常计分，但不算自己想到的。
rules-skill-1 = 任选病史的一个部分，只评这一部分。
rules-skill-2 = 患者有问必答，不会保留。
rules-skill-3 = 与练习一样，可以要提示，也可以暂停。
rules-self-test-1 = 限时 { $minutes } 分钟，与考站相同；无提示，不能暂停，疾病图谱关闭。
rules-self-test-2 = 只给自己看，不作为考试成绩。
rules-exam-1 = 限时 { $minutes } 分钟，与考站相同。时间到后仍可结束并提交。
rules-exam-2 = 无提示，不能暂停，疾病图谱关闭。

talks-title = 这位患者怎样说话
talks-asked = 问什么答什么，不会主动说太多。
talks-volunteers = 开放式提问或“还有别的吗”，每次会多说一件事。
talks-trust = 有些事要先建立信任才肯说：倾听、回应情绪、温和地问。
talks-all = 本模式下毫无保留，问了就答。
talks-words = 遇到太专业的词会反问。
talks-plain-words = 不太懂医学用语，请用日常的话问。
talks-unsure = 不知道的会直说。
talks-style-plain = 说话平实。
talks-style-talkative = 话比较多，需要温和地引导。
talks-style-terse = 话很少，多用开放式提问。
talks-style-anxious = 很担心，会反问；先回应再往下问。
talks-style-distrustful = 一开始有戒心。
talks-style-hard-of-hearing = 听力不好，句子要短而清楚。
talks-style-proxy = 由别人代为叙述。

help-title = 帮助
help-hint = 给个提示
help-stronger = 再明确一点
help-expert = 专家此时会问什么？
help-pause = 暂停
hint-label-area = 提示：看哪一部分
hint-label-direction = 提示：哪一类内容
hint-label-full = 完整提示
hint-label-expert = 专家此时会问
hint-nothing = 没有可提示的了：该问到的都已涉及。
hint-gone = 该提示对应的条目已不在病例中。
hint-like = 例如：“{ $question }”
hint-full = { $item }。

hint-area-opening = 想想问诊怎样开场：你是谁、对方是谁、是否同意。
hint-area-presenting-complaint = 先把今天来看病的原因问清楚。
hint-area-present-illness = 主要症状本身还有没问到的地方。
hint-area-associated-symptoms = 还不知道伴随出现了什么。
hint-area-general-condition = 主诉清楚了，整个人最近的状态怎么样？
hint-area-course-of-care = 从发病到今天，中间经过了什么？
hint-area-past-history = 过去的情况还没问。
hint-area-drugs = 想想患者在用什么药、怎么用。
hint-area-allergies = 开药之前有一件事必须知道。
hint-area-family-history = 有些病会在家族里出现。
hint-area-social-history = 患者平时是怎样生活的？
hint-area-menstrual-obstetric = 有一部分病史只有部分患者需要问。
hint-area-systems-review = 从头到脚再过一遍。
hint-area-perspective = 症状知道了，这些对患者意味着什么呢？
hint-area-closing = 想想问诊怎样收尾。

hint-kind-time = 已知有{ $finding }，时间方面还没问全。
hint-kind-place = 已知有{ $finding }，具体在哪里，是否固定？
hint-kind-changes = 已知有{ $finding }，什么会影响它，加重或减轻？
hint-kind-quality = 已知有{ $finding }，它是什么样的还可以再问。
hint-kind-symptom = 想想这一类症状：{ $system }。
hint-kind-why = 之所以要问：{ $why }
hint-kind-background = 问的是背景情况（{ $section }），不是主诉。
hint-kind-other = 这是对任何患者都该问的。
hint-critical = 这一项绝不能漏。

expert-lead = 就目前所知，问这些最有价值：
expert-nothing = 就目前所知，再问单个症状收获不大。看看病史还缺哪部分，然后查体。
expert-spread = 目前可能的病因中，有的约 { $high }% 的患者会有，有的只有约 { $low }%。
expert-some = 目前可能的病因中，有的会出现它，最多约 { $high }% 的患者有；另一些并不以它为特点。
expert-moves = 如果有，这一类病因的可能性会上升（{ $system }：{ $before }% → { $after }%）。
expert-danger = 它是危险信号。
expert-generic = 这个回答会改变各种可能性的大小。

paused-title = 已暂停
paused-text = 计时停在 { $clock }。说过的话都已保存。
paused-resume = 继续
paused-home = 先离开

debrief-help = 用过的帮助
debrief-help-count = 你用了 { $n } 次提示。
debrief-help-count-student = 用了 { $n } 次提示。
debrief-help-note = 看过完整提示后再问的内容照常计分，但不算自己想到的。
debrief-help-none = 没有用提示。
debrief-help-turn = { $n ->
    [0] 第一个问题之前
   *[other] 第 { $n } 个问题之后
 }
debrief-section-only = 本次只评这一部分：{ $section }。
