"""Optimizers that follow the other side's numbers exactly: classes that are written into the converted file."""

from __future__ import annotations

from translator.knowledge.lenses import Lens, elements, only, same
from translator.knowledge.records import Exact

SGD = "torch.optim.SGD(params, lr=0.001, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False)"
ADAM = "torch.optim.Adam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, amsgrad=False)"
ADAMW = "torch.optim.AdamW(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, amsgrad=False)"
RMSPROP = "torch.optim.RMSprop(params, lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0.0, momentum=0.0, centered=False)"

KERAS_SGD = (
    "keras.optimizers.SGD(learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None)"
)
KERAS_ADAM = (
    "keras.optimizers.Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False, "
    "weight_decay=None)"
)
KERAS_ADAMW = (
    "keras.optimizers.AdamW(learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-07, "
    "amsgrad=False)"
)
KERAS_RMSPROP = (
    "keras.optimizers.RMSprop(learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-07, centered=False, "
    "weight_decay=None)"
)

_TORCH_SGD_CLASS = '''
class TorchSGD(keras.optimizers.Optimizer):
    """SGD as PyTorch computes it: weight decay is added to the gradients, the rate acts on their running sum."""

    def __init__(self, learning_rate=0.001, momentum=0.0, dampening=0.0, l2=0.0, nesterov=False):
        super().__init__(learning_rate=learning_rate)
        self.momentum = momentum
        self.dampening = dampening
        self.l2 = l2
        self.nesterov = nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.sums = [self.add_variable_from_reference(v, "momentum") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        if self.momentum:
            total = self.sums[self._get_variable_index(variable)]
            later = tf.cast(self.iterations > 0, variable.dtype)
            share = 1 - later * self.dampening
            self.assign(total, self.momentum * total + share * gradient)
            gradient = gradient + self.momentum * total if self.nesterov else total
        self.assign_sub(variable, rate * gradient)
'''

_TORCH_ADAM_CLASS = '''
class TorchAdam(keras.optimizers.Optimizer):
    """Adam and AdamW as PyTorch computes them: epsilon after the bias correction, `l2` added to the gradients."""

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        l2=0.0,
        decay=0.0,
        amsgrad=False,
    ):
        super().__init__(learning_rate=learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.l2 = l2
        self.decay = decay
        self.amsgrad = amsgrad

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.peaks = [self.add_variable_from_reference(v, "peaks") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        mean, square, peak = self.means[index], self.squares[index], self.peaks[index]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(square, self.beta_2 * square + (1 - self.beta_2) * gradient**2)
        self.assign(peak, tf.maximum(peak, square) if self.amsgrad else square)
        step = tf.cast(self.iterations + 1, variable.dtype)
        first = 1 - tf.constant(self.beta_1, variable.dtype) ** step
        second = 1 - tf.constant(self.beta_2, variable.dtype) ** step
        root = tf.sqrt(peak / second) + self.epsilon
        self.assign(variable, variable * (1 - rate * self.decay) - rate * (mean / first) / root)
'''

_TORCH_RMSPROP_CLASS = '''
class TorchRMSprop(keras.optimizers.Optimizer):
    """RMSprop as PyTorch computes it: epsilon is added to the root, the rate acts on the momentum's sum."""

    def __init__(
        self, learning_rate=0.01, rho=0.99, epsilon=1e-8, l2=0.0, momentum=0.0, centered=False
    ):
        super().__init__(learning_rate=learning_rate)
        self.rho = rho
        self.epsilon = epsilon
        self.l2 = l2
        self.momentum = momentum
        self.centered = centered

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.sums = [self.add_variable_from_reference(v, "momentum") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        square, mean, total = self.squares[index], self.means[index], self.sums[index]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(square, self.rho * square + (1 - self.rho) * gradient**2)
        spread = tf.convert_to_tensor(square)
        if self.centered:
            self.assign(mean, self.rho * mean + (1 - self.rho) * gradient)
            spread = spread - mean**2
        step = gradient / (tf.sqrt(spread) + self.epsilon)
        if self.momentum:
            self.assign(total, self.momentum * total + step)
            step = tf.convert_to_tensor(total)
        self.assign_sub(variable, rate * step)
'''

_KERAS_SGD_CLASS = '''
class KerasSGD(torch.optim.Optimizer):
    """SGD as Keras computes it: the rate acts on each gradient as it enters the running sum."""

    def __init__(self, params, lr=0.01, momentum=0.0, nesterov=False, weight_decay=None):
        decay = weight_decay or 0.0
        defaults = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, momentum = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.mul_(1 - lr * group["weight_decay"])
                total = self.state[p].setdefault("momentum", torch.zeros_like(p))
                total.mul_(momentum).sub_(lr * p.grad)
                p.add_(momentum * total - lr * p.grad if group["nesterov"] else total)
'''

