"""Layers for sequences that one side has and the other has not, with what is written in their place."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal

_PACKED = Refusal(
    torch=(
        "torch.nn.utils.rnn.pack_padded_sequence",
        "torch.nn.utils.rnn.pad_packed_sequence",
        "torch.nn.utils.rnn.pack_sequence",
    ),
    tf=(),
    differs="Keras has no packed sequences, it skips steps by a mask",
    instead="call the layer with mask=tf.sequence_mask(lengths) and build it with zero_output_for_mask=True",
    words="packed padded sequence lengths mask variable length",
)
_PAD = Refusal(
    torch="torch.nn.utils.rnn.pad_sequence",
    tf=(),
    differs="TensorFlow holds tensors of different lengths as a ragged one",
    instead="tf.ragged.stack(sequences).to_tensor(padding_value), which has the batch in front",
    words="pad sequences ragged",
)
_BAG = Refusal(
    torch="torch.nn.EmbeddingBag",
    tf=(),
    differs="Keras looks up one row for each number and adds none up",
    instead="tf.reduce_mean or tf.reduce_sum over the steps behind an Embedding",
    words="bag of words embedding sum mean",
)
_PRETRAINED = Refusal(
    torch="torch.nn.Embedding.from_pretrained",
    tf=(),
    differs="a Keras embedding is given its sizes and its table apart",
    instead="keras.layers.Embedding(*table.shape, weights=[table], trainable=False)",
    words="pretrained vectors table",
)
_MASKS = Refusal(
    torch=(),
    tf="keras.layers.Masking",
    differs="torch's layers hand no mask on to the layers behind",
    instead="give a recurrent layer packed sequences: pack_padded_sequence(x, lengths, batch_first=True)",
    words="mask padding steps",
)
_CELLS = Refusal(
    torch=(),
    tf=("keras.layers.RNN", "keras.layers.StackedRNNCells"),
    differs="torch runs no cell over the steps by itself",
    instead="nn.LSTM, nn.GRU or nn.RNN with num_layers, or a loop over the steps around a cell of your own",
    words="cell loop over time stacked",
)
_DOT = Refusal(
    torch=(),
    tf=("keras.layers.Attention", "keras.layers.AdditiveAttention"),
    differs="torch has no layer of attention without projections",
    instead="F.scaled_dot_product_attention(query, key, value, scale=1.0), or the scores written out",
    words="luong bahdanau attention",
)

RECORDS: tuple[Record, ...] = (
    _PACKED,
    _PAD,
    _BAG,
    _PRETRAINED,
    _MASKS,
    _CELLS,
    _DOT,
)
