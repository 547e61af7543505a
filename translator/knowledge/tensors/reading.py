"""What is read off a tensor: its size, its rank, its numbers."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, script
from translator.knowledge.lenses import tensor
from translator.knowledge.records import Pair, Record

NUMEL = Pair(
    torch=("torch.numel(input)", "torch.Tensor.numel()", "torch.Tensor.nelement()"),
    tf="math.prod(input.shape)",
    args=(tensor("input", "input"),),
    order="keeps",
    gives="number",
    only_from="torch",
    words="count elements size number of parameters",
    cases=(case("x / x.numel()", x=f32(2, 3)), case("x * torch.numel(x)", x=f32(2, 3))),
)
SIZE = Pair(
    torch="input.numel()",
    tf=("tf.size(input)", "keras.ops.size(x)"),
    args=(tensor("input", "input"),),
    order="keeps",
    gives="number",
    only_from="tensorflow",
    words="count elements",
    cases=(case("x / tf.cast(tf.size(x), x.dtype)", x=f32(2, 3), side="tensorflow"),),
)
DIM = Pair(
    torch=("torch.Tensor.dim()", "torch.Tensor.ndimension()"),
    tf="len(input.shape)",
    args=(tensor("input", "input"),),
    order="keeps",
    gives="number",
    only_from="torch",
    words="rank number of axes ndim",
    cases=(case("x * x.dim()", x=f32(2, 3)),),
)
RANK = Pair(
    torch="input.dim()",
    tf=("tf.rank(input)", "keras.ops.ndim(x)"),
    args=(tensor("input", "input"),),
    order="keeps",
    gives="number",
    only_from="tensorflow",
    words="number of axes",
    cases=(case("x * tf.cast(tf.rank(x), x.dtype)", x=f32(2, 3), side="tensorflow"),),
)
TO_LIST = Pair(
    torch="torch.Tensor.tolist()",
    tf="input.numpy().tolist()",
    args=(tensor("input", "input"),),
    gives="list",
    only_from="torch",
    words="python list",
    cases=(
        script(
            "import torch\nprint(torch.ones(2, 3).tolist(), torch.arange(3).tolist())",
            one_way="numpy's tolist stays as it is",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (NUMEL, SIZE, DIM, RANK, TO_LIST)
