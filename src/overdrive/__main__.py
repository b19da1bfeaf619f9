"""`python -m overdrive` is the command line, as `overdrive` is."""

from overdrive.cli import main

if __name__ == "__main__":
    main(prog_name="overdrive")
