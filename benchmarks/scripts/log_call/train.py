"""Times its own log calls: CALLS of run.log(), and as many bare appends of a line of the same length beside it.

Prints {"log": [µs …], "bare": [µs …]}.
"""

import json
import os
import sys
import time

from azureml.core import Run

calls = int(sys.argv[1])
run, clock = Run.get_context(), time.perf_counter_ns
line = b'{"name": "loss", "value": 0.1234567890123, "at": 1700000000.123456, "seq": 123456, "crc": "01234567"}\n'
fd = os.open("outputs/bare.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
log_us, bare_us = [], []
for number in range(calls):
    value = number * 0.001
    begin = clock()
    run.log("loss", value)
    middle = clock()
    os.write(fd, line)
    end = clock()
    log_us.append((middle - begin) / 1000)
    bare_us.append((end - middle) / 1000)
os.unlink("outputs/bare.jsonl")
print(json.dumps({"log": log_us, "bare": bare_us}))
