"""Release → hub: what may go there (`allowed`), how it gets there (`push`), and what really lies there (`there`)."""

from __future__ import annotations
