"""What is installed, and what is imported to answer a quick question."""

import doctest
import importlib
import pkgutil
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import wiredesk

ROOT = Path(__file__).parents[1]
STAGES = ("seeds", "features", "models", "eval", "training")

#: Slow to import, and of no use to a prediction.
HEAVY = {"sklearn", "scipy", "joblib", "matplotlib", "pyarrow", "dask", "jinja2", "numba", "pandas", "rich"}


def modules():
    return sorted(module.name for module in pkgutil.walk_packages(wiredesk.__path__, "wiredesk."))


def imported_after(code):
    """Name the top-level modules that a fresh interpreter has imported after running code."""
    script = f"{code}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy, so that neither leftovers of other builds nor this one's get in the way."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, copy]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_nothing_but_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"wiredesk", f"wiredesk-{wiredesk.__version__}.dist-info"}


def test_wheel_holds_every_source_and_data_file(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    homes = {"app": "wiredesk", **{stage: f"wiredesk/{stage}" for stage in STAGES}}
    expected = {
        f"{home}/{path.relative_to(ROOT / folder)}"
        for folder, home in homes.items()
        for pattern in (
            "**/*.py",
            "**/*.jsonl",
            "**/*.md",
            "*.svg",
            "*.toml",
            "*.wiredesk",
            "py.typed",
            "pages/*.html",
            "pages/*.css",
            "pages/*.js",
        )
        for path in (ROOT / folder).glob(pattern)
    }
    assert {name for name in names if name.startswith("wiredesk/")} == expected | {"wiredesk/seeds/LICENSE"}


def test_wheel_holds_both_licences(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert sum(name.endswith("licenses/LICENSE") or name.endswith("licenses/seeds/LICENSE") for name in names) == 2


def test_wheel_works_without_the_checkout(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import wiredesk; print(wiredesk.__file__, len(wiredesk.load_seeds()), wiredesk.load_model().types[0])"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    assert done.stdout.split() == [
        str(tmp_path / "wiredesk" / "__init__.py"),
        str(len(wiredesk.load_seeds())),
        "attack_report",
    ], done.stderr


def test_loading_a_model_imports_nothing_heavy():
    assert not imported_after("import wiredesk; wiredesk.load_model()") & HEAVY


def test_labelling_imports_nothing_heavy():
    assert not imported_after("import wiredesk; list(wiredesk.load_model().label('Shells fell on Darsa.'))") & HEAVY


def test_the_predict_command_imports_nothing_heavy(tmp_path):
    arguments = ["wiredesk", "predict", str(ROOT / "examples" / "article.txt"), "-q", "-o", str(tmp_path / "o.jsonl")]
    code = f"""
import sys
sys.argv = {arguments!r}
from wiredesk.cli import main
try:
    main()
except SystemExit:
    pass"""
    assert not imported_after(code) & {*HEAVY, "trafilatura", "distributed", "fsspec", "polars"}
    assert (tmp_path / "o.jsonl").stat().st_size > 1000


def test_importing_the_package_imports_no_stage():
    assert "numpy" not in imported_after("import wiredesk")


def test_help_imports_no_stage():
    code = """
import sys
sys.argv = ["wiredesk", "--help"]
from wiredesk.cli import main
try:
    main()
except SystemExit:
    pass"""
    assert not imported_after(code) & {*HEAVY, "numpy"}


def test_public_names():
    assert sorted(wiredesk.__all__) == [
        "LabelledSentence", "Model", "ModelFileError", "Record", "RecordError", "Report", "__version__",
        "evaluate", "load_model", "load_seeds", "read_records", "train",
    ]  # fmt: skip
    for name in wiredesk.__all__:
        assert getattr(wiredesk, name) is not None


@pytest.mark.parametrize("stage", STAGES)
def test_every_name_a_stage_exports_is_there(stage):
    module = importlib.import_module(f"wiredesk.{stage}")
    assert module.__all__ == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        _ = wiredesk.predict


def test_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert wiredesk.__version__ == project["version"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_only_stages_above_it(stage):
    allowed = {*STAGES[: STAGES.index(stage) + 1]}
    for path in (ROOT / stage).glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["from"], ["import"]) and words[1].startswith("wiredesk"):
                assert words[1].split(".")[1:2] and words[1].split(".")[1] in allowed, f"{path.name}: {line}"


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
