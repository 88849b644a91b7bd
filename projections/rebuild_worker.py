"""A process that folds some views of a rebuild beside the one that started it
(projections/rebuild/parallel.py)."""

import projections.registry  # noqa: F401  every view is declared
from projections.rebuild import parallel

if __name__ == "__main__":
    parallel.main()
