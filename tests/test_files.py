"""The model file: whole or refused, with the file's name and the reason."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wiredesk.card import model_card
from wiredesk.commands.info import describe
from wiredesk.features import FEATURIZER_VERSION, CueClass, Lexicon, TfidfFeaturizer, load_lexicon
from wiredesk.models import Model, ModelFileError, SentenceClassifier, arrays, files, freeze, load_model, manifest
from wiredesk.models.atomic import whole_file
from wiredesk.models.files import ARRAYS, content_hash, read_model, write_model
from wiredesk.models.lookup import HashIndex
from wiredesk.models.manifest import FORMAT_VERSION
from wiredesk.models.probes import PROBES

SENTENCES = ["Rockets hit the port.", "Rockets hit a bridge.", "Talks resume on Monday.", "Talks ended on Friday."]
TARGETS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
TYPES = ["strike", "talks"]
#: Two documents, so that no array is empty.
DOCUMENTS = ["front", "front", "talks", "talks"]


LEXICONS = {
    "none": Lexicon(),
    "without classes": Lexicon({"rockets": "weapon", "talks": "itself"}),
    "with classes": Lexicon(
        {"on": "day?", "rockets": "weapon", "talks": "talks"},
        {
            "day": CueClass("day or hour"),
            "talks": CueClass("talks", ("speech", "politics")),
            "weapon": CueClass("what is fired", ("force", "accident"), True),
        },
    ),
}


def make_model(**settings: Any) -> Model:
    X = np.array(list(zip(SENTENCES, DOCUMENTS, strict=True)), dtype=object)
    classifier = SentenceClassifier(featurizer=TfidfFeaturizer(min_df=2)).fit(X, TARGETS)
    calibration = [(1.5, -0.25), (2.0, 0.5)]
    return freeze(classifier, TYPES, calibration, [0.4, 0.6], [0.5, 0.5], training={"note": "by hand"}, **settings)


@pytest.fixture(scope="module")
def model() -> Model:
    return make_model()


@pytest.fixture(scope="module")
def whole(model, tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "small.wiredesk"
    model.save(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def contents(whole) -> dict[str, bytes]:
    """Member name -> bytes."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes] | list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return buffer.getvalue()


def forged(contents: dict[str, bytes], settings: dict[str, Any] | None = None, **members: bytes) -> bytes:
    """Put other settings and array members into the file, with checksums and content hash that fit."""
    members = {**contents, **{f"{name}.npy": data for name, data in members.items()}}
    manifest = {**json.loads(contents["manifest.json"]), **(settings or {})}
    manifest = {name: value for name, value in manifest.items() if value is not REMOVED}
    arrays = {}
    for name in ARRAYS:
        manifest.setdefault("checksums", {})
        if isinstance(manifest["checksums"], dict):
            manifest["checksums"][f"{name}.npy"] = hashlib.sha256(members[f"{name}.npy"]).hexdigest()
        try:
            arrays[name] = np.load(io.BytesIO(members[f"{name}.npy"]), allow_pickle=False)
        except Exception:  # the member is broken on purpose, and no hash could fit
            return zipped({**members, "manifest.json": json.dumps(manifest).encode()})
    if "hash" not in (settings or {}) and all(name in manifest for name in files.SETTINGS):
        try:
            manifest["hash"] = content_hash(manifest, arrays)
        except UnicodeEncodeError:
            pass
    return zipped({**members, "manifest.json": json.dumps(manifest).encode()})


REMOVED = object()


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


