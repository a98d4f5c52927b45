"""The layers of the house, as one table, held against the imports. ARCHITECTURE.md draws them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "bot").rglob("*.py")
}

#: From the ground up: each layer imports itself and the layers before it, never one behind it.
LAYERS = (
    "bot.errors",
    "bot.text",
    "bot.formats",
    "bot.corpus",
    "bot.index",
    "bot.answering",
    "bot.service",
    "bot.strings",
    "bot.settings",
    "bot.diagnosis",
    "bot.first_run",
    "bot.logs",
    "bot.terminal",
    "bot.chat",
    "bot.commands",
    "bot.client",
    "bot.connection",
    "bot.demo",
    "bot.__main__",
)

#: The layers that know no clock, thread, process, network or Discord.
PURE = ("bot.text", "bot.formats", "bot.corpus", "bot.index", "bot.answering")

#: What knows of Discord; everything else works without discord.py.
DISCORD = (
    "bot.chat", "bot.commands", "bot.client", "bot.connection", "bot.demo", "bot.__main__",
)  # fmt: skip

#: The modules that alone may use a library, so that it can be replaced.
ONLY = {"rank_bm25": ("bot.index.bm25",), "simcord": ("bot.demo",)}

#: Clocks, the network and the surroundings, which a pure core does not look at.
IMPURE = {
    "time", "os", "sys", "random", "socket", "subprocess", "threading", "asyncio", "logging",
    "argparse", "discord", "aiohttp", "pydantic", "pydantic_settings", "rich",
}  # fmt: skip

#: What tells the time without the module ``time``.
CLOCKS = {"now", "today", "utcnow"}


@functools.cache
def tree_of(module: str) -> ast.Module:
    """A module's source, parsed."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@functools.cache
def imports(module: str) -> frozenset[str]:
    """Every module that one imports, wherever in it the import stands."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = MODULES[module].name == "__init__.py"
            package = module.split(".") if inside else module.split(".")[:-1]
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def layer_of(module: str) -> int:
    """The number of the layer that a module belongs to, from the ground up."""
    (found,) = (n for n, layer in enumerate(LAYERS) if is_in(module, (layer,)))
    return found


INNER = sorted(MODULES.keys() - {"bot"})


@pytest.mark.parametrize("module", INNER)
def test_no_arrow_points_up(module: str) -> None:
    """A module imports its own layer and those below it."""
    for name in imports(module):
        if name != "bot" and is_in(name, ("bot",)):
            assert layer_of(name) <= layer_of(module), name


def test_no_circle() -> None:
    """No module imports itself, directly or through others."""
    arrows = {module: {name for name in imports(module) if name in MODULES} for module in INNER}
    done: set[str] = set()
    while ready := [module for module in arrows if arrows[module] <= done | {"bot"}]:
        done.update(ready)
        arrows = {module: arrows[module] for module in arrows.keys() - done}
    assert not arrows, f"in a circle: {sorted(arrows)}"


@pytest.mark.parametrize("module", [name for name in INNER if is_in(name, PURE)])
def test_the_pure_core_knows_nothing_outside(module: str) -> None:
    """Reading, indexing and answering know neither Discord, settings, clocks nor processes: the
    same corpus and question give the same answer.
    """
    for name in imports(module):
        assert name.partition(".")[0] not in IMPURE, name
    attributes = {
        node.attr for node in ast.walk(tree_of(module)) if isinstance(node, ast.Attribute)
    }
    assert not attributes & CLOCKS


@pytest.mark.parametrize("module", [name for name in INNER if not is_in(name, DISCORD)])
def test_everything_but_the_chat_works_without_discord(module: str) -> None:
    """Without a token and without discord.py questions are answered on the command line."""
    assert "discord" not in imports(module)


@pytest.mark.parametrize("module", [name for name in INNER if is_in(name, ("bot.commands",))])
def test_only_the_client_knows_the_commands(module: str) -> None:
    """A command is added in one place, and none is used by what it stands on."""
    users = {name for name in INNER if module in imports(name)}
    assert all(is_in(user, ("bot.client", "bot.commands")) for user in users), users


@pytest.mark.parametrize("library", ONLY)
def test_one_module_knows_a_library(library: str) -> None:
    """What may be replaced one day stands behind one module."""
    users = {m for m in MODULES if library in imports(m)}
    assert users == set(ONLY[library])
