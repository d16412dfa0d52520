"""Label, write and explain hostile texts: whatever the text, what is promised of offsets, numbers and files holds.

``python -m fuzz.texts [--runs N] [--seed S]`` checks N texts, of any characters and of pieces that have their own rules
somewhere, and then how the time grows with the size of texts that are one thing over and over. The same seed makes the
same texts. It prints what was done, and ends with exit code 1 if a text breaks a promise (it keeps the smallest one in
``build/fuzz``), or if the time grows too fast.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from fuzz.growth import PATHS, SHAPES, STEEPEST, growth
from fuzz.promises import check

KEPT = Path("build/fuzz")

_CHARACTERS = (
    " \t\n\r\v\f\x1c\x85\u2028\u2029\u3000\ufeff\x00\x1b\x9b\u200b\u200d\u202e\u2066\u2069\u0301\u0315\u0f73\uff9e"
    "\"'“”„«»’`([{)]}.?!…:;,-–—•*<>&=+@|%$#_0aA\ud800\udfff。ﷺİß½１😀"
)
_STRINGS = (
    "Mr. |U.S. |J. R. |5 p.m. |12 km. |No. 4 |[1]|. . . |... |?! |hit.The |n't|'s|“A b. |?” Aa Bb |The |he |said |Q: |"
    "A: |the mayor |killed |two |Brock |1,234.5 |10:30 |2019 |=1+1|@A1|\x1b[31m|\x1b]0;t\x07|</script>|<!--|&lt;|%s|"
    'NaN|<img src=x onerror=alert(1)>|\r\n|\n\n|- |* * *\n|\\ud800|\\"|👩‍👩‍👧|שלום|مرحبا؟|日本'
)

#: Pieces that somebody has a rule for: the segmenter, the tokens, a terminal, a spreadsheet, a page, a reader.
PIECES = (*_CHARACTERS, *_STRINGS.split("|"), "x" * 70, "\u0301\u0315" * 20)


def hostile_texts() -> st.SearchStrategy[str]:
    """Give texts of any characters, of pieces, and of a piece over and over.

    Returns
    -------
    SearchStrategy of str
    """
    pieces = st.sampled_from(PIECES)
    return st.one_of(
        st.text(st.characters(exclude_categories=())),
        st.lists(pieces, max_size=60).map("".join),
        st.lists(st.builds(str.__mul__, pieces, st.integers(1, 300)), max_size=4).map("".join),
    )


def search(runs: int, seed: int) -> str | None:
    """Look for a text that breaks a promise.

    Parameters
    ----------
    runs : int
        Texts tried.
    seed : int

    Returns
    -------
    str or None
        The smallest one found.
    """
    tried: Counter[str] = Counter()

    def fails(text: str) -> bool:
        tried["texts"] += 1
        tried["characters"] += len(text)
        try:
            tried["sentences"] += check(text)
        except Exception:
            return True
        return False

    chosen = settings(
        max_examples=runs,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        found = find(hostile_texts(), fails, settings=chosen, random=Random(seed))
    except NoSuchExample:
        found = None
    _say(", ".join(f"{number:,} {what}" for what, number in tried.items()))
    return found


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the program.

    Returns
    -------
    int
        Exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz.texts", description="Try hostile texts.")
    parser.add_argument("--runs", type=int, default=3000, metavar="N", help="texts to check (default: 3000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the texts (default: 0)")
    parser.add_argument("--no-times", action="store_true", help="do not look at how the time grows")
    chosen = parser.parse_args()
    text = search(chosen.runs, chosen.seed)
    if text is not None:
        KEPT.mkdir(parents=True, exist_ok=True)
        kept = KEPT / "text.json"
        kept.write_text(json.dumps(text), encoding="utf-8")
        _say(f"{text!r:.400}\nkept in {kept}")
        try:
            check(text)
        except Exception:
            traceback.print_exc(file=sys.stdout)
        return 1
    steep = 0
    for path in PATHS if not chosen.no_times else ():
        found = {shape: growth(path, shape) for shape in SHAPES}
        worst = max(found, key=lambda shape: found[shape][2])
        slowest = max(found, key=lambda shape: found[shape][1] / found[shape][0])
        n, taken, _ = found[slowest]
        ratio = found[worst][2]
        told = f"twice the text takes at most {ratio:.2f} times as long ({worst})" if ratio else "too quick to compare"
        _say(f"{path}: {told}; at most {1e6 * taken / n:.2f} s for a million characters ({slowest})")
        for shape, (n, taken, ratio) in found.items():
            if ratio > STEEPEST:
                steep += 1
                _say(f"  too steep: {shape}, {ratio:.2f} times; {taken:.2f} s for {n:,} characters")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
