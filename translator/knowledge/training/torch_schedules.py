"""torch's schedules as classes of the converted file: stepped where torch's are, they set the rate of an optimizer.

Each takes the current rate further, as torch does, so that several may work on one optimizer.
"""

from __future__ import annotations

BASE = '''
class LRScheduler:
    """Sets the rate of an optimizer at each `step()`, as PyTorch's schedulers do."""

    def __init__(self, optimizer, last_epoch=-1):
        self.optimizer = optimizer
        if not hasattr(optimizer, "initial_lr"):
            optimizer.initial_lr = self.lr
        self.base_lrs = [optimizer.initial_lr]
        self.last_epoch = last_epoch
        self.step()

    @property
    def lr(self):
        return float(self.optimizer.learning_rate)

    def step(self):
        self.last_epoch += 1
        self.optimizer.learning_rate = self.get_lr()[0]

    def restart(self):
        self.optimizer.learning_rate = self.base_lrs[0]
        self.last_epoch = -1
        self.step()

    def get_last_lr(self):
        return [self.lr]
'''

STEP = '''
class StepLR(LRScheduler):
    """Multiplies the rate by `gamma` every `step_size` epochs."""

    def __init__(self, optimizer, step_size, gamma=0.1):
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self):
        falls = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return [self.lr * self.gamma if falls else self.lr]
'''

MULTI_STEP = '''
class MultiStepLR(LRScheduler):
    """Multiplies the rate by `gamma` at each of the milestones."""

    def __init__(self, optimizer, milestones, gamma=0.1):
        self.milestones = list(milestones)
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self):
        return [self.lr * self.gamma ** self.milestones.count(self.last_epoch)]
'''

CONSTANT = '''
class ConstantLR(LRScheduler):
    """Multiplies the rate by `factor` for the first `total_iters` epochs."""

    def __init__(self, optimizer, factor=1 / 3, total_iters=5):
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch == 0:
            return [self.lr * self.factor]
        return [self.lr / self.factor if self.last_epoch == self.total_iters else self.lr]
'''

LINEAR = '''
class LinearLR(LRScheduler):
    """Multiplies the rate by a factor that goes from one number to another in `total_iters` epochs."""

    def __init__(self, optimizer, start_factor=1 / 3, end_factor=1.0, total_iters=5):
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch == 0:
            return [self.lr * self.start_factor]
        if self.last_epoch > self.total_iters:
            return [self.lr]
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (self.last_epoch - 1) * rise
        return [self.lr * (1 + rise / before)]
'''

EXPONENTIAL = '''
class ExponentialLR(LRScheduler):
    """Multiplies the rate by `gamma` each epoch."""

    def __init__(self, optimizer, gamma):
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self):
        return [self.lr * self.gamma if self.last_epoch > 0 else self.lr]
'''

POLYNOMIAL = '''
class PolynomialLR(LRScheduler):
    """Lets the rate fall to zero in `total_iters` epochs along a power."""

    def __init__(self, optimizer, total_iters=5, power=1.0):
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch == 0 or self.last_epoch > self.total_iters:
            return [self.lr]
        left = self.total_iters - self.last_epoch
        return [self.lr * (left / (left + 1)) ** self.power]
'''

COSINE = '''
class CosineAnnealingLR(LRScheduler):
    """Lets the rate fall along half a cosine in `T_max` epochs, and climb again after them."""

    def __init__(self, optimizer, T_max, eta_min=0.0):
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch == 0:
            return [self.lr]
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:
            share = (1 - math.cos(math.pi / self.T_max)) / 2
            return [self.lr + (self.base_lrs[0] - self.eta_min) * share]
        now = 1 + math.cos(math.pi * self.last_epoch / self.T_max)
        before = 1 + math.cos(math.pi * (self.last_epoch - 1) / self.T_max)
        return [now / before * (self.lr - self.eta_min) + self.eta_min]
'''

WARM_RESTARTS = '''
class CosineAnnealingWarmRestarts(LRScheduler):
    """Lets the rate fall along half a cosine again and again, each time in `T_mult` times as many epochs."""

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0.0):
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        super().__init__(optimizer)

    def step(self, epoch=None):
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        self.optimizer.learning_rate = self.get_lr()[0]

    def get_lr(self):
        done, length = self.last_epoch, self.T_0
        while done >= length:
            done, length = done - length, length * self.T_mult
        fall = (1 + math.cos(math.pi * done / length)) / 2
        return [self.eta_min + (self.base_lrs[0] - self.eta_min) * fall]
'''

LAMBDA = '''
class LambdaLR(LRScheduler):
    """Sets the rate to the first one times what a function says of the epoch."""

    def __init__(self, optimizer, lr_lambda):
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def get_lr(self):
        return [self.base_lrs[0] * self.lr_lambda(self.last_epoch)]
'''

MULTIPLICATIVE = '''
class MultiplicativeLR(LRScheduler):
    """Multiplies the rate by what a function says of the epoch."""

    def __init__(self, optimizer, lr_lambda):
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def get_lr(self):
        return [self.lr * self.lr_lambda(self.last_epoch) if self.last_epoch > 0 else self.lr]

    def restart(self):
        self.last_epoch = 0
        self.optimizer.learning_rate = self.lr * self.lr_lambda(0)
'''

