"""Layers and functions of torch without an equivalent, with what is written in their place."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal

_F = "torch.nn.functional"


def _refused(names: str, why: str, instead: str, words: str = "") -> Refusal:
    """Names of `torch.nn`, functions as `F.name`."""
    spelled = (
        f"{_F}.{name[2:]}" if name.startswith("F.") else f"torch.nn.{name}"
        for name in names.split()
    )
    return Refusal(torch=tuple(spelled), tf=(), differs=why, instead=instead, words=words)


RECORDS: tuple[Record, ...] = (
    _refused(
        "AdaptiveLogSoftmaxWithLoss",
        "Keras has no softmax in clusters",
        "a Dense layer with SparseCategoricalCrossentropy(from_logits=True), or tf.nn.sampled_softmax_loss to train",
        "adaptive softmax large vocabulary",
    ),
    _refused(
        "Bilinear F.bilinear",
        "Keras has no layer of two inputs with a weight between them",
        "weight = self.add_weight(shape=(out, in1, in2)) and tf.einsum('...i,oij,...j->...o', a, weight, b) + bias",
        "bilinear form",
    ),
    _refused(
        "Container RNNBase RNNCellBase",
        "the base classes of torch's own layers are no classes of Keras",
        "derive from keras.layers.Layer, and name the recurrent layer that is meant",
        "base class",
    ),
    _refused(
        "CrossMapLRN2d",
        "this is torch's older spelling of a norm",
        "nn.LocalResponseNorm with the same arguments, which is converted",
        "local response normalization",
    ),
    _refused(
        "NLLLoss2d",
        "this is torch's older spelling of a loss",
        "nn.NLLLoss with the same arguments, which is converted",
        "negative log likelihood images",
    ),
    _refused(
        "FeatureAlphaDropout F.feature_alpha_dropout",
        "Keras's AlphaDropout drops single numbers unless it is told the shape of the noise",
        "keras.layers.AlphaDropout(p, noise_shape=(None, 1, 1, None)) for images",
        "dropout channels selu",
    ),
    _refused(
        "FractionalMaxPool2d FractionalMaxPool3d F.fractional_max_pool2d F.fractional_max_pool3d "
        "F.fractional_max_pool2d_with_indices F.fractional_max_pool3d_with_indices",
        "Keras has no pooling over windows that are drawn by chance",
        "tf.nn.fractional_max_pool(x, [1, ratio, ratio, 1]), which draws others and takes ratios, not sizes",
        "fractional pooling",
    ),
    _refused(
        "LPPool1d LPPool2d LPPool3d F.lp_pool1d F.lp_pool2d F.lp_pool3d",
        "Keras pools by the mean or the maximum alone",
        "(AveragePooling2D(k)(x ** p) * k * k) ** (1 / p)",
        "power average pooling norm",
    ),
    _refused(
        "MaxUnpool1d MaxUnpool2d MaxUnpool3d F.max_unpool1d F.max_unpool2d F.max_unpool3d",
        "Keras's pooling does not tell where its maxima stood",
        "tf.nn.max_pool_with_argmax and tf.scatter_nd over the flat places, or UpSampling2D",
        "unpooling indices",
    ),
    _refused(
        "F.max_pool1d_with_indices F.max_pool2d_with_indices F.max_pool3d_with_indices "
        "F.adaptive_max_pool1d_with_indices F.adaptive_max_pool2d_with_indices F.adaptive_max_pool3d_with_indices",
        "Keras's pooling does not tell where its maxima stood",
        "tf.nn.max_pool_with_argmax, which counts places with the channels last",
        "pooling return_indices",
    ),
    _refused(
        "LinearCrossEntropyLoss F.linear_cross_entropy",
        "TensorFlow has no layer and loss in one",
        "a Dense layer, and the cross entropy of its outputs",
        "fused linear cross entropy",
    ),
    _refused(
        "RReLU",
        "Keras draws no slopes in training",
        "keras.layers.LeakyReLU(negative_slope=(lower + upper) / 2), which it is in evaluation",
        "randomized leaky relu",
    ),
    _refused(
        "F.conv_tbc",
        "TensorFlow convolves no tensors with the time in front",
        "F.conv1d of the transposed tensor, which is converted",
        "temporal convolution",
    ),
    _refused(
        "F.embedding_bag",
        "TensorFlow looks up one row for each number and adds none up",
        "tf.reduce_mean or tf.reduce_sum over the steps of tf.gather(weight, x)",
        "bag of words embedding",
    ),
    _refused(
        "F.multi_head_attention_forward",
        "TensorFlow has no function of a whole attention layer",
        "nn.MultiheadAttention, or F.scaled_dot_product_attention between projections of your own",
        "attention function",
    ),
    _refused(
        "F.scaled_mm F.grouped_mm F.scaled_grouped_mm",
        "these are products of torch's accelerators for 8-bit numbers",
        "tf.matmul of the tensors in 16 or 32 bits",
        "float8 matrix product",
    ),
    Refusal(
        torch=tuple(
            f"torch.nn.init.{name}{mark}"
            for name in ("dirac", "sparse", "eye")
            for mark in ("_", "")
        ),
        tf=(),
        differs="Keras has no such initialiser of a kernel in torch's layout",
        instead="make the array with numpy and hand it over as kernel_initializer=lambda shape, dtype: array",
        words="initialise identity sparse",
    ),
    Refusal(
        torch=(
            "torch.nn.utils.weight_norm",
            "torch.nn.utils.spectral_norm",
            "torch.nn.utils.parametrizations.*",
        ),
        tf=(),
        differs="Keras wraps the layer, whose weights are then stored in another form",
        instead="keras.layers.SpectralNormalization(layer), or a layer that divides its kernel by its norm",
        words="spectral norm weight norm parametrization",
    ),
    Refusal(
        torch=("torch.nn.utils.parameters_to_vector", "torch.nn.utils.vector_to_parameters"),
        tf=(),
        differs="Keras has no vector of all weights",
        instead="tf.concat([tf.reshape(v, [-1]) for v in model.trainable_variables], 0), and v.assign of its pieces",
        words="flat parameters",
    ),
    Refusal(
        torch=("torch.nn.utils.prune.*", "torch.nn.utils.fusion.*", "torch.nn.utils.stateless.*"),
        tf=(),
        differs="Keras changes no layers in place",
        instead="build the model as it shall be and set its weights",
        words="prune fuse",
    ),
    Refusal(
        torch=("torch.nn.attention.*",),
        tf=(),
        differs="which kernel computes attention is a matter of torch's own backends",
        instead="keras.layers.MultiHeadAttention(..., flash_attention=None), or the scores written out with a mask",
        words="flex attention sdpa kernel flash",
    ),
    Refusal(
        torch=(
            "torch.nn.quantized.*",
            "torch.nn.qat.*",
            "torch.nn.quantizable.*",
            "torch.nn.intrinsic.*",
        ),
        tf=(),
        differs="torch's quantized layers are its own",
        instead="convert the float model, then model.quantize('int8') of Keras",
        words="quantized layers int8",
    ),
    Refusal(
        torch=("torch.nn.parallel.*",),
        tf=(),
        differs="Keras spreads a model by the strategy that it is built under",
        instead="with tf.distribute.MirroredStrategy().scope(): around the model and compile",
        words="data parallel scatter gather",
    ),
)
