"""What only one post of an import may have: its old addresses, and its id."""

from dataclasses import replace

from sitegen.importers.destination import folded
from sitegen.importers.items import ImportedPost


class Claims:
    """Holds which posts have claimed an old address or an id: two with the same would stop every build."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def settle(self, post: ImportedPost) -> tuple[ImportedPost, list[str]]:
        """Return a post without what an earlier one has already, and a sentence for each such thing."""
        doubts: list[str] = []
        name = str(post.where)
        kept: list[str] = []
        taken: list[str] = []
        for alias in post.aliases:
            key = folded(alias.rstrip("/"))
            if key in self._addresses and key not in taken:
                doubts.append(f"the old address {alias} was left out: {self._addresses[key]} has it already")
            else:
                self._addresses[key] = name
                taken.append(key)
                kept.append(alias)
        if post.id in self._ids:
            doubts.append(f'the id "{post.id[:80]}" was left out: {self._ids[post.id]} has it already')
            post = replace(post, id="")
        elif post.id:
            self._ids[post.id] = name
        return (replace(post, aliases=tuple(kept)) if len(kept) < len(post.aliases) else post), doubts
