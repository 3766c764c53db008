#!/usr/bin/env python3
"""Play one consultation over the API and print the transcript and the times.

usage: consultation.py --token TOKEN --case ID --language en|zh [--questions FILE] [--url URL]

FILE has one question a line, and headings that begin with #; without it a general history is taken.
Standard library only.
First words: from sending the turn to the first streamed piece of the reply.
"""
import argparse
import json
import pathlib
import statistics
import time
import urllib.request
import uuid


def post(arguments, path, body, stream=False):
    request = urllib.request.Request(
        f"{arguments.url}/api/v1/{path}",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {arguments.token}",
            "Content-Type": "application/json",
            "Accept": "text/event-stream" if stream else "application/json",
        },
    )
    return urllib.request.urlopen(request, timeout=120)


def events(response):
    """Yield (event, data) pairs of a server-sent event stream."""
    event, data = "message", []
    for line in response:
        line = line.decode().rstrip("\r\n")
        if line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].lstrip(" "))
        elif not line and data:
            yield event, json.loads("\n".join(data))
            event, data = "message", []


def take_turn(arguments, encounter, text):
    """Return the outcome, seconds to the first words and seconds to the end."""
    begun, first = time.monotonic(), None
    with post(arguments, f"encounters/{encounter}/turns", {"text": text, "key": str(uuid.uuid4())}, True) as response:
        for event, data in events(response):
            first = first or time.monotonic() - begun
            if event == "done":
                return data, first, time.monotonic() - begun
    raise SystemExit("the stream ended without `done`")


def length(reply, language):
    """Words of an English reply, Han characters of a Chinese one."""
    return len(reply.split()) if language == "en" else sum("\u4e00" <= c <= "\u9fff" for c in reply)


def spread(seconds):
    ranked = sorted(seconds)
    p95 = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    return f"median {statistics.median(ranked):.2f} s, p95 {p95:.2f} s, longest {ranked[-1]:.2f} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--token", required=True)
    parser.add_argument("--case", required=True)
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    parser.add_argument("--questions", type=pathlib.Path)
    parser.add_argument("--diagnosis", action="append", default=[])
    arguments = parser.parse_args()
    source = arguments.questions or pathlib.Path(__file__).parent / f"questions.{arguments.language}.txt"
    lines = [line.strip() for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]

    begin = {"case": arguments.case, "language": arguments.language, "mode": "practice"}
    encounter = json.load(post(arguments, "encounters", begin))["id"]
    firsts, totals, lengths = [], [], []
    for question in lines:
        if question.startswith("#"):
            print(question)
            continue
        done, first, total = take_turn(arguments, encounter, question)
        firsts.append(first)
        totals.append(total)
        lengths.append(length(done["reply"], arguments.language))
        print(f"S: {question}\nP: {done['reply']}   [{total:.2f} s; {', '.join(done['facts']) or '-'}]")
    diagnoses = [{"name": name, "reason": ""} for name in arguments.diagnosis]
    debrief = json.load(post(arguments, f"encounters/{encounter}/finish", {"diagnoses": diagnoses}))
    print(f"\nturns        {len(totals)}")
    print(f"first words  {spread(firsts)}")
    print(f"whole reply  {spread(totals)}")
    print(f"length       median {statistics.median(lengths):.0f} {'words' if arguments.language == 'en' else 'characters'}")
    print(f"score        {debrief['percent']:.0f} %")


if __name__ == "__main__":
    main()
