"""Grades transcripts with Spark: each partition is piped through `anamnesis grade --jsonl`.

usage: grade_on_spark.py LINES REPORTS [--binary FILE] [--partitions N] [--arguments "…"]

LINES is a text file or folder of JSON lines {"rubric"|"case","transcript"}, anywhere Spark can read;
REPORTS is a folder that Spark makes, one part a partition, in the order of the lines. Exit status 1
when a line could not be graded: its worker's log says which and why.
"""
import argparse
import os
import shlex
import sys

from pyspark.sql import SparkSession


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("lines")
    arguments.add_argument("reports")
    arguments.add_argument("--binary", default="anamnesis", help="the program, at the same place on every worker")
    arguments.add_argument("--partitions", type=int, default=0, help="how many; Spark's own choice unless given")
    arguments.add_argument("--arguments", default="--threads 1", help="further arguments of `anamnesis grade`")
    args = arguments.parse_args()

    spark = SparkSession.builder.appName("anamnesis grade").getOrCreate()
    context = spark.sparkContext
    failed = grade(context, args)
    spark.stop()
    return 1 if failed else 0


def grade(context, args):
    """How many lines were not graded."""
    lines = context.textFile(args.lines, args.partitions or None).filter(str.strip)
    command = f"{shlex.quote(args.binary)} grade --jsonl {args.arguments}"
    # `pipe` starts the program with an empty environment: without this, settings that come from there
    # would hold here and not on the workers.
    lines.pipe(command, env=dict(os.environ)).saveAsTextFile(args.reports)
    missing = lines.count() - context.textFile(args.reports).count()
    if missing:
        print(f"{missing} lines were not graded; the workers' logs say which and why", file=sys.stderr)
    return missing


if __name__ == "__main__":
    sys.exit(main())
