"""Writes server/src/assessment/agreement/oracle.json: ratings, and what `krippendorff`, `pingouin`
and scikit-learn make of them. The tests of `assessment::agreement` compare with it.

    pip install krippendorff pingouin scikit-learn
    python server/training/agreement_oracle.py > server/src/assessment/agreement/oracle.json
"""
import json
import random

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from sklearn.metrics import cohen_kappa_score

dice = random.Random(5)
units = []
for _ in range(30):
    true = dice.choice([0, 1, 1, 2])
    row = []
    for _ in range(3):
        value = true if dice.random() < 0.75 else dice.choice([0, 1, 2])
        row.append(None if dice.random() < 0.1 else value)
    units.append(row)
levels = [dice.uniform(30, 95) for _ in range(12)]
scores = [[round(min(100, max(0, level + dice.gauss(0, 6) + bias)), 1) for bias in (0, 3, -2)] for level in levels]

found = {"units": units, "scores": scores}
ratings = np.array([[np.nan if value is None else value for value in row] for row in units]).T
for level in ("nominal", "ordinal", "interval"):
    found[f"alpha_{level}"] = krippendorff.alpha(reliability_data=ratings, level_of_measurement=level)
both = [(a, b) for a, b, _ in units if a is not None and b is not None]
found["kappa"] = cohen_kappa_score(*zip(*both))
long = pd.DataFrame([(i, k, v) for i, row in enumerate(scores) for k, v in enumerate(row)], columns=["unit", "rater", "score"])
icc = pingouin.intraclass_corr(data=long, targets="unit", raters="rater", ratings="score").set_index("Type")["ICC"]
found["icc_agreement"], found["icc_consistency"] = float(icc["ICC(A,1)"]), float(icc["ICC(C,1)"])
print(json.dumps(found))
