"""Trains what tells what a student does with an utterance: ask, examine, comfort… (`encounter/deed.rs`).

usage: deeds.py --lines LANGUAGE > lines.txt       what `case play` reads
       deeds.py --played LINES.jsonl... [--write WEIGHTS.json] [--wrong]

From the repository's root, with numpy, scipy and scikit-learn, once for each language:

    python server/training/deeds.py --lines en > en.txt
    target/release/anamnesis case play --json --features --language en < en.txt > en.jsonl
    python server/training/deeds.py --played en.jsonl zh.jsonl --write server/src/encounter/deed/weights.json

Reads `deeds-en.txt` and `deeds-zh.txt` beside this file (a deed, a tab, an utterance), and as utterances that ask what
`questions*.txt` hold. Prints, for utterances left out, how many of those called sure are right, and what share is
called sure. Nothing is drawn at random but the folds, whose seed is fixed: the same lines give the same weights.
"""
import argparse
import collections
import json
import pathlib
import re

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

HERE = pathlib.Path(__file__).parent
SURE, SURE_OF_BLAME = 0.75, 0.9
LONGEST_RUN, FOLDS, LEAST_SEEN, LEAST_WEIGHT = 3, 8, 2, 0.15
OF_VECTOR, STRENGTH, TO_RARE = 3.0, 8.0, 0.3


def tokens(said, language):
    """The words (English) or characters (Chinese) of an utterance, as `deed.rs` reads them."""
    lower = said.lower().replace("’", "'").replace("？", "?").replace("，", ",")
    if language == "en":
        found = re.findall(r"[a-z0-9']+|\?", lower)
    else:
        found = [c for c in lower if c in "?," or c.isalnum()]
    return ["^", *found, "$"]


def runs(said, language):
    """Each different run of one to three tokens, at a weight that makes long utterances no louder."""
    all_tokens = tokens(said, language)
    between = " " if language == "en" else ""
    found = {between.join(all_tokens[at:at + n]) for n in range(1, LONGEST_RUN + 1) for at in range(len(all_tokens) - n + 1)}
    share = 1.0 / np.sqrt(max(len(found), 1))
    return {run: share for run in found}


def lines(language):
    """Pairs of deed and utterance, each utterance once."""
    rows = {}
    for line in (HERE / f"deeds-{language}.txt").read_text(encoding="utf-8").splitlines():
        deed, _, said = line.partition("\t")
        if said.strip():
            rows[said.strip()] = deed.strip()
    for path in sorted(HERE.glob(f"questions*-{language}.txt")):
        said = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("Q:"):
                said = line[2:].strip()
            elif line.startswith("A:") and said and "act:" not in line and line[2:].split("|")[0].strip() not in ("", "-"):
                rows.setdefault(said, "ask")
    return sorted((deed, said) for said, deed in rows.items())


def model(deeds):
    """Rare deeds weigh a little more than their number."""
    count = collections.Counter(deeds)
    weight = {deed: (len(deeds) / seen) ** TO_RARE for deed, seen in count.items()}
    return LogisticRegression(C=STRENGTH, max_iter=3000, class_weight=weight).fit


def features(rows, language, signs):
    """What `deed.rs` weighs: runs, acts of the clauses, and the vector around the mean."""
    said = []
    for _, text in rows:
        acts = {f"<{act}>": 1.0 for act in signs[text][0]}
        said.append(runs(text, language) | acts)
    seen = collections.Counter(run for one in said for run in one)
    reader = DictVectorizer()
    x = reader.fit_transform([{run: weight for run, weight in one.items() if seen[run] >= LEAST_SEEN} for one in said])
    vectors = np.array([signs[text][1] for _, text in rows])
    mean = vectors.mean(0)
    vectors = vectors - mean
    vectors *= OF_VECTOR / np.linalg.norm(vectors, axis=1, keepdims=True)
    return sparse.hstack([x, sparse.csr_matrix(vectors)]).tocsr(), reader.vocabulary_, mean


def train(language, signs):
    rows = [row for row in lines(language) if row[1] in signs]
    x, vocabulary, mean = features(rows, language, signs)
    deeds = np.array([deed for deed, _ in rows])
    names = sorted(set(deeds))
    probability = np.zeros((len(rows), len(names)))
    for fit, left in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, deeds):
        probability[left] = model(deeds[fit])(x[fit], deeds[fit]).predict_proba(x[left])
    called = np.array(names)[probability.argmax(1)]
    sure = probability.max(1) >= np.where(called == "blame", SURE_OF_BLAME, SURE)
    print(f"{language}: {len(rows)} utterances, right {np.mean(called == deeds):.3f}")
    for name in names:
        of, as_ = deeds == name, (called == name) & sure
        right = np.mean(deeds[as_] == name) if as_.any() else float("nan")
        print(f"  {name:8} {of.sum():5} lines, called sure {np.mean(as_[of]):.2f}, right of those called {right:.3f}")
    wrong = [
        (deeds[i], called[i], round(float(probability[i].max()), 2), rows[i][1])
        for i in np.flatnonzero(sure & (called != deeds))
    ]
    fitted = model(deeds)(x, deeds)
    rounded = np.round(fitted.coef_.T, 2).tolist()
    weights = {run: rounded[at] for run, at in vocabulary.items() if max(map(abs, rounded[at])) >= LEAST_WEIGHT}
    made = {
        "deeds": names,
        "bias": [round(float(b), 3) for b in fitted.intercept_],
        "runs": dict(sorted(weights.items())),
        "mean": [round(float(m), 5) for m in mean],
        "vector": rounded[len(vocabulary):],
    }
    return made, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", metavar="LANGUAGE", help="print what `case play` is to read")
    parser.add_argument("--played", nargs="+", default=[])
    parser.add_argument("--write")
    parser.add_argument("--wrong", action="store_true", help="print what was called sure and is wrong")
    args = parser.parse_args()
    if args.lines:
        for at, (_, said) in enumerate(lines(args.lines)):
            # A new consultation now and then: long ones are slow.
            print(("== chest-tightness-lin-58\n" if at % 20 == 0 else "") + said)
        return
    signs = {}
    for path in args.played:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            if row["signs"][1]:  # words that try to steer the machine have no vector
                signs.setdefault(row["language"], {})[row["question"]] = row["signs"]
    made = {}
    for language, of_language in signs.items():
        made[language], wrong = train(language, of_language)
        if args.wrong:
            for row in wrong:
                print("   ", *row)
    if args.write:
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        pathlib.Path(args.write).write_text(text + "\n", encoding="utf-8")
        print({language: len(weights["runs"]) for language, weights in made.items()}, f"{len(text) // 1024} KiB")


if __name__ == "__main__":
    main()