def npy_with_header(header: str) -> bytes:
    text = header.encode("latin1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.fixture
def refused(tmp_path) -> Callable[[bytes, str], None]:
    """Give a check that loading these bytes fails with the file's name and a reason."""

    def check(data: bytes, reason: str) -> None:
        path = tmp_path / "broken.wiredesk"
        path.write_bytes(data)
        with pytest.raises(ModelFileError, match=reason) as raised:
            load_model(path)
        assert str(raised.value).startswith(f"{path}: ")
        assert len(str(raised.value)) <= len(str(path)) + 400  # What the file says is cut.

    return check


class TestRoundTrip:
    def test_a_loaded_model_predicts_the_same_bits(self, model, tmp_path):
        model.save(tmp_path / "a.wiredesk")
        loaded = load_model(tmp_path / "a.wiredesk")
        sentences = [*SENTENCES, "", "Rockets on Monday: talks?"]
        for ids in (None, ["a"] * 3 + ["b"] * 3):
            expected = model.predict_proba(sentences, document_ids=ids)
            assert loaded.predict_proba(sentences, document_ids=ids).tobytes() == expected.tobytes()
        assert (loaded.types, loaded.thresholds, loaded.hash) == (("strike", "talks"), model.thresholds, model.hash)
        assert loaded.manifest["training"] == {"note": "by hand"}

    def test_every_array_has_something_to_lose(self, model):
        # Else the tests below would not see it change.
        assert {name: array.size > 0 for name, array in model._arrays.items()} == dict.fromkeys(ARRAYS, True)

    def test_saving_again_gives_the_same_bytes(self, whole, tmp_path):
        (tmp_path / "a.wiredesk").write_bytes(whole)
        load_model(tmp_path / "a.wiredesk").save(tmp_path / "b.wiredesk")
        assert (tmp_path / "b.wiredesk").read_bytes() == whole

    def test_the_same_fit_gives_the_same_bytes(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        for name in "ab":
            make_model().save(tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_the_date_is_the_one_that_a_reproducible_build_asks_for(self, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        assert make_model().manifest["created"] == "2023-11-14"

    def test_str_and_path_are_both_taken(self, model, tmp_path):
        model.save(str(tmp_path / "a.wiredesk"))
        assert load_model(tmp_path / "a.wiredesk").hash == load_model(str(tmp_path / "a.wiredesk")).hash == model.hash

    def test_the_name_may_be_anything(self, model, tmp_path):
        model.save(tmp_path / "modèle numéro 1")
        assert load_model(tmp_path / "modèle numéro 1").hash == model.hash

    def test_type_names_may_be_in_any_script(self, tmp_path):
        classifier = SentenceClassifier().fit(SENTENCES, TARGETS)
        freeze(classifier, ["атака", "talks & more"], [(1.0, 0.0)] * 2, [0.5] * 2, [0.5] * 2).save(
            tmp_path / "a.wiredesk"
        )
        assert load_model(tmp_path / "a.wiredesk").types == ("атака", "talks & more")

    def test_words_in_any_script_survive(self, tmp_path):
        sentences = ["Ракети над Łódź", "Ракети над Łódź 東京", "\ud800 ½ ﬁ", "\ud800 ½ ﬁ é"]
        classifier = SentenceClassifier().fit(sentences, TARGETS)
        frozen = freeze(classifier, TYPES, [(1.0, 0.0)] * 2, [0.5] * 2, [0.5] * 2)
        frozen.save(tmp_path / "a.wiredesk")
        loaded = load_model(tmp_path / "a.wiredesk")
        assert loaded.predict_proba(sentences).tobytes() == frozen.predict_proba(sentences).tobytes()

    @pytest.mark.parametrize("lexicon", LEXICONS.values(), ids=LEXICONS)
    def test_a_lexicon_of_ones_own_travels_with_the_model(self, lexicon, tmp_path):
        X = np.array(list(zip(SENTENCES, DOCUMENTS, strict=True)), dtype=object)
        featurizer = TfidfFeaturizer(lexicon=lexicon, char_ngrams=(1, 3))
        classifier = SentenceClassifier(featurizer=featurizer).fit(X, TARGETS)
        freeze(classifier, TYPES, [(1.0, 0.0)] * 2, [0.5] * 2, [0.5] * 2).save(tmp_path / "a.wiredesk")
        loaded = load_model(tmp_path / "a.wiredesk")
        assert loaded._lexicon == lexicon
        for ids, given in ((None, SENTENCES), (DOCUMENTS, X)):
            actual = loaded.decision_function(SENTENCES, document_ids=ids)
            assert np.abs(actual - classifier.decision_function(given)).max() < 1e-9


class TestContents:
    def test_a_manifest_and_plain_arrays_and_nothing_else(self, contents):
        assert sorted(contents) == sorted(["manifest.json", *(f"{name}.npy" for name in ARRAYS)])
        for name, (dtype, dimensions) in ARRAYS.items():
            array = np.load(io.BytesIO(contents[f"{name}.npy"]), allow_pickle=False)
            assert (array.dtype, array.ndim) == (np.dtype(dtype), dimensions)

    def test_the_manifest_says_what_the_model_is(self, contents):
        manifest = json.loads(contents["manifest.json"])
        assert manifest["format"] == FORMAT_VERSION
        assert manifest["types"] == TYPES
        assert manifest["thresholds"] == [0.4, 0.6]
        assert manifest["calibration"] == {
            "method": "sigmoid",
            "slope": [1.5, 2.0],
            "intercept": [-0.25, 0.5],
            "prior": [0.5, 0.5],
        }
        assert manifest["featurizer"].keys() == {"version", "char_ngrams", "classes"}
        assert (manifest["featurizer"]["version"], manifest["featurizer"]["char_ngrams"]) == (
            FEATURIZER_VERSION,
            [2, 5],
        )
        assert {"python", "numpy", "scipy", "scikit-learn", "wiredesk"} <= manifest["versions"].keys()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", manifest["created"])
        assert re.fullmatch(r"[0-9a-f]{32}", manifest["hash"])

    def test_the_manifest_says_what_is_told_about_each_class_by_the_alphabet(self, contents):
        classes = json.loads(contents["manifest.json"])["featurizer"]["classes"]
        shipped = load_lexicon().classes
        assert list(classes) == sorted(shipped)
        for name, about in shipped.items():
            assert classes[name] == {"title": about.title, "roles": list(about.roles), "key": about.key}

    def test_members_carry_no_time(self, whole):
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_the_hash_covers_arrays_and_settings_but_not_date_versions_and_metrics(self, model):
        manifest, arrays = model.manifest, dict(model._arrays)
        same = {**manifest, "created": "1999-01-01", "versions": {}, "training": {"f1": 1}}
        assert content_hash(same, arrays) == manifest["hash"]
        for name, value in {"thresholds": [0.4, 0.7], "types": ["strike", "talk"], "review_band": 0.2}.items():
            assert content_hash({**manifest, name: value}, arrays) != manifest["hash"]
        for name in ARRAYS:
            assert content_hash(manifest, {**arrays, name: arrays[name][:-1]}) != manifest["hash"]
        classes = {**manifest["featurizer"]["classes"], "kill": {"title": "killing", "roles": [], "key": False}}
        featurizer = {**manifest["featurizer"], "classes": classes}
        assert content_hash({**manifest, "featurizer": featurizer}, arrays) != manifest["hash"]


class TestDamage:
    def test_truncated_at_any_length(self, whole, tmp_path):
        path = tmp_path / "cut.wiredesk"
        lengths = [*range(1, 60), *range(60, len(whole) - 60, 97), *range(len(whole) - 60, len(whole))]
        for length in lengths:
            path.write_bytes(whole[:length])
            with pytest.raises(ModelFileError, match="cut.wiredesk: not a whole zip file"):
                load_model(path)

    @pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
    def test_a_changed_byte_is_noticed_or_harmless(self, whole, model, tmp_path, flip):
        path = tmp_path / "flipped.wiredesk"
        # `python -m fuzz.model_files` changes more, and more of them.
        for position in range(0, len(whole), 29):
            data = bytearray(whole)
            data[position] ^= flip
            path.write_bytes(data)
            try:
                loaded = load_model(path)
            except ModelFileError as error:
                assert str(path) in str(error)
            else:
                assert loaded.hash == model.hash

    def test_damaged_compressed_data(self, refused, whole):
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            entry = archive.getinfo("manifest.json")
        start = entry.header_offset + 30 + len(entry.filename)
        # Block type 3 does not exist in deflate.
        refused(whole[:start] + b"\x07" + whole[start + 1 :], "not a whole zip|cannot be unpacked")

    @pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
    def test_damaged_data_of_another_compression(self, refused, contents, compression):
        data = zipped(contents, compression)
        start = 30 + len("manifest.json")
        refused(data[:start] + bytes(20) + data[start + 20 :], "compressed in a way that a model file is not")

    def test_empty(self, refused):
        refused(b"", "not a whole zip file")

    @pytest.mark.parametrize(
        "data", [b"PK", b"\x80\x04N.", b"<html>not found</html>", b"\0" * 5000, zlib.compress(b"a")], ids=repr
    )
    def test_no_zip(self, refused, data):
        refused(data[:5000], "not a whole zip file")

    def test_encrypted(self, refused, whole):
        data = bytearray(whole)
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            for found in re.finditer(re.escape(signature), whole):
                data[found.start() + offset] |= 1
        refused(bytes(data), "cannot be unpacked .*encrypted")

    def test_a_member_that_does_not_match_its_checksum(self, refused, contents):
        refused(zipped({**contents, "weights.npy": contents["intercept.npy"]}), "weights.npy does not match its check")

    @pytest.mark.parametrize("settings", [{"thresholds": [0.0, 0.0]}, {"types": ["talks", "strike"]}], ids=str)
    def test_settings_that_do_not_match_the_content_hash(self, refused, contents, settings):
        refused(forged(contents, {**settings, "hash": "0" * 32}), "settings do not match its content hash")


class TestMembers:
    def test_an_extra_one(self, refused, contents):
        refused(zipped({**contents, "setup.py": b"1"}), "other members than a model file .*'setup.py'")

    @pytest.mark.parametrize("name", ["manifest.json", *(f"{name}.npy" for name in ARRAYS)])
    def test_a_missing_one(self, refused, contents, name):
        rest = {other: data for other, data in contents.items() if other != name}
        refused(zipped(rest), f"other members than a model file .*'{re.escape(name)}'")

    def test_one_that_stands_twice(self, refused, contents):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = zipped([*contents.items(), ("weights.npy", contents["weights.npy"])])
        refused(data, "other members than a model file .*a name twice")

    def test_none(self, refused):
        refused(zipped({}), "other members than a model file")

    def test_one_in_a_folder(self, refused, contents):
        rest = {("a/" + name if name == "weights.npy" else name): data for name, data in contents.items()}
        refused(zipped(rest), "other members than a model file")

    def test_a_manifest_beyond_the_limit(self, refused, contents):
        # A megabyte of blanks packs into a kilobyte.
        data = zipped({**contents, "manifest.json": contents["manifest.json"] + b" " * (1 << 20)})
        refused(data, r"manifest.json has 1,0\d\d,\d{3} bytes; it can have 1,048,576")

    def test_arrays_beyond_the_limit_together(self, refused, whole, contents, monkeypatch):
        total = sum(len(data) for name, data in contents.items() if name != "manifest.json")
        monkeypatch.setattr(files, "MAX_ARRAY_BYTES", total - 1)
        refused(whole, f"its arrays have {total:,} bytes; they can have {total - 1:,} together")

    def test_arrays_of_just_the_limit_are_read(self, whole, contents, tmp_path, monkeypatch):
        total = sum(len(data) for name, data in contents.items() if name != "manifest.json")
        monkeypatch.setattr(files, "MAX_ARRAY_BYTES", total)
        (tmp_path / "a.wiredesk").write_bytes(whole)
        assert load_model(tmp_path / "a.wiredesk").types == tuple(TYPES)

    def test_a_bomb_is_not_unpacked(self, refused, contents, monkeypatch):
        # 100 MB of blanks; no member is opened to find that out.
        data = zipped({**contents, "words.npy": b" " * 100_000_000})
        monkeypatch.setattr(zipfile.ZipFile, "open", None)
        refused(data, r"its arrays have 100,\d{3},\d{3} bytes; they can have 67,108,864 together")

    def test_a_directory_that_understates_the_size(self, refused, contents):
        members = {**contents, "manifest.json": contents["manifest.json"] + b" " * (1 << 21)}
        honest = zipped(members)
        size = struct.pack("<I", len(members["manifest.json"]))
        refused(honest.replace(size, struct.pack("<I", 100)), "not a whole zip file .*CRC")

    def test_a_directory_that_overstates_the_size(self, refused, contents):
        honest = zipped(contents)
        size = len(contents["near.npy"])
        assert honest.count(struct.pack("<I", size)) == 2  # In the member's own header and in the directory.
        wrong = honest.replace(struct.pack("<I", size), struct.pack("<I", size + 1))
        refused(wrong, "not a whole zip file .*near.npy has another size than the directory says")

    @pytest.mark.parametrize("name", ["../words.npy", "/etc/words.npy", "words.npy/", "words.npy\u202e", "x" * 60_000])
    def test_one_of_another_name(self, refused, contents, tmp_path, name):
        members = {(name if other == "words.npy" else other): data for other, data in contents.items()}
        refused(zipped(members), "holds other members than a model file")
        assert os.listdir(tmp_path) == ["broken.wiredesk"]

    def test_a_long_name_is_cut_in_the_message(self, tmp_path, contents):
        (tmp_path / "a.wiredesk").write_bytes(zipped({**contents, "x" * 10_000: b""}))
        with pytest.raises(ModelFileError) as raised:
            load_model(tmp_path / "a.wiredesk")
        assert len(str(raised.value)) < len(str(tmp_path)) + 200

    def test_a_directory_of_a_thousand_names_is_not_read(self, refused, contents, monkeypatch):
        data = zipped({**contents, **{f"{i:04}": b"" for i in range(1000)}})
        monkeypatch.setattr(zipfile, "ZipFile", None)
        refused(data, r"holds other members than a model file \(their directory has 5\d,\d{3} bytes")

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda data: b"#!/bin/sh\n" + data,
            lambda data: data + b"\0",
            lambda data: data[:-2] + b"\x03\0abc",
            lambda data: data + data[-22:],
            lambda data: data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:],
        ],
        ids=["bytes before", "bytes behind", "a comment", "two ends", "a part of large zips"],
    )
    def test_other_bytes_around_them(self, refused, whole, spoil):
        refused(spoil(whole), "not a whole zip file .its directory is not at its end")

    def test_the_end_of_a_large_zip_inside_of_the_directory(self, refused, contents):
        # What tells the place of another directory hides in the last one's comment.
        buffer = io.BytesIO(zipped(contents))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.infolist()[-1].comment = b"PK\x06\x07" + bytes(16)
            archive.comment = b""
            archive._didModify = True
        assert buffer.getvalue()[-42:-38] == b"PK\x06\x07"
        refused(buffer.getvalue(), "not a whole zip file")

    def test_symbolic_links_by_their_attributes_are_data_all_the_same(self, contents, tmp_path):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in contents.items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0o120777 << 16
                archive.writestr(entry, data)
        (tmp_path / "a.wiredesk").write_bytes(buffer.getvalue())
        assert load_model(tmp_path / "a.wiredesk").types == tuple(TYPES)
        assert os.listdir(tmp_path) == ["a.wiredesk"]


class Trap:
    """Unpickling this makes a directory."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


class TestNothingIsExecuted:
    def test_the_trap_would_go_off(self, tmp_path):
        np.load(io.BytesIO(npy(np.array([Trap(tmp_path / "sprung")]), allow_pickle=True)), allow_pickle=True)
        assert (tmp_path / "sprung").exists()

    @pytest.mark.parametrize("name", ARRAYS)
    def test_arrays_of_pickled_objects_are_refused(self, refused, contents, tmp_path, name):
        dimensions = ARRAYS[name][1]
        trap = np.empty((1,) * dimensions, dtype=object)
        trap[(0,) * dimensions] = Trap(tmp_path / "sprung")
        refused(
            forged(contents, **{name: npy(trap, allow_pickle=True)}), rf"{name}.npy is .-dimensional \|O; it should be"
        )
        assert not (tmp_path / "sprung").exists()

    def test_a_bare_pickle_in_place_of_an_array_is_refused(self, refused, contents, tmp_path):
        data = pickle.dumps(Trap(tmp_path / "sprung"))
        refused(forged(contents, weights=data), "weights.npy is not a plain array")
        assert not (tmp_path / "sprung").exists()

    def test_a_pickle_in_place_of_the_file_is_refused(self, refused, tmp_path):
        refused(pickle.dumps(Trap(tmp_path / "sprung")), "not a whole zip file")
        assert not (tmp_path / "sprung").exists()


BAD_HEADERS = {
    "no dictionary": "[1, 2]",
    "code": "{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os').getpid(), 2)}",
    "unfinished": "{'descr': '<f4', 'fortran_order': False, 'shape': (10,",
    "unhashable key": "{[]: 1}",
    "nested deeply": "(" * 100,
    "empty dtype": "{'descr': (), 'fortran_order': False, 'shape': (1, 2)}",
    "dtype that is no type": "{'descr': 'f4,,', 'fortran_order': False, 'shape': (1, 2)}",
    "written by Python 2": "{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 2L)}",
    "more than memory": "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 2)}",
    "more than a machine can count": "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
    "negative": "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
    "more than there is": "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 2)}",
    "fields": "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0, 2)}",
}


class TestArrays:
    @pytest.mark.parametrize("header", BAD_HEADERS.values(), ids=BAD_HEADERS)
    def test_headers_that_make_no_sense(self, refused, contents, header):
        refused(forged(contents, weights=npy_with_header(header)), "weights.npy is")

    @pytest.mark.parametrize("data", [b"", b"junk", b"\x93NUMPY\x09\x00v\x00", b"\x93NUMPY\x01\x00"], ids=repr)
    def test_no_npy_at_all(self, refused, contents, data):
        refused(forged(contents, runs=data), "runs.npy is not a plain array")

    @pytest.mark.parametrize(
        ("name", "kind", "shown"),
        [
            ("weights", "float64", "2-dimensional <f8; it should be 2-dimensional <f4"),
            ("weights", "float16", "2-dimensional <f2"),
            ("weights", ">f4", "2-dimensional >f4"),
            ("weights", "complex64", "2-dimensional <c8"),
            ("intercept", "float32", "1-dimensional <f4; it should be 1-dimensional <f8"),
            ("pairs", "int64", "2-dimensional <i8; it should be 2-dimensional <i4"),
            ("runs", "uint32", "2-dimensional <u4"),
            ("near", "int64", "2-dimensional <i8"),
            ("contexts", "int8", "1-dimensional \\|i1"),
            ("words", "int8", "1-dimensional \\|i1"),
            ("lexicon", "U1", "1-dimensional <U1"),
        ],
    )
    def test_another_dtype(self, refused, contents, model, name, kind, shown):
        refused(forged(contents, **{name: npy(model._arrays[name].astype(kind))}), f"{name}.npy is {shown}")

    @pytest.mark.parametrize("name", ["runs", "weights"])
    def test_columns_in_place_of_rows(self, refused, contents, model, name):
        turned = npy(np.asfortranarray(model._arrays[name]))
        assert b"'fortran_order': True" in turned
        refused(forged(contents, **{name: turned}), f"{name}.npy is 2-dimensional .*, column by column; it should be")

    def test_another_version_of_npy(self, refused, contents, model):
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, model._arrays["near"], version=(2, 0))
        refused(forged(contents, near=buffer.getvalue()), "near.npy is not a plain array")

    def test_a_header_of_another_length_than_it_says(self, refused, contents):
        data = contents["near.npy"]
        refused(forged(contents, near=data[:8] + b"\x77\0" + data[10:]), "near.npy is not a plain array")

    @pytest.mark.parametrize("change", [-1, 1, 4096])
    def test_more_or_less_than_the_shape_needs(self, refused, contents, change):
        data = contents["weights.npy"]
        data = data[:change] if change < 0 else data + bytes(change)
        refused(forged(contents, weights=data), r"weights.npy has [\d,]+ bytes; its shape \(\d+, 2\) needs")

    def test_nothing_of_a_huge_shape(self, refused, contents):
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 999999999), }"
        refused(forged(contents, weights=npy_with_header(header)), r"weights has shape \(0, 999999999\)")

    def test_the_header_is_not_evaluated(self, refused, contents, monkeypatch):
        monkeypatch.setattr(np.lib.format, "read_array", None)
        monkeypatch.setattr("ast.literal_eval", None)
        refused(zipped({**contents, "weights.npy": contents["intercept.npy"]}), "weights.npy does not match its check")

    @pytest.mark.parametrize("name", ARRAYS)
    def test_another_number_of_dimensions(self, refused, contents, model, name):
        refused(forged(contents, **{name: npy(model._arrays[name][None])}), f"{name}.npy is .-dimensional")

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("name", ["weights", "intercept"])
    def test_values_that_are_not_finite(self, refused, contents, model, name, value):
        broken = model._arrays[name].copy()
        broken.flat[-1] = value
        refused(forged(contents, **{name: npy(broken)}), f"{name}.npy holds values that are not finite")

    @pytest.mark.parametrize("row", [[0, 10_000], [10_000, 0], [-1, 0], [0, -1], [0, -(2**31)]], ids=str)
    def test_pairs_that_point_nowhere(self, refused, contents, row):
        refused(forged(contents, pairs=npy(np.array([row], dtype=np.int32))), "pairs points outside its vocabulary")

    @pytest.mark.parametrize("name", ["pairs", "runs", "near"])
    def test_a_row_twice(self, refused, contents, model, name):
        # A thousand of them would take the scorer's table a million steps.
        rows = model._arrays[name]
        refused(forged(contents, **{name: npy(np.concatenate([rows, rows[:1]]))}), f"{name} has a row twice")

    def test_pairs_that_collide_in_the_scorers_table(self, refused, contents):
        n = 300
        first, second = np.divmod(np.arange(n * n), n)
        # Of 90,000 pairs, 200 that a table of 1024 places looks for at few of them.
        order = np.argsort(HashIndex(np.arange(200)).table.places(((first + 1) << 32) | (second + 1)), kind="stable")
        pairs = np.stack([first, second], axis=1)[order[:200]].astype(np.int32)
        words = np.frombuffer("\n".join(f"w{i}" for i in range(n)).encode(), dtype=np.uint8)
        refused(forged(contents, words=npy(words), pairs=npy(pairs)), "pairs has rows that collide in a hash table")

    def test_near_pairs_that_no_sentence_has(self, refused, contents, model):
        end = model._vocabulary.symbols.index("$")
        near = model._arrays["near"].copy()
        near[0] = [end, end]
        refused(forged(contents, near=npy(near)), "near has a pair without a class whose neighbours matter")

    @pytest.mark.parametrize("value", [1.1e9, -1e308])
    def test_an_intercept_with_which_scores_would_overflow(self, refused, contents, value):
        refused(forged(contents, intercept=npy(np.array([value, 0.0]))), "intercept holds a number beyond 1e.09")

    def test_a_run_of_three_without_its_first_two(self, refused, contents):
        runs = npy(np.array([[0, 0, 0]], dtype=np.int32))
        refused(forged(contents, runs=runs), "a run of three cue symbols begins with two that are no run")

    def test_more_cue_symbols_than_a_scorer_has_room_for(self, refused, contents):
        many = "\n".join(f"S{i}" for i in range(5001)).encode()
        refused(
            forged(contents, symbols=npy(np.frombuffer(many, dtype=np.uint8))), "5,001 cue symbols; there can be 5,000"
        )

    @pytest.mark.parametrize("row", [[0, 0, 10_000], [10_000, 0, 0], [0, -1, 0], [-1, 0, 0], [0, 0, -2]], ids=str)
    def test_runs_that_point_nowhere(self, refused, contents, row):
        refused(forged(contents, runs=npy(np.array([row], dtype=np.int32))), "runs points outside its vocabulary")

    @pytest.mark.parametrize("row", [[0, 10_000], [10_000, 0], [-1, 0], [0, -1], [0, -(2**31)]], ids=str)
    def test_near_pairs_that_point_nowhere(self, refused, contents, row):
        refused(forged(contents, near=npy(np.array([row], dtype=np.int32))), "near points outside its vocabulary")

    @pytest.mark.parametrize(("name", "parts"), [("pairs", "words"), ("near", "symbols")])
    def test_an_index_of_just_the_size(self, refused, contents, model, name, parts):
        size = len(getattr(model._vocabulary, parts))
        rows = np.array([[0, size]], dtype=np.int32)
        refused(forged(contents, **{name: npy(rows)}), f"{name} points outside its vocabulary of {size} terms")

    @pytest.mark.parametrize(
        ("name", "width", "right"),
        [
            ("pairs", 3, 2),
            ("pairs", 0, 2),
            ("pairs", 1, 2),
            ("runs", 2, 3),
            ("runs", 4, 3),
            ("near", 1, 2),
            ("near", 3, 2),
            ("near", 0, 2),
        ],
    )
    def test_another_number_of_columns(self, refused, contents, name, width, right):
        broken = forged(contents, **{name: npy(np.zeros((2, width), dtype=np.int32))})
        refused(broken, rf"{name} has shape \(2, {width}\); it should have {right} columns")

    def test_fewer_weights_than_terms(self, refused, contents, model):
        refused(forged(contents, weights=npy(model._arrays["weights"][:-1])), r"weights has shape \(\d+, 2\)")

    def test_weights_of_another_number_of_types(self, refused, contents, model):
        refused(forged(contents, weights=npy(model._arrays["weights"][:, :1])), r"weights has shape \(\d+, 1\)")

    def test_an_intercept_of_another_number_of_types(self, refused, contents):
        refused(forged(contents, intercept=npy(np.zeros(3))), r"intercept \(3,\)")

    def test_fewer_words_than_weights(self, refused, contents):
        refused(forged(contents, ngrams=npy(np.array([97], dtype=np.uint8))), "weights has shape")

    def test_fewer_near_pairs_than_weights(self, refused, contents, model):
        refused(forged(contents, near=npy(model._arrays["near"][:-1])), "weights has shape")

    def test_fewer_context_terms_than_weights(self, refused, contents):
        refused(forged(contents, contexts=npy(np.frombuffer(b"speaker=none", dtype=np.uint8))), "weights has shape")

    @pytest.mark.parametrize("name", ["words", "ngrams", "symbols", "contexts", "lexicon"])
    def test_a_vocabulary_that_is_not_utf8(self, refused, contents, name):
        refused(forged(contents, **{name: npy(np.array([255], dtype=np.uint8))}), f"{name} is not UTF-8")

    @pytest.mark.parametrize("name", ["words", "ngrams", "symbols", "contexts", "lexicon"])
    def test_a_line_twice_or_an_empty_one(self, refused, contents, model, name):
        lines = model._arrays[name].tobytes()
        for text in (lines + b"\n", b"\n" + lines, lines + b"\n" + lines.split(b"\n")[0]):
            odd = forged(contents, **{name: npy(np.frombuffer(text, dtype=np.uint8))})
            refused(odd, f"{name} has a line twice, or an empty one")

    @pytest.mark.parametrize("name", ["words", "symbols"])
    def test_a_term_with_a_blank(self, refused, contents, name):
        odd = forged(contents, **{name: npy(np.frombuffer(b"a\nb c", dtype=np.uint8))})
        refused(odd, f"{name} has a line with a blank")

    @pytest.mark.parametrize(("limit", "value"), [("MOST_TERMS", 100), ("LONGEST", 1000)])
    def test_more_lines_or_a_longer_text_than_there_is_memory_for(self, refused, whole, monkeypatch, limit, value):
        monkeypatch.setattr(arrays, limit, value)
        refused(whole, "(lexicon|contexts) has [\\d,]+ lines and [\\d,]+ bytes; it can have")

    def test_more_terms_than_there_is_memory_for(self, refused, contents, monkeypatch):
        monkeypatch.setattr(arrays, "MOST_TERMS", 100)
        refused(forged(contents, lexicon=npy(np.frombuffer(b"a\tb", dtype=np.uint8))), "terms; there can be 100")

    @pytest.mark.parametrize("text", [b"said", b"said\t", b"\tspeech", b"said\tspeech\tmore"], ids=repr)
    def test_a_lexicon_of_another_form(self, refused, contents, text):
        lexicon = npy(np.frombuffer(text, dtype=np.uint8))
        refused(forged(contents, lexicon=lexicon), "not a form, a tab and a class")

    def test_a_form_twice_in_the_lexicon(self, refused, contents):
        lexicon = npy(np.frombuffer(b"said\tspeech\nsaid\tdie", dtype=np.uint8))
        refused(forged(contents, lexicon=lexicon), "the lexicon has a form twice")


def displacement(index: HashIndex) -> float:
    """Count how far keys stand from their first places."""
    slots = index.table.slots
    at = np.flatnonzero(slots[:, 0] != -1)
    first = index.table.places(np.ascontiguousarray(slots[at, 0]))
    return float(np.mean((at - first) % len(slots)))


class TestCrowding:
    @pytest.mark.parametrize("n", [1, 10, 1000])
    def test_it_is_that_of_the_table_itself(self, n):
        # Multiples of a Fibonacci number crowd together.
        for keys in (np.arange(1, n + 1), 4181 * np.arange(1, n + 1), np.arange(1, n + 1) << 32):
            assert arrays.crowding(keys) == pytest.approx(displacement(HashIndex(keys)))

    def test_a_real_vocabulary_is_far_from_the_limit(self):
        pairs = load_model()._vocabulary.pairs.astype(np.int64) + 1
        assert arrays.crowding((pairs[:, 0] << 32) | pairs[:, 1]) < 0.5 < arrays.CROWDED


PRIOR = {"prior": [0.5, 0.5]}


def with_classes(classes: Any) -> dict[str, Any]:
    return {"featurizer": {"version": FEATURIZER_VERSION, "char_ngrams": [2, 5], "classes": classes}}


def with_class(**about: Any) -> dict[str, Any]:
    return with_classes({"kill": {"title": "killing", "roles": [], "key": True}, "die": about})


BAD_SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "types: none": ({"types": []}, "types"),
    "types: one string": ({"types": "ab"}, "types"),
    "types: an empty name": ({"types": ["", "b"]}, "types"),
    "types: a blank name": ({"types": [" ", "b"]}, "types"),
    "types: a number": ({"types": [1, "b"]}, "types"),
    "types: a list": ({"types": [["a"], "b"]}, "types"),
    "types: one twice": ({"types": ["a", "a"]}, "types"),
    "types: the reserved word": ({"types": ["none", "b"]}, "types"),
    "types: the reserved mark": ({"types": ["a;b", "b"]}, "types"),
    "types: no Unicode text": ({"types": ["\ud800", "b"]}, "types"),
    "types: more than there is memory for": ({"types": [str(i) for i in range(1001)]}, "types"),
    "types: too few": ({"types": ["a"], "thresholds": [0.5]}, "calibration"),
    "thresholds: too few": ({"thresholds": [0.5]}, "thresholds"),
    "thresholds: too many": ({"thresholds": [0.5] * 3}, "thresholds"),
    "thresholds: above one": ({"thresholds": [0.5, 1.1]}, "thresholds"),
    "thresholds: below zero": ({"thresholds": [0.5, -0.1]}, "thresholds"),
    "thresholds: many digits": ({"thresholds": [0.5, 10**200]}, "thresholds"),
    "thresholds: strings": ({"thresholds": ["0.5", "0.5"]}, "thresholds"),
    "thresholds: true": ({"thresholds": [0.5, True]}, "thresholds"),
    "thresholds: null": ({"thresholds": [0.5, None]}, "thresholds"),
    "thresholds: one number": ({"thresholds": 0.5}, "thresholds"),
    "thresholds: a mapping": ({"thresholds": {"strike": 0.5, "talks": 0.5}}, "thresholds"),
    "calibration: another method": (
        {"calibration": {"method": "isotonic", "slope": [1, 1], "intercept": [0, 0], **PRIOR}},
        "calibration",
    ),
    "calibration: no slope": ({"calibration": {"method": "sigmoid", "intercept": [0, 0], **PRIOR}}, "calibration"),
    "calibration: no intercept": ({"calibration": {"method": "sigmoid", "slope": [0, 0], **PRIOR}}, "calibration"),
    "calibration: too few": (
        {"calibration": {"method": "sigmoid", "slope": [1], "intercept": [0, 0], **PRIOR}},
        "calibration",
    ),
    "calibration: many digits": (
        {"calibration": {"method": "sigmoid", "slope": [1, -(10**200)], "intercept": [0, 0], **PRIOR}},
        "calibration",
    ),
    "calibration: no prior": (
        {"calibration": {"method": "sigmoid", "slope": [1, 1], "intercept": [0, 0]}},
        "calibration",
    ),
    "calibration: a prior above one": (
        {"calibration": {"method": "sigmoid", "slope": [1, 1], "intercept": [0, 0], "prior": [0.5, 1.5]}},
        "calibration",
    ),
    "calibration: a list": ({"calibration": [1, 0]}, "calibration"),
    "review_band: negative": ({"review_band": -0.1}, "review_band"),
    "review_band: above one": ({"review_band": 2}, "review_band"),
    "review_band: a string": ({"review_band": "0.1"}, "review_band"),
    "review_band: true": ({"review_band": True}, "review_band"),
    "review_band: many digits": ({"review_band": 10**200}, "review_band"),
    "featurizer: a list": ({"featurizer": []}, "featurizer"),
    "featurizer: no version": ({"featurizer": {"char_ngrams": [2, 5]}}, "featurizer version"),
    "featurizer: a version in words": ({"featurizer": {"version": "1", "char_ngrams": [2, 5]}}, "featurizer version"),
    "featurizer: no n-grams": ({"featurizer": {"version": 1}}, "char_ngrams"),
    "featurizer: n-grams of no length": ({"featurizer": {"version": 1, "char_ngrams": [0, 5]}}, "char_ngrams"),
    "featurizer: n-grams too long": ({"featurizer": {"version": 1, "char_ngrams": [2, 10**9]}}, "char_ngrams"),
    "featurizer: the longest n-gram first": ({"featurizer": {"version": 1, "char_ngrams": [5, 2]}}, "char_ngrams"),
    "featurizer: one n-gram": ({"featurizer": {"version": 1, "char_ngrams": [2]}}, "char_ngrams"),
    "featurizer: fractions": ({"featurizer": {"version": 1, "char_ngrams": [2.5, 5]}}, "char_ngrams"),
    "featurizer: whole floats": ({"featurizer": {"version": 1, "char_ngrams": [2.0, 5.0]}}, "char_ngrams"),
    "featurizer: strings": ({"featurizer": {"version": 1, "char_ngrams": ["2", "5"]}}, "char_ngrams"),
    "featurizer: no classes": ({"featurizer": {"version": 1, "char_ngrams": [2, 5]}}, "classes"),
    "classes: a list": (with_classes([]), "classes"),
    "classes: null": (with_classes(None), "classes"),
    "classes: one that is a title alone": (with_classes({"kill": "killing"}), "classes"),
    "classes: one without a title": (with_class(roles=[], key=True), "classes"),
    "classes: one without roles": (with_class(title="dying", key=True), "classes"),
    "classes: one without a key": (with_class(title="dying", roles=[]), "classes"),
    "classes: a title that is a number": (with_class(title=1, roles=[], key=True), "classes"),
    "classes: one role": (with_class(title="dying", roles="force", key=True), "classes"),
    "classes: a role that is a number": (with_class(title="dying", roles=["force", 1], key=True), "classes"),
    "classes: roles in a mapping": (with_class(title="dying", roles={"force": True}, key=True), "classes"),
    "classes: a key that is a number": (with_class(title="dying", roles=[], key=1), "classes"),
    "classes: a key that is null": (with_class(title="dying", roles=[], key=None), "classes"),
    "probes: a mapping": ({"probes": {}}, "probes"),
    "training: a list": ({"training": []}, "training"),
    "training: sentences in words": ({"training": {"sentences": "many"}}, "training"),
    "training: units as a fraction": ({"training": {"units": 1.5}}, "training"),
    "training: scores that are none": ({"training": {"cross_validation": None}}, "training"),
    "training: scores without types": ({"training": {"cross_validation": {"macro": {"f1": 1}}}}, "training"),
    "training: types in a list": ({"training": {"cross_validation": {"types": [], "macro": {"f1": 1}}}}, "training"),
    "training: no macro average": ({"training": {"cross_validation": {"types": {}}}}, "training"),
    "training: a score in words": (
        {"training": {"cross_validation": {"types": {"strike": {"f1": "good"}}, "macro": {"f1": 1}}}},
        "training",
    ),
    "evaluations: a mapping": ({"evaluations": {}}, "evaluations"),
    "evaluations: one without scores": (
        {"evaluations": [{"name": "gold", "about": "", "created": ""}]},
        "evaluations",
    ),
    "checksums: a list": ({"checksums": []}, "checksums"),
    "hash: a number": ({"hash": 1}, "hash"),
    "created: a number": ({"created": 2026}, "created"),
    "versions: a string": ({"versions": "1"}, "versions"),
}


class TestManifest:
    @pytest.mark.parametrize(("settings", "what"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
    def test_a_bad_value(self, refused, contents, settings, what):
        refused(forged(contents, settings), f"manifest.json has no correct {what}")

    @pytest.mark.parametrize("name", sorted({*manifest._KINDS} - {"checksums"}))
    def test_a_missing_value(self, refused, contents, name):
        refused(forged(contents, {name: REMOVED, **({} if name == "hash" else {"hash": "0"})}), f"no correct {name}")

    @pytest.mark.parametrize(
        "text",
        [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"'a'"],
        ids=lambda t: repr(t[:9]),
    )
    def test_no_json(self, refused, contents, text):
        refused(zipped({**contents, "manifest.json": text}), "manifest.json is not JSON")

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("NaN", "NaN is not finite"),
            ("Infinity", "Infinity is not finite"),
            ("-Infinity", "-Infinity is not finite"),
            ("1e400", "1e400 is not finite"),
            ("9" * 301, "a whole number of more than 300 digits"),
            ('{"a": 1, "b": 2, "a": 3}', "a key stands twice"),
            ("[" * 31 + "]" * 31, "more than 32 levels"),
            ('"\x00"', "Invalid control character"),
        ],
        ids=lambda text: text[:12],
    )
    def test_json_that_fails_elsewhere(self, refused, contents, value, reason):
        text = contents["manifest.json"].replace(b'"by hand"', value.encode())
        refused(zipped({**contents, "manifest.json": text}), f"manifest.json is not JSON that a model .*{reason}")

    @pytest.mark.parametrize("value", ["9" * 300, "1e308", "[" * 30 + "]" * 30], ids=lambda text: text[:12])
    def test_json_at_the_limits_is_read_shown_and_saved(self, contents, tmp_path, value):
        manifest = json.loads(contents["manifest.json"].replace(b'"by hand"', value.encode()))
        (tmp_path / "a.wiredesk").write_bytes(forged(contents, manifest))
        loaded = load_model(tmp_path / "a.wiredesk")
        assert loaded.manifest["training"] == {"note": json.loads(value)}
        assert describe(loaded).startswith(f"content hash   {loaded.hash}")
        loaded.save(tmp_path / "b.wiredesk")
        assert load_model(tmp_path / "b.wiredesk").manifest == loaded.manifest

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
    def test_another_encoding(self, refused, contents, encoding):
        text = contents["manifest.json"].replace(b"by hand", "müde".encode()).decode().encode(encoding, "replace")
        refused(zipped({**contents, "manifest.json": text}), "manifest.json is not JSON")

    def test_a_title_that_is_no_text(self, refused, contents):
        title = json.dumps(load_lexicon().classes["kill"].title).encode()
        assert title in contents["manifest.json"]
        text = contents["manifest.json"].replace(title, b'"\\ud800"')
        refused(zipped({**contents, "manifest.json": text}), "its settings hold what is no text")

    def test_a_name_of_data_that_is_no_text_is_shown_all_the_same(self, model, tmp_path):
        # As of a file whose name is not UTF-8.
        model.with_evaluation("gold\udcff", {"types": {"strike": {"f1": 0.5}}}).save(tmp_path / "a.wiredesk")
        assert "gold\ufffd" in model_card(load_model(tmp_path / "a.wiredesk"))

    def test_a_long_format_version_is_cut_in_the_message(self, tmp_path, contents):
        text = json.dumps({"format": "x" * 100_000}).encode()
        (tmp_path / "a.wiredesk").write_bytes(zipped({**contents, "manifest.json": text}))
        with pytest.raises(ModelFileError, match="format version 'xxx") as raised:
            load_model(tmp_path / "a.wiredesk")
        assert len(str(raised.value)) < len(str(tmp_path)) + 250

    @pytest.mark.parametrize(
        "role",
        ["{5}", "{0.__class__}", "{:>99999999999}", "a before", "Force", "", "1st", "a" * 101],
        ids=lambda r: r[:9],
    )
    def test_a_role_that_would_be_formatted_or_mistaken(self, refused, contents, role):
        # Context terms are made of roles by `str.format`; "a before" would be the field of what role "a" was before.
        refused(forged(contents, with_class(title="dying", roles=[role], key=True)), "role '.* of a class; a role is")

    def test_more_roles_than_there_is_room_for(self, refused, contents):
        classes = {f"c{i}": {"title": "", "roles": [f"r{i}"], "key": False} for i in range(51)}
        refused(forged(contents, with_classes(classes)), "the lexicon has 51 topics; there can be 50")

    @pytest.mark.parametrize("text", [b"[]", b"1", b'"format"', b"null", b"{}"], ids=repr)
    def test_no_model_manifest(self, refused, contents, text):
        refused(zipped({**contents, "manifest.json": text}), "no format version; this is no model file")

    @pytest.mark.parametrize("version", [0, FORMAT_VERSION + 1, str(FORMAT_VERSION), None, [], True])
    def test_another_format_version(self, refused, contents, version):
        refused(
            forged(contents, {"format": version}), rf"format version {re.escape(repr(version))}; this wiredesk reads"
        )

    @pytest.mark.parametrize("version", [FEATURIZER_VERSION + 1, 0, -1, pytest.param(10**299, id="300 digits")])
    def test_another_featurizer_version(self, refused, contents, version):
        settings = {"featurizer": {"version": version, "char_ngrams": [2, 5], "classes": {}}}
        refused(forged(contents, settings), "features of version .*train the model again")


def probes(contents: dict[str, bytes]) -> list[list[float]]:
    return json.loads(contents["manifest.json"])["probes"]


class TestProbes:
    def test_a_probability_that_differs(self, refused, contents):
        table = probes(contents)
        table[2][1] += 2e-6
        refused(forged(contents, {"probes": table}), "other probabilities here than where it was made")

    def test_a_difference_in_the_last_digits_passes(self, contents, tmp_path):
        table = [[p + 1e-9 for p in row] for row in probes(contents)]
        (tmp_path / "a.wiredesk").write_bytes(forged(contents, {"probes": table}))
        assert load_model(tmp_path / "a.wiredesk").types == tuple(TYPES)

    def test_fewer_or_more_than_there_are(self, refused, contents):
        for table in (
            [],
            probes(contents)[:-1],
            [*probes(contents), [0.5, 0.5]],
            [row[:1] for row in probes(contents)],
        ):
            refused(forged(contents, {"probes": table}), "other probabilities here|table of numbers")

    @pytest.mark.parametrize("value", [None, "a", {}, [1], 10**200, -1e308], ids=lambda value: repr(value)[:9])
    def test_something_else_than_numbers(self, refused, contents, value):
        table = probes(contents)
        table[0][0] = value
        refused(forged(contents, {"probes": table}), "other probabilities here|table of numbers")

    def test_they_are_stated_alone_and_then_as_one_document(self, contents, model):
        alone, together = model.predict_proba(PROBES), model.predict_proba(PROBES, document_ids=["it"] * len(PROBES))
        assert probes(contents) == [*alone.tolist(), *together.tolist()]
        assert (alone != together).any()

    def test_weights_of_the_context_that_differ(self, refused, contents, model):
        weights = model._arrays["weights"].copy()
        weights[model._vocabulary.starts[-1] :] *= 2
        changed = Model(model.manifest, {**model._arrays, "weights": weights})
        # The probes alone would not show it.
        assert changed.predict_proba(PROBES).tolist() == probes(contents)[: len(PROBES)]
        refused(forged(contents, weights=npy(weights)), "other probabilities here")

    def test_roles_that_differ(self, refused, contents):
        # Nobody speaks any more.
        featurizer = json.loads(contents["manifest.json"])["featurizer"]
        classes = {name: {**about, "roles": []} for name, about in featurizer["classes"].items()}
        refused(forged(contents, {"featurizer": {**featurizer, "classes": classes}}), "other probabilities here")

    def test_weights_that_differ(self, refused, contents, model):
        refused(forged(contents, weights=npy(model._arrays["weights"] * 2)), "other probabilities here")

    def test_the_largest_numbers_that_are_taken_give_probabilities(self, contents, model, tmp_path):
        # Warnings are errors: nothing overflows on the way.
        largest = np.full_like(model._arrays["weights"], np.finfo(np.float32).max)
        largest[::2] *= -1
        manifest = json.loads(contents["manifest.json"])
        manifest["calibration"] |= {"slope": [1e9, -1e9], "intercept": [1e9, 1e9]}
        extreme = Model(manifest, {**model._arrays, "weights": largest, "intercept": np.array([1e9, -1e9])})
        stated = extreme.predict_proba(PROBES * 2, document_ids=[*range(len(PROBES)), *[-1] * len(PROBES)])
        changed = {"calibration": manifest["calibration"], "probes": stated.tolist()}
        data = forged(contents, changed, weights=npy(largest), intercept=npy(extreme._arrays["intercept"]))
        (tmp_path / "a.wiredesk").write_bytes(data)
        loaded = load_model(tmp_path / "a.wiredesk")
        for ids in (None, [0] * len(SENTENCES)):
            found = loaded.predict_proba(SENTENCES, document_ids=ids)
            assert ((found >= 0) & (found <= 1)).all()
        assert [found.probability for found in loaded.explain(SENTENCES)] == loaded.predict_proba(SENTENCES)[0].tolist()


class TestPaths:
    def test_a_missing_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="nowhere.wiredesk"):
            load_model(tmp_path / "nowhere.wiredesk")

    def test_a_folder(self, tmp_path):
        with pytest.raises((OSError, ModelFileError), match=re.escape(str(tmp_path))):
            load_model(tmp_path)

    def test_a_symbolic_link_is_followed(self, tmp_path, whole, model):
        (tmp_path / "a.wiredesk").write_bytes(whole)
        (tmp_path / "link").symlink_to("a.wiredesk")
        assert load_model(tmp_path / "link").hash == model.hash

    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ModelFileError, match="pipe: is a pipe or a device; write the model to a regular file"):
            load_model(tmp_path / "pipe")

    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
    def test_a_device_is_not_read(self, device):
        with pytest.raises(ModelFileError, match=f"{device}: is a pipe or a device"):
            load_model(device)

    def test_a_file_beyond_the_limit_is_not_read(self, tmp_path, monkeypatch):
        with (tmp_path / "large").open("wb") as file:
            file.truncate(10**12)  # Without a single block on the disk.
        with pytest.raises(ModelFileError, match="large: has 1,000,000,000,000 bytes; a model file has at most"):
            load_model(tmp_path / "large")

    def test_a_file_that_is_cut_while_it_is_read(self, tmp_path, whole, model, monkeypatch):
        path = tmp_path / "a.wiredesk"
        path.write_bytes(whole)
        check = files._check_directory

        def cut(*given: Any) -> None:
            path.write_bytes(b"")
            check(*given)

        monkeypatch.setattr(files, "_check_directory", cut)
        assert load_model(path).hash == model.hash

    def test_reading_alone_checks_the_file_as_well(self, tmp_path, whole):
        (tmp_path / "a.wiredesk").write_bytes(whole[:-1])
        with pytest.raises(ModelFileError, match="a.wiredesk: not a whole zip"):
            read_model(tmp_path / "a.wiredesk")

    def test_loading_leaves_the_file_closed_and_as_it_was(self, tmp_path, whole):
        path = tmp_path / "a.wiredesk"
        path.write_bytes(whole)
        load_model(path)
        assert path.read_bytes() == whole
        assert os.listdir(tmp_path) == ["a.wiredesk"]


class TestSave:
    def test_an_existing_file_is_not_overwritten(self, model, tmp_path):
        path = tmp_path / "mine.wiredesk"
        path.write_text("precious")
        with pytest.raises(FileExistsError, match="mine.wiredesk exists already"):
            model.save(path)
        assert path.read_text() == "precious"

    def test_unless_it_is_allowed(self, model, tmp_path):
        path = tmp_path / "mine.wiredesk"
        path.write_text("old")
        model.save(path, overwrite=True)
        assert load_model(path).hash == model.hash
        assert os.listdir(tmp_path) == ["mine.wiredesk"]

    def test_a_missing_folder(self, model, tmp_path):
        with pytest.raises(FileNotFoundError):
            model.save(tmp_path / "nowhere" / "mine.wiredesk")
        assert os.listdir(tmp_path) == []

    def test_a_folder_in_place_of_the_file(self, model, tmp_path):
        (tmp_path / "mine.wiredesk").mkdir()
        with pytest.raises(OSError):
            model.save(tmp_path / "mine.wiredesk", overwrite=True)
        assert os.listdir(tmp_path) == ["mine.wiredesk"]

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_a_failure_leaves_nothing_new_behind(self, model, tmp_path, overwrite):
        path = tmp_path / "mine.wiredesk"
        if overwrite:
            path.write_text("old")
        unwritable = Model({**model.manifest, "training": {"a set": {1}}}, model._arrays)
        with pytest.raises(TypeError, match="JSON"):
            unwritable.save(path, overwrite=overwrite)
        assert os.listdir(tmp_path) == (["mine.wiredesk"] if overwrite else [])
        assert not overwrite or path.read_text() == "old"

    def test_an_array_of_objects_is_not_written(self, model, tmp_path):
        arrays = {**model._arrays, "words": np.array([{}], dtype=object)}
        with pytest.raises(ModelFileError, match=r"words.npy is 1-dimensional \|O"):
            write_model(tmp_path / "mine.wiredesk", model.manifest, arrays)
        assert os.listdir(tmp_path) == []

    @pytest.mark.parametrize(
        ("settings", "reason"),
        [
            ({"training": {"loss": float("nan")}}, "not JSON that a model file holds .NaN is not finite"),
            ({"training": {"sentences": "many"}}, "no correct training"),
            ({"training": {"note": "x" * (1 << 20)}}, "manifest.json has 1,0.* bytes; it can have 1,048,576"),
        ],
        ids=["not a number", "another kind", "too large"],
    )
    def test_what_could_not_be_loaded_is_not_written(self, model, tmp_path, settings, reason):
        with pytest.raises(ModelFileError, match=reason):
            Model({**model.manifest, **settings}, model._arrays).save(tmp_path / "mine.wiredesk")
        assert os.listdir(tmp_path) == []


class TestWholeFile:
    def test_the_file_appears_at_the_end(self, tmp_path):
        with whole_file(tmp_path / "a.txt") as partial:
            partial.write_text("all of it")
            assert not (tmp_path / "a.txt").exists()
            assert partial.parent == tmp_path
        assert (tmp_path / "a.txt").read_text() == "all of it"
        assert os.listdir(tmp_path) == ["a.txt"]

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_an_error_on_the_way_leaves_what_was_there(self, tmp_path, error):
        (tmp_path / "a.txt").write_text("old")
        with pytest.raises(error), whole_file(tmp_path / "a.txt") as partial:
            partial.write_text("half of")
            raise error
        assert (tmp_path / "a.txt").read_text() == "old"
        assert os.listdir(tmp_path) == ["a.txt"]

    def test_an_error_before_anything_is_written(self, tmp_path):
        with pytest.raises(RuntimeError, match="early"), whole_file(tmp_path / "a.txt"):
            raise RuntimeError("early")
        assert os.listdir(tmp_path) == []

    def test_two_writers_of_one_file_do_not_meet(self, tmp_path):
        with whole_file(tmp_path / "a.txt") as first, whole_file(tmp_path / "a.txt") as second:
            first.write_text("first")
            second.write_text("second")
            assert first.read_text() == "first"
        assert (tmp_path / "a.txt").read_text() == "first"
        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_relative_name(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with whole_file("a.txt") as partial:
            partial.write_text("here")
        assert os.listdir(tmp_path) == ["a.txt"]


def test_pipe_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileExistsError, match="no regular file"), whole_file(pipe):
        pass
    assert pipe.is_fifo()
