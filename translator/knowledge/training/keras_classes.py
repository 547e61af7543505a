"""Keras's optimizers as classes of torch in the converted file, which follow Keras number by number."""

from __future__ import annotations

SGD = '''
class KerasSGD(torch.optim.Optimizer):
    """SGD as Keras computes it: the rate acts on each gradient as it enters the running sum."""

    def __init__(self, params, lr=0.01, momentum=0.0, nesterov=False, weight_decay=None):
        decay = weight_decay or 0.0
        defaults = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, momentum = group["lr"], self.single(group["momentum"])
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.mul_(1 - lr * self.single(group["weight_decay"]))
                total = self.state[p].setdefault("momentum", torch.zeros_like(p))
                total.mul_(momentum).sub_(lr * p.grad)
                p.add_(momentum * total - lr * p.grad if group["nesterov"] else total)

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

ADAM = '''
class KerasAdam(torch.optim.Optimizer):
    """Adam as Keras computes it: epsilon is added before the bias correction, weight decay to the weights."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7, amsgrad=False, weight_decay=None
    ):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay or 0.0}
        super().__init__(params, {**defaults, "amsgrad": amsgrad})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.mul_(1 - group["lr"] * self.single(group["weight_decay"]))
                state = self.state[p]
                step = state["step"] = state.get("step", 0) + 1
                mean = state.setdefault("mean", torch.zeros_like(p)).lerp_(p.grad, 1 - beta_1)
                square = state.setdefault("square", torch.zeros_like(p))
                square.lerp_(p.grad**2, 1 - beta_2)
                if group["amsgrad"]:
                    peak = state.setdefault("peak", torch.zeros_like(p))
                    square = torch.maximum(peak, square, out=peak)
                first, second = (1 - self.single(beta) ** step for beta in group["betas"])
                p.sub_(group["lr"] * second**0.5 / first * mean / (square.sqrt() + group["eps"]))

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

RMSPROP = '''
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
                p.mul_(1 - lr * self.single(group["weight_decay"]))
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

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

ADAMAX = '''
class KerasAdamax(torch.optim.Optimizer):
    """Adamax as Keras computes it: epsilon is added to the largest gradient."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                step = state["step"] = state.get("step", 0) + 1
                mean = state.setdefault("mean", torch.zeros_like(p)).lerp_(p.grad, 1 - beta_1)
                norm = state.setdefault("norm", torch.zeros_like(p)).mul_(beta_2)
                torch.maximum(norm, p.grad.abs(), out=norm)
                p.sub_(group["lr"] / (1 - self.single(beta_1) ** step) * mean / (norm + group["eps"]))

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

ADAGRAD = '''
class KerasAdagrad(torch.optim.Optimizer):
    """Adagrad as Keras computes it: epsilon is added under the root."""

    def __init__(self, params, lr=0.001, initial_accumulator_value=0.1, eps=1e-7):
        self.start = initial_accumulator_value
        super().__init__(params, {"lr": lr, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                total = self.state[p].setdefault("sum", torch.full_like(p, self.start))
                total.addcmul_(p.grad, p.grad)
                p.sub_(group["lr"] * p.grad / (total + group["eps"]).sqrt())
'''

