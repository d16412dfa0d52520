"""How well labels fit: scores with intervals over documents, and the report of an evaluation."""

from wiredesk.eval.evaluation import Report, evaluate, score_predictions
from wiredesk.eval.metrics import Counts, average_precision, bootstrap_macro_f1, calibration_error
from wiredesk.eval.text import format_report

__all__ = [
    "Counts",
    "Report",
    "average_precision",
    "bootstrap_macro_f1",
    "calibration_error",
    "evaluate",
    "format_report",
    "score_predictions",
]
