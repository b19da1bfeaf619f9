"""Which process of a distributed trial this is."""

from __future__ import annotations

import os

#: Pairs of variables, rank and number of processes, that launchers set: torchrun, Open MPI, MPICH and Intel MPI, Slurm.
VARIABLES = (
    ("RANK", "WORLD_SIZE"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("SLURM_PROCID", "SLURM_NTASKS"),
)


def read_rank(environment: os._Environ[str] | dict[str, str]) -> int:
    """The rank by the first pair that speaks of more than one process; 0 where none does."""
    for rank_name, size_name in VARIABLES:
        rank, size = environment.get(rank_name, ""), environment.get(size_name, "")
        if rank.isdecimal() and size.isdecimal() and int(size) > 1:
            return int(rank)
    return 0
