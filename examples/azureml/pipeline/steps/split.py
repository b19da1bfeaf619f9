"""Splits a table in two and hands both on as files."""

import argparse
import os

from azureml.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--train")
parser.add_argument("--test")
parser.add_argument("--share", type=float)
args = parser.parse_args()

run = Run.get_context()
flowers = run.input_datasets["flowers"].to_pandas_dataframe().sample(frac=1, random_state=1)
count = int(args.share * len(flowers))
for folder, part in ((args.train, flowers[:count]), (args.test, flowers[count:])):
    os.makedirs(folder, exist_ok=True)
    part.to_csv(os.path.join(folder, "part.csv"), index=False)
run.log("flowers", len(flowers))
run.parent.tag("share", args.share)
