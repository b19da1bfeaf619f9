"""The journal of a sweep and its projections, in one SQLite file; the spools and the mailbox that the engine takes in.

Lives here: tables, named queries (sql/), the one writer, the readers, the form of spool lines and requests on disk.
May import: space, host, records, errors.
Must not touch: processes, decisions, what people look at.
Change together with: sql/schema.sql and SCHEMA_VERSION with a migration, records.event, engine.replay.
"""

from overdrive.store.mailbox import leave_request
from overdrive.store.mailbox import read_mailbox
from overdrive.store.reader import SweepReader
from overdrive.store.writer import Batch
from overdrive.store.writer import SweepStore

__all__ = ["Batch", "SweepReader", "SweepStore", "leave_request", "read_mailbox"]
