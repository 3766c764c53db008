"""Trains the grader's classifier from the consultations beside this file.

usage: train.py FEATURES.jsonl LONGER-FEATURES.jsonl [--write FOLDER] [--evaluate OTHER-FEATURES.jsonl LABELS.json]

From the repository's root, with numpy and scikit-learn 1.9 (a virtual environment outside the tree will do):

    python server/training/lines.py all > lines.jsonl
    target/release/anamnesis grade --jsonl --features < lines.jsonl > features.jsonl
    python server/training/lengthen.py features.jsonl > longer.jsonl
    target/release/anamnesis grade --jsonl --features < longer.jsonl > longer-features.jsonl
    python server/training/train.py features.jsonl longer-features.jsonl --write server/src/assessment

This writes exactly the weights that are committed, the threshold for an examiner included: it is the
lowest confidence at which the items kept are wrong no more often than PROMISED_ERROR, measured leaving
whole consultations out, each with its lengthened form. `--evaluate` measures on others, with labels of one's
own. Nothing is drawn at random: the same features give the same weights. Whoever changes words, features or
consultations trains again.
"""
import argparse
import copy
import json
import pathlib

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from consultations import all_consultations, hard_consultations, reader_was_taught
from lengthen import longer_consultations

ITEM = ["best", "second", "rivals", "lead", "told_own", "told_context", "chinese", "asking"]
# Features of an item's best clause that are weighed once more; `OF_BEST` in classifier.rs.
OF_BEST = ["recall_own", "recall_turn", "precision", "alternative_own", "matched_strong", "topic_same", "topic_other", "facet_same", "facet_other", "facet_missing", "asks_by_form", "checks", "advice", "other_act", "similarity", "similarity_of_clause", "similarity_to_best_clause", "share", "joined", "answer_recall", "clause_length", "item_size", "advice_near", "lead_recall", "lead_precision", "kin_item_only", "kin_clause_only", "past_item_only", "conditional", "uncontested", "named_whole"]
TELL = ["asked", "answered", "answer_length", "answer_unknown", "told_own", "told_context", "chinese"]
LOWEST, HIGHEST = -5.0, 4.0
SUREST = 9.0
FOLDS = 6
# The hard consultations hold far more near-misses than any real one.
WEIGHT_OF_HARD = 0.3
# What is nought without an embedder.
OF_VECTORS = ["similarity", "similarity_of_clause", "similarity_to_best_clause", "share", "joined", "embedded", "learned", "learned_of_clause", "learned_to_best", "learned_share", "learned_joined", "learned_of_item"]
# Share of wrong verdicts among those that are not sent to an examiner.
PROMISED_ERROR = 0.06


class Consultation:
    """One consultation's features: x[item][clause], turns of the clauses, labels."""

    def __init__(self, row, labels):
        self.id, self.chinese, self.names = row["id"], float(row["chinese"]), row["features"]
        self.group, self.longer = self.id.rstrip("+"), self.id.endswith("+")
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
        # What the reader makes of the likeliest turns: [turn, log-odds], the likeliest first.
        self.read = [[odds for _, odds in item.get("read") or []] for item in row["items"]]
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
    """The features of items, computed as the grader does: ITEM, the best clause's, the highest of all clauses."""
    rows, bests = [], []
    asking = np.log1p((c.x[0, :, c.names.index("asks_by_form")] > 0).sum())
    for i in range(len(c.items)):
        order = sorted(range(odds.shape[1]), key=lambda k: (-odds[i, k], k))
        best = order[0]
        second = next((k for k in order if c.turns[k] != c.turns[best]), None)
        top = float(np.clip(odds[i, best], LOWEST, HIGHEST))
        others = np.delete(odds[:, best], i)
        rival = max(LOWEST, others.max()) if len(others) else LOWEST
        own = [top, LOWEST if second is None else float(np.clip(odds[i, second], LOWEST, HIGHEST)), min((odds[:, best] > 0).sum(), 6) / 3, np.clip(top - rival, -4, 4), *c.telling[i], c.chinese, asking]
        rows.append([*own, *c.x[i, best], *c.x[i].max(0)])
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


class ItemModel:
    """Was an item asked anywhere? The mean of what a regression and boosted trees say, in log-odds."""

    def __init__(self, x, y, weight, names):
        self.columns = list(range(len(ITEM))) + [len(ITEM) + names.index(name) for name in OF_BEST]
        self.linear = fit(x[:, self.columns], y, 0.1, weight)
        self.trees = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0, max_features=0.3, early_stopping=False, random_state=0).fit(x, y, sample_weight=weight)

    def probability(self, x):
        said = [self.linear.decision_function(x[:, self.columns]), self.trees.decision_function(x)]
        return 1 / (1 + np.exp(-np.mean([np.clip(odds, -SUREST, SUREST) for odds in said], 0)))


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


