"""Prints the consultations beside this file as lines for `anamnesis grade --jsonl`.

usage: lines.py [hard | all]
"""
import json
import sys

from consultations import all_consultations, hard_consultations

CHOICES = {"hard": hard_consultations, "all": lambda: all_consultations() + hard_consultations()}

for c in CHOICES.get("".join(sys.argv[1:]), all_consultations)():
    rubric = {"id": c["id"], "items": c["items"]}
    transcript = {"id": c["id"], "language": c["language"], "turns": c["turns"]}
    print(json.dumps({"rubric": rubric, "transcript": transcript}, ensure_ascii=False))
