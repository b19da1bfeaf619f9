"""`python src/overdrive/compat/running SCRIPT [ARGS]...`: see `script.run`."""

import sys

if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # this folder, before anything is looked for in it

from overdrive.compat.running import script

if __name__ == "__main__":
    script.run(sys.argv[1:])