_KERAS_ADAM_CLASS = '''
class KerasAdam(torch.optim.AdamW):
    """Adam as Keras computes it: epsilon is added before the bias correction, weight decay to the weights."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7, amsgrad=False, weight_decay=None
    ):
        decay = weight_decay or 0.0
        super().__init__(params, lr, betas, eps, weight_decay=decay, amsgrad=amsgrad)

    @torch.no_grad()
    def step(self, closure=None):
        epsilons = [group["eps"] for group in self.param_groups]
        for group, epsilon in zip(self.param_groups, epsilons):
            group["steps"] = group.get("steps", 0) + 1
            group["eps"] = epsilon / (1 - group["betas"][1] ** group["steps"]) ** 0.5
        super().step()
        for group, epsilon in zip(self.param_groups, epsilons):
            group["eps"] = epsilon
'''

_KERAS_RMSPROP_CLASS = '''
class KerasRMSprop(torch.optim.Optimizer):
    """RMSprop as Keras computes it: epsilon is added under the root, the rate before the momentum."""

    def __init__(
        self, params, lr=0.001, alpha=0.9, momentum=0.0, eps=1e-7, centered=False, weight_decay=None
    ):
        decay = weight_decay or 0.0
        defaults = {"lr": lr, "alpha": alpha, "momentum": momentum, "eps": eps}
        super().__init__(params, {**defaults, "centered": centered, "weight_decay": decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, alpha, momentum = group["lr"], group["alpha"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.mul_(1 - lr * group["weight_decay"])
                state = self.state[p]
                square = state.setdefault("square", torch.zeros_like(p))
                square.mul_(alpha).addcmul_(p.grad, p.grad, value=1 - alpha)
                spread = square
                if group["centered"]:
                    mean = state.setdefault("mean", torch.zeros_like(p)).lerp_(p.grad, 1 - alpha)
                    spread = square - mean**2
                total = state.setdefault("momentum", torch.zeros_like(p))
                total.mul_(momentum).add_(lr * p.grad / (spread + group["eps"]).sqrt())
                p.sub_(total)
'''

_SHARED: tuple[Lens, ...] = (
    only("torch", "params", "given to apply_gradients"),
    same("lr", "learning_rate"),
    same("momentum"),
    same("nesterov"),
    same("dampening"),
    *elements("betas", "beta_1", "beta_2"),
    same("eps", "epsilon"),
    same("amsgrad"),
    same("alpha", "rho"),
    same("centered"),
)
"""Each form takes the parameters among these that its class has."""


def _for_tensorflow(torch: str, tf: str, code: str, decay: str = "l2") -> Exact:
    args = (*_SHARED, same("weight_decay", decay))
    return Exact(torch=torch, tf=tf, args=args, side="tensorflow", code=code, of=_name(torch))


def _for_torch(of: str, torch: str, tf: str, code: str) -> Exact:
    args = (*_SHARED, same("weight_decay"))
    return Exact(torch=torch, tf=tf, args=args, side="torch", code=code, of=_name(of))


def _name(signature: str) -> str:
    return signature.partition("(")[0]


_TORCH_ADAM_FORM = (
    "TorchAdam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-08, l2=0.0, decay=0.0, "
    "amsgrad=False)"
)
_KERAS_ADAM_FORM = (
    "KerasAdam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-07, amsgrad=False, weight_decay=None)"
)

SGD_FORMS = (
    _for_tensorflow(
        SGD,
        "TorchSGD(learning_rate=0.001, momentum=0.0, dampening=0.0, l2=0.0, nesterov=False)",
        _TORCH_SGD_CLASS,
    ),
    _for_torch(
        SGD,
        "KerasSGD(params, lr=0.01, momentum=0.0, nesterov=False, weight_decay=None)",
        KERAS_SGD,
        _KERAS_SGD_CLASS,
    ),
)
ADAM_FORMS = (
    _for_tensorflow(ADAM, _TORCH_ADAM_FORM, _TORCH_ADAM_CLASS),
    _for_torch(ADAM, _KERAS_ADAM_FORM, KERAS_ADAM, _KERAS_ADAM_CLASS),
)
ADAMW_FORMS = (
    _for_tensorflow(ADAMW, _TORCH_ADAM_FORM, _TORCH_ADAM_CLASS, "decay"),
    _for_torch(ADAMW, _KERAS_ADAM_FORM, KERAS_ADAMW, _KERAS_ADAM_CLASS),
)
RMSPROP_FORMS = (
    _for_tensorflow(
        RMSPROP,
        "TorchRMSprop(learning_rate=0.01, rho=0.99, epsilon=1e-08, l2=0.0, momentum=0.0, centered=False)",
        _TORCH_RMSPROP_CLASS,
    ),
    _for_torch(
        RMSPROP,
        "KerasRMSprop(params, lr=0.001, alpha=0.9, momentum=0.0, eps=1e-07, centered=False, weight_decay=None)",
        KERAS_RMSPROP,
        _KERAS_RMSPROP_CLASS,
    ),
)
