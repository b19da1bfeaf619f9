"""The one room that touches the machine.

Lives here: clock, randomness, files, snapshots, locks, slots, processes, what machine and file system this is.
May import: records, errors.
Must not touch: the store, samplers, policies, anything that decides about a sweep.
Change together with: tests/unit/test_host*.py, tests/contract/test_locks.py, docs/architecture.md (a sweep's folder).
"""

# Submodules are imported by their own names (`from overdrive.host.files import write_atomically`): the start of an
# engine pays for what it uses and for nothing else.
__all__ = []
