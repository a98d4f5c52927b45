"""The arrow between the packages: chat -> library -> retrieval, read from the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "bot").rglob("*.py")
}

#: The core may use its own modules and the errors that it raises.
CORE_MAY_IMPORT = ("bot.retrieval", "bot.errors")

#: Clocks, the network and the surroundings, which a pure core does not look at.
IMPURE = {
    "time", "os", "sys", "random", "socket", "subprocess", "threading", "asyncio", "logging",
    "argparse", "discord", "aiohttp", "pydantic", "pydantic_settings", "rich",
}  # fmt: skip

#: What tells the time without the module ``time``.
CLOCKS = {"now", "today", "utcnow"}


def imports(path: Path, module: str) -> Iterator[str]:
    """Every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


CORE = sorted(name for name in MODULES if is_in(name, ("bot.retrieval",)))


@pytest.mark.parametrize("module", CORE)
def test_the_core_knows_of_nothing_outside(module: str) -> None:
    """Reading, indexing and answering know neither Discord, settings, clocks nor processes."""
    for name in imports(MODULES[module], module):
        assert name.partition(".")[0] not in IMPURE, name
        if name != "bot" and is_in(name, ("bot",)):
            assert is_in(name, CORE_MAY_IMPORT), name


@pytest.mark.parametrize("module", CORE)
def test_the_core_has_no_clock(module: str) -> None:
    """No date or time is asked for: the same corpus and question give the same answer."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not attributes & CLOCKS


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("bot", ("bot", "discord")),
        ("bot.errors", ("bot", "discord")),
        ("bot.settings", ("bot.library", "bot.retrieval", "bot.chat", "discord")),
        ("bot.library", ("bot.chat", "bot.settings", "bot.terminal", "discord")),
        ("bot.strings", ("bot.chat", "bot.library", "bot.settings", "discord")),
        ("bot.terminal", ("bot.chat", "bot.library", "bot.settings", "discord")),
    ],
)
def test_no_arrow_points_back(module: str, forbidden: tuple[str, ...]) -> None:
    """What is below does not know what is above it."""
    for name in imports(MODULES[module], module):
        assert not is_in(name, forbidden), name


def test_only_main_demo_and_chat_know_the_chat() -> None:
    """Without a token and without discord everything but the chat works."""
    for module, path in MODULES.items():
        if module not in {"bot.__main__", "bot.demo"} and not is_in(module, ("bot.chat",)):
            for name in imports(path, module):
                assert not is_in(name, ("bot.chat", "discord")), f"{module} imports {name}"


def test_the_chat_does_not_read_the_command_line() -> None:
    """The client gets what it needs passed in."""
    for module, path in MODULES.items():
        for name in imports(path, module):
            assert not is_in(name, ("bot.__main__",)), f"{module} imports {name}"


def test_one_module_knows_rank_bm25() -> None:
    """Ranking libraries stand behind one module, so that they can be replaced."""
    users = {m for m, path in MODULES.items() if "rank_bm25" in set(imports(path, m))}
    assert users == {"bot.retrieval.bm25"}


def test_only_the_demo_knows_simcord() -> None:
    """What changes discord.py and the clock is loaded by no other command."""
    users = {m for m, path in MODULES.items() if "simcord" in set(imports(path, m))}
    assert users == {"bot.demo"}
