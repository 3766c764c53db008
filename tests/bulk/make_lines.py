"""Transcripts for measuring: the labelled consultations of `server/training`, repeated and varied.

usage: make_lines.py COUNT > lines.jsonl

Each repetition leaves some exchanges out, swaps neighbours and adds a filler, so that no two transcripts
are the same. The same COUNT gives the same lines.
"""
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "server" / "training"))
from consultations import all_consultations, hard_consultations  # noqa: E402

FILLERS = {"en": ["Um, ", "OK. ", "Right, ", "So, ", ""], "zh": ["嗯，", "好的。", "那么，", "呃，", ""]}


def lines(count):
    told = all_consultations() + hard_consultations()
    for number in range(count):
        chosen = told[number % len(told)]
        dice = random.Random(number)
        yield {
            "rubric": {"id": chosen["id"], "items": chosen["items"]},
            "transcript": {"id": f"{chosen['id']}-{number}", "language": chosen["language"],
                           "turns": varied(chosen, dice)},
        }


def varied(consultation, dice):
    exchanges, fillers = [], FILLERS[consultation["language"]]
    for turn in consultation["turns"]:
        if turn["speaker"] == "student" or not exchanges:
            exchanges.append([])
        exchanges[-1].append(turn)
    kept = [exchange for exchange in exchanges if dice.random() > 0.08] or exchanges
    for at in range(len(kept) - 1):
        if dice.random() < 0.05:
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
    return [
        {**turn, "text": dice.choice(fillers) + turn["text"] if turn["speaker"] == "student" else turn["text"]}
        for exchange in kept for turn in exchange
    ]


if __name__ == "__main__":
    for line in lines(int(sys.argv[1])):
        print(json.dumps(line, ensure_ascii=False))
