"""`azure.core`: the installed one, or its exceptions alone."""

from azure._installed import take_installed

take_installed(__name__)
