"""Where trials run: starts, stops and adopts them, and tells what happened to them.

Lives here: the protocol of a back end, the local one (fork server, shims), the simulated one.
May import: host, records, errors.
Must not touch: the store, the journal, samplers, policies; it never decides what to start or stop.
Change together with: overdrive.testing.compute, tests/contract/test_compute.py, tests/crash/test_shim.py, docs.
"""

from overdrive.compute.launch import Launch
from overdrive.compute.notices import Ended
from overdrive.compute.notices import Logged
from overdrive.compute.notices import Mail
from overdrive.compute.notices import Notice
from overdrive.compute.notices import Room
from overdrive.compute.notices import Started
from overdrive.compute.protocol import Compute

__all__ = ["Compute", "Ended", "Launch", "Logged", "Mail", "Notice", "Room", "Started"]
