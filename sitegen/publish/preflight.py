"""What must hold before a site goes out: no errors in its pages, no address lost, no guid used twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.check.findings import ERROR, Finding
from sitegen.check.options import Options
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.schema import Config
from sitegen.errors import Problem
from sitegen.ledger.file import Ledger
from sitegen.ledger.record import settle_texts
from sitegen.model import Post


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate found: errors in the built site, addresses and guids that readers would miss.

    `ledger` is to be kept once the site has gone out.
    """

    faults: tuple[Finding, ...]
    addresses: tuple[Problem, ...]
    ledger: Ledger


def judge_publish(
    root: Path, config: Config, output: Path, outputs: Collection[str], published: Iterable[Post], jobs: int
) -> Judgement:
    """Judge a built site, whose files are `outputs` and whose posts and pages are `published`, before it goes out."""
    texts = tuple(published)
    by_file = {post.output: post for post in texts}
    findings = check_site(output, sorted(outputs), config.base_url, by_file, lines_of_posts(root), Options(jobs=jobs))
    faults = tuple(finding for finding in findings if finding.level == ERROR)
    settlement = settle_texts(root, config, texts)
    return Judgement(faults, settlement.problems, settlement.ledger)


def judge_address(base_url: str) -> list[Problem]:
    """Return a problem where the site's base URL is one that only this machine knows."""
    host = urlsplit(base_url).hostname or ""
    if host not in ("localhost", "0.0.0.0", "::1") and not host.startswith("127."):  # noqa: S104 - not listened at
        return []
    hint = 'set it to the URL that readers use, for example base_url = "https://letters.example.com/"'
    return [Problem("sitegen.toml", 0, f"the base URL {base_url} leads every reader to their own machine", hint)]