def trees(model, names):
    """Nodes as the program reads them: [feature, threshold, child up to it, child above it], or a leaf's answer."""
    def node(n):
        if n["is_leaf"]:
            return round(float(n["value"]), 5)
        return [int(n["feature_idx"]), round(float(n["num_threshold"]), 6), int(n["left"]), int(n["right"])]

    grown = [[node(n) for n in stage[0].nodes] for stage in model._predictors]
    return {"features": names, "bias": round(float(model._baseline_prediction.ravel()[0]), 5), "trees": grown}


def folds(consultations):
    """Whole consultations are left out, each with its lengthened form."""
    groups = {group: at % FOLDS for at, group in enumerate(sorted({c.group for c in consultations}))}
    for fold in range(FOLDS):
        out = [groups[c.group] == fold for c in consultations]
        yield [i for i, o in enumerate(out) if not o], [i for i, o in enumerate(out) if o]


def fit_told(x, y):
    """Did the patient give it?"""
    return LogisticRegression(C=0.5, max_iter=1000).fit(x, y)


def load(path, labels):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    return [Consultation(row, labels[row["id"]]) for row in rows]


def held_out(train, of, fitted, ask):
    """What models fitted without each consultation say of it."""
    said = {}
    for inside, outside in folds(train):
        model = fitted([train[i] for i in inside], inside)
        for i in outside:
            said[i] = ask(model, of[i])
    return [said[i] for i in range(len(train))]


def by_words(consultations):
    """The same consultations as they are read without an embedder."""
    bare = []
    for c in consultations:
        words = copy.copy(c)
        words.x = c.x.copy()
        words.x[:, :, [c.names.index(name) for name in OF_VECTORS]] = 0
        bare.append(words)
    return bare


def fit_all(train, usual):
    """The models of clauses, of items and of what was told, and the confidence below which an examiner decides."""
    names = train[0].names
    weight = [1.0 if c.group in usual else WEIGHT_OF_HARD for c in train]
    odds = held_out(train, train, lambda inside, _: fit_pair(inside), odds_of)
    held = [item_rows(c, o) for c, o in zip(train, odds)]
    gather = lambda ids, values: np.concatenate([values[i] for i in ids])
    known = [rows[c.known] for c, (rows, _) in zip(train, held)]
    asked = [c.asked[c.known] for c in train]
    heavy = [np.full(len(c.known), w) for c, w in zip(train, weight)]
    fit_items = lambda ids: ItemModel(gather(ids, known), gather(ids, asked), gather(ids, heavy), names)
    p = held_out(train, [rows for rows, _ in held], lambda _, ids: fit_items(ids), lambda model, rows: model.probability(rows))
    chosen = lambda test: [i for i, c in enumerate(train) if test(c)]
    sure = lambda ids: (gather(ids, [q[c.known] for q, c in zip(p, train)]), gather(ids, asked))
    everyday = chosen(lambda c: c.group in usual)
    level = threshold(*sure(everyday))
    print("cross-validated, whole consultations left out; review below", level)
    sets = {
        "all 42": lambda c: c.group in usual and not c.longer,
        "all 42, en": lambda c: c.group in usual and not c.longer and not c.chinese,
        "all 42, zh": lambda c: c.group in usual and not c.longer and c.chinese,
        "all 42, lengthened": lambda c: c.group in usual and c.longer,
        "100 hard": lambda c: c.group not in usual and not c.longer,
        "100 hard, lengthened": lambda c: c.group not in usual and c.longer,
    }
    for name, test in sets.items():
        show(name, *sure(chosen(test)), level)
    calibration(*sure(everyday))
    # What patients tell is labelled in the everyday consultations only.
    told_in = chosen(lambda c: c.group in usual and not c.longer)
    rows_told = [tell_rows(train[i], p[i], held[i][1])[train[i].told_known] for i in told_in]
    given = [train[i].elicited[train[i].told_known] for i in told_in]
    ids = list(range(len(told_in)))
    fit_given = lambda ids: fit_told(gather(ids, rows_told), gather(ids, given))
    q = held_out([train[i] for i in told_in], rows_told, lambda _, ids: fit_given(ids), lambda model, rows: model.predict_proba(rows)[:, 1])
    show("elicited", gather(ids, q), gather(ids, given), 0.5)
    everything = list(range(len(train)))
    return (fit_pair(train), fit_items(everything), fit_given(ids)), level, p


CLOSER = ["odds", "read", "read_next", "read_of_best", "higher", "lower", "chinese"]
SUREST_READER, NOT_READ, CERTAIN = 6.0, -6.0, 4.5


def log_odds(p):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def closer_rows(c, p):
    """What `assessment/closer.rs` weighs, for every item."""
    rows = []
    for odds, read in zip(log_odds(p), c.read):
        read = np.clip(read, -SUREST_READER, SUREST_READER)
        first, second = [*sorted(read, reverse=True), NOT_READ, NOT_READ][:2]
        rows.append([odds, first, second, read[0] if len(read) else NOT_READ, max(odds, first), min(odds, first), c.chinese])
    return np.array(rows)


