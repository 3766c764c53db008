"""Trains the grader's classifier from the consultations beside this file.

usage: train.py FEATURES.jsonl [--write WEIGHTS.json] [--evaluate OTHER-FEATURES.jsonl [LABELS.json]]

From the repository's root, with numpy and scikit-learn (a virtual environment outside the tree will do):

    python server/training/lines.py > lines.jsonl
    target/release/anamnesis grade --jsonl --features < lines.jsonl > features.jsonl
    python server/training/train.py features.jsonl --write server/src/assessment/weights.json

This writes exactly the weights that are committed, the threshold for an examiner included: it is the
lowest confidence at which the items kept are wrong no more often than PROMISED_ERROR, measured leaving
whole consultations out. `--evaluate` measures on others: those of `lines.py hard`, or any with labels
of one's own. Nothing is drawn at random: the same features give the same weights. Whoever
changes words, features or consultations trains again. FEATURES.jsonl is in the order of `lines.py`.
"""
import argparse
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consultations import all_consultations, hard_consultations

ITEM = ["best", "second", "rivals", "lead", "told_own", "told_context", "chinese"]
# Features of an item's best clause that are weighed once more; `OF_BEST` in classifier.rs.
OF_BEST = ["recall_own", "recall_turn", "precision", "alternative_own", "matched_strong", "topic_same", "topic_other", "facet_same", "facet_other", "facet_missing", "asks_by_form", "checks", "advice", "other_act", "similarity", "similarity_of_clause", "similarity_to_best_clause", "share", "joined", "answer_recall", "clause_length", "item_size", "advice_near", "lead_recall", "lead_precision", "kin_item_only", "kin_clause_only", "past_item_only", "conditional", "uncontested", "named_whole"]
TELL = ["asked", "answered", "answer_length", "answer_unknown", "told_own", "told_context", "chinese"]
LOWEST, HIGHEST = -5.0, 4.0
FOLDS = 9
# Share of wrong verdicts among those that are not sent to an examiner.
PROMISED_ERROR = 0.06


class Consultation:
    """One consultation's features: x[item][clause], turns of the clauses, labels."""

    def __init__(self, row, labels):
        self.id, self.chinese, self.names = row["id"], float(row["chinese"]), row["features"]
        self.items = [item["id"] for item in row["items"]]
        self.turns = np.array([pair["turn"] for pair in row["items"][0]["pairs"]])
        self.x = np.array([[pair["x"] for pair in item["pairs"]] for item in row["items"]], dtype=np.float32)
        self.telling = np.array([item["telling"] for item in row["items"]])
        self.answers = np.array(row["answers"])
        # Near-misses were written as not asked; whether the patient happens to tell them was not labelled.
        self.told_known = np.array([not (item[0] == "n" and item[1:].isdigit()) for item in self.items])
        self.known = [i for i, item in enumerate(self.items) if item in labels]
        self.asked = np.array([labels.get(item, {}).get("asked", False) for item in self.items])
        self.elicited = np.array([labels.get(item, {}).get("elicited", False) for item in self.items])
        self.where = [set(labels.get(item, {}).get("turns", [])) for item in self.items]

    def pairs(self, odds=None):
        """Rows and targets: the best clause of a turn that asks is positive, its others are unknown.

        Which clause is best says `odds` of an earlier model; without one, what words they share."""
        column = {name: i for i, name in enumerate(self.names)}
        rows, targets, weights = [], [], []
        for i in self.known:
            inside = np.isin(self.turns, list(self.where[i])) if self.asked[i] else np.zeros(len(self.turns), bool)
            x = self.x[i]
            fit = sum(w * x[:, column[n]] for n, w in [("recall_own", 1.0), ("alternative_own", 1.0), ("topic_same", 1.0), ("facet_same", 0.6), ("share", 1.0), ("recall_turn", 0.3), ("recall_context", 0.3), ("asks_by_form", 0.4)])
            if odds is not None:
                fit = odds[i]
            if inside.any():
                for turn in self.where[i]:
                    clauses = np.flatnonzero(self.turns == turn)
                    if len(clauses):
                        rows.append(x[clauses[np.argmax(fit[clauses])]])
                        targets.append(1)
                        weights.append(1.0)
            likely = (x[:, column["recall_own"]] > 0) | (x[:, column["alternative_own"]] > 0) | (x[:, column["share"]] > 0.04) | (x[:, column["joined"]] > 1.0)
            for clause in np.flatnonzero(~inside):
                # Pairs that have nothing in common are many and alike: one in eight stands for all.
                if likely[clause] or (clause + i) % 8 == 0:
                    rows.append(x[clause])
                    targets.append(0)
                    weights.append(1.0 if likely[clause] else 8.0)
        return np.array(rows), np.array(targets), np.array(weights)


