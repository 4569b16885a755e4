"""The rows of the table, by name, in the order of what the build promises."""

from tests.faults import (
    checkouts,
    damage,
    disk,
    exports,
    failures,
    fuzz,
    hostile,
    imports,
    kills,
    law,
    naming,
    obstacles,
    publishing,
    saves,
    scripts,
    several,
    surroundings,
    watches,
)
from tests.faults.row import Row

ROWS = {
    row.name: row
    for row in (
        Row("kill", "killed or interrupted at a moment by chance", 1_000, 24, kills.at_random_moments),
        Row("kill-call", "killed at the Nth open, write, rename, mkdir, unlink", 2_000, 24, kills.at_each_call),
        Row("error-call", "the Nth call fails, once or for good", 10_000, 40, failures.at_each_call),
        Row("import", "killed imports of every platform's exports, and publishes", 300, 8, imports.killed),
        Row("disk", "a really full disk", 200, 12, disk.of_every_size),
        Row("several", "two to four builds at once, one of them killed", 200, 8, several.builds_at_once),
        Row("beside", "publishing beside builds and edits", 100, 2, publishing.beside_builds),
        Row("publish-kill", "publishing killed, to seven kinds of target", 350, 7, publishing.killed),
        Row(
            "publish-line",
            "publishing by lines that are cut, silent or answer 500",
            300,
            10,
            publishing.by_broken_lines,
        ),
        Row("reader", "reads of the output during builds", 100_000, 2_000, several.read_meanwhile),
        Row("times", "same size and time, times far back and ahead", 300, 8, damage.of_times),
        Row("store", "a damaged, foreign or old store", 1_000, 26, damage.of_the_store),
        Row("locked", "a store that another program holds", 100, 3, damage.locked),
        Row("obstacles", "something in the way of output, store or texts", 100, 48, obstacles.in_the_way),
        Row("saves", "saves as editors make them, while serving", 2_000, 26, saves.of_editors, "s"),
        Row("soak", "saves in one run of serve", 20_000, 200, saves.without_end, "MB more"),
        Row("bulk", "checkouts, moves, removals of many files, while serving", 40, 8, checkouts.while_serving),
        Row("watches", "events of change lost, or no watches to be had, while serving", 20, 2, watches.lost),
        Row("law", "edits at random, each build judged", 2_000, 0, law.of_edits),
        Row("fuzz", "fuzzed posts, config, templates, data", 20_000, 300, fuzz.of_files),
        Row("names", "titles, slugs, tags in every script, reserved, alike or long", 10_000, 200, naming.of_posts),
        Row(
            "surroundings", "hash seed, TZ, locale, folder, umask, jobs, file order", 50, 4, surroundings.of_the_process
        ),
        Row("hostile", "named hostile posts and sites", 200, 200, hostile.of_the_table),
        Row("exports", "hostile and damaged exports for every importer", 400, 10, exports.hostile),
        Row("scripts", "script in every value of posts, sources, config, in Chromium", 500, 40, scripts.in_every_value),
    )
}
