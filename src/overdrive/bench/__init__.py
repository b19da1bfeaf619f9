"""Samplers measured on tasks: who finds how good a configuration in how many trials.

Lives here: tasks and their objectives, simulated sweeps, peers' samplers, stored results, the statistics, the picture.
May import: sampling, space, host, records, errors; NumPy.
Must not touch: sweeps, the store, processes; peers' packages but through `peers`, when they are asked for.
Change together with: cli/bench_page.py, docs/bench.md, tests/unit/test_bench*.py.
"""

# Submodules are imported by their own names: only who measures pays for NumPy.
__all__ = []
