"""Columns of pandas, polars and pyarrow as sentences, documents and texts."""

import numpy as np
import pytest

from wiredesk.features import items
from wiredesk.models import load_model

MODEL = load_model()
TEXTS = ["Two rockets hit the market.", "Six people died, the mayor said."]


def columns(values):
    """Give values as columns of the libraries that are installed, by name."""
    found = {"list": list(values), "tuple": tuple(values), "numpy": np.array(values, dtype=object)}
    pandas, polars, pyarrow = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    found["pandas"] = pandas.Series(values)
    found["pandas with another index"] = pandas.Series(values, index=range(7, 7 + len(values)))
    found["pandas on arrow"] = pandas.Series(values, dtype=pandas.ArrowDtype(pyarrow.string()))
    found["polars"] = polars.Series(values)
    found["arrow"] = pyarrow.array(values)
    found["chunked arrow"] = pyarrow.chunked_array([values[:1], values[1:]])
    found["arrow categories"] = pyarrow.array(values).dictionary_encode()
    return found


COLUMNS = columns(TEXTS)


@pytest.mark.parametrize("name", COLUMNS)
def test_items_are_pythons_own(name):
    found = list(items(COLUMNS[name]))
    assert found == TEXTS
    assert {type(text) for text in found} == {str}


@pytest.mark.parametrize("name", COLUMNS)
def test_column_of_sentences_is_scored(name):
    assert MODEL.predict_proba(COLUMNS[name]).tolist() == MODEL.predict_proba(TEXTS).tolist()


@pytest.mark.parametrize("name", COLUMNS)
def test_column_of_documents_goes_with_them(name):
    ids = columns(["a", "a"])[name]
    assert MODEL.predict_proba(TEXTS, document_ids=ids).tolist() == (
        MODEL.predict_proba(TEXTS, document_ids=["a", "a"]).tolist()
    )


@pytest.mark.parametrize("name", COLUMNS)
def test_column_of_texts_is_labelled(name):
    assert list(MODEL.label(COLUMNS[name])) == list(MODEL.label(TEXTS))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_missing_text_in_a_column_is_named(library):
    column = {
        "pandas": lambda: pytest.importorskip("pandas").Series(["Rain fell.", None]),
        "polars": lambda: pytest.importorskip("polars").Series(["Rain fell.", None]),
        "pyarrow": lambda: pytest.importorskip("pyarrow").array(["Rain fell.", None]),
    }[library]()
    with pytest.raises(TypeError, match="^sentence 1 is (None|nan) of type (NoneType|float); every sentence"):
        MODEL.predict_proba(column)
    with pytest.raises(TypeError, match="^text 1 is of type (NoneType|float); every text is a str$"):
        list(MODEL.label(column))


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def frame(request):
    library = pytest.importorskip(request.param)
    return (library.table if request.param == "pyarrow" else library.DataFrame)({"text": TEXTS})


def test_table_is_no_column_of_sentences(frame):
    with pytest.raises(TypeError, match="give one column of texts$"):
        MODEL.predict_proba(frame)


def test_table_is_no_column_of_articles(frame):
    # A data frame of pandas would give the names of its columns as texts.
    with pytest.raises(TypeError):
        list(MODEL.label(frame))
