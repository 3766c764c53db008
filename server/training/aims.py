"""Trains what says which of a patient's facts a question aims at, from the labelled questions beside this file.

usage: aims.py QUESTIONS... > lines.txt           what `case play` reads
       aims.py QUESTIONS... --played LINES.jsonl... [--write WEIGHTS.json]
       aims.py QUESTIONS... --played LINES.jsonl... --closer CLOSER.json --weights WEIGHTS.json

From the repository's root, with numpy and scikit-learn, once for each language:

    python server/training/aims.py server/training/questions-en.txt > en.txt
    target/release/anamnesis case play --json --features --language en < en.txt > en.jsonl
    python server/training/aims.py server/training/questions-en.txt server/training/questions-zh.txt \\
        --played en.jsonl zh.jsonl --write server/src/encounter/aim/weights.json

and in the same way for `questions2-*.txt`, all four files in one call.

With `--closer` it trains the closer look instead: how what `train_reader.py` learned is weighed against these
weights. That takes questions that taught neither: `questions3-*.txt`, of the cases that `taught_reader` names not.

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
CLOSER = ["odds", "read", "read_lead", "read_rank", "higher", "lower", "chinese"]
SUREST, MOST_READ = 6.0, 5
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
    parser.add_argument("--closer")
    parser.add_argument("--weights")
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
    if args.closer:
        write_closer(args, asked)
        return
    rows = []
    for labelled, path in zip(asked, args.played, strict=True):
        for row, line in zip(labelled, open(path, encoding="utf-8"), strict=True):
            played = json.loads(line)
            assert played["question"] == row["text"], (path, row["text"])
            if played.get("aims") and not row["act"]:
                facts = [aim[0] for aim in played["aims"]]
                target = np.array([2 if f in row["wanted"] else 1 if f in row["accepted"] else 0 for f in facts])
                rows.append((row["case"], np.array([aim[2] for aim in played["aims"]]), target))
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


def taught_reader(case):
    """Whether the reader learned from the third set of questions to this case: half of the cases."""
    return sum(map(ord, case)) % 2 == 1


def closer_rows(odds, read, chinese):
    """What `aim/closer.rs` weighs, for each fact that was read."""
    rows = []
    for at, mine in enumerate(read):
        others = [other for place, other in enumerate(read) if place != at]
        rank = sum(other > mine for other in others)
        rows.append([odds[at], mine, mine - max([-SUREST, *others]), rank, max(odds[at], mine), min(odds[at], mine), chinese])
    return np.array(rows)


def write_closer(args, asked):
    weights = json.load(open(args.weights, encoding="utf-8"))
    plain = np.array(weights["weights"])
    groups = []
    for labelled, path in zip(asked, args.played, strict=True):
        for row, line in zip(labelled, open(path, encoding="utf-8"), strict=True):
            played = json.loads(line)
            aims = [aim for aim in played.get("aims") or [] if aim[3] is not None]
            if aims and not row["act"] and not taught_reader(row["case"]):
                aims = sorted(aims, key=lambda aim: -(np.array(aim[2]) @ plain))[:MOST_READ]
                x = np.array([aim[2] for aim in aims])
                odds = np.clip(x @ plain + weights["bias"], -13.8, 13.8)
                read = np.clip([aim[3] for aim in aims], -SUREST, SUREST)
                target = np.array([2 if a[0] in row["wanted"] else 1 if a[0] in row["accepted"] else 0 for a in aims])
                chinese = float(x[0, NAMES.index("chinese")])
                groups.append((row["case"], closer_rows(odds, read, chinese), target))
    folds = {case: i % FOLDS for i, case in enumerate(sorted({case for case, _, _ in groups}))}
    before, after = [], []
    for fold in range(FOLDS):
        model = fit([group for group in groups if folds[group[0]] != fold])
        for case, x, target in groups:
            if folds[case] == fold and target.max() == 2:
                before.append(target[np.argmax(x[:, 0])] > 0)
                after.append(target[np.argmax(model.decision_function(x))] > 0)
    print(f"n {len(after)} likeliest fact right {np.mean(before):.3f} before, {np.mean(after):.3f} after a closer look, whole cases left out")
    model = fit(groups)
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(CLOSER, model.coef_[0])))
    closer = {"features": CLOSER, "bias": round(float(model.intercept_[0]), 5), "weights": [round(float(w), 5) for w in model.coef_[0]]}
    with open(args.closer, "w", encoding="utf-8") as file:
        json.dump(closer, file, separators=(",", ":"))
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
