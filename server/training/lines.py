"""Prints the consultations beside this file as lines for `anamnesis grade --jsonl`.

usage: lines.py [hard]
"""
import json
import sys

from consultations import all_consultations, hard_consultations

for c in hard_consultations() if sys.argv[1:] == ["hard"] else all_consultations():
    rubric = {"id": c["id"], "items": c["items"]}
    transcript = {"id": c["id"], "language": c["language"], "turns": c["turns"]}
    print(json.dumps({"rubric": rubric, "transcript": transcript}, ensure_ascii=False))
