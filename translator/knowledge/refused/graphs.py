"""Code of TensorFlow 1: graphs that are built first and run in a session, and the names that went with them."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal

_FIRST = "bring the file to TensorFlow 2 first (tf_upgrade_v2, then Keras layers in place of variables by name)"


def _old(names: str, why: str, instead: str = _FIRST, words: str = "") -> Refusal:
    return Refusal(
        torch=(),
        tf=tuple(names.split()),
        differs=why,
        instead=instead,
        words=f"old version {words}",
        gone=True,
    )


_SESSIONS = _old(
    "tf.Session tf.InteractiveSession tf.placeholder tf.placeholder_with_default tf.ConfigProto tf.GPUOptions "
    "tf.RunOptions tf.RunMetadata tf.global_variables_initializer tf.initialize_all_variables "
    "tf.local_variables_initializer tf.get_default_graph tf.reset_default_graph tf.get_default_session "
    "tf.get_collection tf.add_to_collection tf.GraphKeys.* tf.GraphDef",
    "TensorFlow 1 builds a graph and runs it in a session, PyTorch computes at once",
    words="session placeholder feed_dict",
)
_VARIABLES = _old(
    "tf.get_variable tf.variable_scope tf.get_variable_scope tf.AUTO_REUSE tf.VariableScope "
    "tf.trainable_variables tf.global_variables tf.local_variables tf.model_variables tf.assign tf.assign_add "
    "tf.assign_sub tf.get_local_variable tf.make_template",
    "TensorFlow 1 keeps variables by name in the graph, PyTorch in the module that uses them",
    words="get_variable variable_scope reuse",
)
_LAYERS = _old(
    "tf.layers.* tf.contrib.* tf.slim.* tf.estimator.* tf.app.* tf.flags.* tf.logging.* tf.gfile.* tf.python_io.* "
    "tf.train.Saver tf.train.AdamOptimizer tf.train.GradientDescentOptimizer tf.train.MomentumOptimizer "
    "tf.train.RMSPropOptimizer tf.train.AdagradOptimizer tf.train.AdadeltaOptimizer tf.train.Optimizer "
    "tf.train.exponential_decay tf.train.get_or_create_global_step tf.train.get_global_step "
    "tf.train.MonitoredTrainingSession tf.train.start_queue_runners tf.train.batch tf.train.shuffle_batch "
    "tf.train.string_input_producer tf.nn.rnn_cell.* tf.nn.dynamic_rnn tf.nn.bidirectional_dynamic_rnn "
    "tf.nn.static_rnn tf.nn.conv2d_backprop_filter tf.losses.get_regularization_losses "
    "tf.losses.get_total_loss tf.losses.sparse_softmax_cross_entropy tf.losses.softmax_cross_entropy "
    "tf.losses.mean_squared_error tf.losses.absolute_difference tf.summary.FileWriter tf.summary.merge_all",
    "TensorFlow 2 has it no more",
    words="contrib slim estimator",
)
_SPELLINGS = _old(
    "tf.to_float tf.to_int32 tf.to_int64 tf.to_double tf.random_normal tf.random_uniform tf.truncated_normal "
    "tf.set_random_seed tf.log tf.ceil tf.mod tf.div tf.sparse_to_dense tf.sparse_placeholder tf.matrix_band_part "
    "tf.matrix_diag tf.matrix_diag_part tf.matrix_inverse tf.batch_matmul tf.lin_space tf.diag tf.diag_part "
    "tf.space_to_depth tf.depth_to_space tf.extract_image_patches tf.image.resize_images "
    "tf.image.resize_bilinear tf.image.resize_nearest_neighbor tf.image.resize_bicubic tf.verify_tensor_all_finite "
    "tf.is_nan tf.is_inf tf.log1p tf.lgamma tf.erf tf.rsqrt tf.unsorted_segment_sum tf.segment_sum "
    "tf.confusion_matrix tf.py_func tf.read_file tf.decode_raw tf.check_numerics tf.glorot_uniform_initializer "
    "tf.truncated_normal_initializer tf.variance_scaling_initializer tf.orthogonal_initializer "
    "tf.contrib tf.layers tf.uniform_unit_scaling_initializer tf.Print tf.Dimension tf.count_nonzero "
    "tf.multinomial tf.cross tf.arg_max tf.arg_min tf.pack tf.unpack tf.concat_v2 tf.mul tf.sub tf.neg tf.complex_abs "
    "tf.select tf.floordiv tf.keras.backend.get_session tf.string_split tf.substr tf.regex_replace "
    "tf.string_join tf.parse_example tf.parse_single_example tf.FixedLenFeature tf.VarLenFeature "
    "tf.TFRecordReader tf.WholeFileReader tf.FIFOQueue tf.RandomShuffleQueue",
    "TensorFlow 2 has moved or renamed it",
    "bring the file to TensorFlow 2 first: tf_upgrade_v2 writes the new names",
    words="renamed",
)
_KERAS_1 = _old(
    "keras.layers.Merge keras.layers.merge keras.layers.TimeDistributedDense keras.layers.MaxoutDense "
    "keras.layers.Highway keras.layers.AtrousConvolution1D keras.layers.AtrousConvolution2D "
    "keras.layers.Deconvolution2D keras.layers.AutoEncoder keras.layers.ThresholdedReLU "
    "keras.layers.LocallyConnected1D keras.layers.LocallyConnected2D keras.layers.CuDNNLSTM "
    "keras.layers.CuDNNGRU keras.layers.ConvLSTM2DCell keras.layers.RandomHeight keras.layers.RandomWidth "
    "keras.layers.recurrent.* keras.models.Graph keras.models.model_from_yaml keras.models.model_from_config "
    "keras.utils.np_utils.* keras.utils.visualize_util.* keras.utils.layer_utils.* keras.utils.multi_gpu_model "
    "keras.engine.* keras.backend.get_session keras.backend.set_session "
    "keras.backend.learning_phase keras.backend.set_learning_phase keras.backend.placeholder "
    "keras.backend.function keras.backend.set_image_dim_ordering keras.backend.image_dim_ordering "
    "keras.preprocessing.text.* keras.preprocessing.image.ImageDataGenerator",
    "Keras 3 has it no more",
    "bring the file to Keras 3 first, by the guide at keras.io/guides/migrating_to_keras_3",
    words="keras 1 keras 2",
)
_BACKEND = Refusal(
    torch=(),
    tf="keras.backend.*",
    differs="Keras 3 has it no more, or with other defaults under another name",
    instead="write the function of keras.ops that is meant: K.concatenate is keras.ops.concatenate with axis=-1, "
    "K.dot keras.ops.matmul for matrices, K.argmax keras.ops.argmax with axis=-1",
    words="backend K",
)
_COMPATIBLE = Refusal(
    torch=(),
    tf="tf.compat.*",
    differs="it keeps the behaviour of TensorFlow 1: graphs, sessions, variables by name",
    instead=_FIRST,
    words="compat v1 disable_v2_behavior disable_eager_execution tensorflow 1",
)
_GRAPHS = Refusal(
    torch=(),
    tf=(
        "tf.Graph",
        "tf.Operation",
        "tf.import_graph_def",
        "tf.graph_util.*",
        "tf.control_dependencies",
        "tf.init_scope",
        "tf.gradients",
    ),
    differs="PyTorch has no graph that is built before it runs",
    instead="compute at once, in a forward pass; gradients by torch.autograd.grad",
    words="graph mode",
)
_SWITCHES = Refusal(
    torch=(),
    tf=("tf.executing_eagerly", "tf.autograph.*", "tf.config.run_functions_eagerly"),
    differs="PyTorch always computes at once",
    instead="take it out; where speed is wanted, torch.compile",
    words="eager autograph",
)
_WRAPPED = Refusal(
    torch=(),
    tf=("tf.py_function", "tf.numpy_function", "tf.load_op_library", "tf.raw_ops.*"),
    differs="it takes a function or an operation from outside into TensorFlow's graph",
    instead="call the function itself; where a gradient is wanted, as a torch.autograd.Function",
    words="custom op numpy python function",
)

RECORDS: tuple[Record, ...] = (
    _SESSIONS,
    _VARIABLES,
    _LAYERS,
    _SPELLINGS,
    _KERAS_1,
    _BACKEND,
    _COMPATIBLE,
    _GRAPHS,
    _SWITCHES,
    _WRAPPED,
)
