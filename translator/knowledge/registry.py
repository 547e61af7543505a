"""Every record, by explicit import, and the index from any spelled name to the records that know it."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from translator.knowledge.layers import (
    activations,
    augmentation,
    batch_norm,
    containers,
    convolution,
    convolution_functions,
    depthwise,
    embedding,
    formulas,
    gates,
    general_convolution,
    global_pooling,
    heads,
    linear,
    merges,
    module,
    noise,
    norm_functions,
    normalisation,
    padding,
    pixels,
    pooling,
    pooling_functions,
    prelu,
    recurrent,
    recurrent_cells,
    refused,
    regularisation,
    resizing,
    same_padding,
    sampling,
    shaping,
    time_steps,
    transformers,
    transposed,
    unfolding,
    unmatched,
    warping,
)
from translator.knowledge.lenses import Side
from translator.knowledge.records import Construct, Entry, Pair, Record, Refusal
from translator.knowledge.refused import graphs, learning, packages, systems, unusual
from translator.knowledge.signature import kind_of
from translator.knowledge.tensors import (
    algebra,
    arithmetic,
    attention,
    control,
    creation,
    described,
    distances,
    distributions,
    draws,
    dtypes,
    elementwise,
    logic,
    mathematics,
    notation,
    order,
    parts,
    patches,
    pictures,
    products,
    random,
    reading,
    reduction,
    reshaping,
    scattering,
    segments,
    short_formulas,
    spread,
    statistics,
    taking,
    views,
    writing,
)
from translator.knowledge.tensors import (
    padding as tensor_padding,
)
from translator.knowledge.training import (
    accuracies,
    adaptive,
    classification,
    entropies,
    further,
    gradients,
    initialisers,
    keras_losses,
    keras_schedules,
    likelihoods,
    losses,
    margins,
    metrics,
    modules,
    optimizers,
    penalties,
    runtime,
    schedules,
    steps,
    weighted,
)

GROUPS: tuple[tuple[str, tuple[Record, ...]], ...] = (
    ("Modules", module.RECORDS),
    ("Linear layers", linear.RECORDS),
    ("Convolution", convolution.RECORDS + convolution_functions.RECORDS),
    ("Depthwise convolution", depthwise.RECORDS),
    ("Transposed convolution", transposed.RECORDS),
    ("Convolution as a function", general_convolution.RECORDS),
    ("Pooling", pooling.RECORDS + pooling_functions.RECORDS),
    ("Functions that pad to the same size", same_padding.RECORDS),
    ("Pooling to a size", global_pooling.RECORDS),
    ("Borders", padding.RECORDS),
    ("Sizes of images", resizing.RECORDS),
    ("Images of any size", sampling.RECORDS),
    ("Pixels and channels", pixels.RECORDS),
    ("Windows as columns", unfolding.RECORDS),
    ("Activations", activations.RECORDS),
    ("Learned activations", prelu.RECORDS),
    ("Gates and smooth activations", gates.RECORDS),
    ("Formulas", formulas.RECORDS),
    ("Embeddings", embedding.RECORDS),
    ("Recurrent layers", recurrent.RECORDS),
    ("Recurrent cells", recurrent_cells.RECORDS),
    ("Attention", heads.RECORDS + attention.RECORDS),
    ("Sequences that are refused", refused.RECORDS),
    ("Transformers", transformers.RECORDS),
    ("Layers that are refused", unmatched.RECORDS),
    ("Time steps", time_steps.RECORDS),
    ("Batch normalisation", batch_norm.RECORDS),
    ("Normalisation", normalisation.RECORDS),
    ("Linear maps and norms as functions", norm_functions.RECORDS),
    ("Regularisation", regularisation.RECORDS + noise.RECORDS),
    ("Images", augmentation.RECORDS),
    ("Images moved by chance", warping.RECORDS),
    ("Containers", containers.RECORDS),
    ("Shapes of samples", shaping.RECORDS),
    ("Merging tensors", merges.RECORDS),
    ("Creating tensors", creation.RECORDS),
    ("Random tensors", random.RECORDS),
    ("Draws by chances", draws.RECORDS),
    ("Distributions", distributions.RECORDS),
    ("Types of elements", dtypes.RECORDS),
    ("Tensors themselves", described.RECORDS),
    ("Elementwise mathematics", elementwise.RECORDS),
    ("Arithmetic", arithmetic.RECORDS),
    ("Mathematics of elements", mathematics.RECORDS),
    ("Comparisons and choices", logic.RECORDS),
    ("Products of matrices", products.RECORDS),
    ("Linear algebra", algebra.RECORDS),
    ("Reductions", reduction.RECORDS),
    ("Deviations and norms", spread.RECORDS),
    ("Distances", distances.RECORDS),
    ("Extremes and order", order.RECORDS),
    ("Statistics and questions", statistics.RECORDS),
    ("Shapes", reshaping.RECORDS),
    ("Parts and repetitions", parts.RECORDS),
    ("Rows by number", taking.RECORDS),
    ("Segments", segments.RECORDS),
    ("Patches", patches.RECORDS),
    ("Scattered parts and diagonals", scattering.RECORDS),
    ("Functions of images", pictures.RECORDS),
    ("Loops and choices", control.RECORDS),
    ("Short formulas", short_formulas.RECORDS),
    ("Views and diagonals", views.RECORDS),
    ("Writing into tensors", writing.RECORDS),
    ("Patterns of axes", notation.RECORDS),
    ("Padding", tensor_padding.RECORDS),
    ("Reading tensors", reading.RECORDS),
    ("Accuracies", accuracies.RECORDS),
    ("Losses", losses.RECORDS),
    ("Losses of classes", classification.RECORDS),
    ("Cross entropies", entropies.RECORDS),
    ("Losses of margins", margins.RECORDS),
    ("Losses of distributions", likelihoods.RECORDS),
    ("Losses of classes in full", weighted.RECORDS),
    ("Losses of Keras", keras_losses.RECORDS),
    ("Optimizers", optimizers.RECORDS),
    ("Adaptive optimizers", adaptive.RECORDS + further.RECORDS),
    ("Metrics", metrics.RECORDS),
    ("Schedules", schedules.RECORDS + keras_schedules.RECORDS),
    ("Training", steps.RECORDS),
    ("Gradients", gradients.RECORDS),
    ("First weights", initialisers.RECORDS),
    ("Around models", runtime.RECORDS),
    ("Modules themselves", modules.RECORDS),
    ("Penalties and constraints", penalties.RECORDS),
    ("Code of TensorFlow 1", graphs.RECORDS),
    ("Layers that are refused", learning.RECORDS),
    ("Texts, ragged and sparse tensors", unusual.RECORDS),
    ("Files, devices and machinery", systems.RECORDS),
    ("Packages around the frameworks", packages.RECORDS),
)

ENTRIES: tuple[Entry, ...] = tuple(
    Entry(group, record) for group, records in GROUPS for record in records
)


@functools.cache
def index(side: Side) -> Mapping[str, tuple[tuple[Record, str], ...]]:
    """From each qualified name of one side to (record, spelling), in the order of the registry.

    Constructs are not in it: they are found by their shape. Nor is what is refused. A pair is in it on the side that
    it is recognised on.
    """
    found: dict[str, list[tuple[Record, str]]] = {}
    for entry in ENTRIES:
        record = entry.record
        if isinstance(record, Construct | Refusal) or (
            isinstance(record, Pair) and record.only_from not in (None, side)
        ):
            continue
        for text in record.spellings(side):
            name = text.strip("'\"") if kind_of(text) == "string" else text.partition("(")[0]
            found.setdefault(name, []).append((record, text))
    return {name: tuple(rows) for name, rows in found.items()}


@functools.cache
def refusals(side: Side) -> Mapping[str, Refusal]:
    """From each name of one side that is refused to the record that says why."""
    refused = [entry.record for entry in ENTRIES if isinstance(entry.record, Refusal)]
    return {text.partition("(")[0]: record for record in refused for text in record.spellings(side)}


def refusal(name: str, side: Side) -> Refusal | None:
    """The record that says why a name has no equivalent: its own, or that of the narrowest namespace."""
    refused = refusals(side)
    found = refused.get(name)
    while found is None and "." in name:
        name = name.rpartition(".")[0]
        found = refused.get(f"{name}.*")
    return found


@functools.cache
def explained() -> frozenset[str]:
    """The names that a construct explains: what is written for them depends on what stands around them."""
    constructs = (entry.record for entry in ENTRIES if isinstance(entry.record, Construct))
    return frozenset(name for construct in constructs for name in construct.about)
