"""Writes the YAML of configuration files: dicts, lists, scalars and tagged scalars."""
import json


class Tag:
    """!file PATH, !env NAME, !credential NAME"""

    def __init__(self, kind, value):
        self.kind = kind
        self.value = value


def _scalar(value):
    if isinstance(value, Tag):
        return "!%s %s" % (value.kind, json.dumps(value.value))
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _lines(value, indent):
    pad = "  " * indent
    pairs = value.items() if isinstance(value, dict) else [(None, v) for v in value]
    for key, item in pairs:
        head = pad + (json.dumps(key, ensure_ascii=False) + ":" if key is not None else "-")
        if isinstance(item, (dict, list, tuple)) and item:
            yield head
            yield from _lines(item, indent + 1)
        elif isinstance(item, (dict, list, tuple)):
            yield head + (" {}" if isinstance(item, dict) else " []")
        else:
            yield head + " " + _scalar(item)


def yaml_text(value):
    return "\n".join(_lines(value, 0)) + "\n"
