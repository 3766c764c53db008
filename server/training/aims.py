"""Trains what says which of a patient's facts a question aims at, from the labelled questions beside this file.

usage: aims.py QUESTIONS... > lines.txt           what `case play` reads
       aims.py QUESTIONS... --played LINES.jsonl... [--write WEIGHTS.json]

From the repository's root, with numpy and scikit-learn, once for each language:

    python server/training/aims.py server/training/questions-en.txt > en.txt
    target/release/anamnesis case play --json --features --language en < en.txt > en.jsonl
    python server/training/aims.py server/training/questions-en.txt server/training/questions-zh.txt \\
        --played en.jsonl zh.jsonl --write server/src/encounter/aim/weights.json

and in the same way for `questions2-*.txt`, all four files in one call.

The questions, with the facts that answer them, were written for this purpose by people who had not
seen the program. Prints how often the likeliest fact is a right one, whole cases left out. Nothing is
drawn at random: the same lines give the same weights.
"""
import argparse
import json
import re

import numpy as np
from sklearn.linear_model import LogisticRegression

FOLDS = 4
NAMES = ["to_sentence", "to_rubric", "to_questions", "to_names", "mean", "standardised", "lead", "first", "first_of_whole", "among_three", "answers", "answers_by_words", "node", "exact", "other_facet", "others", "in_focus", "in_focus_briefly", "told", "chinese", "odds", "odds_own", "odds_rubric", "odds_lead", "odds_rank", "map", "map_lead", "map_rank", "recall_own", "recall_context", "precision", "facet_same", "facet_other", "facet_missing", "facet_extra", "topic_same", "topic_other", "learned", "learned_of_clause", "learned_share", "learned_joined", "share", "similarity_of_clause", "joined", "lead_recall", "lead_precision", "kin_item_only", "kin_clause_only", "past_item_only", "past_clause_only", "uncontested", "matched_strong", "answer_recall"]


def questions(path):
    """The labelled questions of a file: `== case`, `Q:` what is asked, `A:` the facts, `N:` what else would do."""
    rows, case = [], None
    for line in open(path, encoding="utf-8"):
        mark, _, rest = line.rstrip("\n").partition(" ")
        if mark == "==":
            case = rest.strip()
        elif mark == "Q:":
            rows.append({"case": case, "text": rest.strip(), "wanted": set(), "accepted": set(), "act": None})
        elif mark == "A:":
            act = re.search(r"act:\s*([\w-]+)", rest)
            rows[-1]["act"] = act and act.group(1)
            facts = re.sub(r"deny:.*", "", rest.split("|")[0])
            rows[-1]["wanted"] = {fact.strip() for fact in facts.split(",")} - {"", "-"}
        elif mark == "N:" and "also ok:" in rest:
            rows[-1]["accepted"] = {fact.strip() for fact in re.split("[,;]", rest.split("also ok:")[1])}
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--played", nargs="+")
    parser.add_argument("--write")
    args = parser.parse_args()
    asked = [questions(path) for path in args.questions]
    if not args.played:
        case = None
        for row in asked[0]:
            if row["case"] != case:
                case = row["case"]
                print("==", case)
            print(row["text"])
        return
    rows = []
    for labelled, path in zip(asked, args.played, strict=True):
        for row, line in zip(labelled, open(path, encoding="utf-8"), strict=True):
            played = json.loads(line)
            assert played["question"] == row["text"], (path, row["text"])
            if played.get("aims") and not row["act"]:
                facts = [fact for fact, _, _ in played["aims"]]
                target = np.array([2 if f in row["wanted"] else 1 if f in row["accepted"] else 0 for f in facts])
                rows.append((row["case"], np.array([x for _, _, x in played["aims"]]), target))
    folds = {case: i % FOLDS for i, case in enumerate(sorted({case for case, _, _ in rows}))}
    first = {True: [], False: []}
    for fold in range(FOLDS):
        model = fit([row for row in rows if folds[row[0]] != fold])
        for case, x, target in rows:
            if folds[case] == fold and target.max() == 2:
                first[bool(x[0, NAMES.index("chinese")])].append(target[np.argmax(model.decision_function(x))] > 0)
    for chinese, hits in first.items():
        print("zh" if chinese else "en", f"n {len(hits)} likeliest fact right {np.mean(hits):.3f}, whole cases left out")
    model = fit(rows)
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, model.coef_[0])))
    if args.write:
        weights = {"features": NAMES, "bias": round(float(model.intercept_[0]), 5), "weights": [round(float(w), 5) for w in model.coef_[0]]}
        with open(args.write, "w", encoding="utf-8") as file:
            json.dump(weights, file, separators=(",", ":"))
            file.write("\n")


def fit(rows):
    """Logistic regression on standardised features, its weights for the features as they are."""
    x = np.concatenate([x[target != 1] for _, x, target in rows])
    y = np.concatenate([target[target != 1] == 2 for _, _, target in rows])
    centre, deviation = x.mean(0), np.maximum(x.std(0), 1e-3)
    model = LogisticRegression(C=1.0, max_iter=2000).fit((x - centre) / deviation, y)
    model.coef_ = model.coef_ / deviation
    model.intercept_ = model.intercept_ - (model.coef_ * centre).sum(1)
    return model


if __name__ == "__main__":
    main()
