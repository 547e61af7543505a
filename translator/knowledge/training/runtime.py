"""What torch has around its models: compilers, devices, processes, hooks, tools; refused by namespace."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str = "") -> Refusal:
    return Refusal(
        torch=tuple(f"torch.{name}" for name in names.split()),
        tf=(),
        differs=why,
        instead=instead,
        words=words,
    )


_MODULE = "nn.Module."
_TENSOR = "Tensor."


def _members(kind: str, names: str, why: str, instead: str, words: str = "") -> Refusal:
    return _refused(" ".join(f"{kind}{name}" for name in names.split()), why, instead, words)


_TOOLS: tuple[Record, ...] = (
    _refused(
        "jit.* jit.trace jit.load jit.save",
        "TorchScript is torch's own compiler",
        "@tf.function around the call; model.export(path) and tf.saved_model.load(path) for files",
        "torchscript compile trace script",
    ),
    _refused(
        "compiler.* _dynamo.* _inductor.*",
        "torch.compile returns a compiled module",
        "@tf.function, or model.compile(jit_compile=True) of Keras",
        "compile graph speed",
    ),
    _refused(
        "fx.*",
        "torch.fx rewrites torch's own graphs",
        "build the model as it shall be",
        "graph tracing",
    ),
    _refused(
        "func.* vmap",
        "torch.func takes functions of torch apart",
        "tf.vectorized_map for vmap, a tf.GradientTape for grad, tape.jacobian for jacrev",
        "vmap functional jacobian",
    ),
    _refused(
        "distributed.* futures.*",
        "processes of torch.distributed talk to each other alone",
        "tf.distribute.MultiWorkerMirroredStrategy, under whose scope the model is built",
        "distributed ddp rpc all_reduce",
    ),
    _refused(
        "multiprocessing.*",
        "TensorFlow shares no tensors between processes",
        "tf.distribute for several devices, tf.data's num_parallel_calls for input",
        "processes spawn",
    ),
    _refused(
        "cuda.amp.* amp.* autocast",
        "mixed precision is a property of Keras's layers, set before they are built",
        "keras.mixed_precision.set_global_policy('mixed_float16'), and LossScaleOptimizer in a loop of your own",
        "amp autocast gradscaler half precision",
    ),
    _refused(
        "cuda.* xpu.* mps.* accelerator.* cpu.* get_default_device set_default_device",
        "TensorFlow places tensors and waits for them by itself",
        "leave it out; tf.config.list_physical_devices('GPU') and tf.device where a place is meant",
        "gpu memory synchronize device",
    ),
    _refused(
        "backends.* set_float32_matmul_precision use_deterministic_algorithms set_num_threads get_num_threads",
        "how operations are computed is set in another way",
        "leave it out; tf.config.experimental.enable_op_determinism() and tf.config.threading where it is wanted",
        "cudnn benchmark deterministic tf32 threads",
    ),
    _refused(
        "onnx.*",
        "this exports a model of torch",
        "model.export(path, format='onnx') of Keras",
        "export onnx",
    ),
    _refused("export.*", "this exports a model of torch", "model.export(path) of Keras", "export"),
    _refused(
        "quantization.* ao.* qint8 quint8 qint32 quantize_per_tensor quantize_per_channel",
        "torch's quantization changes modules of torch",
        "convert the float model, then model.quantize('int8') of Keras",
        "quantize int8",
    ),
    _refused(
        "sparse.* sparse_coo_tensor sparse_csr_tensor Tensor.to_sparse Tensor.to_dense Tensor.coalesce "
        "Tensor.is_sparse",
        "sparse tensors of the two sides have other operations",
        "tf.sparse.SparseTensor(indices, values, dense_shape) and tf.sparse.sparse_dense_matmul",
        "sparse coo csr",
    ),
    _refused(
        "nested.* masked.* jagged",
        "tensors of torch with ragged or masked parts are its own",
        "tf.ragged.RaggedTensor, or a padded tensor with a mask",
        "nested ragged masked jagged",
    ),
    _refused(
        "profiler.* autograd.profiler.* utils.benchmark.*",
        "this measures torch",
        "tf.profiler.experimental.start and stop, or timeit",
        "profile benchmark timer",
    ),
    _refused(
        "utils.tensorboard utils.tensorboard.*",
        "the writer is torch's",
        "tf.summary.create_file_writer(path) and tf.summary.scalar, or keras.callbacks.TensorBoard",
        "tensorboard summary writer",
    ),
    _refused(
        "utils.cpp_extension.* utils.dlpack.* ops.* classes.* library.* _C.* _library.*",
        "compiled extensions of torch run in torch alone",
        "the same from operations of TensorFlow, or tf.load_op_library",
        "cuda extension custom operator",
    ),
    _refused(
        "hub.* utils.model_zoo.*",
        "what is loaded are weights and models of torch",
        "keras.applications or keras_hub, or `translator weights` for the file that was loaded",
        "pretrained download",
    ),
    _refused(
        "testing.*",
        "this compares tensors of torch",
        "numpy.testing.assert_allclose",
        "test assert close",
    ),
    _refused(
        "serialization.* _logging.* _utils.* overrides.* package.* monitor.*",
        "this belongs to torch itself",
        "leave it out",
        "internal",
    ),
    _refused(
        "autograd.Function autograd.function.*",
        "a gradient of one's own is a function of TensorFlow",
        "@tf.custom_gradient def f(x): ... return y, lambda dy: ...",
        "custom gradient backward straight through",
    ),
    _refused(
        "autograd.functional.*",
        "TensorFlow takes such derivatives under a tape",
        "tape.jacobian(y, x), and a tape in a tape for second derivatives",
        "jacobian hessian",
    ),
    _refused(
        "autograd.gradcheck autograd.gradgradcheck autograd.set_detect_anomaly autograd.detect_anomaly",
        "this checks torch's gradients",
        "tf.test.compute_gradient, tf.debugging.enable_check_numerics()",
        "gradient check anomaly",
    ),
    _refused(
        "distributions.*",
        "TensorFlow's distributions are a library of their own",
        "tensorflow_probability, or the density and the draw written out by tf.random",
        "distribution sample log_prob",
    ),
    _refused(
        "set_grad_enabled is_grad_enabled autograd.set_grad_enabled",
        "what has a gradient is what a tape records",
        "leave it out, or tape.stop_recording() around what shall have none",
        "no_grad tape",
    ),
    _refused(
        "set_default_dtype get_default_dtype set_default_tensor_type",
        "the type of new numbers is Keras's",
        "keras.config.set_floatx('float64')",
        "default type",
    ),
    _refused(
        "set_printoptions",
        "TensorFlow prints as numpy does",
        "numpy.set_printoptions(precision=n)",
        "print",
    ),
    _refused(
        "get_rng_state set_rng_state random.* Generator initial_seed seed",
        "the two sides never draw the same numbers",
        "tf.random.Generator.from_seed(seed), whose state can be kept",
        "random state generator",
    ),
    _refused(
        "channels_last contiguous_format preserve_format channels_last_3d strided memory_format",
        "the order in memory is that of the axes",
        "leave it out: images are channels last there",
        "memory format",
    ),
    _refused(
        "as_strided Tensor.as_strided Tensor.stride Tensor.storage Tensor.storage_offset Tensor.data_ptr "
        "Tensor.untyped_storage Tensor.is_contiguous Tensor.element_size Tensor.set_ Tensor.share_memory_ "
        "Tensor.pin_memory Tensor.is_pinned",
        "TensorFlow does not show where a tensor lies in memory",
        "tf.gather or tf.reshape for what was meant; leave out what speaks of memory alone",
        "memory stride storage",
    ),
    _refused(
        "cuda.FloatTensor cuda.LongTensor cuda.HalfTensor cuda.DoubleTensor cuda.IntTensor cuda.ByteTensor "
        "cuda.BoolTensor HalfTensor DoubleTensor IntTensor ByteTensor BoolTensor",
        "torch's older types make tensors of sizes as well as of numbers",
        "tf.constant(data, dtype=...), or tf.zeros(sizes, dtype=...)",
        "tensor type legacy",
    ),
    _refused(
        "svd svd_lowrank pca_lowrank lobpcg",
        "tf.linalg.svd gives the values first, and the signs of the vectors are a matter of the library",
        "s, u, v = tf.linalg.svd(x): of torch.svd's (U, S, V) they are S, U and V",
        "singular values decomposition",
    ),
)

_OF_MODULES: tuple[Record, ...] = (
    _members(
        _MODULE,
        "named_parameters named_buffers buffers",
        "Keras's weights carry their names",
        "for v in model.trainable_variables: v.path, v; model.non_trainable_variables for buffers",
        "names parameters weights",
    ),
    _members(
        _MODULE,
        "children named_children named_modules",
        "Keras's layers carry their names",
        "for layer in model.layers: layer.name, layer; model._flatten_layers() goes down to the last",
        "submodules walk",
    ),
    _members(
        _MODULE,
        "get_submodule get_parameter get_buffer",
        "Keras finds layers by their own names",
        "model.get_layer(name), or the attribute",
        "submodule by path",
    ),
    _members(
        _MODULE,
        "register_forward_hook register_forward_pre_hook register_full_backward_hook register_backward_hook "
        "register_load_state_dict_post_hook",
        "Keras calls nothing behind a layer",
        "a layer that calls the other one, or keras.Model(model.inputs, [layer.output for layer in ...]) for "
        "what is inside",
        "hook features activations",
    ),
    _members(
        _MODULE,
        "_load_from_state_dict _register_load_state_dict_pre_hook _apply _version share_memory to_empty "
        "_save_to_state_dict",
        "this reaches into torch's own class of modules",
        "load_weights and save_weights of Keras, by the names of its layers",
        "internal state dict",
    ),
    _members(
        _MODULE,
        "type to_empty xpu ipu",
        "the type of a Keras layer is set when it is built",
        "keras.layers.Dense(..., dtype='float16'), or keras.config.set_floatx before the model",
        "precision half double",
    ),
    _members(
        _MODULE,
        "set_extra_state get_extra_state extra_repr",
        "Keras has methods of other names for it",
        "get_config for what is shown and kept, save_own_variables for more state",
        "repr state",
    ),
)

_BASES = _refused(
    "nn.modules.loss._Loss nn.modules.loss._WeightedLoss nn.modules.batchnorm._BatchNorm "
    "nn.modules.batchnorm._NormBase nn.modules.conv._ConvNd nn.modules.module._IncompatibleKeys",
    "this class belongs to torch itself",
    "keras.losses.Loss for a loss of one's own, keras.layers.Layer for a layer, and its class by name to ask for one",
    "base class",
)

_OF_TENSORS: tuple[Record, ...] = (
    _members(
        _TENSOR,
        "requires_grad is_leaf retain_grad grad_fn retains_grad",
        "a tensor of TensorFlow does not know whether it is recorded",
        "tape.watch(x) for what shall have a gradient; variables have one by themselves",
        "leaf gradient function",
    ),
    _members(
        _TENSOR,
        "register_hook register_post_accumulate_grad_hook",
        "gradients are values that the tape returns",
        "change what tape.gradient returns, or tf.custom_gradient inside of the model",
        "hook gradient",
    ),
    _members(
        _TENSOR,
        "copy_",
        "TensorFlow's tensors do not change, its variables do",
        "variable.assign(value), or the new tensor in the place of the old one",
        "in place assign",
    ),
    _members(
        _TENSOR,
        "resize resize_ resize_as_ resize_as",
        "TensorFlow makes no tensor larger in its place",
        "tf.reshape, or tf.zeros of the size that is wanted",
        "resize in place",
    ),
    _members(
        _TENSOR,
        "random_ geometric_ exponential_ cauchy_ log_normal_",
        "TensorFlow fills no tensor with random numbers in its place",
        "tf.random.uniform(shape, low, high, dtype=tf.int64), or -tf.math.log of uniform numbers",
        "random fill in place",
    ),
    _members(
        _TENSOR,
        "apply_ map_ map2_",
        "TensorFlow calls no function of Python for each number",
        "tf.map_fn, or operations on the whole tensor",
        "function each element",
    ),
    _members(
        _TENSOR,
        "is_shared is_quantized is_nested is_meta is_inference is_mkldnn is_xla layout name",
        "TensorFlow has one kind of tensor",
        "leave the question out",
        "kind of tensor",
    ),
    _members(
        _TENSOR,
        "put_ index_put_ index_put masked_scatter masked_scatter_ fill_diagonal_",
        "TensorFlow writes into no tensor",
        "tf.tensor_scatter_nd_update(x, indices, values), tf.where, or tf.linalg.set_diag",
        "write places in place",
    ),
    _members(
        _TENSOR,
        "to_mkldnn to_padded_tensor cdouble cfloat chalf",
        "TensorFlow has no such form of a tensor",
        "tf.cast(x, tf.int8) and its kin",
        "cast",
    ),
)

RECORDS: tuple[Record, ...] = (*_TOOLS, _BASES, *_OF_MODULES, *_OF_TENSORS)
