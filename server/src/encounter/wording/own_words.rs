//! The words a person has of their own: plain names of illnesses and medicines, and the colour of
//! their Chinese. The facts stay what they are: a medicine keeps its name beside the plain word.

use cases::format::{Case, Dialect, Literacy};
use knowledge_graph::Language;

/// `words` as the patient of `case` says them.
pub fn in_own_words(case: &Case, words: &str) -> String {
    let words = if case.persona.literacy == Literacy::Limited { plainly(words) } else { words.to_owned() };
    match case.persona.dialect {
        Some(dialect) => coloured(&words, dialect),
        None => words,
    }
}

/// A line of small talk or denial, with the particle of the dialect at its end.
pub(super) fn in_own_tone(case: &Case, line: &str, language: Language) -> String {
    let line = in_own_words(case, line);
    let particle = match (language, case.persona.dialect) {
        (Language::Zh, Some(Dialect::Southwestern)) => '嘛',
        (Language::Zh, Some(Dialect::Cantonese)) => '啊',
        _ => return line,
    };
    let Some(stem) = line.strip_suffix('。') else { return line };
    let has_one =
        stem.ends_with(['啊', '吧', '呢', '嘛', '吗', '啦', '了', '的', '呀', '呗', '哦', '您', '医', '夫', '生']);
    if has_one || stem.chars().count() < 4 { line } else { format!("{stem}{particle}。") }
}

/// What a person with limited health literacy calls an illness; the names are looked for in order.
const ILLNESSES_EN: [(&str, &str); 15] = [
    ("type 2 diabetes", "the sugar"),
    ("type 1 diabetes", "the sugar"),
    ("sugar diabetes", "the sugar"),
    ("diabetes", "the sugar"),
    ("hypertension", "the high pressure"),
    ("high blood pressure", "the high pressure"),
    ("high cholesterol", "the fatty blood"),
    ("atrial fibrillation", "the jumpy heartbeat"),
    ("heart failure", "the weak heart"),
    ("underactive thyroid", "the slow gland"),
    ("hypothyroidism", "the slow gland"),
    ("osteoarthritis", "the worn joints"),
    ("chronic bronchitis", "the bad chest"),
    ("emphysema", "the bad chest"),
    ("copd", "the bad chest"),
];
const ILLNESSES_ZH: [(&str, &str); 12] = [
    ("2型糖尿病", "糖的毛病"),
    ("1型糖尿病", "糖的毛病"),
    ("糖尿病", "糖的毛病"),
    ("高血压", "血压高的毛病"),
    ("高血脂", "血里油多的毛病"),
    ("高脂血症", "血里油多的毛病"),
    ("心房颤动", "心跳乱的毛病"),
    ("房颤", "心跳乱的毛病"),
    ("冠心病", "心口的老毛病"),
    ("慢阻肺", "肺上的老毛病"),
    ("甲减", "脖子腺体的毛病"),
    ("骨关节炎", "骨头磨损的毛病"),
];
/// What such a person calls a medicine.
const MEDICINES: [(&[&str], &str); 9] = [
    (&["furosemide", "bendroflumethiazide", "hydrochlorothiazide", "indapamide", "spironolactone"], "a water tablet"),
    (
        &["amlodipine", "ramipril", "lisinopril", "losartan", "valsartan", "nifedipine", "perindopril"],
        "a pressure tablet",
    ),
    (&["metformin", "gliclazide", "glimepiride", "sitagliptin"], "a sugar tablet"),
    (&["atorvastatin", "simvastatin", "rosuvastatin"], "a tablet for the fat in the blood"),
    (&["omeprazole", "lansoprazole", "pantoprazole"], "a stomach tablet"),
    (&["levothyroxine"], "a gland tablet"),
    (&["warfarin", "apixaban", "rivaroxaban", "edoxaban", "clopidogrel"], "a blood thinner"),
    (&["bisoprolol", "atenolol", "metoprolol", "digoxin"], "a heart tablet"),
    (&["allopurinol", "colchicine"], "a gout tablet"),
];
const MEDICINES_ZH: [(&[&str], &str); 9] = [
    (&["呋塞米", "氢氯噻嗪", "吲达帕胺", "螺内酯"], "排水的"),
    (&["氨氯地平", "雷米普利", "缬沙坦", "厄贝沙坦", "氯沙坦", "硝苯地平", "培哚普利"], "降压的"),
    (&["二甲双胍", "格列齐特", "格列美脲", "西格列汀"], "管糖的"),
    (&["阿托伐他汀", "瑞舒伐他汀", "辛伐他汀"], "管血里油的"),
    (&["奥美拉唑", "兰索拉唑", "泮托拉唑"], "养胃的"),
    (&["左甲状腺素", "优甲乐"], "管腺体的"),
    (&["华法林", "利伐沙班", "阿哌沙班", "氯吡格雷"], "稀血的"),
    (&["比索洛尔", "美托洛尔", "阿替洛尔", "地高辛"], "管心脏的"),
    (&["别嘌醇", "秋水仙碱"], "治痛风的"),
];

