"""Errors of input that is not labelled data or a model file."""


class InputError(ValueError):
    """An input or output that cannot be used; the message says which, why, and the way out."""


class RejectedError(InputError):
    """A row or file that cannot be read, where nothing may be left out."""