def item_rows(c, odds):
    """The ITEM features, computed as the grader does."""
    rows, bests = [], []
    columns = [c.names.index(name) for name in OF_BEST]
    for i in range(len(c.items)):
        order = sorted(range(odds.shape[1]), key=lambda k: (-odds[i, k], k))
        best = order[0]
        second = next((k for k in order if c.turns[k] != c.turns[best]), None)
        top = float(np.clip(odds[i, best], LOWEST, HIGHEST))
        others = np.delete(odds[:, best], i)
        rival = max(LOWEST, others.max()) if len(others) else LOWEST
        rows.append([top, LOWEST if second is None else float(np.clip(odds[i, second], LOWEST, HIGHEST)), min((odds[:, best] > 0).sum(), 6) / 3, np.clip(top - rival, -4, 4), *c.telling[i], c.chinese, *c.x[i, best, columns]])
        bests.append(best)
    return np.array(rows), bests


def tell_rows(c, asked, bests):
    rows = []
    for i, best in enumerate(bests):
        answered, length, unknown = c.answers[best]
        rows.append([asked[i], asked[i] * answered, length, unknown, *c.telling[i], c.chinese])
    return np.array(rows)


def fit(x, y, strength, weight=None):
    """Logistic regression on standardised features, its weights for the features as they are."""
    mean, deviation = x.mean(0), np.maximum(x.std(0), 1e-3)
    model = LogisticRegression(C=strength, max_iter=1000).fit((x - mean) / deviation, y, sample_weight=weight)
    model.coef_ = model.coef_ / deviation
    model.intercept_ = model.intercept_ - (model.coef_ * mean).sum(1)
    return model


def fit_pair(consultations):
    """Does a clause ask an item? Fitted thrice: each model says to the next which clause of a turn asks."""
    model = None
    for _ in range(3):
        chosen = [c.pairs(None if model is None else odds_of(model, c)) for c in consultations]
        x, y, w = (np.concatenate(parts) for parts in zip(*chosen))
        model = fit(x, y, 0.02, w)
    return model


def fit_item(x, y):
    """Was an item asked anywhere?"""
    return fit(x, y, 0.1)


def odds_of(model, c):
    """Log-odds of every item and clause; what is asked of relatives asks nothing of the patient, as in the grader."""
    shape = c.x.shape
    odds = model.decision_function(c.x.reshape(-1, shape[2])).reshape(shape[:2])
    return np.where(c.x[:, :, c.names.index("kin_clause_only")] > 0, np.minimum(odds, LOWEST), odds)


def kappa(a, b):
    a, b = np.asarray(a, bool), np.asarray(b, bool)
    po, pe = (a == b).mean(), a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
    return (po - pe) / (1 - pe)


def threshold(p, y):
    """The smallest confidence from which on the items kept are within the promise."""
    confidence, wrong = np.maximum(p, 1 - p), (p >= 0.5) != y
    for level in np.arange(0.5, 0.99, 0.005):
        kept = confidence >= level
        if kept.any() and wrong[kept].mean() <= PROMISED_ERROR:
            return round(float(level), 3)
    return 0.99


def show(name, p, y, level):
    confidence, right = np.maximum(p, 1 - p), (p >= 0.5) == y
    kept = confidence >= level
    print(f"{name:24} n {len(y):4} accuracy {right.mean():.3f} kappa {kappa(p >= 0.5, y):.3f} | kept {kept.mean():.3f} accuracy {right[kept].mean():.3f} kappa {kappa(p[kept] >= 0.5, y[kept]):.3f}")


def calibration(p, y):
    confidence, right = np.maximum(p, 1 - p), (p >= 0.5) == y
    error = 0.0
    for low in np.arange(0.5, 1.0, 0.1):
        inside = (confidence >= low) & (confidence < low + 0.1 + (low > 0.85) * 0.01)
        if inside.any():
            print(f"  confidence {low:.1f}-{low + 0.1:.1f}: n {inside.sum():4} said {confidence[inside].mean():.3f} right {right[inside].mean():.3f}")
            error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    print(f"  expected calibration error {error:.3f}")


