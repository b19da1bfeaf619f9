"""The command line: thin calls of the rooms below, and what they answer in words, tables and strict JSON.

Lives here: commands/ (what each takes), the live view, tables, error lines and exit codes, the page docs/cli.md.
May import: every other room, but only when a command runs: --help imports click and nothing else.
Must not touch: the database, processes of trials; it asks client to act and views to look.
Change together with: docs/cli.md (`python -m overdrive.cli.docs`), docs/exit-codes.md, views, client.
"""

from overdrive.cli.main import main

__all__ = ["main"]
