//! How English texts state an edge.

use super::{LinkKind, rules::Rule};

const fn rule(link: LinkKind, pattern: &'static str) -> Rule {
    Rule { link, pattern }
}

use LinkKind::{Complicates, Mimics, PresentsWith, RiskFor, TestedBy, TreatedBy};

/// The rules; the first that matches a stretch of a sentence has it.
pub(super) const RULES: &[Rule] = &[
    // How often.
    rule(
        PresentsWith,
        r"{A} (?:of )?(?:all |the |these |our )?(?:[a-z-]+ ){0,3}{P} (?:with|who had|having|suffering from|diagnosed with|admitted with) {40}{D}{60}\b{HAD} {30}{FS}",
    ),
    rule(
        PresentsWith,
        r"(?:of|among|in)(?: the| these| our)? (?P<M>\d+) (?:[a-z-]+ ){0,4}{P} (?:with|who had|diagnosed with) {40}{D},? {20}{A}(?: {P})? {10}\b{HAD} {30}{FS}",
    ),
    rule(
        PresentsWith,
        r"(?:of|among|in)(?: the| these| our)? (?:[a-z-]+ ){0,4}{P} (?:with|who had|diagnosed with) {40}{D},? {20}{A}(?: {P})? {10}\b{HAD} {30}{FS}",
    ),
    rule(PresentsWith, r"{A} (?:of )?(?:all |the |these |our )?(?:[a-z-]+ ){0,3}{P} {20}\b{HAD} {30}{FS}"),
    rule(
        PresentsWith,
        r"(?:prevalence|frequency|rate|proportion)s? of {FS}{20} (?:in|among) {40}{D}{40}(?:was|is|were|of|:) {20}?{A}",
    ),
    rule(
        PresentsWith,
        r"{FS}{30} (?:was|were|is|are|has been|have been) {20}(?:present|reported|found|seen|observed|noted|recorded|documented|described|detected|identified|elicited|absent from the records|the presenting [a-z]+|the (?:most )?[a-z]+ (?:symptom|complaint|sign|finding|feature)){30}(?:\b(?:in|by|affecting|at)|\() ?{10}{A}(?: (?:of )?(?:all |the |these |our )?(?:[a-z-]+ ){0,3}{P} (?:with|who had) {30}{D})?",
    ),
    rule(
        PresentsWith,
        r"{FS}{20} (?:occurs?|occurred|develops?|developed|appears?|arises?|affects?|affected) (?:in )?{10}{A}(?: (?:of )?(?:all |the |these |our )?(?:[a-z-]+ ){0,3}{P} (?:with|who had) {30}{D})?",
    ),
    rule(PresentsWith, r"{D}{20} (?:presents?|presented|manifests?|manifested) (?:with|as) {20}{FS} in {10}{A}"),
    // Belonging to the picture.
    rule(
        PresentsWith,
        r"{P} with {30}{D}{20} (?:may |can |often |commonly |typically |usually |frequently |classically |will )*(?:present|presented|complain|complained)(?: [a-z]+ly)? (?:with|of) {30}{FS}",
    ),
    rule(
        PresentsWith,
        r"{D}{20} (?:may |can |often |commonly |typically |usually |frequently |classically |also )*(?:presents?|presented|manifests?|manifested|is characteri[sz]ed|are characteri[sz]ed|was characteri[sz]ed)(?: [a-z]+ly)? (?:with|as|by) {30}{FS}",
    ),
    rule(
        PresentsWith,
        r"(?:symptoms?|signs?|features?|manifestations?|presentations?|findings?|hallmarks?|complaints?) (?:and signs |and symptoms )?(?:of|in|for) {40}{D}{20} (?:include|includes|included|are|is|were|was|comprise)[: ]{30}{FS}",
    ),
    rule(
        PresentsWith,
        r"{FS} (?:is|are|was|were) {20}\b(?:typical|characteristic|suggestive|a hallmark|the hallmark|(?:an? |the )?(?:[a-z-]+ ){0,3}(?:symptoms?|signs?|features?|manifestations?|complaints?)) (?:of|in|for) {40}{D}",
    ),
    rule(
        PresentsWith,
        r"{FS} (?:is|are|was|were|has been|have been|may be|might be) (?:[a-z]+ ){0,3}associated with (?:a diagnosis of |acute |the presence of )?{D}",
    ),
    rule(
        PresentsWith,
        r"{FS} (?:suggests?|suggested|points? to|should raise (?:the )?suspicion (?:of|for)|(?:increases?|increased|raises?|raised) the (?:likelihood|probability|odds) of) {30}{D}",
    ),
    rule(PresentsWith, r"{P} with {30}{D}{20} (?:presented with|complained of|reported|present with|complain of) {U}"),
    // Risk.
    rule(
        RiskFor,
        r"risk factors? (?:for|of) (?:[a-z-]+ ){0,4}{D}{30} (?:include|includes|included|are|is|were|was|comprise)[: ]{30}{RS}",
    ),
    rule(
        RiskFor,
        r"{RS} (?:is|are|was|were|remains?|remained|has been|have been) {60}(?:risk factors?|predictors?) (?:for|of|in) (?:[a-z-]+ ){0,5}{D}",
    ),
    rule(
        RiskFor,
        r"{RS} {30}\b(?:increases?|increased|raises?|raised|doubles?|doubled|trebles?|trebled|elevates?|elevated) the (?:[a-z-]+ ){0,2}(?:risk|incidence|odds|likelihood) of (?:[a-z-]+ ){0,4}{D}",
    ),
    rule(
        RiskFor,
        r"{RS} (?:is|are|was|were|has been|have been|may be|might be|could be) {30}associated with {40}(?:risk|risks|odds|incidence|rate) (?:of|for) (?:[a-z-]+ ){0,4}{D}",
    ),
    rule(
        RiskFor,
        r"{RS} (?:is|are|was|were|has been|have been|may be|might be|could be) {30}associated with (?:[a-z-]+ ){0,3}{D}",
    ),
    rule(RiskFor, r"{RS} {20}predispose[sd]? {20}\bto (?:[a-z-]+ ){0,3}{D}"),
    rule(RiskFor, r"{RS} (?:confers?|conferred|carries|carried) {30}(?:risk|odds) of (?:[a-z-]+ ){0,3}{D}"),
    // Treatment.
    rule(
        TreatedBy,
        r"(?P<W>(?:first[- ]line|initial|preferred|recommended|standard|long[- ]term|maintenance|acute|immediate|definitive|mainstay of|cornerstone of) (?:[a-z-]+ ){0,2}(?:treatment|therapy|management|drug|agent|antibiotic|option|prophylaxis)s? (?:of|for|in) {40}){D}{30} (?:is|are|include|includes|was|were|remains?|consists? of|comprises?)[: ]{30}{XS}",
    ),
    rule(
        TreatedBy,
        r"{XS}(?P<W> (?:is|are|remains?|should be|was) {40}\b(?:first[- ]line|of choice|mainstay|preferred|recommended|standard|definitive|long[- ]term)(?: [a-z-]+){0,5} (?:for|of|in) ){20}{D}",
    ),
    rule(
        TreatedBy,
        r"{D}(?P<W>{20} (?:should be|is|are|can be|is usually|are usually) {20}(?:treated|managed) ){20}\bwith {30}{XS}",
    ),
    rule(
        TreatedBy,
        r"(?P<W>(?:[a-z-]+ ){0,2}(?:treatment|management|therapy) (?:of|for) {20}){D}{20} (?:is|includes?|consists? of|comprises?|requires)[: ]{30}{XS}",
    ),
    rule(
        TreatedBy,
        r"{P} with {30}{D} should (?P<W>{20}(?:receive|be given|be offered|be started on|be treated with|be prescribed|take) {30}){XS}",
    ),
    rule(
        TreatedBy,
        r"(?P<W>(?:we recommend|offer|give|recommend|consider|use|start) {30}){XS} {20}\b(?:for|to|in) {40}{D}",
    ),
    // Differentials.
    rule(
        Mimics,
        r"differential diagnos[ie]s (?:of|for) {30}{D}{20} (?:include|includes|included|are|is|comprises?)[: ]{30}{DS}",
    ),
    rule(
        Mimics,
        r"{D}{20} (?:may |can |is |are |might |could |often |sometimes |frequently |easily |commonly |also |be )*(?:mistaken for|confused with|misdiagnosed as|mimics?|mimicked by|resembles?) {20}{DS}",
    ),
    rule(Mimics, r"(?:distinguish|differentiate|distinguishing|differentiating|discriminate) {20}{D} from {20}{DS}"),
    rule(Mimics, r"{D}{20} (?:should|must|needs to|has to) be (?:distinguished|differentiated) from {20}{DS}"),
    // Complications.
    rule(
        Complicates,
        r"complications? (?:of|after|following) {30}{D}{20} (?:include|includes|included|are|is|were)[: ]{U}",
    ),
    rule(
        Complicates,
        r"{D}{20} (?:may |can |could |is |was |are |might |often |sometimes |rarely )*(?:be )?complicated by {U}",
    ),
    rule(Complicates, r"{D}{20} (?:may|can|could|might|often|sometimes) (?:lead|progress) to {U}"),
    rule(Complicates, r"(?P<Cs>‹\d+:[a-z]*d[a-z]*›) (?:is|are) {20}complications? of {20}{D}"),
    // Tests.
    rule(
        TestedBy,
        r"{TS} (?:is|are|remains?|was) {40}(?:gold standard|reference standard|(?:test|investigation|imaging|modality|examination|study)s? of choice|first[- ]line (?:test|investigation|imaging)|diagnostic)(?: [a-z-]+){0,4} (?:for|of|in|to) {40}{D}",
    ),
    rule(
        TestedBy,
        r"{D}{20} (?:is|was|can be|should be|may be|are) (?:confirmed|diagnosed|established) (?:by|with|on|using) {30}{TS}",
    ),
    rule(
        TestedBy,
        r"diagnosis of {30}{D} (?:is|was|should be|can be) (?:confirmed|made|established|based)(?: [a-z]+)? (?:by|with|on|using|upon) {20}{TS}",
    ),
];