fn plainly(words: &str) -> String {
    let mut plain = words.to_owned();
    for (name, own) in ILLNESSES_EN {
        plain = replace_word(&plain, name, |before| {
            let owned = ["my ", "the ", "his ", "her ", "no ", "any "].iter().any(|word| before.ends_with(word));
            if owned { own.trim_start_matches("the ").to_owned() } else { own.to_owned() }
        });
    }
    for (name, own) in ILLNESSES_ZH {
        plain = plain.replace(name, own);
    }
    // One plain word a sentence: "a water tablet, and another water tablet" would tell them apart no more.
    for (names, own) in MEDICINES {
        let bare = own.trim_start_matches("a ");
        let lower = plain.to_ascii_lowercase();
        let named = names.iter().find(|name| lower.contains(**name));
        if let Some(name) = named.filter(|_| !plain.contains(bare)) {
            plain = replace_word(&plain, name, |_| format!("{own}, {name} it says,"));
        }
    }
    for (names, own) in MEDICINES_ZH {
        let named = names.iter().find(|name| plain.contains(**name));
        if let Some(name) = named.filter(|_| !plain.contains(own)) {
            plain = plain.replacen(name, &format!("{own}那个{name}"), 1);
        }
    }
    [(",,", ","), (",.", "."), (",;", ";")].iter().fold(plain, |plain, (twice, once)| plain.replace(twice, once))
}

/// Replaces the whole word `name`, capital or not, by what `own` makes of the words before it; a
/// capital at the start of the sentence stays.
fn replace_word(words: &str, name: &str, own: impl Fn(&str) -> String) -> String {
    let lower = words.to_ascii_lowercase();
    let mut replaced = String::with_capacity(words.len());
    let mut rest = 0;
    for (at, _) in lower.match_indices(name) {
        let end = at + name.len();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if at < rest || inside(lower[..at].chars().next_back()) || inside(lower[end..].chars().next()) {
            continue;
        }
        let own = own(&lower[..at]);
        let capital = words[at..].starts_with(char::is_uppercase);
        replaced.push_str(&words[rest..at]);
        replaced.push_str(&if capital { capitalised(&own) } else { own });
        rest = end;
    }
    replaced.push_str(&words[rest..]);
    replaced
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Words of standard Chinese and what stands for them; longer ones first.
const NORTHERN: [(&str, &str); 6] =
    [("为什么", "为啥"), ("什么", "啥"), ("怎么", "咋"), ("昨天", "昨儿"), ("今天", "今儿"), ("这里", "这儿")];
const SOUTHWESTERN: [(&str, &str); 5] =
    [("什么", "啥子"), ("怎么", "咋个"), ("知道", "晓得"), ("没有。", "没得。"), ("没有，", "没得，")];
const CANTONESE: [(&str, &str); 4] = [("刚才", "头先"), ("晚上", "夜晚"), ("昨天", "昨日"), ("今天", "今日")];

fn coloured(words: &str, dialect: Dialect) -> String {
    let rules: &[(&str, &str)] = match dialect {
        Dialect::Northern => &NORTHERN,
        Dialect::Southwestern => &SOUTHWESTERN,
        Dialect::Cantonese => &CANTONESE,
    };
    rules.iter().fold(words.to_owned(), |words, (standard, own)| words.replace(standard, own))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::an_illness("I've had type 2 diabetes for ten years.", "I've had the sugar for ten years.")]
    #[case::their_own("It's my diabetes.", "It's my sugar.")]
    #[case::a_medicine("Metformin twice a day.", "A sugar tablet, metformin it says, twice a day.")]
    #[case::chinese("高血压八年了，吃氨氯地平。", "血压高的毛病八年了，吃降压的那个氨氯地平。")]
    #[case::already_plain("It's a water tablet, furosemide.", "It's a water tablet, furosemide.")]
    #[case::denied("No diabetes.", "No sugar.")]
    #[case::nothing_technical("No fever.", "No fever.")]
    fn plain_words_stand_for_technical_ones_and_medicines_keep_their_names(#[case] words: &str, #[case] plain: &str) {
        assert_eq!(plainly(words), plain);
    }

    #[rstest]
    #[case(Dialect::Northern, "昨天开始的，不知道怎么了。", "昨儿开始的，不知道咋了。")]
    #[case(Dialect::Southwestern, "不知道是什么。", "不晓得是啥子。")]
    #[case(Dialect::Cantonese, "晚上疼三个钟头。", "夜晚疼三个钟头。")]
    fn a_dialect_colours_the_words_and_changes_no_number(
        #[case] dialect: Dialect,
        #[case] words: &str,
        #[case] own: &str,
    ) {
        assert_eq!(coloured(words, dialect), own);
    }
}
