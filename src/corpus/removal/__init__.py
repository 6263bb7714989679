"""What must go: standing retractions, what they match, and every place that it is taken out of.

`rules` (retractions.jsonl, an input of a release like raw/), `salt` (never published), `matching` (the records of a run
that a rule takes), `hiding` (their rows of the ledger, and tombstones), `forgetting` (cache, reports, failing rows),
`finding` (in the releases that there are), `retracting` (the command), `receipts`, `since` (ids to drop).
"""

from __future__ import annotations
