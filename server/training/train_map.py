"""Learns the map that brings a rubric item near the questions that ask it.

usage: train_map.py --texts > lines.jsonl
       train_map.py VECTORS.jsonl OUT.bf16

With numpy and torch, a few minutes on one core; from the repository's root:

    python server/training/train_map.py --texts > lines.jsonl
    target/release/anamnesis grade --jsonl --features < lines.jsonl > vectors.jsonl
    python server/training/train_map.py vectors.jsonl server/src/assessment/similarity/map.bf16

Contrastive: the title of each group in `paraphrases-*.txt` against its `+` questions in batches of one language,
with all `-` questions of the batch as further wrong answers; titles alike are never each other's wrong answers.
Half of the questions come in a spoken form. Seeds are fixed and one thread computes.
"""
import json
import pathlib
import random
import sys

import numpy as np

from spoken import spoken

HERE = pathlib.Path(__file__).parent
LANGUAGES = ["en", "zh"]
WIDTH = 384
SEED, EPOCHS, BATCH, RATE, TEMPERATURE, DROPOUT, SPOKEN, ALIKE = 1, 40, 256, 1e-3, 0.07, 0.3, 0.5, 0.62
# Texts a line of `--texts` holds, as the items of a rubric: that is how the program embeds them.
A_LINE = 60


def groups():
    """Title, language (0 en, 1 zh), questions that ask it, questions that do not."""
    found = []
    for language, name in enumerate(LANGUAGES):
        for line in (HERE / f"paraphrases-{name}.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                found.append((line[2:].strip(), language, [], []))
            elif line[:2] in ("+ ", "- "):
                found[-1][2 if line[0] == "+" else 3].append(line[2:].strip())
    return found


def spoken_forms(of):
    """The spoken form of every question."""
    dice, forms = random.Random(7), {}
    for _, language, asks, asks_not in of:
        for question in asks + asks_not:
            if question not in forms:
                forms[question] = spoken(question, language == 1, dice)
    return forms


def print_texts():
    of = groups()
    forms = spoken_forms(of)
    for language, name in enumerate(LANGUAGES):
        mine = [g for g in of if g[1] == language]
        texts = sorted({g[0] for g in mine} | {t for g in mine for q in g[2] + g[3] for t in (q, forms[q])})
        for at in range(0, len(texts), A_LINE):
            items = [{"id": str(at + k), "text": text, "domain": ""} for k, text in enumerate(texts[at : at + A_LINE])]
            turns = [{"speaker": "student", "text": "Hello." if name == "en" else "您好。"}]
            print(json.dumps({"rubric": {"id": f"{name}-{at}", "items": items}, "transcript": {"id": f"{name}-{at}", "language": name, "turns": turns}}, ensure_ascii=False))


def read_vectors(path):
    """The vector of every text of `--texts`, in the order printed there."""
    of = groups()
    forms = spoken_forms(of)
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    vectors = {}
    for language, name in enumerate(LANGUAGES):
        mine = [g for g in of if g[1] == language]
        texts = sorted({g[0] for g in mine} | {t for g in mine for q in g[2] + g[3] for t in (q, forms[q])})
        found = [item["vector"] for row in rows if row["id"].startswith(name) for item in row["items"]]
        vectors.update(zip(texts, np.array(found, dtype=np.float32)))
    return of, forms, vectors


def train(of, forms, vectors, out):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    dice = np.random.default_rng(SEED)
    language = np.array([g[1] for g in of])
    titles = np.stack([vectors[g[0]] for g in of])
    questions, of_language, other_form, asks, asks_not = [], [], [], [], []

    def add(question, language):
        questions.extend([vectors[question], vectors[forms[question]]])
        of_language.extend([language] * 2)
        other_form.extend([len(questions) - 1] * 2)
        return len(questions) - 2

    for _, tongue, plus, minus in of:
        asks.append([add(q, tongue) for q in plus])
        asks_not.append([add(q, tongue) for q in minus])
    questions, of_language, other_form = np.stack(questions), np.array(of_language), np.array(other_form)
    means = [titles[language == z].mean(0) for z in (0, 1)], [questions[of_language == z].mean(0) for z in (0, 1)]
    centred = lambda v, z, mean: torch.tensor(np.where(z[:, None] == 1, v - mean[1], v - mean[0]), dtype=torch.float32)
    titles, questions = centred(titles, language, means[0]), centred(questions, of_language, means[1])
    unit, tongue = F.normalize(titles, dim=-1), torch.tensor(language)
    alike = ((unit @ unit.T) > ALIKE) & (tongue[:, None] == tongue[None])
    maps = [torch.nn.Parameter(torch.eye(WIDTH)) for _ in range(2)]
    optimiser = torch.optim.AdamW(maps, lr=RATE, weight_decay=0)
    steps = EPOCHS * sum(int((language == z).sum() // BATCH) for z in (0, 1))
    mapped = lambda v, map: F.normalize(F.dropout(v, DROPOUT) @ map, dim=-1)
    in_some_form = lambda ids: np.where(dice.random(len(ids)) < SPOKEN, other_form[ids], ids)
    step = 0
    for _ in range(EPOCHS):
        for z in (0, 1):
            order = dice.permutation(np.flatnonzero(language == z))
            for at in range(0, len(order) - 200, BATCH):
                batch = order[at : at + BATCH]
                has = np.array([len(asks[i]) > 0 for i in batch])
                right = in_some_form(np.array([dice.choice(asks[i]) for i in batch[has]]))
                chosen = [dice.permutation(asks_not[i])[:4] for i in batch]
                wrong = in_some_form(np.concatenate(chosen).astype(int))
                owner = np.concatenate([[row] * len(ids) for row, ids in enumerate(chosen)]).astype(int)
                item, question, near_miss = mapped(titles[batch], maps[0]), mapped(questions[right], maps[1]), mapped(questions[wrong], maps[1])
                columns = np.flatnonzero(has)
                hidden = alike[batch][:, batch[columns]].clone()
                hidden[torch.tensor(columns), torch.arange(len(columns))] = False
                scores = (item @ question.T / TEMPERATURE).masked_fill(hidden, -1e4)
                hidden = alike[batch][:, torch.tensor(batch[owner])].clone()
                hidden[torch.tensor(owner), torch.arange(len(owner))] = False
                misses = (item @ near_miss.T / TEMPERATURE).masked_fill(hidden, -1e4)
                target, rows = torch.arange(len(columns)), torch.tensor(columns)
                loss = F.cross_entropy(torch.cat([scores, misses], 1)[rows], target) + 0.5 * F.cross_entropy(scores.T, rows)
                for group in optimiser.param_groups:
                    group["lr"] = RATE * max(0.05, 1 - step / steps)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                step += 1
    rows = np.stack([*means[0], *means[1], *maps[0].detach().numpy(), *maps[1].detach().numpy()]).astype("<f4")
    bits = rows.view("<u4")
    ((bits >> 16) + ((bits >> 15) & 1)).astype("<u2").tofile(out)
    print("loss of the last batch", round(loss.item(), 3))


if __name__ == "__main__":
    if sys.argv[1:] == ["--texts"]:
        print_texts()
    else:
        train(*read_vectors(sys.argv[1]), sys.argv[2])
