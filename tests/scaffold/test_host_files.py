"""The files of hosts: that those of earlier versions are recognized, and what they ask a host for."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.scaffold.ci_workflows import apply_host, plan_host
from sitegen.scaffold.host_files import FORMER, HOSTS, current_texts, digest, fill, is_generated
from sitegen.scaffold.requirements import Requirement
from tests.support.sites import write

RECORDED = sorted((Path(__file__).parent / "host_files").iterdir())
"""Every file that any version has written, and those of this version: HOST-DIGEST-PATH, with hyphens for slashes."""

CURRENT = [(host, path) for host in HOSTS for path, _ in HOSTS[host].files]
LINE = Requirement("sitegen-newsletter[images,publish]==1")


def flatten(path):
    """Return the part of a recorded file's name that is its path."""
    return path.lstrip(".").replace("/", "-")


def find_path(recorded):
    """Return the host and the path in a site of a recorded file."""
    host, _, name = recorded.name.split("-", 2)
    (path,) = {path for path in (*dict(HOSTS[host].files), *FORMER[host]) if flatten(path) == name}
    return host, path


@pytest.mark.parametrize(("host", "path"), CURRENT)
def test_what_is_written_now_is_recorded_so_that_later_versions_recognize_it(host, path):
    recorded = {file.name for file in RECORDED}
    name = flatten(path)
    missing = {
        f"{host}-{digest(text)}-{name}": text
        for text in current_texts(host, path)
        if f"{host}-{digest(text)}-{name}" not in recorded
    }
    hint = "write these files into tests/scaffold/host_files/, and the digests of the ones before into FORMER"
    assert not missing, hint


@pytest.mark.parametrize("recorded", RECORDED, ids=[file.name for file in RECORDED])
def test_every_file_that_was_ever_written_is_recognized(recorded):
    host, path = find_path(recorded)
    text = recorded.read_text()
    assert is_generated(host, path, text)
    assert is_generated(host, path, text.replace("{action}", f"ann/sitegen@{'0a' * 20}"))
    assert not is_generated(host, path, text + "# mine\n")


@pytest.mark.parametrize(("host", "path"), CURRENT)
@pytest.mark.parametrize("output", ["output", "./public/site", "my site", 'a"b', "../elsewhere"])
def test_a_file_is_recognized_with_any_output_folder_and_action(host, path, output):
    for text in current_texts(host, path):
        filled = fill(text, output, f"ann/sitegen@{'0a' * 20}")
        assert is_generated(host, path, filled)
        assert not any(slot in filled for slot in ("{action}", "{output}", "{quoted_output}"))


@pytest.mark.parametrize("recorded", RECORDED, ids=[file.name for file in RECORDED])
def test_a_file_of_an_earlier_version_is_replaced_and_one_with_changes_is_not(tmp_path, recorded):
    host, path = find_path(recorded)
    write(tmp_path, {"sitegen.toml": "", path: recorded.read_text().replace("{action}", f"ann/sitegen@{'0a' * 20}")})
    apply_host(tmp_path, plan_host(tmp_path, host, LINE))
    for name, text in HOSTS[host].files:
        assert (tmp_path / name).read_text() == fill(text, "output", "")
    assert path in dict(HOSTS[host].files) or not (tmp_path / path).exists()
    assert not plan_host(tmp_path, host, LINE).files
    if path in dict(HOSTS[host].files):
        (tmp_path / path).write_text(recorded.read_text() + "# mine\n")
        with pytest.raises(SiteError, match="other contents"):
            plan_host(tmp_path, host, LINE)


def test_a_former_file_that_the_user_has_changed_stays(tmp_path):
    write(tmp_path, {"sitegen.toml": "", "netlify/image-cache/index.js": "// mine\n"})
    assert plan_host(tmp_path, "netlify", LINE).removed == ()


def test_every_schedule_avoids_the_full_hour_at_which_hosts_are_busy():
    texts = [text for host, path in CURRENT for text in current_texts(host, path)]
    schedules = [row for text in texts for row in re.findall(r"(?:cron|schedule): \"(.*)\"", text)]
    assert len(schedules) == 4
    assert all(int(row.split()[0]) % 15 for row in schedules)


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node.js")
def test_netlify_starts_a_build_each_day_if_it_knows_the_hook(tmp_path):
    text = dict(HOSTS["netlify"].files)["netlify/functions/daily-build.mjs"]
    (tmp_path / "daily-build.mjs").write_text(text)
    script = """
        const calls = [];
        let ok = true;
        globalThis.fetch = async (url, options) => { calls.push([url, options.method]); return { ok, status: 500 }; };
        const { default: run, config } = await import("./daily-build.mjs");
        await run();
        process.env.SITEGEN_BUILD_HOOK = "https://hooks.example.com/1";
        await run();
        ok = false;
        const error = await run().catch((reason) => reason.message);
        console.log(JSON.stringify({ calls, error, schedule: config.schedule }));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["calls"] == [["https://hooks.example.com/1", "POST"]] * 2
    assert found["error"] == "The build hook answered 500"
    assert found["schedule"] == "17 5 * * *"
