"""Prints the consultations beside this file as lines for `anamnesis grade --jsonl`."""
import json

from consultations import all_consultations

for c in all_consultations():
    rubric = {"id": c["id"], "items": c["items"]}
    transcript = {"id": c["id"], "language": c["language"], "turns": c["turns"]}
    print(json.dumps({"rubric": rubric, "transcript": transcript}, ensure_ascii=False))
