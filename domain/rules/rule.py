"""What a rule is: its sentences, where it comes from, and where anybody can read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.rules.language import Language


@dataclass(frozen=True)
class Source:
    """Where a rule comes from: a law, an ordinance, a standard, or what a public body practises.

    ``url`` is where its text stands, None if no address of it is known."""

    ja: str
    en: str
    url: str | None = None

    def name(self, lang: Language) -> str:
        return self.ja if lang == "ja" else self.en


CONVENTION = Source("この記録の取り決め", "a convention of this record")
"""The source of a rule that nobody but this record has made."""


@dataclass(frozen=True)
class Rule:
    """One rule. ``anchor`` names it for good: bookmarks and problem documents keep its address."""

    anchor: str
    ja: str
    en: str
    sources: tuple[Source, ...]

    @property
    def address(self) -> str:
        """Where it can be read, as a path of the site without its language."""
        return f"/rules#{self.anchor}"

    def sentence(self, lang: Language) -> str:
        return self.ja if lang == "ja" else self.en

    def line(self, lang: Language) -> str:
        """The rule and its sources in one line."""
        names = [source.name(lang) for source in self.sources]
        if lang == "ja":
            return f"{self.ja}（{'、'.join(names)}）"
        return f"{self.en} ({'; '.join(names)})"


@dataclass(frozen=True)
class Topic:
    """Rules that belong together: a section of the page. Its ``anchor`` begins those of its rules."""

    anchor: str
    ja: str
    en: str
    rules: list[Rule] = field(default_factory=list, compare=False)
    """In the order in which they are declared."""

    def rule(self, name: str, ja: str, en: str, *sources: Source) -> Rule:
        """Declare a rule of this topic. Without a source it is a convention of this record. Raises ValueError
        when the name is taken."""
        declared = Rule(f"{self.anchor}-{name}", ja, en, sources or (CONVENTION,))
        if any(other.anchor == declared.anchor for other in self.rules):
            raise ValueError(f"rule {declared.anchor} is declared twice")
        self.rules.append(declared)
        return declared

    def title(self, lang: Language) -> str:
        return self.ja if lang == "ja" else self.en
