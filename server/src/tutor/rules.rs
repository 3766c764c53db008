//! The cues by which a question is understood, in both languages.
//!
//! Cues are separated by bars. English ones are matched as whole words in the lower-case question,
//! Chinese ones anywhere.

/// What a question asks for, as its cues say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Why,
    WhyNot,
    Meaning,
    Separates,
    HowSure,
    HowToAsk,
    Missed,
    WhatIs,
    Tests,
    Treatments,
    Risks,
}

/// Why something is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A dose or how to give something.
    Dose,
    /// Somebody's own health.
    Personal,
    /// How it will end.
    Prognosis,
    /// How it comes about in the body.
    Mechanism,
    /// Marks, other students, instructions to the program.
    Marks,
    /// Something that the graph does not name, or not a question that can be read.
    Unknown,
    /// Both are known, and nothing in the graph joins them.
    Unjoined,
    /// Nothing is said of which two.
    WhichTwo,
}

impl Refusal {
    /// The key of its text.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Dose => "tutor-no-dose",
            Self::Personal => "tutor-no-personal",
            Self::Prognosis => "tutor-no-prognosis",
            Self::Mechanism => "tutor-no-mechanism",
            Self::Marks => "tutor-no-marks",
            Self::Unknown => "tutor-no-unknown",
            Self::Unjoined => "tutor-no-unjoined",
            Self::WhichTwo => "tutor-no-which-two",
        }
    }
}

/// What is never answered, whatever else the question says.
pub(super) const REFUSED: [(Refusal, &str); 5] = [
    (
        Refusal::Dose,
        "dose|doses|dosage|mg|milligrams|how many tablets|how much aspirin|infusion rate|\
          how do i inject|剂量|毫克|几片|用量|多少片|滴速|怎么注射|用多少",
    ),
    (
        Refusal::Personal,
        "my mother|my father|my mum|my dad|my grandmother|my grandfather|my wife|my husband|my own|\
          my friend|my chest|should i take|do i have|am i having|i feel|my symptoms|我妈|我爸|我奶奶|\
          我爷爷|我外婆|我朋友|我自己|我是不是得|我该吃|我胸|我最近|我女朋友|我老婆",
    ),
    (
        Refusal::Prognosis,
        "prognosis|survive|survival|mortality|life expectancy|how long will|will he die|\
          will she die|recover|recovery|预后|存活|生存率|死亡率|能活|会死|多久能好|能治好",
    ),
    (
        Refusal::Mechanism,
        "mechanism|pathophysiology|pathogenesis|molecular|embryology|biochemistry|histology|机制|\
          机理|发病原理|病理生理|分子|基因突变|组织学",
    ),
    (
        Refusal::Marks,
        "my mark|my score|my grade|change the mark|full marks|other students|who else|ignore|\
          system prompt|pretend|write my|write me|essay|改分|我的分数|满分|其他同学|别的同学|忽略|\
          提示词|假装|帮我写|扮演",
    ),
];

/// What a question asks for; the first that is cued is meant.
pub(super) const INTENTS: [(Intent, &str); 11] = [
    (
        Intent::Missed,
        "did i miss|have i missed|what i missed|did i forget|i left out|\
          what else should i have asked|what should i have asked|what else could i have asked|漏了|\
          遗漏|没问到|忘了问|还应该问什么|还该问什么|应该问哪些|少问了",
    ),
    (
        Intent::HowToAsk,
        "how should i ask|how do i ask|how could i ask|how can i ask|how would i ask|how to ask|\
          how would you ask|how should i have asked|word it|phrase|what words|put the question|\
          怎么问|如何问|怎样问|问法|怎么开口|怎么措辞|该怎样提问|怎么提问",
    ),
    (
        Intent::WhyNot,
        "why not|why isn't it|why is it not|why wasn't it|why couldn't it be|couldn't it be|\
          could it not be|why could it not be|为什么不是|怎么不是|为何不是|会不会是|难道不是|不能是",
    ),
    (
        Intent::Separates,
        "separate|separates|separating|difference|differ|differs|tell apart|apart|distinguish|\
          distinguishes|differentiate|differentiates|versus|vs|rather than|instead of|compare|\
          compared|or rather|confused with|区别|鉴别|区分|怎么分|不同|有什么不一样|相比|比较|分得开|\
          分清|混淆",
    ),
    (
        Intent::HowSure,
        "how sure|how certain|how confident|how likely|how probable|probability|chance|chances|\
          certain|sure enough|be sure|rule out|ruled out|rule in|convinced|把握|确定|可能性|概率|\
          几率|多可能|排除|肯定",
    ),
    (
        Intent::Risks,
        "risk factor|risk factors|who gets|at risk|predispose|predisposes|危险因素|易患|高危人群|\
          哪些人容易",
    ),
    (
        Intent::Tests,
        "which test|which tests|what test|what tests|investigation|investigations|confirm|confirms|\
          confirmed|diagnosed|diagnose it|imaging|scan|blood test|什么检查|哪些检查|哪项检查|确诊|\
          化验|查什么|做什么检查|该查",
    ),
    (
        Intent::Treatments,
        "treat|treated|treatment|treatments|manage|management|therapy|first line|first-line|\
          what drugs|what is given|治疗|怎么治|如何治|处理|用什么药|一线",
    ),
    (
        Intent::Meaning,
        "mean|means|meaning|tell us|tell me about the|significance|point to|points to|suggest|\
          suggests|argue|argues|speak for|speaks for|support|supports|how common|how often|\
          how frequent|typical|fit with|fits|count for|意味|说明什么|提示什么|提示|代表|支持|常见吗|\
          多常见|多少患者|多少病人|典型|说明了什么|有什么意义|符合|怎么理解",
    ),
    (
        Intent::Why,
        "why|what for|what's the point|what is the point|reason|important|matter|matters|relevant|\
          relevance|necessary|need to know|have to ask|use of asking|为什么|为何|干嘛|有什么用|重要|\
          必要|何必|理由|意义何在|要问|目的|凭什么|有必要",
    ),
    (
        Intent::WhatIs,
        "what is|what's|what are|define|definition|explain|tell me about|remind me|什么是|是什么|\
          是啥|介绍|讲讲|解释|说说",
    ),
];

