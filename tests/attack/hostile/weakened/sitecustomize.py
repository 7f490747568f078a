"""Takes protections out of the program, in every process that is started with this on its path.

PEELGRAPH_WEAKENED names them, with commas between. Each is one change to one module, made when that
module has been imported. The program itself has no switch for any of this; this file is not
installed. Never on a machine that others reach.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

ENDLESS = 1 << 50


def _nothing(*_: Any, **__: Any) -> None:  # noqa: ANN401 - stands in for anything
    pass


def _in_the_web_process(link: Any) -> None:  # noqa: ANN401 - a module
    """Queries are evaluated where requests are answered, as every peer does."""
    import pyoxigraph  # noqa: PLC0415 - only the weakened build does this

    asked = link.WorkerLink.ask

    async def ask(self: Any, query: Any, *rest: Any) -> Any:  # noqa: ANN401 - the method's own
        pyoxigraph.Store().query(query.text)
        return await asked(self, query, *rest)

    link.WorkerLink.ask = ask


def _without_deadline(link: Any) -> None:  # noqa: ANN401 - a module
    link.WorkerLink.look = _nothing


def _without_memory_limit(sandbox: Any) -> None:  # noqa: ANN401 - a module
    sandbox.Meter.arm = _nothing


def _without_sandbox(sandbox: Any) -> None:  # noqa: ANN401 - a module
    sandbox.refuse_system_calls = sandbox.no_new_files = _nothing


def _without_checker(tokens: Any) -> None:  # noqa: ANN401 - a module
    tokens._Reader._forbid = tokens._refuse_word_anywhere = _nothing  # noqa: SLF001 - that is the point


def _without_depth_limit(tokens: Any) -> None:  # noqa: ANN401 - a module
    read = tokens.outline
    tokens.outline = lambda text, _: read(text, ENDLESS)


def _without_result_limit(worker: Any) -> None:  # noqa: ANN401 - a module
    made = worker.AnswerStream.__init__

    def init(self: Any, channel: Any, _: int, *rest: Any) -> None:  # noqa: ANN401 - the method's own
        made(self, channel, ENDLESS, *rest)

    worker.AnswerStream.__init__ = init


def _without_body_limit(front: Any) -> None:  # noqa: ANN401 - a module
    front.Front.body_limit = lambda *_: ENDLESS


def _without_limit_of_forms(request: Any) -> None:  # noqa: ANN401 - a module
    request.body_limit = lambda _: ENDLESS


def _without_limit_of_uploads(writing: Any) -> None:  # noqa: ANN401 - a module
    read = writing.whole_body
    writing.whole_body = lambda _: read(ENDLESS)


def _without_head_limit(connection: Any) -> None:  # noqa: ANN401 - a module
    connection.HEAD_BYTES = ENDLESS


def _without_look_at_heads(connection: Any) -> None:  # noqa: ANN401 - a module
    connection.fault_of_head = _nothing


def _without_patience(connection: Any) -> None:  # noqa: ANN401 - a module
    connection.Connection.look = _nothing


def _without_budgets(budgets: Any) -> None:  # noqa: ANN401 - a module
    budgets.Budgets.admit = _nothing


def _without_turns(waiting: Any) -> None:  # noqa: ANN401 - a module
    """First come, first served, whoever comes."""
    waiting.WaitingLine._may_take = lambda self, _: bool(self._idle)  # noqa: SLF001 - that is the point
    waiting.WaitingLine._displace = lambda *_: False  # noqa: SLF001 - the same


def _without_doctype_check(nesting: Any) -> None:  # noqa: ANN401 - a module
    nesting._Elements._refuse_doctype = _nothing  # noqa: SLF001 - that is the point


def _without_depth_of_data(nesting: Any) -> None:  # noqa: ANN401 - a module
    nesting.refuse_deep = _nothing


def _with_graphs_loaded(store: Any) -> None:  # noqa: ANN401 - a module
    store.sparql.SPARQL_LOAD_GRAPHS = True


def _with_service_in_shapes(engine: Any) -> None:  # noqa: ANN401 - a module
    del engine
    import re  # noqa: PLC0415 - only here

    from pyshacl.helper import sparql_query_helper  # noqa: PLC0415 - the same

    sparql_query_helper.SPARQLQueryHelper.has_service_regex = re.compile("(?!)")


def _without_validation_deadline(deadline: Any) -> None:  # noqa: ANN401 - a module
    import contextlib  # noqa: PLC0415 - only here

    deadline.deadline = lambda _: contextlib.nullcontext()


class _Everything(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def _with_any_link(tables: Any) -> None:  # noqa: ANN401 - a module
    tables.LINKED = _Everything()


def _without_escaping(app: Any) -> None:  # noqa: ANN401 - a module
    """Templates put text in as it is."""
    create = app.create_app

    def create_app(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - the function's own
        made = create(*given, **named)
        made.jinja_env.autoescape = False
        return made

    app.create_app = create_app


def _with_any_scheme(wording: Any) -> None:  # noqa: ANN401 - a module
    wording.FOLLOWED = _Everything()


def _with_formulas(spreadsheet: Any) -> None:  # noqa: ANN401 - a module
    spreadsheet.FORMULA = ()


def _without_ratio(archives: Any) -> None:  # noqa: ANN401 - a module
    archives.RATIO = ENDLESS


def _with_any_address(addresses: Any) -> None:  # noqa: ANN401 - a module
    addresses.is_public = lambda _: True


def _without_permission(tokens: Any) -> None:  # noqa: ANN401 - a module
    """Whatever token is given will do."""
    tokens.Tokens.find = lambda self, _: self.all()[0]


def _with_early_comparison(tokens: Any) -> None:  # noqa: ANN401 - a module
    def find(self: Any, secret: str) -> Any:  # noqa: ANN401 - the method's own
        return next((each for each in self.all() if each.sha256 == secret), None)

    tokens.Tokens.find = find


def _with_writes_from_anywhere(security: Any) -> None:  # noqa: ANN401 - a module
    security.is_write = lambda *_: False


def _without_nosniff(security: Any) -> None:  # noqa: ANN401 - a module
    del security.EVERYWHERE["X-Content-Type-Options"]


def _without_escapes(lines: Any) -> None:  # noqa: ANN401 - a module
    lines.escaped = str


def _without_chain(audit: Any) -> None:  # noqa: ANN401 - a module
    audit._entry_faults = lambda *_: iter(())  # noqa: SLF001 - that is the point


IN = "peelgraph."
WEAKNESSES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "in the web process": ("server.engine.link", _in_the_web_process),
    "no deadline": ("server.engine.link", _without_deadline),
    "no memory limit": ("graph.confined.sandbox", _without_memory_limit),
    "no sandbox": ("graph.confined.sandbox", _without_sandbox),
    "no checker": ("server.protocol.tokens", _without_checker),
    "no depth limit": ("server.protocol.tokens", _without_depth_limit),
    "no result limit": ("server.engine.worker", _without_result_limit),
    "no body limit": ("server.front.front", _without_body_limit),
    "no limit of forms": ("server.protocol.request", _without_limit_of_forms),
    "no limit of uploads": ("server.pages.writing", _without_limit_of_uploads),
    "no head limit": ("server.front.connection", _without_head_limit),
    "no look at heads": ("server.front.connection", _without_look_at_heads),
    "no patience": ("server.front.connection", _without_patience),
    "no budgets": ("server.answering.budgets", _without_budgets),
    "no turns": ("server.engine.waiting", _without_turns),
    "no doctype check": ("graph.confined.nesting", _without_doctype_check),
    "no depth of data": ("graph.confined.nesting", _without_depth_of_data),
    "graphs loaded": ("graph.store", _with_graphs_loaded),
    "service in shapes": ("graph.validation.pyshacl_engine", _with_service_in_shapes),
    "no validation deadline": ("graph.validation.deadline", _without_validation_deadline),
    "any link": ("server.protocol.tables", _with_any_link),
    "no escaping": ("server.app", _without_escaping),
    "any scheme": ("server.site.wording", _with_any_scheme),
    "formulas": ("server.protocol.spreadsheet", _with_formulas),
    "no ratio": ("graph.confined.archives", _without_ratio),
    "any address": ("graph.fetching.addresses", _with_any_address),
    "no permission": ("graph.tokens", _without_permission),
    "early comparison": ("graph.tokens", _with_early_comparison),
    "writes from anywhere": ("server.security", _with_writes_from_anywhere),
    "no nosniff": ("server.security", _without_nosniff),
    "no escapes": ("server.logs.lines", _without_escapes),
    "no chain": ("graph.audit", _without_chain),
}


class Weakening(importlib.abc.MetaPathFinder):
    """Changes modules of the program as soon as they have been imported."""

    def __init__(self, changes: dict[str, list[Callable[[Any], None]]]) -> None:
        self._changes = changes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module that is to be changed; the import does the rest."""
        del path, target
        changes = self._changes.pop(fullname, None)
        spec = importlib.util.find_spec(fullname) if changes else None
        if spec is None or spec.loader is None or changes is None:
            return None
        execute = spec.loader.exec_module

        def changed(module: ModuleType) -> None:
            execute(module)
            for change in changes:
                change(module)

        spec.loader.exec_module = changed  # type: ignore[method-assign]  # of this one module
        return spec


def _install(names: str) -> None:
    changes: dict[str, list[Callable[[Any], None]]] = {}
    for name in filter(None, names.split(",")):
        module, change = WEAKNESSES[name]
        changes.setdefault(IN + module, []).append(change)
    if changes:
        sys.meta_path.insert(0, Weakening(changes))


_install(os.environ.get("PEELGRAPH_WEAKENED", ""))
