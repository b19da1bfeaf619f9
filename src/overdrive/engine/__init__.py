"""The process that runs one sweep, and the pure scheduler inside it, which the simulator and replay drive too.

Lives here: scheduler (fold and decisions), journal, loop, recovery, replay, simulator.
May import: compute, views, sampling, termination, store, space, host, records, errors.
Must not touch: NumPy, SciPy, what people look at; the scheduler also no clock, file, process.
Change together with: records.event (kinds), docs/architecture.md, tests/crash.
"""

# Submodules are imported by their own names: the engine is a program, and its start pays for what it uses.
__all__ = []
