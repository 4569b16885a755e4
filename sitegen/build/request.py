"""What one pass stands on: its request, and the fingerprints of all that is not a file of the site."""

from dataclasses import dataclass

from sitegen.config.schema import Config

LEDGER_FILE = "published.json"


@dataclass(frozen=True, slots=True)
class Request:
    """What a build shall do beside what the config says.

    `output` is the output folder, relative to the site's root unless absolute; `fresh` passes over
    what earlier builds found out; `explain` asks for the reason of each drawn page; `strict` makes
    problems of warnings.

    A server answers first and proves later: where `told` names the files that are said to have changed,
    texts that are known, no others are looked at, and the output folder is believed to be as this process
    left it; `ahead` composes a site that did not change, so that the next change finds it so.
    """

    output: str = ""
    drafts: bool = False
    future: bool = False
    fresh: bool = False
    explain: bool = False
    strict: bool = False
    told: frozenset[str] = frozenset()
    ahead: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What one pass stands on: its request and time (ns), and fingerprints.

    `made_of` is that of code and hooks, `context` of all that parsing depends on, `definition` of the
    whole request.
    """

    config: Config
    request: Request
    now: int
    made_of: str
    context: str
    definition: str
