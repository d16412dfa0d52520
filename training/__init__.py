"""From labelled sentences to a model: splits by document, fitting, calibration, thresholds, freezing."""

from wiredesk.training.classifiers import candidates
from wiredesk.training.crossvalidation import cross_validate
from wiredesk.training.fitting import cross_validation_report, train
from wiredesk.training.recipe import recipe_hash
from wiredesk.training.selection import Search, Trial, search
from wiredesk.training.splits import grouped_folds

__all__ = [
    "Search",
    "Trial",
    "candidates",
    "cross_validate",
    "cross_validation_report",
    "grouped_folds",
    "recipe_hash",
    "search",
    "train",
]