def linear(model, names):
    return {"features": names, "bias": round(float(model.intercept_[0]), 5), "weights": [round(float(w), 5) for w in model.coef_[0]]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("features")
    parser.add_argument("--write")
    parser.add_argument("--evaluate", nargs="+")
    args = parser.parse_args()
    labels = {c["id"]: c["labels"] for c in all_consultations()}
    rows = [json.loads(line) for line in open(args.features, encoding="utf-8")]
    train = [Consultation(row, labels[row["id"]]) for row in rows]
    out = {}
    for fold, (inside, outside) in enumerate(GroupKFold(FOLDS).split(train, groups=[c.id for c in train])):
        model = fit_pair([train[i] for i in inside])
        for i in outside:
            out[i] = odds_of(model, train[i])
    held = [item_rows(c, out[i]) for i, c in enumerate(train)]
    x = np.concatenate([rows for rows, _ in held])
    y = np.concatenate([c.asked for c in train])
    zh = np.concatenate([[c.chinese] * len(c.items) for c in train])
    groups = np.concatenate([[i] * len(c.items) for i, c in enumerate(train)])
    p = np.zeros(len(y))
    for inside, outside in GroupKFold(FOLDS).split(x, groups=groups):
        p[outside] = fit_item(x[inside], y[inside]).predict_proba(x[outside])[:, 1]
    level = threshold(p, y)
    print("cross-validated, whole consultations left out; review below", level)
    show("all", p, y, level)
    show("en", p[zh == 0], y[zh == 0], level)
    show("zh", p[zh == 1], y[zh == 1], level)
    calibration(p, y)
    item = fit_item(x, y)
    tell = np.concatenate([c.told_known for c in train])
    starts = np.cumsum([0] + [len(c.items) for c in train])
    xt = np.concatenate([tell_rows(c, p[starts[i]:starts[i + 1]], held[i][1]) for i, c in enumerate(train)])
    xt, groups = xt[tell], groups[tell]
    yt = np.concatenate([c.elicited for c in train])[tell]
    pt = np.zeros(len(yt))
    for inside, outside in GroupKFold(FOLDS).split(xt, groups=groups):
        pt[outside] = LogisticRegression(C=0.5, max_iter=1000).fit(xt[inside], yt[inside]).predict_proba(xt[outside])[:, 1]
    show("elicited", pt, yt, 0.5)
    told = LogisticRegression(C=0.5, max_iter=1000).fit(xt, yt)
    pair = fit_pair(train)
    names = train[0].names
    print("pair weights:", ", ".join(f"{n} {w:.2f}" for n, w in zip(names, pair.coef_[0])))
    print("item weights:", ", ".join(f"{n} {w:.2f}" for n, w in zip(ITEM + OF_BEST, item.coef_[0])))
    if args.write:
        weights = {"pair": linear(pair, names), "item": linear(item, ITEM + OF_BEST), "told": linear(told, TELL), "review_below": level}
        with open(args.write, "w", encoding="utf-8") as file:
            json.dump(weights, file, separators=(",", ":"))
            file.write("\n")
    if args.evaluate:
        hard = {c["id"]: c["labels"] for c in hard_consultations()}
        other = json.load(open(args.evaluate[1], encoding="utf-8")) if args.evaluate[1:] else hard
        tested = [Consultation(json.loads(line), other[json.loads(line)["id"]]) for line in open(args.evaluate[0], encoding="utf-8")]
        evaluate(tested, pair, item, told, level)


def evaluate(tested, pair, item, told, level):
    for name, chosen in [("other en", [c for c in tested if not c.chinese]), ("other zh", [c for c in tested if c.chinese])]:
        if chosen:
            ps, ys, pe, ye = [], [], [], []
            for c in chosen:
                rows, bests = item_rows(c, odds_of(pair, c))
                p = item.predict_proba(rows)[:, 1]
                e = told.predict_proba(tell_rows(c, p, bests))[:, 1]
                ps += list(p[c.known]); ys += list(c.asked[c.known]); pe += list(e[c.known]); ye += list(c.elicited[c.known])
            show(name, np.array(ps), np.array(ys), level)
            show(name + " elicited", np.array(pe), np.array(ye), 0.5)


if __name__ == "__main__":
    main()
