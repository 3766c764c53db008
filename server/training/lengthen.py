"""Prints each consultation again, lengthened by turns of another one that ask nothing of its rubric.

usage: lengthen.py FEATURES.jsonl > longer.jsonl

FEATURES.jsonl is what `anamnesis grade --jsonl --features` makes of `lines.py all`. Real consultations are
three times as long as those beside this file, and most of what is asked in them is on no rubric: something
comes near an item by chance far more often. Put in are turns that ask items of the other rubric which are
unlike every item of this one (centred cosine of their vectors below UNLIKE), and turns that ask nothing.
What is drawn is drawn from a fixed seed.
"""
import json
import random
import re
import sys

import numpy as np

from consultations import all_consultations, hard_consultations

UNLIKE = 0.45
SEED = 5
# What may ask, so that a turn without labels is left out when it does.
ASKS = re.compile(r"[?？]|吗|呢|什么|怎么|几|多少|有没有|是不是|\b(any|do you|have you|did you|are you|is it|what|when|where|how|which|who|does)\b", re.I)


def vectors(path):
    """Item vectors by consultation, centred by language, of length one."""
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    raw = {row["id"]: np.array([item["vector"] for item in row["items"]]) for row in rows}
    chinese = {row["id"]: row["chinese"] for row in rows}
    mean = {flag: np.concatenate([raw[id] for id in raw if chinese[id] == flag]).mean(0) for flag in (False, True)}
    centred = {id: raw[id] - mean[chinese[id]] for id in raw}
    return {id: v / np.linalg.norm(v, axis=1, keepdims=True) for id, v in centred.items()}


def exchanges(donor, host, near):
    """Turns of `donor`, each with its answer, that ask nothing of `host`."""
    asks = {}
    for at, item in enumerate(donor["items"]):
        for turn in donor["labels"][item["id"]].get("turns", []):
            asks.setdefault(turn, []).append(at)
    chosen = []
    for turn, said in enumerate(donor["turns"]):
        if said["speaker"] == "patient":
            continue
        if turn in asks:
            fits = max(float((near[host["id"]] @ near[donor["id"]][at]).max()) for at in asks[turn]) < UNLIKE
        else:
            fits = not ASKS.search(said["text"])
        if fits:
            reply = donor["turns"][turn + 1 : turn + 2]
            chosen.append([said] + [r for r in reply if r["speaker"] == "patient"])
    return chosen


def lengthened(host, donor, near, dice):
    """`host` with exchanges of `donor` put in, two to six at a place; labels move along."""
    extra = exchanges(donor, host, near)
    places = [at for at, turn in enumerate(host["turns"]) if turn["speaker"] != "patient"][1:] or [0]
    inside = {}
    while extra:
        size, place = dice.randint(2, 6), dice.choice(places)
        inside.setdefault(place, []).extend(turn for exchange in extra[:size] for turn in exchange)
        extra = extra[size:]
    turns, moved = [], {}
    for at, turn in enumerate(host["turns"]):
        turns += inside.get(at, [])
        moved[at] = len(turns)
        turns.append(turn)
    labels = {id: {**label, "turns": [moved[t] for t in label.get("turns", [])]} for id, label in host["labels"].items()}
    return {**host, "id": host["id"] + "+", "turns": turns, "labels": labels}


def longer_consultations(features):
    """All consultations, lengthened."""
    near, dice = vectors(features), random.Random(SEED)
    everything = all_consultations() + hard_consultations()
    family = lambda c: c["id"].split("-")[0]
    longer = []
    for host in everything:
        others = [c for c in everything if c["language"] == host["language"] and c["id"] != host["id"]]
        donors = [c for c in others if family(c) != family(host)] or others
        longer.append(lengthened(host, dice.choice(donors), near, dice))
    return longer


if __name__ == "__main__":
    for c in longer_consultations(sys.argv[1]):
        rubric = {"id": c["id"], "items": c["items"]}
        transcript = {"id": c["id"], "language": c["language"], "turns": c["turns"]}
        print(json.dumps({"rubric": rubric, "transcript": transcript}, ensure_ascii=False))
