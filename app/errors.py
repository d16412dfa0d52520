"""Errors of input that is not labelled data or a model file."""


class InputError(ValueError):
    """An input or output that cannot be used; the message says which, why, and the way out."""
