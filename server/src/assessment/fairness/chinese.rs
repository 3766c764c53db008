//! Chinese said otherwise.

use super::{Group, dice::Dice, noise::sentences};
use crate::understanding::sounding_like;

const COURTESIES: [&str; 5] = ["请问", "麻烦问一下，", "不好意思，请教一下，", "想跟您了解一下，", "劳驾问一句，"];
const FILLERS: [&str; 6] = ["嗯，", "呃，", "那个，", "就是说，", "这个嘛，", "那么，"];
/// Words left out by who wastes none.
const COURTEOUS: [&str; 16] = [
    "您好，",
    "你好，",
    "您好。",
    "你好。",
    "早上好，",
    "早上好。",
    "下午好。",
    "请坐。",
    "慢慢说。",
    "那挺难受的。",
    "很高兴你能来。",
    "请问",
    "您",
    "你",
    "吗",
    "呢",
];

/// What people of the north say.
const NORTHERN: [(&str, &str); 14] = [
    ("什么时候", "啥时候"),
    ("什么", "啥"),
    ("怎么样", "咋样"),
    ("怎么", "咋"),
    ("哪里", "哪儿"),
    ("多长时间", "多少日子"),
    ("拉肚子", "闹肚子"),
    ("胸口", "心口窝"),
    ("晚上", "黑天"),
    ("没力气", "没劲儿"),
    ("累", "乏"),
    ("头晕", "迷糊"),
    ("孩子", "娃"),
    ("小便", "解小手"),
];

/// What people of the south and south-west say.
const SOUTHERN: [(&str, &str); 18] = [
    ("疼", "痛"),
    ("多久", "好久"),
    ("拉肚子", "屙肚子"),
    ("厉害", "凶"),
    ("家里", "屋里头"),
    ("晚上", "夜里头"),
    ("抽烟", "吃烟"),
    ("喝酒", "吃酒"),
    ("孩子", "娃儿"),
    ("最近", "这一向"),
    ("头晕", "头昏"),
    ("肚子", "肚皮"),
    ("睡觉", "困觉"),
    ("吐过", "呕过"),
    ("没力气", "没得力气"),
    ("以前", "原先"),
    ("小便", "解小手"),
    ("大便", "解大手"),
];

pub(super) fn said_by(group: Group, text: &str, dice: &mut Dice) -> String {
    match group {
        Group::Polite => sentences(text).into_iter().map(|sentence| polite(sentence, dice)).collect(),
        Group::Blunt => COURTEOUS.iter().fold(text.to_owned(), |text, word| text.replace(word, "")),
        Group::Dialect => replaced(text, if dice.one_in(2) { &NORTHERN } else { &SOUTHERN }),
        Group::SecondLanguage => second_language(text, dice),
        Group::Typos => text.chars().map(|c| mistyped(c, dice)).collect(),
        Group::Fillers => filled(text, dice),
        Group::Transcription | Group::Width | Group::OtherLanguage => text.to_owned(),
    }
}

fn polite(sentence: &str, dice: &mut Dice) -> String {
    let sentence = sentence.replace('你', "您");
    if sentence.ends_with('？') { format!("{}{sentence}", dice.pick(&COURTESIES)) } else { sentence }
}

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// 了, 的 and 过 are what is hardest to learn; "有没有" becomes "有…吗".
fn second_language(text: &str, dice: &mut Dice) -> String {
    let kept: String = text.chars().filter(|c| !matches!(c, '了' | '的' | '过') || dice.one_in(5)).collect();
    kept.replace("有没有", "有")
}

/// One character in seven that sounds like another becomes that other.
fn mistyped(c: char, dice: &mut Dice) -> char {
    let alike: Vec<char> = sounding_like(c).chars().filter(|other| *other != c).collect();
    if alike.is_empty() || !dice.one_in(7) { c } else { alike[dice.index(alike.len())] }
}

fn filled(text: &str, dice: &mut Dice) -> String {
    let parts = text.split_inclusive('，');
    parts.map(|part| if dice.one_in(2) { format!("{}{part}", dice.pick(&FILLERS)) } else { part.to_owned() }).collect()
}
