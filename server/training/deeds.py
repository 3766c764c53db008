"""Trains what tells what a student does with an utterance: ask, examine, comfort… (`encounter/deed.rs`).

usage: deeds.py [--write server/src/encounter/deed/weights.json]

From the repository's root, with numpy, scipy and scikit-learn. Reads `deeds-en.txt` and `deeds-zh.txt` beside this file
(a deed, a tab, an utterance), and as questions that ask what `questions*.txt` hold. Prints, for utterances left
out, how many of those called sure are right, and what share is called sure. Nothing is drawn at random but the
folds, whose seed is fixed: the same lines give the same weights.
"""
import argparse
import collections
import json
import pathlib
import re

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

HERE = pathlib.Path(__file__).parent
SURE, SURE_OF_BLAME = 0.8, 0.9
LONGEST_RUN, FOLDS, LEAST_SEEN, LEAST_WEIGHT = 3, 8, 2, 0.08
STRENGTH = 30.0


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


def model():
    return LogisticRegression(C=STRENGTH, max_iter=3000)


def train(language):
    rows = lines(language)
    said = [runs(text, language) for _, text in rows]
    deeds = np.array([deed for deed, _ in rows])
    seen = collections.Counter(run for one in said for run in one)
    said = [{run: weight for run, weight in one.items() if seen[run] >= LEAST_SEEN} for one in said]
    reader = DictVectorizer()
    x = reader.fit_transform(said)
    names = sorted(set(deeds))
    probability = np.zeros((len(rows), len(names)))
    for fit, left in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, deeds):
        probability[left] = model().fit(x[fit], deeds[fit]).predict_proba(x[left])
    best = probability.argmax(1)
    called = np.array(names)[best]
    sure = probability.max(1) >= np.where(called == "blame", SURE_OF_BLAME, SURE)
    print(f"{language}: {len(rows)} utterances, right {np.mean(called == deeds):.3f}")
    for name in names:
        of, as_ = deeds == name, (called == name) & sure
        right = np.mean(deeds[as_] == name) if as_.any() else float("nan")
        print(f"  {name:8} {of.sum():5} lines, called sure {np.mean(as_[of]):.2f}, right of those called {right:.3f}")
    wrong = [(deeds[i], called[i], round(float(probability[i].max()), 2), rows[i][1]) for i in np.flatnonzero(sure & (called != deeds))]
    fitted = model().fit(x, deeds)
    weights = {
        run: [round(float(w), 2) for w in fitted.coef_[:, at]]
        for run, at in reader.vocabulary_.items()
        if np.abs(fitted.coef_[:, at]).max() >= LEAST_WEIGHT * STRENGTH ** 0.5
    }
    return {"deeds": names, "bias": [round(float(b), 3) for b in fitted.intercept_], "runs": dict(sorted(weights.items()))}, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write")
    parser.add_argument("--wrong", action="store_true", help="print what was called sure and is wrong")
    args = parser.parse_args()
    made = {}
    for language in ("en", "zh"):
        made[language], wrong = train(language)
        if args.wrong:
            for row in wrong:
                print("   ", *row)
    if args.write:
        pathlib.Path(args.write).write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        print({language: len(weights["runs"]) for language, weights in made.items()})


if __name__ == "__main__":
    main()
