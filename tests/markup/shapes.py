"""Shapes of text that a clumsy or hostile author could repeat: each is told for any size.

``SHAPES``: name -> a text made of ``n`` units, tried one by one and two together up to what the limits accept.
"""

from __future__ import annotations

from collections.abc import Callable

Shape = Callable[[int], str]

TERMS = [f"istilah{number}" for number in range(230)]


def lines(unit: str, between: str = "\n") -> Shape:
    """``{n}`` in the unit is its number."""
    return lambda n: between.join(unit.replace("{n}", str(number)) for number in range(n)) + "\n"


def flow(unit: str, *, width: int = 2_000) -> Shape:
    """The units in one paragraph, in lines that are not too long."""
    a_line = max(1, width // max(1, len(unit)))

    def text(n: int) -> str:
        units = [unit.replace("{n}", str(number)) for number in range(n)]
        return "\n".join("".join(units[at : at + a_line]) for at in range(0, n, a_line)) + "\n"

    return text


def notes(references: int) -> Shape:
    """``n`` footnotes, each referred to so many times."""
    return lambda n: (
        "\n\n".join(f"Kata{f'[^{number}]' * references}." for number in range(n))
        + "\n\n"
        + "\n".join(f"[^{number}]: Catatan." for number in range(n))
        + "\n"
    )


def table(rows: int, columns: int) -> str:
    row = "|" + " a |" * columns + "\n"
    return row + "|" + "---|" * columns + "\n" + row * rows


def cascade(n: int) -> str:
    """Lists as deep as is allowed, one below the other."""
    return "\n".join("  " * (number % 16) + f"- butir {number}" for number in range(n)) + "\n"


def chained(n: int) -> str:
    """Each footnote refers to the next."""
    return "Kata[^0].\n\n" + "\n".join(f"[^{number}]: Lihat [^{number + 1}]." for number in range(n)) + "\n"


SHAPES: dict[str, Shape] = {
    # headings
    "headings alike": lines("## Judul", "\n\n"),
    "headings unlike": lines("## Judul {n}", "\n\n"),
    "headings without a gap": lines("## Judul {n}"),
    "headings without a name": lines("## !", "\n\n"),
    "headings that end like an anchor": lines("## Judul 2", "\n\n"),
    "headings underlined": lines("Judul {n}\n---", "\n\n"),
    "headings underlined without a gap": lines("Judul {n}\n---"),
    "headings in items": lines("- ## Judul {n}"),
    "headings with text": lines("## Judul {n}\nKata."),
    "marks of headings": flow("#"),
    # lists
    "items": lines("- butir {n}"),
    "items loose": lines("- butir {n}", "\n\n"),
    "items with paragraphs": lines("- butir {n}\n\n  Kata.", "\n\n"),
    "items numbered": lines("{n}. butir"),
    "items numbered loose": lines("{n}. butir", "\n\n"),
    "items by turns": lines("- butir {n}\n1. nomor {n}"),
    "items and rules": lines("- butir {n}\n---"),
    "items in cascades": cascade,
    "items of items": lines("- a\n  - b\n    - c"),
    "items in one line": lines("- - - - - - - - - - a"),
    "items lazy": lines("- butir {n}\nlanjutan"),
    "items in quotes": lines("> - butir {n}"),
    "items with quotes": lines("- > kutipan {n}"),
    "one item of many lines": lambda n: "- butir\n" + "  lanjutan\n" * n,
    "one item of many paragraphs": lambda n: "- butir\n\n" + "  alinea\n\n" * n,
    "one item of many lists": lambda n: "- butir\n\n" + "  - satu\n\n  kata\n\n" * n,
    "starred items": lines("* *a* {n}"),
    "empty items": lines("- "),
    # footnotes
    "notes": notes(1),
    "notes with three references": notes(3),
    "notes with thirty references": notes(30),
    "one note of many references": lambda n: flow("kata[^1] ")(n) + "\n[^1]: Catatan.\n",
    "notes without references": lines("[^{n}]: Catatan."),
    "notes far apart": lines("[^{n}]: Catatan.", "\n\n"),
    "notes in items": lambda n: lines("- Kata[^{n}].")(n) + "\n" + lines("[^{n}]: Catatan.")(n),
    "items in notes": lines("Kata[^{n}].\n\n[^{n}]: Catatan.\n\n    - a\n    - b", "\n\n"),
    "notes of notes": chained,
    "note of long paragraphs": lambda n: "Kata[^1].\n\n[^1]: Catatan.\n\n" + "    alinea\n\n" * n,
    "references without notes": flow("kata[^{n}] "),
    "notes of one name": lines("[^1]: Catatan {n}."),
    "notes named like numbers": lambda n: (
        "\n\n".join(f"a[^{'1' * (number % 40)}]" for number in range(n)) + "\n\n[^1]: a\n\n[^11]: b\n"
    ),
    # references
    "citations": flow("[Pasal 1](reg:uu-baru#{n}) "),
    "citations alike": flow("[Pasal 1](reg:uu-baru#1) "),
    "citations in paragraphs": lines("[Pasal 1](reg:uu-baru#{n}).", "\n\n"),
    "citations in items": lines("- [Pasal 1](reg:uu-baru#{n})"),
    "citations of nothing": flow("[a](reg:tiada) "),
    "lessons": flow("[B](lesson:a/b) "),
    "terms linked": flow("[a](term:asn) "),
    "links": flow("[a](https://a.example/{n}) "),
    "links with titles": flow('[a](b "judul {n}") '),
    "links in brackets": flow("[a](<b>) "),
    "links emphasised": flow("**[a](reg:uu-baru#1)** "),
    "links of code": flow("[`a`](reg:uu-baru#1) "),
    "links of links": flow("[a [b](reg:uu-baru#1) c](reg:uu-baru#2) "),
    "links torn": flow("[a]("),
    "links torn in titles": flow("[a](b 'c "),
    "links open in paragraphs": lines("[a](b", "\n\n"),
    "links of pictures": flow("[![a](media/setengah.svg)](reg:uu-baru#1) "),
    "links named": lines("[a{n}]: https://a.example"),
    "links by name": flow("[a][b] "),
    "links that lead nowhere": flow("[a]() "),
    "autolinks": flow("<https://a.example/{n}> "),
    "mail": flow("<a@b.example> "),
    "pictures": flow("![a](media/setengah.svg) "),
    "pictures of nothing": flow("![a](b) "),
    "pictures in pictures": flow("![a ![b](c)](d) "),
    "pictures torn": lines("![a](", "\n\n"),
    "brackets": flow("[] "),
    "brackets in brackets": flow("[[[a]]] "),
    "brackets deep": flow("[" * 190 + "]" * 190),
    "brackets open": lambda n: ("[" * 190 + "]" * 190 + "(") * (n // 380 + 1),
    "brackets open and closed": flow("[a] "),
    "angles": flow("<> "),
    "angles open": lines("<a", "\n\n"),
    "tags": flow("<b>a</b> "),
    "tags in paragraphs": lines("<div>", "\n\n"),
    "comments": flow("<!-- a --> "),
    # words
    "words": flow("kata "),
    "terms": lambda n: flow("{t} ")(n).replace("{t}", TERMS[n % len(TERMS)]) + " ".join(TERMS) + "\n",
    "all terms": lambda n: "\n\n".join(TERMS[number % len(TERMS)] for number in range(n)) + "\n",
    "terms in items": lambda n: "\n".join(f"- {TERMS[number % len(TERMS)]}" for number in range(n)) + "\n",
    "terms begun": flow("istilah pegawai ", width=9_000),
    "paragraphs": lines("Kata {n}.", "\n\n"),
    "paragraphs of a letter": lines("a", "\n\n"),
    "lines": lines("Kata {n}."),
    "lines of a letter": lines("a"),
    "lines broken": lines("Kata  "),
    "empty lines": lambda n: "a" + "\n" * n + "b\n",
    "spaces": lambda n: "a" + (" " * 5_000 + "\n") * (n // 5_000 + 1) + "b\n",
    "indented": lines("    kode {n}"),
    "indented apart": lines("    kode {n}", "\n\n"),
    "tabs": lines("\tkode"),
    # marks
    "emphasis": flow("*a* "),
    "emphasis strong": flow("**a** "),
    "emphasis both": flow("***a** b* "),
    "emphasis open": flow("*a "),
    "emphasis closed": flow("a* "),
    "emphasis joined": flow("a*b"),
    "emphasis of lines": flow("_a_ "),
    "emphasis by turns": flow("*a_b"),
    "emphasis deep": flow("*a **b "),
    "emphasis deep and closed": lambda n: ("*a **b " * 40 + "b** a* " * 40 + "\n") * (n // 80 + 1),
    "emphasis at ends": flow("**a*"),
    "emphasis in paragraphs": lines("*a* **b**", "\n\n"),
    "stars": flow("*"),
    "stars apart": flow("* "),
    "lows": flow("_"),
    "code": flow("`a` "),
    "code open": lambda n: "\n\n".join("`" * (1 + number % 90) + "a" for number in range(n)) + "\n",
    "code of growing marks": lambda n: (
        " ".join("`" * (1 + number % 100) for number in range(n // 50 + 1)).replace("` `", "`\n`") + "\n"
    ),
    "backticks": flow("`"),
    "backticks and backslashes": flow("\\`"),
    "backslashes": flow("\\"),
    "escapes": flow("\\*"),
    "escapes of nothing": flow("\\a"),
    "entities": flow("&amp; "),
    "entities by number": flow("&#65;"),
    "ampersands": flow("& "),
    "less": lines("a > b"),
    "more": lines("a > > b", "\n\n"),
    "quotation marks": flow("\" ' "),
    "struck": flow("~~a~~ "),
    "struck open": flow("~~a "),
    "struck closed": flow("a~~ "),
    "struck long": lambda n: ("~~" + "kata " * 300 + "\n") * n,
    "tildes": flow("~"),
    "addresses": flow("https://a.example/{n} "),
    "addresses without a scheme": flow("www.a.example "),
    "addresses joined": flow("https://a.example/,"),
    "addresses that end in marks": lambda n: ("https://a.example/" + ").,*" * 200 + "\n") * n,
    "addresses of escapes": lambda n: ("https://a.example/" + "\\_" * 200 + "\n") * n,
    "addresses nearly": flow("https:// www. "),
    "tasks": lines("- [x] butir {n}"),
    "tasks loose": lines("- [ ] butir {n}", "\n\n"),
    "lines broken by a mark": lines("Kata\\"),
    "links to headings": lambda n: "## a\n\n" + flow("[a](#a) ")(n),
    "links to no headings": flow("[a](#b{n}) "),
    "links to parts of lessons": flow("[a](lesson:a/b#c{n}) "),
    "marks of dialects": flow("==a== {.b} [[c]] $d$ e^f^ g~h~ ^[i] "),
    "marks of dialects open": flow("==a {.b [[c $d e^f g~h ^[i {{ {% "),
    "marks of dialects in lines": lines("::: a\n!!! b\n• c\n– d"),
    "numbers of two digits with items": lambda n: "\n".join(f"{10 + number}. a\n   - b" for number in range(n)) + "\n",
    "items set in by one": lines("- a\n - b"),
    "items after paragraphs": lines("- a\n\n  kata\n - b"),
    "characters that are not shown": flow("a\u200b"),
    "conflicts": lines("<<<<<<< a\nb\n=======\nc\n>>>>>>> d"),
    "conflicts open": lines("<<<<<<< a\n======="),
    "tables without a rule": lines("| a | b |", "\n\n"),
    "titles underlined": lines("a\n---", "\n\n"),
    # blocks
    "rules": lines("---", "\n\n"),
    "rules without a gap": lines("***"),
    "rules nearly": lines("--- --- --- -- a"),
    "rules long": lines("- " * 18 + "a"),
    "quotes": lines("> kutipan {n}", "\n\n"),
    "quotes joined": lines("> kutipan {n}"),
    "quotes lazy": lines("> kutipan\nlanjutan"),
    "quotes and text": lines("kata\n> kutipan\n\nkata"),
    "quotes deep": lines("> " * 18 + "a", "\n\n"),
    "quotes in steps": lambda n: "\n".join("> " * (1 + number % 18) + "a" for number in range(n)) + "\n",
    "quotes of paragraphs": lambda n: "> a\n>\n" * n,
    "callouts": lines("> [!NOTE] Judul {n}\n> Isi.", "\n\n"),
    "callouts without a gap": lines("> [!NOTE] Judul\n> Isi."),
    "callouts nested": lines("> [!NOTE] A\n> > [!TIP] B\n> > > [!CASE] C", "\n\n"),
    "callouts after text": lines("kata\n> [!NOTE] Judul"),
    "fences": lines("```\nkode {n}\n```"),
    "fences apart": lines("```\nkode\n```", "\n\n"),
    "fences open": lines("```"),
    "fences of growing marks": lambda n: "\n".join("`" * (3 + number % 60) + " x" for number in range(n)) + "\n",
    "fences torn": lines("````\n```"),
    "fences of waves": lines("~~~ a\n\n~~~~ b"),
    "fences in items": lines("- a\n  ```\n  kode\n  ```"),
    "fences in quotes": lines("> ```\n> kode\n> ```", "\n\n"),
    "fences in quotes open": lines("> ``` {n}\n\n"),
    "fences deep open": lambda n: "\n".join(">" * (1 + number % 18) + "```" for number in range(n)) + "\n",
    "fences nearly": lines("```a`b"),
    "fence of many lines": lambda n: "```\n" + "kode < & >\n" * n + "```\n",
    "self-checks": lines("```quiz\n## A {#a}\n```", "\n\n"),
    "self-checks nearly": lines("```quizz\na\n```", "\n\n"),
    "tables": lambda n: "\n".join(table(1, 2) for _ in range(n)),
    "tables long": lambda n: table(n, 2),
    "tables wide": lambda n: table(n // 40 + 1, 40),
    "tables of a column": lambda n: "| a |\n|---|\n" + "| b |\n" * n,
    "tables without a gap": lambda n: table(1, 2) * n,
    "tables of links": lambda n: "| a | b |\n|---|---|\n" + "| [a](reg:uu-baru#1) | `b` |\n" * n,
    "tables of code": lambda n: "| a | b |\n|---|---|\n" + "| `` ` `` | \\`b\\` |\n" * n,
    "tables nearly": lines("| a | b", "\n\n"),
    "pipes": flow("|", width=40),
    "rules among words": lambda n: ("***\n" + "kata " * 60 + "\n") * n,
    "headings among words": lambda n: ("## Judul\n" + "kata " * 60 + "\n") * n,
    "notes among words": lambda n: "".join(f"[^{number}]: Catatan\n" + "kata " * 60 + "\n" for number in range(n)),
    "spaces after pipes": lines("|\n--|--" + " " * 4_900 + "a"),
    "code of many lengths": lambda n: "\n".join("`" * (1 + number % 90) + " kata" * 60 for number in range(n)) + "\n",
    "brackets around words": lambda n: ("[" * 90 + "kata " * 300 + "]" * 90 + "\n") * n,
    "links around words": lambda n: ("[a](" * 9 + "kata " * 300 + "\n") * n,
    # whatever HTML does with it
    "characters beyond": flow("\u00e9\U0001f600 "),
    "characters of control": flow("\x01a"),
    "marks of Python-Markdown": flow("\x02klzzwxh:0001\x03"),
    "placeholders": flow("klzzwxh:0001 "),
    "markers of footnotes": lines("///Footnotes Go Here///", "\n\n"),
    "equal lines": lines("a\n="),
    "gaps": flow("{{a}} "),
}
