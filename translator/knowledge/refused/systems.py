"""Files, devices, reports and deployment, which each framework has in its own way."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str = "") -> Refusal:
    return Refusal(torch=(), tf=tuple(names.split()), differs=why, instead=instead, words=words)


_FILES = _refused(
    "tf.io.gfile.*",
    "it reads and writes files through TensorFlow",
    "use pathlib, open and shutil; fsspec for files in a cloud",
    "file path exists glob open",
)
_RECORDS = _refused(
    "tf.io.* tf.train.Example tf.train.Feature tf.train.Features tf.train.BytesList tf.train.Int64List "
    "tf.train.FloatList tf.train.SequenceExample tf.train.FeatureList tf.train.FeatureLists tf.data.TFRecordDataset",
    "it reads and writes the files and records of TensorFlow",
    "read the file in a torch.utils.data.Dataset: PIL or torchvision.io for images, the tfrecord package for TFRecords",
    "tfrecord serialize parse decode read image",
)
_AUDIO = _refused(
    "tf.audio.* tf.signal.* keras.layers.MelSpectrogram keras.layers.STFTSpectrogram keras.initializers.STFT "
    "keras.initializers.stft keras.initializers.STFTInitializer keras.ops.stft keras.ops.istft",
    "windows, padding and scaling of spectra differ between the frameworks",
    "use torch.stft and torchaudio.transforms.MelSpectrogram, and compare the numbers",
    "spectrogram audio stft wav",
)
_CHECKPOINTS = _refused(
    "tf.train.Checkpoint tf.train.CheckpointManager tf.train.latest_checkpoint tf.train.load_checkpoint "
    "tf.train.list_variables tf.train.load_variable tf.train.CheckpointOptions",
    "checkpoints hold TensorFlow's variables under TensorFlow's names",
    "save with torch.save(model.state_dict(), path); carry an old checkpoint over with `translator weights`",
    "checkpoint save restore",
)
_TRAIN = _refused(
    "tf.train.*",
    "it belongs to the training loops and the servers of TensorFlow",
    "write the loop in torch, and torch.distributed for several machines",
    "cluster coordinator server",
)
_SAVED = _refused(
    "tf.saved_model.* keras.models.load_model keras.saving.load_model keras.models.save_model "
    "keras.saving.save_model keras.models.model_from_json keras.models.clone_model "
    "keras.layers.TFSMLayer",
    "the file holds a model of TensorFlow, not its code",
    "build the converted class and load weights that `translator weights` has carried over",
    "SavedModel load save h5 keras file",
)
_CONFIGS = _refused(
    "keras.saving.* keras.utils.serialize_keras_object keras.utils.deserialize_keras_object "
    "keras.utils.register_keras_serializable keras.utils.get_registered_object keras.utils.get_registered_name "
    "keras.utils.custom_object_scope keras.utils.CustomObjectScope keras.utils.get_custom_objects "
    "keras.layers.serialize keras.layers.deserialize keras.activations.serialize keras.activations.deserialize "
    "keras.initializers.serialize keras.initializers.deserialize keras.regularizers.serialize "
    "keras.regularizers.deserialize keras.constraints.serialize keras.constraints.deserialize",
    "Keras writes layers as dictionaries and makes them again from these, PyTorch saves arrays alone",
    "give the constructor its arguments, and load a state_dict into what it makes",
    "get_config from_config serialize registered identifier",
)
_LITE = _refused(
    "tf.lite.*",
    "it is the format and the runtime of TensorFlow Lite",
    "export the PyTorch model with torch.export, to ExecuTorch or ONNX",
    "tflite mobile interpreter quantize",
)
_SUMMARIES = _refused(
    "tf.summary.* tf.profiler.*",
    "it writes the logs of TensorBoard",
    "use torch.utils.tensorboard.SummaryWriter, which writes the same files; torch.profiler for traces",
    "tensorboard log scalar",
)
_DEVICES = _refused(
    "tf.config.* tf.test.* tf.sysconfig.*",
    "it sets up the devices and the runtime of TensorFlow",
    "take it out, or use torch.cuda.is_available(), torch.cuda.device_count() and torch.device",
    "gpu memory growth device list",
)
_SPREAD = _refused(
    "tf.distribute.* tf.tpu.* tf.experimental.dtensor.* keras.distribution.* tf.nn.compute_average_loss "
    "tf.nn.scale_regularization_loss",
    "a strategy spreads the variables of TensorFlow over devices",
    "use torch.nn.parallel.DistributedDataParallel or FSDP, started by torchrun",
    "strategy multi gpu tpu mirrored replica",
)
_DEBUGGING = _refused(
    "tf.debugging.* tf.errors.* tf.get_logger tf.autodiff.*",
    "it is about the runtime of TensorFlow",
    "use assert, Python's own exceptions and logging",
    "assert error log",
)
_EXPERIMENTS = _refused(
    "tf.experimental.* tf.mlir.* tf.xla.* tf.nest.*",
    "it belongs to TensorFlow's own machinery",
    "use plain Python; torch.utils._pytree or torch.func for nested values",
    "nest structure",
)
_COLUMNS = _refused(
    "tf.feature_column.* keras.utils.FeatureSpace",
    "it turns columns of a table into the input of a TensorFlow model",
    "prepare the columns with pandas or scikit-learn, and give nn.Embedding the numbers of categories",
    "tabular feature column",
)
_PRETRAINED = _refused(
    "keras.applications.*",
    "it builds a published model and downloads its Keras weights",
    "take the model of the same name from torchvision.models or timm, or convert its source and carry the weights "
    "with `translator weights`",
    "pretrained imagenet resnet vgg mobilenet",
)
_TOOLS = _refused(
    "keras.utils.plot_model keras.utils.model_to_dot keras.utils.Progbar keras.utils.Sequence "
    "keras.utils.PyDataset keras.utils.get_file keras.utils.pack_x_y_sample_weight "
    "keras.utils.unpack_x_y_sample_weight  keras.utils.image_dataset_from_directory "
    "keras.utils.text_dataset_from_directory keras.utils.timeseries_dataset_from_array "
    "keras.utils.audio_dataset_from_directory keras.utils.load_img keras.utils.img_to_array keras.utils.array_to_img "
    "keras.utils.save_img keras.utils.bounding_boxes.* keras.utils.get_source_inputs keras.utils.clear_session",
    "it serves the training and the data of Keras",
    "use torch.utils.data, PIL, tqdm and torchvision in its place",
    "plot load image progress bar download",
)
_BACKEND = _refused(
    "keras.config.* keras.backend.clear_session keras.backend.get_uid keras.backend.set_floatx "
    "keras.backend.set_epsilon keras.backend.set_image_data_format keras.backend.image_data_format "
    "keras.backend.backend keras.backend.is_keras_tensor keras.backend.standardize_dtype "
    "keras.backend.result_type keras.backend.is_float_dtype keras.backend.is_int_dtype keras.backend.floatx "
    "keras.mixed_precision.* keras.dtype_policies.* keras.KerasTensor keras.StatelessScope keras.SymbolicScope "
    "keras.RematScope keras.remat keras.Quantizer keras.quantizers.* keras.src.* keras.tree.*",
    "it is about how Keras runs, which PyTorch does in another way",
    "take it out: PyTorch computes in the dtype and order of the tensors; torch.autocast for mixed precision",
    "floatx image_data_format policy backend",
)
_OTHER_BACKENDS = _refused(
    "keras.layers.JaxLayer keras.layers.FlaxLayer keras.layers.TorchModuleWrapper keras.layers.Pipeline "
    "keras.layers.Wrapper keras.layers.InputSpec",
    "it is a part of Keras's own machinery",
    "call the module or the function itself",
    "wrapper jax flax",
)

RECORDS: tuple[Record, ...] = (
    _FILES,
    _RECORDS,
    _AUDIO,
    _CHECKPOINTS,
    _TRAIN,
    _SAVED,
    _CONFIGS,
    _LITE,
    _SUMMARIES,
    _DEVICES,
    _SPREAD,
    _DEBUGGING,
    _EXPERIMENTS,
    _COLUMNS,
    _PRETRAINED,
    _TOOLS,
    _BACKEND,
    _OTHER_BACKENDS,
)
