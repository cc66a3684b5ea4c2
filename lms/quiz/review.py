"""What may be seen of an attempt, and when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Moment(StrEnum):
    """When something about an attempt may be seen.

    ``DURING``: of a single item as soon as it is answered. Whoever shows a mark or a key then must take no other answer
    to that item any more – otherwise a blank answer buys the key.
    """

    DURING = "during"
    AFTER_SUBMIT = "after-submit"
    AFTER_LAST = "after-last"  # when the attempt limit is reached or the quiz is passed
    AFTER_CLOSE = "after-close"  # when nobody can take the quiz any more
    NEVER = "never"

    def reached(self, *, submitted: bool, last: bool, closed: bool) -> bool:
        match self:
            case Moment.DURING:
                return True
            case Moment.AFTER_SUBMIT:
                return submitted
            case Moment.AFTER_LAST:
                return submitted and last
            case Moment.AFTER_CLOSE:
                return submitted and closed
            case Moment.NEVER:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """What may be shown now."""

    marks: bool
    answers: bool
    feedback: bool
    explanation: bool

    @property
    def reviewable(self) -> bool:
        """Whether single questions are reviewed. Until then even their own marks are not shown, only the score.

        Right or wrong, told of each answer attempt by attempt, finds every key without any knowledge (docs/adr/0014).
        """
        return self.answers or self.feedback or self.explanation

    def __and__(self, other: Visible) -> Visible:
        """What both show."""
        return Visible(
            marks=self.marks and other.marks,
            answers=self.answers and other.answers,
            feedback=self.feedback and other.feedback,
            explanation=self.explanation and other.explanation,
        )


NOTHING = Visible(marks=False, answers=False, feedback=False, explanation=False)
EVERYTHING = Visible(marks=True, answers=True, feedback=True, explanation=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """What is shown of an attempt × when."""

    marks: Moment = Moment.AFTER_SUBMIT
    answers: Moment = Moment.AFTER_SUBMIT
    feedback: Moment = Moment.AFTER_SUBMIT
    explanation: Moment = Moment.AFTER_SUBMIT

    @property
    def between_attempts(self) -> bool:
        """Whether something of single questions is shown while attempts may be left."""
        return not {self.answers, self.feedback, self.explanation}.isdisjoint({Moment.DURING, Moment.AFTER_SUBMIT})

    @property
    def may_hide_marks(self) -> bool:
        """Whether somebody who submitted may have to wait for the score."""
        return self.marks not in (Moment.AFTER_SUBMIT, Moment.DURING)

    def shows_before(self, other: ReviewRules) -> bool:
        """Whether something is shown under these rules while ``other`` may hide it from somebody who submitted."""
        order = [Moment.AFTER_SUBMIT, Moment.AFTER_LAST, Moment.AFTER_CLOSE, Moment.NEVER]

        def place(rules: ReviewRules, aspect: str) -> int:
            moment = getattr(rules, aspect)
            return order.index(moment) if moment in order else 0

        return any(place(self, one.name) < place(other, one.name) for one in fields(self))

    def visible(self, *, submitted: bool, last: bool, closed: bool = False) -> Visible:
        """``submitted``: this attempt is closed. ``last``: no further attempt is possible, or the quiz is passed.

        ``closed``: the quiz's closing date has passed. A quiz that never closes never shows what waits for it.
        """

        def reached(moment: Moment) -> bool:
            return moment.reached(submitted=submitted, last=last, closed=closed)

        return Visible(
            marks=reached(self.marks),
            answers=reached(self.answers),
            feedback=reached(self.feedback),
            explanation=reached(self.explanation),
        )


#: Everything as soon as the attempt is submitted.
AT_ONCE = ReviewRules()
