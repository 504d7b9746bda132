"""An import-linter contract: a package may import itself and packages of lower rank, not those of the same or higher rank."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomsContract(Contract):
    """``rooms``: packages from the highest rank down, one rank per line; `a | b` have the same rank."""

    type_name = "rooms"
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        ranks = {room.strip(): rank for rank, line in enumerate(self.rooms) for room in line.split("|")}  # type: ignore
        wrong = sorted(
            f"{importer} imports {imported}"
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if not _allowed(_room(importer, ranks), _room(imported, ranks), ranks)
        )
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["wrong"]:
            output.print_error(line)


def _room(module: str, ranks: dict[str, int]) -> str | None:
    """The innermost package of ``ranks`` that contains the module; None if there is none."""
    holding = [room for room in ranks if module == room or module.startswith(room + ".")]
    return max(holding, key=len, default=None)


def _allowed(importer: str | None, imported: str | None, ranks: dict[str, int]) -> bool:
    if importer is None or imported is None or importer == imported:
        return True
    return ranks[importer] < ranks[imported]