LION = '''
class Lion(torch.optim.Optimizer):
    """Lion as Keras computes it: steps of one size along the sign of a running mean."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.99)):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta_1, beta_2 = map(self.single, group["betas"])
            for p in group["params"]:
                if p.grad is None:
                    continue
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                p.sub_(group["lr"] * torch.sign(beta_1 * mean + (1 - beta_1) * p.grad))
                mean.lerp_(p.grad, 1 - beta_2)

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

LAMB = '''
class Lamb(torch.optim.Optimizer):
    """Lamb as Keras computes it: Adam's step, as large as the weights are."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                step = state["step"] = state.get("step", 0) + 1
                mean = state.setdefault("mean", torch.zeros_like(p)).lerp_(p.grad, 1 - beta_1)
                square = state.setdefault("square", torch.zeros_like(p))
                square.lerp_(p.grad**2, 1 - beta_2)
                first, second = (1 - self.single(beta) ** step for beta in group["betas"])
                update = mean / first / ((square / second).sqrt() + group["eps"])
                sizes = p.norm(), update.norm()
                ratio = sizes[0] / sizes[1] if min(sizes) > 0 else 1.0
                p.sub_(ratio * group["lr"] * update)

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

FTRL = '''
class Ftrl(torch.optim.Optimizer):
    """FTRL as Keras computes it."""

    def __init__(
        self,
        params,
        lr=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
    ):
        self.power = -learning_rate_power
        self.start = initial_accumulator_value
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength
        self.shrinkage = l2_shrinkage_regularization_strength
        self.beta = beta
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr = group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                total = state.setdefault("sum", torch.full_like(p, self.start))
                linear = state.setdefault("linear", torch.zeros_like(p))
                later = total + p.grad**2
                linear += p.grad + 2 * self.shrinkage * p
                linear -= (later**self.power - total**self.power) / lr * p
                quadratic = later**self.power / lr + 2 * (self.l2 + self.beta / (2 * lr))
                p.copy_((linear.clamp(-self.l1, self.l1) - linear) / quadratic)
                total.copy_(later)
'''

ADAFACTOR = '''
class KerasAdafactor(torch.optim.Optimizer):
    """Adafactor as Keras computes it: epsilon is added to the squares of the gradients."""

    def __init__(
        self,
        params,
        lr=0.001,
        beta_2_decay=-0.8,
        epsilon_1=1e-30,
        epsilon_2=1e-3,
        clip_threshold=1.0,
        relative_step=True,
    ):
        self.decay = beta_2_decay
        self.epsilons = epsilon_1, self.single(epsilon_2)
        self.clip_threshold = clip_threshold
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                step = state["step"] = state.get("step", 0) + 1
                size = p.square().mean().sqrt().clamp(min=self.epsilons[1])
                alpha = size * min(group["lr"], step**-0.5)
                squared, share = p.grad**2 + self.epsilons[0], step**self.decay
                if p.dim() > 1:
                    means = squared.mean(-1, keepdim=True), squared.mean(-2, keepdim=True)
                    rows = state.setdefault("rows", torch.zeros_like(means[0]))
                    columns = state.setdefault("columns", torch.zeros_like(means[1]))
                    rows.lerp_(means[0], share)
                    columns.lerp_(means[1], share)
                    square = rows / rows.mean(-2, keepdim=True) * columns
                else:
                    square = state.setdefault("square", torch.zeros_like(p)).lerp_(squared, share)
                update = p.grad / square.sqrt()
                large = update.square().mean().sqrt() / self.clip_threshold
                p.sub_(alpha * update / large.clamp(min=1.0))

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''

NADAM = '''
class KerasNadam(torch.optim.Optimizer):
    """Nadam as Keras computes it, with its numbers in 32 bits."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta_1, beta_2 = map(self.single, group["betas"])
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                step = state["step"] = state.get("step", 0) + 1
                growth = [1 - 0.5 * self.single(0.96) ** n for n in (step, step + 1)]
                now, later = beta_1 * growth[0], beta_1 * growth[1]
                product = state.get("product", 1.0) * group["betas"][0] * (1 - 0.5 * 0.96**step)
                state["product"] = product
                mean = state.setdefault("mean", torch.zeros_like(p)).lerp_(p.grad, 1 - beta_1)
                square = state.setdefault("square", torch.zeros_like(p))
                square.lerp_(p.grad**2, 1 - beta_2)
                ahead = later * mean / (1 - product * later) + (1 - now) * p.grad / (1 - product)
                root = (square / (1 - beta_2**step)).sqrt() + group["eps"]
                p.sub_(group["lr"] * ahead / root)

    @staticmethod
    def single(number):
        return torch.tensor(number, dtype=torch.float32).item()  # as Keras holds it
'''
