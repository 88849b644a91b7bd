"""A process that folds some views of a rebuild, beside the one that started it
(projections/rebuild/parallel.py)."""

from projections import registry
from projections.rebuild import parallel

if __name__ == "__main__":
    registry.load()
    parallel.main()
