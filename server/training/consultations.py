"""Reads the labelled consultations beside this file.

A file holds consultations of one language:

    == ID
    a Asks when the pain started.        item key and rubric text
    --
    D a,b: When did it start ...         a student turn and the items it asks
    P: ...                               answers what was asked just before
    P c,-a: ...                          also volunteers c; leaves a unanswered

Everything was written for this purpose; no consultation comes from the benchmark.
"""
import pathlib

HERE = pathlib.Path(__file__).parent


def read(path, language):
    consultations, current, asked = [], None, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.rstrip()
        if not line or line == "--":
            continue
        if line.startswith("== "):
            current = {"id": line[3:], "language": language, "items": [], "turns": [], "labels": {}}
            consultations.append(current)
            asked = []
        elif line.startswith(("D", "P")) and ":" in line and not current["items"] == [] and _is_turn(line):
            head, text = line.split(":", 1)
            keys = [key for key in head[1:].strip().split(",") if key]
            turn = len(current["turns"])
            student = line[0] == "D"
            current["turns"].append({"speaker": "student" if student else "patient", "text": text.strip()})
            if student:
                for key in keys:
                    _label(current, key, number)["asked"] = True
                    _label(current, key, number)["turns"].append(turn)
                asked = keys or asked
            else:
                withheld = {key[1:] for key in keys if key.startswith("-")}
                given = [key for key in keys if not key.startswith("-")] + asked
                for key in given:
                    if key not in withheld:
                        _label(current, key, number)["elicited"] = True
                asked = []
        else:
            key, text = line.split(" ", 1)
            current["items"].append({"id": key, "text": text, "domain": ""})
            current["labels"][key] = {"asked": False, "elicited": False, "turns": []}
    return consultations


def _is_turn(line):
    head = line.split(":", 1)[0]
    return all(c.islower() or c in "DP ,-" for c in head)


def _label(current, key, number):
    if key not in current["labels"]:
        raise SystemExit(f"{current['id']}: line {number}: no item `{key}`")
    return current["labels"][key]


def all_consultations():
    found = []
    for path in sorted(HERE.glob("consultations*.txt")):
        found += read(path, path.stem.split("-")[1])
    add_near_misses({c["id"]: c for c in found})
    return found


def hard_consultations():
    """Labelled as the others; many of their items are near misses."""
    return [c for path in sorted(HERE.glob("hard-*.txt")) for c in read(path, path.stem.split("-")[1])]


def reader_was_taught():
    """Ids of the consultations that `train_reader.py` learns from: every other one of the hard ones."""
    return {c["id"] for c in hard_consultations()[::2]}


def add_near_misses(by_id):
    """Adds items close to what was asked, but not asked: they make up most of a real rubric's traps."""
    current = None
    for line in (HERE / "near-misses.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = by_id[line[3:]]
        elif line:
            key = f"n{len(current['items'])}"
            current["items"].append({"id": key, "text": line, "domain": ""})
            current["labels"][key] = {"asked": False, "elicited": False, "turns": []}


if __name__ == "__main__":
    for c in all_consultations():
        labels = c["labels"].values()
        print(c["id"], len(c["turns"]), "turns", len(c["items"]), "items", sum(l["asked"] for l in labels), "asked", sum(l["elicited"] for l in labels), "elicited")
