"""The commands of `corpus`, a module for each thing that people do. Thin: each calls one function and prints it.

Registered in `corpus.cli`, in the order of its list. Only light modules are imported at the top of these files.
"""

from __future__ import annotations
