"""What a workspace knows by name: one JSON file a name, below `<workspace>/registry/<kind>/`.

Lives here: the files of the registries, changed under a kernel lock and written by rename; the files of models.
May import: host, records, errors.
Must not touch: the store, processes; datasets and datastores, which `report` keeps in the same form.
Change together with: report.registry (the same form, in a trial's Python), engine.registering, docs/data.md.
"""

from overdrive.registry.files import change_entry
from overdrive.registry.files import list_names
from overdrive.registry.files import read_entry
from overdrive.registry.models import add_model

__all__ = ["add_model", "change_entry", "list_names", "read_entry"]
