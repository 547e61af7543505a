"""Why a functional model stays as it is."""

from __future__ import annotations

import libcst as cst


class RefusedError(Exception):
    """What cannot be split at `node`."""

    def __init__(self, node: cst.CSTNode, why: str) -> None:
        super().__init__(why)
        self.node, self.why = node, why
