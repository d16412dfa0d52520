"""The fields of a labelled sentence, and the error of data that has others."""

#: Stands for "none of the types" where labels are one string, and joins labels there; so neither can be (in) a type's
#: name.
NONE, SEPARATOR = "none", ";"

TEXT_FIELDS = ("document", "group", "source", "date", "annotator")
FIELDS = ("text", "labels", "paragraph", *TEXT_FIELDS)


class RecordError(ValueError):
    """Labelled data that cannot be used; the message says where, which rule, and the way out."""
