"""The environment that a script asks for: what it names, what a Python lacks of it, and one that is built for it.

`wanted` reads the definition, `lacking` compares, both pure; `building` makes one with uv; `preparing` is what submit
calls. Loaded only where a definition names packages.
"""

# Modules are imported by their own names: overdrive.client.environment.preparing.
__all__ = ()
