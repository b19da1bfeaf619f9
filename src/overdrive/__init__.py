"""Overdrive: hyperparameter tuning of training scripts, on your own machines.

The public names load lazily (PEP 562), so that `import overdrive` costs next to nothing.
"""

__version__ = "0.1.0"
