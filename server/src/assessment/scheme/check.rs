//! What a scheme must be beyond its shape: its points sum, its names mean something.

use std::{collections::BTreeSet, str::FromStr as _};

use cases::Problem;
use knowledge_graph::{Bilingual, TopicId};

use super::{CriticalRule, Part, PassMark, Points, Scheme, format::FORMAT, parse::both};
use crate::assessment::conduct::Rules;

/// Most domains, and most parts.
const MOST_DOMAINS: usize = 20;
const MOST_PARTS: usize = 100;
/// Judgements of the note written afterwards, beside those of the rules.
pub(super) const NOTE: [&str; 3] = ["note-diagnosis", "note-differential", "note-support"];

/// Everything wrong with a scheme, in the order of its keys; empty when it can be used.
pub(super) fn check(scheme: &Scheme) -> Vec<Problem> {
    let mut problems = Vec::new();
    head(scheme, &mut problems);
    domains(scheme, &mut problems);
    for (at, part) in scheme.parts.iter().enumerate() {
        self::part(scheme, at, part, &mut problems);
    }
    sums(scheme, &mut problems);
    penalties(scheme, &mut problems);
    problems
}

fn add(problems: &mut Vec<Problem>, path: impl Into<String>, message: Bilingual, mend: Bilingual) {
    problems.push(Problem::error(path, message, mend));
}

fn head(scheme: &Scheme, problems: &mut Vec<Problem>) {
    if scheme.format != FORMAT {
        let message = both(
            format!("this file is written in format {}, but this program reads {FORMAT}", scheme.format),
            format!("文件格式版本为 {}，本程序读取版本 {FORMAT}", scheme.format),
        );
        let mend =
            both(format!("Set `format = {FORMAT}` after adapting the file"), format!("请改写后设 `format = {FORMAT}`"));
        add(problems, "format", message, mend);
    }
    if !is_id(&scheme.id) {
        not_an_id(problems, "id", &scheme.id);
    }
    for (path, text) in [("title", &scheme.title), ("about", &scheme.about)] {
        written(problems, path, text);
    }
    if scheme.step == Points::ZERO {
        let mend = both("Write 0.5 for half points, or leave it out", "半分制写 0.5，或不写");
        add(problems, "step", both("a step of 0 points gives nothing", "步长不能为 0"), mend);
    }
    if let Some(PassMark::Percent(percent)) = scheme.pass
        && !(0.0..=100.0).contains(&percent)
    {
        let message = both(format!("{percent} percent is no pass mark"), format!("及格线 {percent}% 超出范围"));
        add(problems, "pass", message, both("Write 0 to 100", "请写 0 到 100"));
    }
    let percent = scheme.critical.at_most_percent;
    if (scheme.critical.rule == CriticalRule::Cap) != percent.is_some() || percent.is_some_and(|percent| percent > 100)
    {
        let message = both("a cap and its percent belong together, 0 to 100", "封顶规则须与 0 到 100 的百分比同时给出");
        let mend = both(
            "Write `rule = \"cap\"` with `at_most_percent = 50`, or neither",
            "请同时写 `rule = \"cap\"` 与 `at_most_percent = 50`，或都不写",
        );
        add(problems, "critical", message, mend);
    }
    topics(problems, "critical.topics", &scheme.critical.topics);
}

fn domains(scheme: &Scheme, problems: &mut Vec<Problem>) {
    for (key, count, most) in [("domain", scheme.domains.len(), MOST_DOMAINS), ("part", scheme.parts.len(), MOST_PARTS)]
    {
        if count == 0 || count > most {
            let message = both(format!("there are {count} of `{key}`"), format!("`{key}` 有 {count} 个"));
            add(problems, key, message, both(format!("Write 1 to {most}"), format!("请写 1 到 {most} 个")));
        }
    }
    unique(problems, "domain", scheme.domains.iter().map(|domain| domain.id.as_str()));
    unique(problems, "part", scheme.parts.iter().map(|part| part.id.as_str()));
    for (at, domain) in scheme.domains.iter().enumerate() {
        written(problems, format!("domain[{at}].title"), &domain.title);
    }
}

fn unique<'i>(problems: &mut Vec<Problem>, key: &str, ids: impl Iterator<Item = &'i str>) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        let path = format!("{key}[{at}].id");
        if !is_id(id) {
            not_an_id(problems, &path, id);
        } else if !seen.insert(id) {
            let message = both(format!("there are two `{id}`"), format!("`{id}` 重复"));
            add(problems, path, message, both("Give each its own id", "请使用不同的 id"));
        }
    }
}

fn part(scheme: &Scheme, at: usize, part: &Part, problems: &mut Vec<Problem>) {
    let path = |key: &str| format!("part[{at}].{key}");
    written(problems, path("title"), &part.title);
    if !scheme.domains.iter().any(|domain| domain.id == part.domain) {
        let message = both(format!("there is no domain `{}`", part.domain), format!("没有 `{}` 这个领域", part.domain));
        add(problems, path("domain"), message, both("Name one of the domains above", "请填写已定义的领域 id"));
    }
    if part.points == Points::ZERO {
        let mend = both("Give it points, or remove the part", "请给出分值或删除该部分");
        add(problems, path("points"), both("a part of 0 points", "该部分为 0 分"), mend);
    }
    let selects = part.rest
        || part.critical
        || !(part.sections.is_empty() && part.named.is_empty() && part.facets.is_empty() && part.topics.is_empty());
    if selects != part.conduct.is_empty() {
        let message =
            both("a part takes either items of the rubric or judgements", "一个部分要么取评分条目，要么取行为评价");
        let mend = both(
            "Write `sections`, `named`, `facets`, `topics`, `critical` or `rest` for items, or else `conduct`",
            "取条目请写 `sections`、`named`、`facets`、`topics`、`critical` 或 `rest`，否则写 `conduct`",
        );
        add(problems, format!("part[{at}]"), message, mend);
    }
    topics(problems, &path("topics"), &part.topics);
    judgements(problems, &path("conduct"), &part.conduct);
}

