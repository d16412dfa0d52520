"""From labelled sentences to a model: splits by document, fitting, calibration, thresholds, freezing."""

from wiredesk.training.fitting import cross_validation_report, recipe_hash, train
from wiredesk.training.splits import grouped_folds

__all__ = ["cross_validation_report", "grouped_folds", "recipe_hash", "train"]
