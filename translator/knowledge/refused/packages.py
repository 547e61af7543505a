"""Packages that are built on one of the frameworks: what they make takes its tensors, and none of it is converted."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str) -> Refusal:
    return Refusal(torch=(), tf=tuple(names.split()), differs=why, instead=instead, words=words)


def _of_torch(names: str, why: str, instead: str, words: str) -> Refusal:
    return Refusal(torch=tuple(names.split()), tf=(), differs=why, instead=instead, words=words)


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
    _of_torch(
        "pytorch_lightning lightning lightning_fabric",
        "its Trainer runs the backward passes and the steps, and knows modules of torch only",
        "write training_step as the loss of a keras.Model that compile and fit train, or as a loop under a "
        "tf.GradientTape",
        "lightning trainer fabric",
    ),
    _of_torch(
        "accelerate",
        "accelerator.backward(loss) takes tensors of torch, and its devices are placed by tf.distribute here",
        "write loss.backward() and leave prepare() out, then convert again; tf.distribute.MirroredStrategy for several "
        "devices",
        "accelerate accelerator prepare",
    ),
)
