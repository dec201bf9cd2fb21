"""What an exercise asks for, known to the key and to a student's copy alike."""

from __future__ import annotations

from dataclasses import dataclass

from litu.answers.contract import ExerciseKey, PublicEntry
from litu.answers.plain import Options, Plain
from litu.answers.verdict import Outcome, Verdict
from litu.kinds.base import Form, Kind
from litu.kinds.registry import kind_asked, kind_of, kinds

SET_BACK = "If you have filled it in, look for a later line that sets it back to `...`, and for `print`, which only shows a value."


@dataclass(frozen=True)
class Question:
    """The variable, kind, form and options of an exercise."""

    variable: str
    kind: Kind
    form: Form
    options: Options

    @classmethod
    def of_key(cls, key: ExerciseKey) -> Question:
        """Return the question of an exercise in an answer key."""
        kind = kind_asked(key.answer, key.options)
        read = kind.read(key.answer, key.options)
        form = {} if read is None else kind.form(read, key.options)
        if key.answer["kind"] == "function":
            form["public"] = key.public_calls
        return cls(key.variable, kind, form, key.options)

    @classmethod
    def of_entry(cls, entry: PublicEntry) -> Question:
        """Return the question of an exercise in a student's copy."""
        return cls(entry.variable, kinds()[entry.kind], entry.form, entry.options)

    def read(self, answer: Plain) -> Plain | Verdict:
        """Return ``answer`` as the kind asked for, or the verdict where that is all there is to say."""
        if answer["kind"] == "nothing":
            return self.not_started(SET_BACK)
        if self.kind.ungraded:
            return Verdict(
                Outcome.RECORDED, 0.0, f"`{self.variable}` is noted: {kind_of(answer).found(answer)}. Now see what the figures say."
            )
        read = self.kind.read(answer, self.options)
        if read is None:
            advice = self.kind.instead(answer) or f"`type({self.variable})` shows what it is now."
            message = f"`{self.variable}` should be {self.kind.expected(self.options)}; found {kind_of(answer).found(answer)}. {advice}"
            return Verdict(Outcome.WRONG, 0.0, message, "type")
        return self.not_started("All of it is still open.") if self.kind.unfinished(read) else read

    def not_started(self, advice: str) -> Verdict:
        """Return the verdict on an untouched starter."""
        expected = self.kind.expected(self.options)
        return Verdict(Outcome.NOT_STARTED, 0.0, f"`{self.variable}` is not there yet: {expected} is expected. {advice}".strip())

    def right(self, found: str, settled: dict[str, str]) -> Verdict:
        """Return the verdict on a right answer; ``found`` says what it found out."""
        return Verdict(Outcome.RIGHT, 1.0, f"`{self.variable}` is right. {found}".strip(), settled=settled)

    def noted(self, advice: str) -> Verdict:
        """Return the verdict on an answer that is marked later."""
        return Verdict(Outcome.RECORDED, 0.0, f"`{self.variable}` is noted. {advice}")

    def wrong(self, read: Plain, share: float, advice: str, slip: str | None, parts: tuple[str, ...]) -> Verdict:
        """Return the verdict on an answer that is not right, or only in part: the slip first, then what the answer is now."""
        share = min(round(share, 4), 0.99)
        now = self.kind.now(read)
        message = f"{advice} `{self.variable}` is now {now}." if now else f"{advice}"
        return Verdict(Outcome.PARTLY if share else Outcome.WRONG, share, message, slip, parts)