/// Words that deny what a pattern found.
pub(super) const DENIALS: &str = r"\bcontrols?\b|\bhealthy\b|\b(?:not|no|never|neither|nor|without|fail(?:s|ed)? to|cannot|rather than|instead of|nobody|none)\b|n't\b|\b(?:absence|lack|exclusion) of|\brul(?:e|es|ed|ing) out|\bexclud(?:e|es|ed|ing)\b|\bunlikely\b|\bunrelated\b|\bprotective\b|\b(?:reduc|decreas|lower)(?:e|es|ed|ing|s)? (?:the |a )?(?:[a-z]+ )?(?:risk|odds|likelihood|probability|incidence)|\b(?:reduced|decreased|lower|lowest) (?:[a-z]+ )?(?:risk|odds|likelihood|probability|incidence)";

/// Words by which a sentence only asks or doubts.
pub(super) const OPEN: &str = r"\b(?:whether|unclear|unknown|controversial|hypothes[ie][sz]\w*|we (?:aimed|sought|asked|investigated|examined)|to (?:determine|assess|evaluate|investigate|examine|estimate)|conflicting|inconclusive|has not been|have not been|no evidence|insufficient evidence|remains to be)\b";

/// Words by which a sentence hedges.
pub(super) const HEDGES: &str =
    r"\b(?:may|might|could|possibly|perhaps|probably|appears? to|seems? to|suggested that|potential(?:ly)?)\b";

/// Words without which a bracketed percentage beside a finding says nothing of frequency.
pub(super) const CUES: &str = r"\b(?:symptoms?|signs?|features?|findings?|complaints?|manifestations?|present(?:ed|ing|s|ation)?|reported|had|have|has|included?|includes|common(?:est|ly)?|frequent(?:ly)?|experienced|observed|followed by|comprised|were|was|are)\b";
