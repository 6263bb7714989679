"""This folder's numba kernels."""

from __future__ import annotations

from pathlib import Path

from corpus.jit import kernels_of

kernel = kernels_of(Path(__file__).resolve().parent)
