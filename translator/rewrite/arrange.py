"""Arguments in the order and with the keywords of the signature that is written."""

from __future__ import annotations

import libcst as cst

from translator.knowledge.signature import Signature
from translator.rewrite import build
from translator.rewrite.moves.move import Moved


def arrange(moved: dict[str, Moved], target: Signature, names: dict[str, str]) -> list[cst.Arg]:
    """The arguments of the target's call: in the order of its signature, with keywords where they are needed."""
    arguments: list[cst.Arg] = []
    by_name = {names.get(name, name): value for name, value in moved.items()}
    in_row = True
    for parameter in target.parameters:
        if parameter.name not in by_name:
            in_row = in_row and parameter.star == "*"
            continue
        value, positional = by_name[parameter.name]
        if isinstance(value, list):
            arguments += [v if isinstance(v, cst.Arg) else build.argument(v) for v in value]
            continue
        telling = len(parameter.name) > 1  # `tf.maximum(x, 0)`: its x and y say nothing
        if in_row and (positional or not telling) and not parameter.keyword_only:
            arguments.append(build.argument(value))
        else:
            in_row = False
            arguments.append(build.argument(value, None if parameter.star else parameter.name))
    return arguments
