"""Prints the peers' versions as a JSON object."""

import json
from importlib.metadata import version

print(json.dumps({"Optuna": version("optuna"), "Syne Tune": version("syne-tune")}))
