"""What a document tells about each of its sentences: who speaks, whose quotation is open, what the text is about.

Everything is read from the analysed tokens and from the beginnings of the sentences, in one pass. The terms are
categories, spelled out, so that an explanation can show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wiredesk.features.lexicon import DOUBT, SPEAKER_ROLES
from wiredesk.features.speakers import Facts, Roles, document_facts
from wiredesk.features.tokens import Token

#: Shares of a document's sentences that part "none" from "few" to "most".
SHARES = {"none": 0.0, "a few": 0.05, "some": 0.12, "a quarter": 0.25, "half": 0.45, "many": 0.65}

#: Topics whose shares are told together: in a text about an accident, damage and death are no attack.
COMPARED = ("force", "accident")


def context_terms(sentences: Sequence[Sequence[Token]], texts: Sequence[str], roles: Roles) -> list[list[str]]:
    """List each sentence's context terms.

    Parameters
    ----------
    sentences : sequence of sequence of Token
        The analysed sentences of one document, in order.
    texts : sequence of str
        The same sentences as text.
    roles : mapping of str to frozenset of str
        Role -> its cue symbols (`Lexicon.roles`).

    Returns
    -------
    list of list of str
        Empty lists for a document of one sentence, which has no context.
    """
    if len(sentences) < 2:
        return [[] for _ in sentences]
    facts = document_facts(sentences, texts, roles)
    speech = _speech_terms(facts)
    topics = _topic_terms(sentences, roles)
    return [[*first, *second] for first, second in zip(speech, topics, strict=True)]


def _speech_terms(facts: Sequence[Facts]) -> Iterator[list[str]]:
    """Yield what is told about the speakers in and around each sentence."""
    n = len(facts)
    kind = [
        f"speech in document={int(5 * sum(f.speaker != 'none' for f in facts) / n)}/5",
        f"first person in document={int(5 * sum(f.first_person for f in facts) / n)}/5",
        f"quotations in document={int(4 * sum(f.quotation != 'none' for f in facts) / n)}/4",
        f"turns in document={min(4, int(8 * sum(f.begins_turn for f in facts) / n))}/4",
    ]
    last, distance = "none", 0
    for i, fact in enumerate(facts):
        before = facts[i - 1].speaker if i else "edge"
        second = facts[i - 2].speaker if i > 1 else "edge"
        first_persons = "/".join(str(facts[j].first_person) if 0 <= j < n else "edge" for j in (i - 1, i + 1))
        after = facts[i + 1].speaker if i + 1 < n else "edge"
        speaker, own = f"speaker={fact.speaker}", f"first person={fact.first_person}"
        quotation, turn = f"quotation={fact.quotation}", f"turn={fact.turn}"
        last_speaker = f"last speaker={last}"
        yield [
            *kind,
            speaker,
            f"{speaker} ({fact.source})",
            f"speaker before={before}",
            f"speaker two before={second}",
            f"speaker after={after}",
            quotation,
            own,
            turn,
            f"{quotation}, {speaker}",
            f"{quotation}, speaker before={before}",
            f"{quotation}, speaker after={after}",
            f"{quotation}, {last_speaker}",
            f"{quotation}, {own}, {last_speaker}",
            f"{quotation}, speaker before={before}, speaker after={after}",
            f"{quotation}, {turn}",
            f"{speaker}, {last_speaker}",
            f"{last_speaker} {min(distance, 4)} sentences ago",
            f"{own}, {kind[1]}",
            f"first person before/after={first_persons}",
            f"{own}, first person before/after={first_persons}, {quotation}",
            f"{kind[1]}, {kind[2]}, {quotation}",
            f"{kind[0]}, {kind[1]}, {kind[2]}",
            f"{own}, {kind[2]}, {quotation}",
            f"{own}, {kind[3]}, {turn}",
            f"sentences before={min(i, 3)}",
            f"sentences after={min(n - 1 - i, 2)}",
        ]
        if fact.speaker == "none":
            distance += 1
        else:
            distance = 0
            last = last if fact.speaker == "unknown" else fact.speaker


def _topic_terms(sentences: Sequence[Sequence[Token]], roles: Roles) -> Iterator[list[str]]:
    """Yield what is told about the topics of the document, the sentence and its neighbours."""
    topics = {
        role: {symbol for symbol in symbols if not symbol.endswith(DOUBT)}
        for role, symbols in roles.items()
        if role not in SPEAKER_ROLES
    }
    symbols = [{symbol for token in tokens for symbol in token.symbols} for tokens in sentences]
    n = len(sentences)
    has = {topic: ["yes" if found & own else "no" for found in symbols] for topic, own in topics.items()}
    shares = {topic: f"{topic} in document={_share(flags.count('yes') / n)}" for topic, flags in has.items()}
    both = ", ".join(shares[topic] for topic in COMPARED) if topics.keys() >= set(COMPARED) else ""
    document = [*shares.values(), *([both] if both else [])]
    for i in range(n):
        found = list(document)
        for topic, flags in has.items():
            own = f"{topic}={flags[i]}"
            before = f"{topic} before={flags[i - 1] if i else 'edge'}"
            after = f"{topic} after={flags[i + 1] if i + 1 < n else 'edge'}"
            found += [f"{own}, {shares[topic]}", before, after, f"{own}, {before}, {after}"]
            if both and topic in COMPARED:
                found.append(f"{own}, {both}")
        yield found


def _share(share: float) -> str:
    return next((name for name, limit in SHARES.items() if share <= limit), "most")
