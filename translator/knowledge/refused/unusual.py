"""Tensors that are not plain arrays of numbers: texts, rows of different lengths, sparse ones."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str = "") -> Refusal:
    return Refusal(torch=(), tf=tuple(names.split()), differs=why, instead=instead, words=words)


_TEXTS = _refused(
    "tf.string tf.strings.* tf.lookup.* keras.layers.TextVectorization keras.layers.StringLookup "
    "keras.layers.IntegerLookup keras.layers.Hashing keras.layers.HashedCrossing",
    "PyTorch has no tensors of text and no tables of words",
    "turn texts into numbers in Python before the model, in the Dataset: a dict of words, or the tokenizers package",
    "string vocabulary tokenizer text lookup",
)
_RAGGED = _refused(
    "tf.ragged.* tf.RaggedTensor tf.RaggedTensor.* tf.RaggedTensorSpec",
    "rows of different lengths are one tensor in TensorFlow alone",
    "pad the rows, torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), and keep their lengths beside them",
    "ragged rows lengths",
)
_SPARSE = _refused(
    "tf.sparse.* tf.SparseTensor tf.SparseTensorSpec tf.IndexedSlices",
    "TensorFlow's sparse tensors have operations of their own, PyTorch's sparse tensors go through the usual ones",
    "make it with torch.sparse_coo_tensor(indices.T, values, shape); torch.sparse.mm, .to_dense(), .coalesce()",
    "sparse coo indices values",
)
_SPECS = _refused(
    "tf.TensorSpec tf.TypeSpec tf.type_spec_from_value tf.OptionalSpec tf.VariableAggregation "
    "tf.VariableSynchronization",
    "TensorFlow describes what a graph is given, PyTorch runs with what comes",
    "take it out; a shape is a tuple",
    "spec shape signature",
)
_PREPROCESSING = _refused(
    "keras.preprocessing.*",
    "it prepares data in numpy, under Keras's own names",
    "pad with torch.nn.utils.rnn.pad_sequence, read and change images with torchvision.transforms.v2 in a Dataset",
    "pad_sequences generator image",
)

RECORDS: tuple[Record, ...] = (_TEXTS, _RAGGED, _SPARSE, _SPECS, _PREPROCESSING)
