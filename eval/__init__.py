"""How well labels fit: scores with intervals over documents, and the report of an evaluation."""

from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.metrics import Counts, calibration_error, calibration_floor
from wiredesk.eval.predictions import Predictions, predict_records
from wiredesk.eval.ranking import average_precision
from wiredesk.eval.report import Report, evaluate, score_predictions
from wiredesk.eval.text import format_report

__all__ = [
    "Counts",
    "DocumentBootstrap",
    "Predictions",
    "Report",
    "average_precision",
    "calibration_error",
    "calibration_floor",
    "evaluate",
    "format_report",
    "predict_records",
    "score_predictions",
]
