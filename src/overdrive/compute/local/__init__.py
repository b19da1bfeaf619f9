"""Trials as processes of this machine."""

from overdrive.compute.local.backend import LocalCompute

__all__ = ["LocalCompute"]