fn judgements(problems: &mut Vec<Problem>, path: &str, ids: &[String]) {
    let Ok(rules) = Rules::embedded() else { return };
    for id in ids.iter().filter(|id| rules.rule(id).is_none() && !NOTE.contains(&id.as_str())) {
        let known: Vec<&str> = rules.all().iter().map(|rule| rule.id.as_str()).chain(NOTE).collect();
        let message = both(format!("there is no judgement `{id}`"), format!("没有 `{id}` 这项行为评价"));
        let mend = both(format!("Choose of: {}", known.join(", ")), format!("请从中选择：{}", known.join("、")));
        add(problems, path, message, mend);
    }
}

fn topics(problems: &mut Vec<Problem>, path: &str, topics: &[String]) {
    for topic in topics {
        let known = match topic.strip_suffix(":*") {
            Some(kind) => TopicId::from_str(&format!("{kind}:any")).is_ok(),
            None => TopicId::from_str(topic).is_ok(),
        };
        if !known {
            let message =
                both(format!("`{topic}` is neither a topic nor a kind"), format!("`{topic}` 既不是主题也不是类别"));
            let mend = both(
                "Write such as `history:drug-allergy` or `course:*`",
                "请写成 `history:drug-allergy` 或 `course:*` 的形式",
            );
            add(problems, path, message, mend);
        }
    }
}

/// Steps are whole, and the parts of a domain sum to it.
fn sums(scheme: &Scheme, problems: &mut Vec<Problem>) {
    let whole = both("Use multiples of `step`", "请使用 `step` 的整数倍");
    for (at, part) in scheme.parts.iter().enumerate().filter(|(_, part)| !part.points.is_whole(scheme.step)) {
        let message = both(
            format!("{} points are no multiple of the step {}", part.points, scheme.step),
            format!("{} 分不是步长 {} 的整数倍", part.points, scheme.step),
        );
        add(problems, format!("part[{at}].points"), message, whole.clone());
    }
    for (at, domain) in scheme.domains.iter().enumerate() {
        let sum: Points = scheme.parts.iter().filter(|part| part.domain == domain.id).map(|part| part.points).sum();
        if sum != domain.points {
            let message = both(
                format!("the parts of `{}` sum to {sum}, not to its {} points", domain.id, domain.points),
                format!("`{}` 各部分合计 {sum} 分，与其 {} 分不符", domain.id, domain.points),
            );
            let mend = both("Change the points of the domain or of its parts", "请修改领域或其各部分的分值");
            add(problems, format!("domain[{at}].points"), message, mend);
        }
    }
}

fn penalties(scheme: &Scheme, problems: &mut Vec<Problem>) {
    let Ok(rules) = Rules::embedded() else { return };
    for (at, penalty) in scheme.penalties.iter().enumerate() {
        if rules.harm(&penalty.harm).is_none() {
            let known: Vec<&str> = rules.harms().iter().map(|harm| harm.id.as_str()).collect();
            let message = both(
                format!("there is no harmful act `{}`", penalty.harm),
                format!("没有 `{}` 这种有害行为", penalty.harm),
            );
            let mend = both(format!("Choose of: {}", known.join(", ")), format!("请从中选择：{}", known.join("、")));
            add(problems, format!("penalty[{at}].harm"), message, mend);
        }
        if penalty.points == Points::ZERO || penalty.most.is_some_and(|most| most < penalty.points) {
            let message =
                both("a penalty takes points off, `most` at least once", "扣分须大于 0，`most` 不得小于单次扣分");
            let mend =
                both("Write `points` above 0 and `most` not below it", "请写大于 0 的 `points` 和不小于它的 `most`");
            add(problems, format!("penalty[{at}].points"), message, mend);
        }
    }
}

/// Whether both languages say something.
fn written(problems: &mut Vec<Problem>, path: impl Into<String>, text: &Bilingual) {
    if text.en.trim().is_empty() || text.zh.trim().is_empty() {
        let message = both("a text is empty in one language", "某一语言的文字为空");
        add(problems, path, message, both("Write it in English and Chinese", "请写出英文和中文"));
    }
}

fn not_an_id(problems: &mut Vec<Problem>, path: &str, id: &str) {
    let message = both(format!("`{id}` is no id"), format!("`{id}` 不是有效的 id"));
    let mend = both("Use lower-case letters, digits and hyphens, at most 60", "请用小写字母、数字和连字符，最多 60 个");
    add(problems, path, message, mend);
}

fn is_id(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty() && id.len() <= 60 && id.chars().all(fits) && !id.starts_with('-') && !id.ends_with('-')
}
