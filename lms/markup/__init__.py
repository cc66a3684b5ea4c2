"""Markdown in, safe HTML out: the only room that knows markdown, bleach and nh3, and that makes ``Markup``.

    rendered = render(lesson.body, links)      # a page: parts, table of contents, citations, terms
    stem = fragment(item.stem, links)          # a part of a page: stems, feedback, explanations
    label = inline(option.text, links)         # the same, without a paragraph around a single one
    shown = addressed(stem, where)             # with an address in each link that waits for one

Text is data: it is rendered, then cleaned by bleach, then by nh3, never the other way round. Raw HTML is shown as
text. Whatever reference a text holds becomes a place through ``Links``, given by the caller; nothing here knows
what a catalog or a URL of ours looks like. A rendering costs milliseconds: keep it by the digest of its text.
"""

from lms.markup.addresses import To, Where, addressed, lacks_addresses, unaddressed
from lms.markup.closing import key_points
from lms.markup.fences import Fence, as_code, mask, quiz_fences
from lms.markup.limits import TextRefused
from lms.markup.links import Links, Target
from lms.markup.outline import cited_below, headings
from lms.markup.page import Heading, anchor_of
from lms.markup.plain import Section, plain_sections
from lms.markup.proof import CODES, Flaw, TextKind, flaws_of, proofread, refusals_of
from lms.markup.references import Reference, references
from lms.markup.render import NOT_SHOWN, Nowhere, Rendered, Slot, fragment, inline, render, sections

__all__ = [
    "CODES",
    "NOT_SHOWN",
    "Fence",
    "Flaw",
    "Heading",
    "Links",
    "Nowhere",
    "Reference",
    "Rendered",
    "Section",
    "Slot",
    "Target",
    "TextKind",
    "TextRefused",
    "To",
    "Where",
    "addressed",
    "anchor_of",
    "as_code",
    "cited_below",
    "flaws_of",
    "fragment",
    "headings",
    "inline",
    "key_points",
    "lacks_addresses",
    "mask",
    "plain_sections",
    "proofread",
    "quiz_fences",
    "references",
    "refusals_of",
    "render",
    "sections",
    "unaddressed",
]
