"""Layers that shift, turn and zoom images by chance, in training alone."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, script
from translator.knowledge.layers.convolution import CHANNELS_LAST
from translator.knowledge.lenses import Lens, choice, fixed, only, same
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import like_first

_CLASS = "what the file has for it is a class of its own"
_WARP = '''
    def warped(self, images, matrices):
        """Each image seen through a matrix that says where its pixels come from."""
        grid = F.affine_grid(matrices, list(images.shape), align_corners=False)
        return F.grid_sample(
            images, grid, self.interpolation, self.fill_mode, align_corners=False
        )
'''
_ZOOM = f'''
class RandomZoom(nn.Module):
    """Zooms each image by chance, in training alone; more than 0 makes it smaller."""

    def __init__(
        self, height_factor, width_factor=None, fill_mode="reflection", interpolation="bilinear"
    ):
        super().__init__()
        self.factors = [
            (-factor, factor) if isinstance(factor, int | float) else factor
            for factor in (height_factor, width_factor)
        ]
        self.fill_mode = fill_mode
        self.interpolation = interpolation

    def forward(self, inputs):
        if not self.training:
            return inputs
        high, wide = (
            None if factor is None else 1 + inputs.new_empty(len(inputs)).uniform_(*factor)
            for factor in self.factors
        )
        matrices = inputs.new_zeros(len(inputs), 2, 3)
        matrices[:, 0, 0] = high if wide is None else wide
        matrices[:, 1, 1] = high
        return self.warped(inputs, matrices)
{_WARP}'''
_ROTATION = f'''
class RandomRotation(nn.Module):
    """Turns each image by chance, in training alone; 1 is a whole turn."""

    def __init__(self, factor, fill_mode="reflection", interpolation="bilinear"):
        super().__init__()
        self.factor = (-factor, factor) if isinstance(factor, int | float) else factor
        self.fill_mode = fill_mode
        self.interpolation = interpolation

    def forward(self, inputs):
        if not self.training:
            return inputs
        height, width = inputs.shape[-2:]
        angle = 2 * math.pi * inputs.new_empty(len(inputs)).uniform_(*self.factor)
        matrices = inputs.new_zeros(len(inputs), 2, 3)
        matrices[:, 0, 0] = matrices[:, 1, 1] = angle.cos()
        matrices[:, 0, 1] = -angle.sin() * height / width
        matrices[:, 1, 0] = angle.sin() * width / height
        return self.warped(inputs, matrices)
{_WARP}'''
_TRANSLATION = f'''
class RandomTranslation(nn.Module):
    """Shifts each image by chance, in training alone, by parts of its height and width."""

    def __init__(self, height_factor, width_factor, fill_mode="reflection", interpolation="bilinear"):
        super().__init__()
        self.factors = [
            (-factor, factor) if isinstance(factor, int | float) else factor
            for factor in (width_factor, height_factor)
        ]
        self.fill_mode = fill_mode
        self.interpolation = interpolation

    def forward(self, inputs):
        if not self.training:
            return inputs
        matrices = torch.eye(2, 3).to(inputs).repeat(len(inputs), 1, 1)
        for axis, factor in enumerate(self.factors):
            matrices[:, axis, 2] = -2 * inputs.new_empty(len(inputs)).uniform_(*factor)
        return self.warped(inputs, matrices)
{_WARP}'''
_REST: tuple[Lens, ...] = (
    choice(
        "fill_mode",
        "fill_mode",
        ("'reflection'", "'reflect'"),
        ("'border'", "'nearest'"),
        ("'zeros'", "'constant'"),
    ),
    same("interpolation"),
    only("tensorflow", "seed", "the two sides never draw the same numbers"),
    fixed("tensorflow", "fill_value", "0.0", "0"),
    CHANNELS_LAST,
)


def _fixed(made: str) -> Case:
    """What training does where chance leaves one number; TensorFlow weighs pixels in 32 bits."""
    return script(
        "import keras\nimport tensorflow as tf\nx = tf.reshape(tf.range(60.0), [1, 5, 6, 2])\n"
        f"layer = {made}\ny = layer(x, training=True)\n"
        "print(float(tf.reduce_sum(y)), float(tf.reduce_sum(y * y)), float(y[0, 2, 3, 1]))",
        side="tensorflow",
        one_way=_CLASS,
    )


def _record(name: str, factors: str, helper: str, quiet: str, *fixed_cases: str) -> Pair:
    names = [factor.partition("=")[0].strip() for factor in factors.split(",")]
    return Pair(
        torch=f"{name}({', '.join(names)}, fill_mode, interpolation)",
        tf=f"keras.layers.{name}({factors}, fill_mode='reflect', interpolation='bilinear', seed=None, "
        "fill_value=0.0, data_format=None)",
        args=(*(same(own) for own in names), *_REST),
        order="wants",
        rank=4,
        shape=like_first,
        only_from="tensorflow",
        helper=(name, helper),
        words="augmentation zoom rotate shift affine",
        rounding="TensorFlow computes the places of pixels in 32 bits.",
        cases=(
            case(
                f"keras.layers.{name}({quiet})", f32(2, 5, 6, 3), side="tensorflow", one_way=_CLASS
            ),
            *(_fixed(f"keras.layers.{name}({given})") for given in fixed_cases),
        ),
    )


RECORDS: tuple[Record, ...] = (
    _record(
        "RandomZoom",
        "height_factor, width_factor=None",
        _ZOOM,
        "0.2",
        "(0.25, 0.25)",
        "(-0.5, -0.5), (0.5, 0.5), fill_mode='constant'",
    ),
    _record("RandomRotation", "factor", _ROTATION, "0.1", "(0.1, 0.1)", "(-0.2, -0.2), 'nearest'"),
    _record(
        "RandomTranslation",
        "height_factor, width_factor",
        _TRANSLATION,
        "0.1, 0.1",
        "(0.2, 0.2), (0.5, 0.5)",
        "(0.3, 0.3), (-0.25, -0.25), fill_mode='constant'",
    ),
)
