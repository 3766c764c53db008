"""Whether patients answer what they are asked: labelled questions through `anamnesis case play`.

usage: answers.py BINARY FILE [FILE ...] [--half even|odd] [--list [KIND]] [-- OPTION ...]

A file is named after its language (en.txt, zh.txt) and holds consultations with shipped cases:

    == CASE-ID
    Q: a question
    A: fact, fact                    the facts a right reply tells; `-` where the case has no answer
    A: - | act: empathy              what is said instead of asked
    A: - deny: tinnitus              what a right reply denies
    N: also ok: fact, fact           told instead, or as well, without harm

A question is answered when the facts told include all that are labelled, `or-noted` when at least a
noted one is told in their place, `held back` when the patient does not trust enough yet. Options after `--` go to `case play`, such as `--embedding none`.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

# What a patient may do when something is said to them rather than asked.
FITTING = {
    "greeting": {"greet", "opening", "agree", "comforted", "listen"},
    "empathy": {"comforted", "listen"},
    "summary": {"confirm", "correct"},
    "order": {"comply", "agree"},
    "closing": {"farewell", "wonder", "nothing-more", "volunteer"},
    "advice": {"react", "listen", "comply"},
    "jargon": {"ask-meaning"},
    "off-topic": {"deflect", "listen"},
    "rude": {"offended"},
}


def read(path):
    """The consultations of a file: case id and questions with their labels."""
    consultations = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(":")
        if line.startswith("== "):
            consultations.append((line[3:].strip(), []))
        elif kind == "Q":
            consultations[-1][1].append({"question": rest.strip(), "facts": [], "noted": [], "act": None, "deny": None})
        elif kind in ("A", "N"):
            label(consultations[-1][1][-1], kind, rest)
    return consultations


def label(asked, kind, rest):
    """Adds an `A:` or `N:` line to the question before it."""
    if kind == "N":
        allowed = rest.split("also ok:", 1)[1] if "also ok:" in rest else ""
        asked["noted"] += re.findall(r"[a-z0-9-]+", re.sub(r"\(.*?\)", "", allowed))
        asked["acts_noted"] = [act for act in FITTING if act in rest]
        return
    act = re.search(r"act:\s*([a-z-]+)", rest)
    deny = re.search(r"deny:\s*([^|]+)", rest)
    asked["act"] = act and act.group(1)
    asked["deny"] = deny and deny.group(1).strip()
    facts = re.split(r"\||deny:|act:", rest)[0]
    asked["facts"] = [fact for fact in re.split(r"[,\s]+", facts) if fact and fact != "-"]


def play(binary, language, consultations, options):
    """Every question with what the patient made of it."""
    lines = []
    for case, asked in consultations:
        lines.append(f"== {case}")
        lines += [one["question"] for one in asked]
    command = [binary, "case", "play", "--json", "--language", language, *options]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    replies = (json.loads(line) for line in done.stdout.splitlines())
    return [[{**one, **next(replies)} for one in [dict(one, labelled=one["facts"]) for one in asked]]
            for _, asked in consultations]


def kinds(one):
    """What is wrong with an answer, in a word each."""
    told, labelled, noted = set(one["facts"]), set(one["labelled"]), set(one["noted"])
    wrong = []
    if labelled and not labelled <= told and one["policy"] == "guarded":
        wrong.append("held-back")
    elif labelled and not labelled <= told:
        wrong.append("noted" if told & noted else "part" if labelled & told else "missed")
    if told - labelled - noted and not (one["policy"] == "volunteer" and not labelled):
        wrong.append("overshare" if labelled or noted else "uncalled")
    fitting = FITTING.get(one["act_labelled"], set()).union(*(FITTING[act] for act in one.get("acts_noted", [])))
    if fitting and not labelled and one["policy"] not in fitting and not told & noted:
        wrong.append("manner")
    if not labelled and not one["act_labelled"] and one["policy"] in {"not-understood", "deflect"}:
        wrong.append("no-denial")
    return wrong


def report(name, asked):
    """One line of figures."""
    answerable = [one for one in asked if one["labelled"]]
    nothing = [one for one in asked if not one["labelled"] and not one["act_labelled"]]
    acts = [one for one in asked if not one["labelled"] and one["act_labelled"]]
    share = lambda part, whole: f"{100 * len(part) / max(1, len(whole)):5.1f} % of {len(whole)}"
    having = lambda of, *names: [one for one in of if not set(names) & set(one["wrong"])]
    print(f"{name:9} answered {share(having(answerable, 'noted', 'part', 'missed', 'held-back'), answerable)}"
          f"  or-noted {share(having(answerable, 'part', 'missed', 'held-back'), answerable)}"
          f"  held back {len([o for o in answerable if 'held-back' in o['wrong']])}"
          f"  overshared {share([o for o in answerable if 'overshare' in o['wrong']], answerable)}"
          f"  nothing-to-tell answered with a fact {share([o for o in nothing if 'uncalled' in o['wrong']], nothing)}"
          f"  manner {share(having(acts, 'manner', 'uncalled'), acts)}")


def main():
    """Plays, counts and lists."""
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    half = arguments[arguments.index("--half") + 1] if "--half" in arguments else None
    listing = "--list" in arguments
    wanted = {"noted", "part", "missed", "overshare", "uncalled", "manner", "no-denial", "held-back"} & set(arguments)
    paths = [pathlib.Path(one) for one in arguments[1:] if one.endswith(".txt")]
    if len(arguments) < 2 or not paths:
        sys.exit(__doc__)
    for path in paths:
        consultations = read(path)
        for _, asked in consultations:
            for one in asked:
                one["act_labelled"] = one.pop("act")
        halves = {"odd": consultations[0::2], "even": consultations[1::2]}
        for name in [half] if half else ["even", "odd"]:
            asked = [one for consultation in play(arguments[0], path.stem, halves[name], options) for one in consultation]
            for one in asked:
                one["wrong"] = kinds(one)
            report(f"{path.stem} {name}", asked)
            if listing:
                show(asked, wanted)


def show(asked, wanted):
    """The failures, by kind."""
    by_kind = collections.defaultdict(list)
    for one in asked:
        for kind in one["wrong"]:
            by_kind[kind].append(one)
    for kind, failures in sorted(by_kind.items()):
        if wanted and kind not in wanted:
            continue
        print(f"\n-- {kind}: {len(failures)}")
        for one in failures:
            topics = " ".join(f"{hit['topic']}:{hit['score']:.2f}{hit['method'][0]}" for hit in one["topics"])
            print(f"{one['case']}\n   Q {one['question']}\n   R {one['reply']}  [{one['policy']}/{one['act']}]\n"
                  f"   told {' '.join(one['facts']) or '-'}; wanted {' '.join(one['labelled']) or '-'}"
                  f"{' (noted ' + ' '.join(one['noted']) + ')' if one['noted'] else ''}"
                  f"{' act ' + one['act_labelled'] if one['act_labelled'] else ''}; heard {topics or '-'}")


if __name__ == "__main__":
    main()