PLATEAU = '''
class ReduceLROnPlateau:
    """Multiplies the rate by `factor` once a measure has not got better for more than `patience` steps."""

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0.0,
        eps=1e-8,
    ):
        self.optimizer = optimizer
        self.sign = 1 if mode == "min" else -1
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.relative = threshold_mode == "rel"
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = self.sign * math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0
        self.last_epoch = 0

    def step(self, metrics):
        current = float(metrics)
        self.last_epoch += 1
        if self.is_better(current):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            lr = float(self.optimizer.learning_rate)
            reduced = max(lr * self.factor, self.min_lr)
            if lr - reduced > self.eps:
                self.optimizer.learning_rate = reduced
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0

    def is_better(self, current):
        margin = self.sign * self.threshold
        bound = self.best * (1 - margin) if self.relative else self.best - margin
        return self.sign * current < self.sign * bound

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]
'''

_SET_MOMENTUM = """
    def set_momentum(self, momentum):
        if hasattr(self.optimizer, "beta_1"):
            self.optimizer.beta_1 = momentum
        else:
            self.optimizer.momentum = momentum
"""

ONE_CYCLE = (
    '''
class OneCycleLR(LRScheduler):
    """Lets the rate rise to `max_lr` and fall far below where it began, and the momentum the other way."""

    def __init__(
        self,
        optimizer,
        max_lr,
        total_steps=None,
        epochs=None,
        steps_per_epoch=None,
        pct_start=0.3,
        anneal_strategy="cos",
        cycle_momentum=True,
        base_momentum=0.85,
        max_momentum=0.95,
        div_factor=25.0,
        final_div_factor=1e4,
        three_phase=False,
    ):
        self.total_steps = epochs * steps_per_epoch if total_steps is None else total_steps
        self.linear = anneal_strategy == "linear"
        self.cycle_momentum = cycle_momentum
        low, high, last = max_lr / div_factor, max_lr, self.total_steps - 1
        lowest = low / final_div_factor
        optimizer.initial_lr = low
        rise = pct_start * self.total_steps - 1
        self.phases = [(rise, low, high, max_momentum, base_momentum)]
        if three_phase:
            fall = 2 * pct_start * self.total_steps - 2
            self.phases.append((fall, high, low, base_momentum, max_momentum))
            self.phases.append((last, low, lowest, max_momentum, max_momentum))
        else:
            self.phases.append((last, high, lowest, base_momentum, max_momentum))
        super().__init__(optimizer)

    def get_lr(self):
        if self.last_epoch > self.total_steps:
            raise ValueError(f"stepped {self.last_epoch} times of {self.total_steps}")
        start = 0
        for end, lr, next_lr, momentum, next_momentum in self.phases:
            if self.last_epoch <= end or end == self.phases[-1][0]:
                break
            start = end
        share = (self.last_epoch - start) / (end - start)
        if self.cycle_momentum:
            self.set_momentum(self.between(momentum, next_momentum, share))
        return [self.between(lr, next_lr, share)]

    def between(self, start, end, share):
        if self.linear:
            return (end - start) * share + start
        return end + (start - end) / 2 * (math.cos(math.pi * share) + 1)
'''
    + _SET_MOMENTUM
)

CYCLIC = (
    '''
class CyclicLR(LRScheduler):
    """Lets the rate go up and down between two bounds, and the momentum the other way."""

    def __init__(
        self,
        optimizer,
        base_lr,
        max_lr,
        step_size_up=2000,
        step_size_down=None,
        mode="triangular",
        gamma=1.0,
        scale_fn=None,
        scale_mode="cycle",
        cycle_momentum=True,
        base_momentum=0.8,
        max_momentum=0.9,
    ):
        self.bounds = (base_lr, max_lr)
        self.momenta = (base_momentum, max_momentum) if cycle_momentum else None
        self.total_size = step_size_up + (step_size_up if step_size_down is None else step_size_down)
        self.step_ratio = step_size_up / self.total_size
        scales = {
            "triangular": lambda cycle: 1.0,
            "triangular2": lambda cycle: 0.5 ** (cycle - 1),
            "exp_range": lambda epoch: gamma**epoch,
        }
        self.scale_fn = scales[mode] if scale_fn is None else scale_fn
        self.by_cycle = mode != "exp_range" if scale_fn is None else scale_mode == "cycle"
        optimizer.initial_lr = base_lr
        super().__init__(optimizer)

    def get_lr(self):
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1 + self.last_epoch / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        height *= self.scale_fn(cycle if self.by_cycle else self.last_epoch)
        if self.momenta is not None:
            self.set_momentum(self.momenta[1] - (self.momenta[1] - self.momenta[0]) * height)
        return [self.bounds[0] + (self.bounds[1] - self.bounds[0]) * height]
'''
    + _SET_MOMENTUM
)

SEQUENTIAL = '''
class SequentialLR:
    """Steps one scheduler after the other, the next from each milestone on."""

    def __init__(self, optimizer, schedulers, milestones):
        self.optimizer = optimizer
        self.schedulers = schedulers
        self.milestones = milestones
        self.last_epoch = 0
        for scheduler in schedulers:
            scheduler.last_epoch = -1
        optimizer.learning_rate = optimizer.initial_lr
        schedulers[0].step()

    def step(self):
        self.last_epoch += 1
        current = self.schedulers[sum(self.last_epoch >= m for m in self.milestones)]
        if self.last_epoch in self.milestones:
            current.restart()
        else:
            current.step()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]
'''

CHAINED = '''
class ChainedScheduler:
    """Steps several schedulers at once."""

    def __init__(self, schedulers):
        self.schedulers = schedulers

    def step(self):
        for scheduler in self.schedulers:
            scheduler.step()

    def get_last_lr(self):
        return self.schedulers[-1].get_last_lr()
'''
