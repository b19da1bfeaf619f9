"""Reads scripts, notebooks and job files without running them, and says what of them works here.

`sources` reads, `names` finds what is used of Azure's SDKs, `needs` what else a script needs, `findings` puts it
together.
"""

# Modules are imported by their own names: overdrive.compat.checking.findings.
__all__ = ()