def looked_closer(model, c, p):
    """The probabilities after the closer look; what is certain is left alone."""
    open_ = np.abs(log_odds(p)) < CERTAIN
    return np.where(open_, model.predict_proba(closer_rows(c, p))[:, 1], p)


def fit_closer(train, p, usual):
    """How the reader's verdict is weighed against the others', and the confidence below which an examiner
    decides. Consultations that taught the reader are left out."""
    taught = reader_was_taught()
    fresh = [i for i, c in enumerate(train) if not c.longer and c.group not in taught]
    of, said = [train[i] for i in fresh], [p[i] for i in fresh]

    def fitted(ids):
        parts = []
        for i in ids:
            c, odds = of[i], np.abs(log_odds(said[i]))
            rows = [k for k in c.known if odds[k] < CERTAIN]
            parts.append((closer_rows(c, said[i])[rows], c.asked[rows], np.full(len(rows), 1.0 if c.group in usual else WEIGHT_OF_HARD)))
        x, y, weight = (np.concatenate(part) for part in zip(*parts))
        return fit(x, y, 0.3, weight)

    q = {}
    for inside, outside in folds(of):
        model = fitted(inside)
        for i in outside:
            q[i] = looked_closer(model, of[i], said[i])
    gather = lambda ids: (np.concatenate([q[i][of[i].known] for i in ids]), np.concatenate([of[i].asked[of[i].known] for i in ids]))
    before = lambda ids: (np.concatenate([said[i][of[i].known] for i in ids]), gather(ids)[1])
    everyday = [i for i, c in enumerate(of) if c.group in usual]
    level = threshold(*gather(everyday))
    print("after a closer look; review below", level)
    for name, ids in [("all 42", everyday), ("all 42, en", [i for i in everyday if not of[i].chinese]), ("all 42, zh", [i for i in everyday if of[i].chinese]), ("50 hard, not taught", [i for i, c in enumerate(of) if c.group not in usual])]:
        show(name + ", before", *before(ids), level)
        show(name + ", after", *gather(ids), level)
    calibration(*gather(everyday))
    return fitted(list(range(len(of)))), level


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("features")
    parser.add_argument("longer")
    parser.add_argument("--write")
    parser.add_argument("--evaluate", nargs=2)
    args = parser.parse_args()
    plain = all_consultations()
    usual = {c["id"] for c in plain}
    labels = {c["id"]: c["labels"] for c in plain + hard_consultations() + longer_consultations(args.features)}
    train = load(args.features, labels) + load(args.longer, labels)
    names = train[0].names
    other = load(args.evaluate[0], json.load(open(args.evaluate[1], encoding="utf-8"))) if args.evaluate else []
    weights, grown, closer = {}, {}, {}
    for name, consultations, tested in [("with_vectors", train, other), ("words_alone", by_words(train), by_words(other))]:
        print("==", name.replace("_", " "))
        (pair, item, told), level, p = fit_all(consultations, usual)
        weights[name] = {"pair": linear(pair, names), "item": linear(item.linear, ITEM + OF_BEST), "told": linear(told, TELL), "review_below": level}
        grown[name] = trees(item.trees, ITEM + names + names)
        evaluate(tested, pair, item, told, level)
        if any(read for c in consultations for read in c.read) and name == "with_vectors":
            model, level = fit_closer(consultations, p, usual)
            closer = {"asked": linear(model, CLOSER), "review_below": level}
            evaluate(tested, pair, item, told, level, model)
    for name, what in [("weights.json", weights), ("trees.json", grown), ("closer.json", closer)] if args.write else []:
        with open(pathlib.Path(args.write) / name, "w", encoding="utf-8") as file:
            json.dump(what, file, separators=(",", ":"))
            file.write("\n")


def evaluate(tested, pair, item, told, level, closer=None):
    for name, of in [("other en", [c for c in tested if not c.chinese]), ("other zh", [c for c in tested if c.chinese])]:
        if of:
            read = [item_rows(c, odds_of(pair, c)) for c in of]
            ps = [item.probability(rows) for rows, _ in read]
            ps = [looked_closer(closer, c, p) for c, p in zip(of, ps)] if closer else ps
            es = [told.predict_proba(tell_rows(c, p, bests))[:, 1][c.known] for c, p, (_, bests) in zip(of, ps, read)]
            show(name, np.concatenate([p[c.known] for p, c in zip(ps, of)]), np.concatenate([c.asked[c.known] for c in of]), level)
            show(name + " elicited", np.concatenate(es), np.concatenate([c.elicited[c.known] for c in of]), 0.5)


if __name__ == "__main__":
    main()
