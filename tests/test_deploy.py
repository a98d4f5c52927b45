"""What runs the bot elsewhere: the systemd unit and the container's file, as far as files tell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.__main__ import _parser
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "treaty-bot.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")

#: systemd's own word for up to 2.0 is OK, and it counts up to 10.
WORST_EXPOSURE = 2.0

#: The settings that name a file or folder, all of which the bot may write.
PATHS = {
    name
    for name, field in Settings.model_fields.items()
    if Path in (field.annotation, *get_args(field.annotation)) and name != "passage_store_ca_file"
}

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def directives(name: str) -> list[str]:
    """The values of a directive in the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def instructions(name: str) -> list[str]:
    """The arguments of an instruction in the container's file, its lines joined."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", CONTAINER, flags=re.MULTILINE))
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


@needs_systemd
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """``systemd-analyze verify`` finds no fault, but for where the program is on this machine."""
    assert ANALYZE
    (start,) = directives("ExecStart")
    unit = tmp_path / "treaty-bot.service"
    unit.write_text(UNIT.replace(start.split()[0], sys.executable), encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", unit], capture_output=True, check=False, text=True
    )
    complaints = [line for line in done.stderr.splitlines() if "treaty-bot" in line]
    assert (done.returncode, complaints) == (0, [])


@needs_systemd
def test_the_unit_is_locked_up() -> None:
    """``systemd-analyze security`` gives the unit a good score."""
    assert ANALYZE
    done = subprocess.run(
        [ANALYZE, "security", "--offline=true", DEPLOY / "treaty-bot.service"],
        capture_output=True,
        check=False,
        text=True,
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd cannot judge a file")
    match = re.search(r"Overall exposure level for treaty-bot.service: (\d+\.\d)", done.stdout)
    assert match, done.stderr
    assert float(match[1]) <= WORST_EXPOSURE


def test_the_unit_starts_the_program() -> None:
    """The unit runs a command that exists, as a service that tells when it is ready and alive."""
    (start,) = directives("ExecStart")
    program, *arguments = start.split()
    assert program.endswith("/bin/treaty-bot")
    _parser().parse_args(arguments)
    assert directives("Type") == ["notify"]
    assert int(directives("WatchdogSec")[0]) > 0


def test_no_secret_is_in_the_files() -> None:
    """The token comes from a file that only root reads, and from the container's environment."""
    assert directives("EnvironmentFile") == ["/etc/treaty-bot.env"]
    for text in (UNIT, CONTAINER):
        assert "TOKEN" not in re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


def test_the_image_is_made_of_what_the_repository_has() -> None:
    """Every file that is copied exists, and .env and tests are not among them."""
    copied = [
        name
        for line in instructions("COPY")
        if not line.startswith("--from")
        for name in line.split()[:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    packaged = {"LICENSE", "README.md", "bot", "constraints.txt", "pyproject.toml", "setup.py"}
    assert set(copied) == packaged | {"corpus"}
    assert any("-c constraints.txt" in line for line in instructions("RUN"))


def test_the_image_runs_commands_that_exist() -> None:
    """The container runs the bot, and asks after its health, with commands of the program."""
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["treaty-bot"]
    _parser().parse_args(json.loads(instructions("CMD")[0]))
    health = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    assert health[0] == "treaty-bot"
    _parser().parse_args(health[1:])


def test_the_images_settings_are_settings() -> None:
    """What the image sets in the environment is a setting, or known to Python or the shell."""
    names = re.findall(r"\b([A-Z_]+)=", instructions("ENV")[0])
    known = {name.upper() for name in Settings.model_fields} | {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert "HEALTH_FILE" in names
    assert set(names) <= known


def test_the_container_does_not_run_as_root() -> None:
    """The last user is an ordinary one, by number, so that a supervisor can tell."""
    assert int(instructions("USER")[-1]) > 0


def test_the_base_is_pinned() -> None:
    """Both stages stand on one release of Python and of the system, not on whatever is newest."""
    bases = {line.split()[0] for line in instructions("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", bases.pop())


def test_the_image_is_built_apart_and_holds_no_secret() -> None:
    """What builds stays behind, and neither the token nor a checkout's own files are sent along."""
    assert len(instructions("FROM")) == 2
    assert [line for line in instructions("COPY") if line.startswith("--from")] == [
        "--from=build /opt/venv /opt/venv"
    ]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", ".git", ".venv"} <= set(ignored)


def test_the_command_in_the_containerfile_locks_it_up() -> None:
    """Whoever types it in gets a read-only root without rights, and one named volume."""
    comment = "\n".join(line[1:] for line in CONTAINER.splitlines() if line.startswith("#"))
    (run,) = re.findall(r"podman run -d (?:.*\\\n)*.*", comment)
    for option in ("--read-only", "--tmpfs /tmp", "--cap-drop all", "no-new-privileges"):
        assert option in run
    assert re.findall(r"-v (\S+)", run) == ["treaty-bot:/data"]
    assert instructions("VOLUME") == ["/data"]


def test_the_cluster_is_whole() -> None:
    """Two processes serve different shards from three nodes, with settings that there are; every
    service has a limit, and every node a health check and a volume of its own.
    """
    text = (DEPLOY / "compose-cluster.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    bots = [one["environment"] for name, one in services.items() if name.startswith("bot")]
    nodes = {name: one for name, one in services.items() if name.startswith("opensearch")}
    assert {name.lower() for one in bots for name in one} <= Settings.model_fields.keys()
    assert [one["SHARD_IDS"] for one in bots] == ["0", "1"]
    assert {one["SHARD_COUNT"] for one in bots} == {str(len(bots))}
    hosts = {f"http://{name}:9200" for name in nodes}
    assert all(set(one["PASSAGE_STORE"].split(",")) == hosts for one in bots)
    assert all("mem_limit" in one for one in services.values())
    assert all("healthcheck" in one for one in nodes.values())
    assert len({volume for one in nodes.values() for volume in one["volumes"]}) == len(nodes)


def test_compose_keeps_what_is_written_in_volumes() -> None:
    """The root is read-only; what the settings name lies in a named volume, or in /tmp, and the
    image makes the folders of the volumes for its user.
    """
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["treaty-bot"]
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    places = dict(volume.split(":") for volume in service["volumes"])
    assert places.keys() == compose["volumes"].keys()
    paths = {name: Path(path) for name, path in service["environment"].items()}
    assert {name.lower() for name in paths} == PATHS
    writable = [*map(Path, places.values()), *map(Path, service["tmpfs"])]
    assert all(any(path.is_relative_to(one) for one in writable) for path in paths.values())
    (made,) = (line for line in instructions("RUN") if "install -d" in line)
    assert all(place in made.split() for place in places.values())
