"""Translate between PyTorch and TensorFlow/Keras: look up, convert, generate, carry weights, prove.

    >>> import translator
    >>> translator.convert("import torch\\nlayer = torch.nn.Linear(3, 4)\\n").code
    'import keras\\nlayer = keras.layers.Dense(4)\\n'

Importing this package imports neither framework, nor anything that only one of its functions needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from translator.errors import TranslatorError as TranslatorError
    from translator.examples import render as render
    from translator.findings import Code as Code
    from translator.findings import Finding as Finding
    from translator.findings import Severity as Severity
    from translator.knowledge.search import lookup as lookup
    from translator.pipeline import Conversion as Conversion
    from translator.pipeline import convert as convert
    from translator.proof.models import verify as verify
    from translator.proof.verification import Verification as Verification
    from translator.weights.port import port_weights as port_weights

_HOMES = {
    "Code": "findings",
    "Conversion": "pipeline",
    "Finding": "findings",
    "Severity": "findings",
    "TranslatorError": "errors",
    "Verification": "proof.verification",
    "convert": "pipeline",
    "lookup": "knowledge.search",
    "port_weights": "weights.port",
    "render": "examples",
    "verify": "proof.models",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