/// Words that stand for what was talked about last.
pub(super) const PRONOUNS: &str =
    "it|that|this|them|those|these|that one|它|这个|那个|这项|这一项|这样|那样|这点|这条|这一点";

/// Words that stand for what this patient has.
pub(super) const THE_DIAGNOSIS: &str = "the diagnosis|this diagnosis|this disease|the disease|this patient|the patient|this case|\
     the case|in this one|he|she|him|her|his|诊断|这个病|该病|本例|这位患者|这个患者|这个病人|患者|\
     病人|他|她";

/// English words that name nothing.
pub(super) const FILLERS: &str = "a an the of to in on for from with and or but not no is are was were be been being am do \
    does did done have has had having i you we they he she it me him her us them my your our their his its this that these \
    those there here what which who whom whose when where why how if then than so as at by about into over under after \
    before between both either each other another any some all more most much many less least very too also just only even \
    still yet really actually exactly please can could should would will shall may might must need ought ask asked asking \
    asks question questions answer say said says tell tells told know knew think thought see look find found get got give \
    gives given make makes made go come came take use used want like mean means meaning matter matters important importance \
    relevant relevance reason point points suggest suggests separate separates difference differ differs distinguish \
    distinguishes differentiate differentiates apart compare compared versus vs rather instead sure certain confident likely probable probability chance \
    chances rule ruled out diagnosis diagnoses diagnosed diagnose disease condition patient case history symptom symptoms \
    sign signs test tests investigation investigations confirm confirms confirmed treat treated treatment treatments manage \
    management therapy first line risk factor factors typical common often frequent frequency significance argue argues speak \
    speaks support supports favour against fit fits count counts explain define definition remind miss missed forget left \
    else best good better worth well way word words phrase put again next now here one two something anything everything \
    nothing thing things people person someone somebody him enough total telling help helps helped let show shows shown \
    picture happen mention mentioned include consider considered same kind type suppose presence absence present absent \
    having without because since okay ok thanks yes tell doctor student medicine medical actually necessary useful ones \
    difficult quite such while during though although him was wasn't isn't don't doesn't didn't couldn't what's it's that's \
    i'm shouldn't would've patients elicited asked heard time early late decisive usually normally mostly mainly start";

/// Chinese words and characters that name nothing; longer ones first.
pub(super) const CHINESE_FILLERS: &str = "为什么 是什么 什么样 怎么样 有没有 是不是 能不能 会不会 要不要 多大把握 把握有多大 可能性 意味着 \
    意味 说明 提示 代表 支持 区别 鉴别 区分 不同 比较 相比 确定 把握 概率 几率 排除 肯定 诊断 确诊 检查 化验 治疗 处理 危险 因素 症状 体征 \
    表现 病史 病人 患者 本例 这例 疾病 重要 必要 意义 有用 理由 目的 典型 常见 多少 什么 怎么 如何 怎样 哪些 哪项 哪个 哪种 为何 应该 应当 \
    需要 可以 可能 能够 还要 还有 知道 觉得 认为 理解 解释 介绍 讲讲 说说 一下 告诉 询问 提问 问到 问题 没问 要问 问诊 问法 这个 那个 这项 \
    这一 那么 这样 那样 这里 这些 那些 他们 我们 时候 情况 方面 之间 其他 别的 首先 一线 主要 最 很 更 和 与 跟 同 及 或 还 是 的 了 吗 \
    呢 啊 吧 呀 么 在 有 没 不 我 你 您 他 她 它 这 那 哪 谁 要 该 会 能 可 就 也 都 又 再 才 把 被 对 从 到 用 让 给 去 来 做 说 问 看 查 \
    病 得 着 过 个 项 种 些 点 条 位 多 少 大 小 高 低 上 下 中 里 前 后 时 出 为 以 于 而 但 因 所 之 其 此 各 每 只 并 且 等 请 想 算 分 开 \
    清 理 怎 几 何 如 果 若 即 使 答 案 话 词 句 式 法 应 当 必 须 指 意 思 吃 药";
