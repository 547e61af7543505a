"""Packages that are built on TensorFlow: what they make takes TensorFlow's tensors, and nothing of it is converted."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str) -> Refusal:
    return Refusal(torch=(), tf=tuple(names.split()), differs=why, instead=instead, words=words)


RECORDS: tuple[Record, ...] = (
    _refused(
        "tensorflow_hub keras_hub keras_nlp keras_cv",
        "the models that are loaded are TensorFlow's, with their code and weights",
        "take the model of the same name from torchvision.models, timm or transformers, or convert its source and "
        "carry the weights over with `translator weights`",
        "hub pretrained preset download model",
    ),
    _refused(
        "tensorflow_probability",
        "its distributions and layers compute with TensorFlow's tensors",
        "torch.distributions has most of them under the same names",
        "probability distribution bijector",
    ),
    _refused(
        "tensorflow_addons tensorflow_text tensorflow_io tensorflow_recommenders tensorflow_model_optimization "
        "tensorflow_graphics tensorflow_federated tf_agents tf_slim",
        "it is built on TensorFlow",
        "write what is used of it with torch, or take the package of torch that has it",
        "addons text recommenders agents",
    ),
)
