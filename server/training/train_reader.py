"""Teaches the reader: which items a question asks, item and question read together (a cross-encoder).

usage: train_reader.py EMBEDDER.gguf MINUTES OUT.bf16 PLAYED.jsonl...

The embedding model stays as it is; what is learned are low-rank changes of its products (LoRA) and a small
head, which the program hands to llama.cpp (`models/src/reader.rs` holds the layout). With numpy, torch, gguf and
tokenizers. An hour and a half on one core is what the committed file took. From the repository's root:

    python server/training/train_reader.py ~/.cache/anamnesis/models/multilingual-e5-small.gguf 90 \\
        models/src/reader/adapter.bf16 questions-en.jsonl questions-zh.jsonl ... questions3-zh.jsonl

PLAYED are the lines that `aims.py` has `case play --json --features` print, named like the files of questions.

It learns from the paraphrases (one block of groups in twelve is left out to watch by), from the labelled
questions to patients (half of the cases of the third set left out: `aims.taught_reader`), and from every other
hard consultation (`consultations.reader_was_taught`). The 42 everyday consultations teach it nothing: what
the classifier makes of its verdicts is fitted on them. Time decides how many steps are taken, so the bytes
differ from run to run.
"""
import json
import math
import pathlib
import random
import sys
import time

import gguf
import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from torch import nn

import aims
from consultations import hard_consultations, reader_was_taught
from spoken import spoken
from train_map import groups

HERE = pathlib.Path(__file__).parent
PRODUCTS = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down"]
LAYERS, WIDTH, HEADS, RANK, HIDDEN, SPREAD = 12, 384, 12, 16, 64, 3.0
MOST_OF_PART, MOST_BEFORE = 60, 50
BATCH, RATE, SMOOTHING, WARM_UP, LAST_RATE = 48, 8e-4, 0.02, 40, 0.02
SEED, WATCHED = 1, 12


class Changed(nn.Module):
    """A product of the embedder with a low-rank change."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = (nn.Parameter(tensor, requires_grad=False) for tensor in (weight, bias))
        self.a = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.b = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias) + F.linear(F.linear(x, self.a), self.b)


class Layer(nn.Module):
    def __init__(self, tensors, number):
        super().__init__()
        of = lambda name: tensors[f"blk.{number}.{name}"]
        self.products = nn.ModuleList(Changed(of(f"{name}.weight"), of(f"{name}.bias")) for name in PRODUCTS)
        self.norms = [[of(f"{norm}.{part}") for part in ("weight", "bias")] for norm in ("attn_output_norm", "layer_output_norm")]

    def forward(self, x, mask):
        query, key, value, output, up, down = self.products
        texts, length, _ = x.shape
        split = lambda y: y.view(texts, length, HEADS, WIDTH // HEADS).transpose(1, 2)
        attended = F.scaled_dot_product_attention(split(query(x)), split(key(x)), split(value(x)), attn_mask=mask)
        x = F.layer_norm(x + output(attended.transpose(1, 2).reshape(texts, length, WIDTH)), (WIDTH,), *self.norms[0], eps=1e-12)
        return F.layer_norm(x + down(F.gelu(up(x))), (WIDTH,), *self.norms[1], eps=1e-12)


class Reader(nn.Module):
    def __init__(self, path):
        super().__init__()
        reader = gguf.GGUFReader(path)
        tensors = {}
        for tensor in reader.tensors:
            values = np.asarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
            tensors[tensor.name] = torch.tensor(values.reshape([int(size) for size in reversed(tensor.shape)]))
        field = lambda name: reader.fields[f"tokenizer.ggml.{name}"]
        pieces = [bytes(field("tokens").parts[at]).decode("utf-8") for at in field("tokens").data]
        scores = [float(field("scores").parts[at][0]) for at in field("scores").data]
        self.tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores)), unk_id=pieces.index("<unk>")))
        self.tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("\u200b", " ")])
        self.tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        self.begin, self.end = pieces.index("<s>"), pieces.index("</s>")
        self.words, self.places, self.kind = tensors["token_embd.weight"], tensors["position_embd.weight"], tensors["token_types.weight"][0]
        self.norm = [tensors[f"token_embd_norm.{part}"] for part in ("weight", "bias")]
        self.layers = nn.ModuleList(Layer(tensors, number) for number in range(LAYERS))
        self.head = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1))
        self.known = {}

    def tokens(self, item, said, before):
        def part(text):
            if text not in self.known:
                self.known[text] = self.tokenizer.encode(text).ids
            return self.known[text]

        row = [self.begin, *part(item)[:MOST_OF_PART], self.end, *part(said)[:MOST_OF_PART], self.end]
        return row + [*part(before)[-MOST_BEFORE:], self.end] if before else row

    def forward(self, rows):
        longest = max(map(len, rows))
        tokens, mask = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest, dtype=torch.bool)
        for at, row in enumerate(rows):
            tokens[at, : len(row)], mask[at, : len(row)] = torch.tensor(row), True
        x = F.layer_norm(self.words[tokens] + self.places[:longest] + self.kind, (WIDTH,), *self.norm, eps=1e-12)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(mean.float() * SPREAD).squeeze(-1)

    def write(self, path):
        learned = [factor for layer in self.layers for product in layer.products for factor in (product.a, product.b)]
        learned += [self.head[0].weight, self.head[0].bias, self.head[2].weight, self.head[2].bias]
        with open(path, "wb") as file:
            for tensor in learned:
                file.write(tensor.detach().contiguous().to(torch.bfloat16).view(torch.int16).numpy().tobytes())


def played(paths):
    """The labelled questions to patients, each with the facts it may aim at and the exchange before."""
    rows = []
    for path in map(pathlib.Path, paths):
        last = None
        for row, line in zip(aims.questions(HERE / f"{path.stem}.txt"), open(path, encoding="utf-8"), strict=True):
            line = json.loads(line)
            row["before"] = last[1] if last and last[0] == row["case"] else ""
            row["facts"] = [(fact, odds, item) for fact, odds, _, _, item in line.get("aims") or []]
            last = (row["case"], f"{row['text']} {line['reply']}")
            if row["facts"] and not (path.stem.startswith("questions3") and not aims.taught_reader(row["case"])):
                rows.append(row)
    return rows


def of_patients(rows, dice):
    """Right facts, the likeliest wrong ones, and one at random; the patient's own words are sometimes left out."""
    def item(text):
        return text if dice.random() < 0.75 else text.split(" — ")[0]

    for row in rows:
        right, before = row["wanted"], row["before"] if dice.random() < 0.6 else ""
        wrong = [fact for fact in sorted(row["facts"], key=lambda fact: -fact[1]) if fact[0] not in right | row["accepted"]]
        chosen = dice.sample(wrong[:8], min(8, len(wrong), 4 if right else 2)) + ([dice.choice(wrong)] if wrong else [])
        yield from ((item(text), row["text"], before, 1) for fact, _, text in row["facts"] if fact in right)
        yield from ((item(text), row["text"], before, 0) for _, _, text in chosen)


