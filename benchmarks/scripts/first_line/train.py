# ruff: noqa: E702, I001 - the first line is what is timed
import time; print(time.time(), flush=True)  # fmt: skip

# Syne Tune fails trials that do not print a line like this.
print('[tune-metric]: {"metric": 0.0, "st_worker_iter": 0, "st_worker_time": 0.0, "st_worker_timestamp": 0.0}')
