"""Runs a control script as Python would, but for two things that it says instead of ending with a traceback.

`script` runs it and `ending` says what ended it; the folder is run as a program, by `overdrive run`.
"""

# Modules are imported by their own names: overdrive.compat.running.script.
__all__ = ()