def of_consultations(consultations, dice):
    """The turns that ask an item, and those that share most with it and do not."""
    for c in consultations:
        texts = [turn["text"] for turn in c["turns"]]
        students = [at for at, turn in enumerate(c["turns"]) if turn["speaker"] == "student"]
        parts = lambda text: {text.lower()[at : at + size] for size in (2, 3, 4) for at in range(len(text) - size + 1)}
        shares = {at: parts(texts[at]) for at in students}
        for item in c["items"]:
            asks = c["labels"][item["id"]]["turns"]
            mine = parts(item["text"])
            near = sorted(set(students) - set(asks), key=lambda at: -len(mine & shares[at]) / (10 + len(shares[at])) ** 0.5)[:4]
            chosen = [(at, 1) for at in asks] + [(at, 0) for at in dice.sample(near, min(len(near), 1 if asks else 2))]
            for at, label in chosen:
                yield item["text"], texts[at], " ".join(texts[max(0, at - 2) : at]) if dice.random() < 0.7 else "", label


def of_paraphrases(all_groups, chosen, dice):
    """Questions that ask an item, those written not to, and one of a neighbour in the list."""
    for at in chosen:
        title, language, asks, asks_not = all_groups[at]
        around = range(max(0, at - 4), min(len(all_groups), at + 5))
        others = [q for near in around if all_groups[near][1] == language and all_groups[near][0] != title for q in all_groups[near][2] if q not in asks]
        picked = [(q, 1) for q in asks] + [(q, 0) for q in asks_not] + [(q, 0) for q in dice.sample(others, min(1, len(others)))]
        for question, label in picked:
            yield title, spoken(question, language == 1, dice) if dice.random() < 0.25 else question, "", label


def batches(model, examples, dice):
    """Shuffled batches of rows that are alike in length."""
    dice.shuffle(examples)
    for start in range(0, len(examples), BATCH * 8):
        rows = sorted(((model.tokens(*example[:3]), example[3]) for example in examples[start : start + BATCH * 8]), key=lambda row: len(row[0]))
        chunks = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        dice.shuffle(chunks)
        yield from chunks


def watch(model, all_groups, watched):
    examples = [example for example in of_paraphrases(all_groups, watched, random.Random(9))]
    rows = sorted(((model.tokens(*example[:3]), example[3]) for example in examples), key=lambda row: len(row[0]))
    with torch.no_grad():
        said = np.concatenate([model([row for row, _ in rows[at : at + 64]]).numpy() for at in range(0, len(rows), 64)])
    labels = np.array([label for _, label in rows])
    print(f"paraphrases left out: {len(labels)}, right {((said > 0) == labels).mean():.3f}", flush=True)


def main():
    embedder, minutes, out, *lines = sys.argv[1:]
    random.seed(SEED)
    torch.manual_seed(SEED)
    dice, seconds = random.Random(SEED), 60 * float(minutes)
    all_groups = groups()
    watched = [at for at in range(len(all_groups)) if at // WATCHED % WATCHED == 5]
    taught = [at for at in range(len(all_groups)) if at // WATCHED % WATCHED != 5]
    patients = played(lines)
    consultations = [c for c in hard_consultations() if c["id"] in reader_was_taught()]
    model = Reader(embedder)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.01)
    start, step, losses = time.time(), 0, []
    while time.time() - start < seconds:
        examples = [*of_patients(patients, dice), *of_consultations(consultations, dice), *of_paraphrases(all_groups, taught, dice)]
        for batch in batches(model, examples, dice):
            part = (time.time() - start) / seconds
            if part >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / WARM_UP) * max(LAST_RATE, 1 - part)
            labels = torch.tensor([float(label) for _, label in batch]) * (1 - 2 * SMOOTHING) + SMOOTHING
            with torch.autocast("cpu", torch.bfloat16):
                said = model([row for row, _ in batch])
            loss = F.binary_cross_entropy_with_logits(said.float(), labels)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % 50 == 0:
                print(f"{step} steps, {time.time() - start:.0f} s, loss {np.mean(losses[-50:]):.3f}", flush=True)
    watch(model, all_groups, watched)
    model.write(out)


if __name__ == "__main__":
    main()
