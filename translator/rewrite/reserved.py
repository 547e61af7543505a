"""Names that the base classes of modules own: an attribute that is called so gets another name."""

from __future__ import annotations

KERAS_NAMES = frozenset(
    "add_loss add_metric add_variable add_weight build built call compile compiled_loss compute_dtype compute_loss "
    "compute_mask compute_output_shape count_params dtype dtype_policy evaluate export fit get_config get_layer "
    "get_weights input input_shape input_spec inputs jit_compile layers load_weights loss losses make_predict_function "
    "metrics metrics_names name non_trainable_variables non_trainable_weights optimizer output output_shape outputs "
    "path "
    "predict quantize run_eagerly save save_weights set_weights stateless_call summary supports_masking "
    "symbolic_call test_step to_json train_step trainable trainable_variables trainable_weights variables "
    "variable_dtype weights".split()
)


TORCH_NAMES = frozenset(
    "add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval "
    "extra_repr float forward get_buffer get_parameter get_submodule half ipu load_state_dict modules named_buffers "
    "named_children named_modules named_parameters parameters register_buffer register_module register_parameter "
    "requires_grad_ share_memory state_dict to to_empty train training type xpu zero_grad".split()
)
