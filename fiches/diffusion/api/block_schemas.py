"""OpenAPI schemas of the blocks that other apps add to texts (:func:`fiches.models.registered_blocks.register_block`)."""

from typing import Any

from wagtail import blocks

from fiches.models.registered_blocks import RegisteredBlock, registered_blocks

REFERENCE = "#/components/schemas/"
TEXT = {"type": "string"}
# JSON Schema types, by class of block; the first that fits.
_TYPES: list[tuple[type[blocks.Block], dict[str, Any]]] = [
    (blocks.BooleanBlock, {"type": "boolean"}),
    (blocks.IntegerBlock, {"type": "integer"}),
    (blocks.FloatBlock, {"type": "number"}),
    (blocks.DateTimeBlock, {"type": "string", "format": "date-time"}),
    (blocks.DateBlock, {"type": "string", "format": "date"}),
    (blocks.ChooserBlock, {"type": "integer"}),
    (blocks.MultipleChoiceBlock, {"type": "array", "items": TEXT}),
    (blocks.FieldBlock, TEXT),
]
# Blocks that give null when they are left empty; others give an empty text.
_NULLABLE = (blocks.IntegerBlock, blocks.FloatBlock, blocks.DecimalBlock, blocks.ChooserBlock)
_DATES = (blocks.DateTimeBlock, blocks.DateBlock, blocks.TimeBlock)


def add_registered(document: dict[str, Any]) -> None:
    """Adds the registered blocks to the schemas of an OpenAPI document, and to each list of blocks there."""
    schemas, added = document["components"]["schemas"], {}
    for each in registered_blocks().values():
        name = f"Bloc{each.name.title().replace('_', '').replace('-', '')}"
        declared = each.schema and each.schema.model_json_schema(ref_template=f"{REFERENCE}{name}{{model}}")
        nested = declared.pop("$defs", {}) if declared else {}
        schemas |= {f"{name}{inner}": shape for inner, shape in nested.items()}
        schemas[name] = _component(each, declared or _shape(each.block))
        added[each.name] = f"{REFERENCE}{name}"
    if added:
        for items in _unions_of_blocks(schemas):
            items["oneOf"] += [{"$ref": reference} for reference in added.values()]
            items["discriminator"]["mapping"] |= added


def _unions_of_blocks(node: Any) -> list[dict[str, Any]]:
    """Returns the schemas, at any depth, of which the value is one of the blocks of a text."""
    if isinstance(node, list):
        return [found for each in node for found in _unions_of_blocks(each)]
    if not isinstance(node, dict):
        return []
    if "texte" in node.get("discriminator", {}).get("mapping", ()):
        return [node]
    return [found for each in node.values() for found in _unions_of_blocks(each)]


def _component(each: RegisteredBlock, shape: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of a block: ``shape``, that of its API representation, with the keys that the API adds."""
    if shape.get("type") != "object":
        shape = {"type": "object", "properties": {"valeur": shape}, "required": ["valeur"]}
    own = {"type": {"const": each.name, "title": "Type", "type": "string"}, "html": {"title": "Html", **TEXT}}
    required = ["type", *shape.get("required", ()), "html"]
    return {**shape, "title": each.name, "properties": {**shape.get("properties", {}), **own}, "required": required}


def _shape(block: blocks.Block) -> dict[str, Any]:
    """Returns the JSON Schema of a block's API representation; any value for a block that has one of its own."""
    if not type(block).get_api_representation.__module__.startswith("wagtail."):
        return {"type": "object"}
    if isinstance(block, blocks.StructBlock):
        children = {name: {"title": name, **_shape(child)} for name, child in block.child_blocks.items()}
        return {"type": "object", "properties": children, "required": [*children]}
    if isinstance(block, blocks.ListBlock):
        return {"type": "array", "items": _shape(block.child_block)}
    if isinstance(block, blocks.StreamBlock):
        return {"type": "array", "items": {"type": "object"}}
    shape = next((shape for known, shape in _TYPES if isinstance(block, known)), {})
    return {"anyOf": [shape, {"type": "null"}]} if isinstance(block, _NULLABLE + _DATES) and shape else shape
