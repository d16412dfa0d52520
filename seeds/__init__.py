"""Labelled sentences: the shipped corpus, and the one reader and validator of labelled records."""

from wiredesk.seeds.annotators import by_sentence, merge_annotators
from wiredesk.seeds.corpus import corpus_hash, load_seeds
from wiredesk.seeds.fields import RecordError
from wiredesk.seeds.records import Record, as_records, document_ids, read_records, record_types, target_matrix
from wiredesk.seeds.standoff import read_gold
from wiredesk.seeds.units import split_units
from wiredesk.seeds.validation import Problem, find_problems, refuse_fatal

__all__ = [
    "Problem",
    "Record",
    "RecordError",
    "as_records",
    "by_sentence",
    "corpus_hash",
    "document_ids",
    "find_problems",
    "load_seeds",
    "merge_annotators",
    "read_gold",
    "read_records",
    "record_types",
    "refuse_fatal",
    "split_units",
    "target_matrix",
]
