"""Schedules of torch: each becomes a short class of the converted file, which is stepped where torch's is."""

from __future__ import annotations

from translator.knowledge.cases import Case, script
from translator.knowledge.lenses import Lens, fixed, same
from translator.knowledge.records import Layer, Record, Refusal
from translator.knowledge.signature import parse
from translator.knowledge.training import torch_schedules as code

_ONE_WAY = "a class of the file leads nowhere back"
_DIFFERS = (
    "A schedule of torch is an object that is stepped, once an epoch or once a batch; one of Keras is a function of "
    "the number of gradient steps. The class that is written is stepped where torch's was, and takes the rate further "
    "from where it is, so that several may work together."
)
_STEPPED = ("step", "get_last_lr")
_BASE = ("LRScheduler", code.BASE)
_OTHER_OBJECTS = {"optimizer": "optimizer", "schedulers": "schedulers"}


def _schedule(
    parameters: str,
    text: str,
    example: str,
    *other: str,
    left_out: tuple[tuple[str, str], ...] = (),
    base: bool = True,
    measure: str = "",
    optimizer: str = "SGD([w], lr=0.1)",
    naive: str = "",
    error: str = "",
    words: str = "",
) -> Layer:
    """A schedule by torch's signature, and the class that does the same."""
    name = parameters.partition("(")[0]
    dropped = dict(left_out)
    kept = [p for p in parse(parameters).parameters if p.name not in dropped]
    lenses: tuple[Lens, ...] = (
        *(same(p.name) for p in kept),
        *(fixed("torch", option, value) for option, value in left_out),
    )
    here = ", ".join(p.name if p.default is None else f"{p.name}={p.default}" for p in kept)
    return Layer(
        torch=f"torch.optim.lr_scheduler.{parameters}",
        tf=f"{name}({here})",
        args=lenses,
        helpers=(*((_BASE,) if base else ()), (name, text)),
        methods=_STEPPED,
        differs=_DIFFERS,
        naive=naive,
        error=error,
        words=f"learning rate schedule scheduler {words}",
        cases=tuple(_case(option, measure, optimizer) for option in (example, *other)),
    )


def _case(made: str, measure: str, optimizer: str) -> Case:
    """Twelve steps of which the loss and the rate are printed."""
    return script(
        f"""
import torch
from torch.optim import lr_scheduler

w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.{optimizer}
scheduler = lr_scheduler.{made}
for step in range(12):
    loss = ((w - 3.0) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step({measure})
    print(f"{{loss.item():.5f}} {{scheduler.get_last_lr()[0]:.6f}}")
""",
        one_way=_ONE_WAY,
    )


_NEW = (("last_epoch", "-1"),)
_SEQUENCE = (
    "SequentialLR(optimizer, [lr_scheduler.LinearLR(optimizer, 0.1, total_iters=4), "
    "lr_scheduler.CosineAnnealingLR(optimizer, 8)], milestones=[4])"
)

SCHEDULES: tuple[Layer, ...] = (
    _schedule(
        "StepLR(optimizer, step_size, gamma=0.1, last_epoch=-1)",
        code.STEP,
        "StepLR(optimizer, 3, 0.5)",
        left_out=_NEW,
        naive="keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)",
        error="2e-01: it counts batches and is not staircase unless told so",
        words="step decay",
    ),
    _schedule(
        "MultiStepLR(optimizer, milestones, gamma=0.1, last_epoch=-1)",
        code.MULTI_STEP,
        "MultiStepLR(optimizer, [3, 6, 6], gamma=0.5)",
        left_out=_NEW,
        naive="keras.optimizers.schedules.PiecewiseConstantDecay([3, 6], rates)",
        error="9e-02: its boundaries are inclusive, one step late",
        words="milestones piecewise",
    ),
    _schedule(
        "ConstantLR(optimizer, factor=0.3333333333333333, total_iters=5, last_epoch=-1)",
        code.CONSTANT,
        "ConstantLR(optimizer, 0.5, total_iters=4)",
        left_out=_NEW,
        words="warm up constant",
    ),
    _schedule(
        "LinearLR(optimizer, start_factor=0.3333333333333333, end_factor=1.0, total_iters=5, last_epoch=-1)",
        code.LINEAR,
        "LinearLR(optimizer, 0.1, total_iters=4)",
        "LinearLR(optimizer, 1.0, 0.2)",
        left_out=_NEW,
        words="warm up linear",
    ),
    _schedule(
        "ExponentialLR(optimizer, gamma, last_epoch=-1)",
        code.EXPONENTIAL,
        "ExponentialLR(optimizer, 0.9)",
        left_out=_NEW,
        naive="keras.optimizers.schedules.ExponentialDecay(0.1, steps_per_epoch, 0.9)",
        error="8e-03: it falls at each step unless it is staircase",
        words="exponential decay",
    ),
    _schedule(
        "PolynomialLR(optimizer, total_iters=5, power=1.0, last_epoch=-1)",
        code.POLYNOMIAL,
        "PolynomialLR(optimizer, 8, 2.0)",
        left_out=_NEW,
        words="polynomial decay",
    ),
    _schedule(
        "CosineAnnealingLR(optimizer, T_max, eta_min=0.0, last_epoch=-1)",
        code.COSINE,
        "CosineAnnealingLR(optimizer, 5, eta_min=0.01)",
        left_out=_NEW,
        naive="keras.optimizers.schedules.CosineDecay(0.1, 5)",
        error="9e-02: its alpha is a share of the rate, and it stays below where torch climbs again",
        words="cosine decay",
    ),
    _schedule(
        "CosineAnnealingWarmRestarts(optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1)",
        code.WARM_RESTARTS,
        "CosineAnnealingWarmRestarts(optimizer, 3, 2, 0.01)",
        left_out=_NEW,
        words="cosine warm restarts sgdr",
    ),
    _schedule(
        "LambdaLR(optimizer, lr_lambda, last_epoch=-1)",
        code.LAMBDA,
        "LambdaLR(optimizer, lambda epoch: min(1.0, (epoch + 1) / 5))",
        left_out=_NEW,
        words="function warm up",
    ),
    _schedule(
        "MultiplicativeLR(optimizer, lr_lambda, last_epoch=-1)",
        code.MULTIPLICATIVE,
        "MultiplicativeLR(optimizer, lambda epoch: 0.9)",
        left_out=_NEW,
        words="function factor",
    ),
    _schedule(
        "ReduceLROnPlateau(optimizer, mode='min', factor=0.1, patience=10, threshold=0.0001, threshold_mode='rel', "
        "cooldown=0, min_lr=0, eps=1e-08)",
        code.PLATEAU,
        "ReduceLROnPlateau(optimizer, patience=1, factor=0.5, min_lr=0.02)",
        "ReduceLROnPlateau(optimizer, 'max', 0.5, 2, threshold_mode='abs', cooldown=1)",
        base=False,
        measure="loss.item()",
        words="reduce on plateau patience",
    ),
    _schedule(
        "OneCycleLR(optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3, "
        "anneal_strategy='cos', cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, div_factor=25.0, "
        "final_div_factor=10000.0, three_phase=False, last_epoch=-1)",
        code.ONE_CYCLE,
        "OneCycleLR(optimizer, 0.1, epochs=4, steps_per_epoch=5)",
        "OneCycleLR(optimizer, 0.1, total_steps=20, anneal_strategy='linear', three_phase=True)",
        left_out=_NEW,
        optimizer="SGD([w], lr=0.1, momentum=0.9)",
        words="one cycle policy super convergence",
    ),
    _schedule(
        "CyclicLR(optimizer, base_lr, max_lr, step_size_up=2000, step_size_down=None, mode='triangular', gamma=1.0, "
        "scale_fn=None, scale_mode='cycle', cycle_momentum=True, base_momentum=0.8, max_momentum=0.9, last_epoch=-1)",
        code.CYCLIC,
        "CyclicLR(optimizer, 0.01, 0.1, 3)",
        "CyclicLR(optimizer, 0.01, 0.1, 2, 4, mode='exp_range', gamma=0.9)",
        left_out=_NEW,
        optimizer="SGD([w], lr=0.1, momentum=0.9)",
        words="cyclic triangular",
    ),
    _schedule(
        "SequentialLR(optimizer, schedulers, milestones, last_epoch=-1)",
        code.SEQUENTIAL,
        _SEQUENCE,
        left_out=_NEW,
        base=False,
        words="warm up then",
    ),
    _schedule(
        "ChainedScheduler(schedulers, optimizer=None)",
        code.CHAINED,
        "ChainedScheduler([lr_scheduler.ConstantLR(optimizer, 0.1, 3), lr_scheduler.ExponentialLR(optimizer, 0.9)])",
        left_out=(("optimizer", "None"),),
        base=False,
        words="chained several",
    ),
)

_OWN = """
import torch
from torch.optim.lr_scheduler import LRScheduler


class WarmUp(LRScheduler):
    def __init__(self, optimizer, steps, last_epoch=-1):
        self.steps = steps
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [base * min(1.0, (self.last_epoch + 1) / self.steps) for base in self.base_lrs]


w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
scheduler = WarmUp(optimizer, 5)
for step in range(12):
    loss = ((w - 3.0) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    print(f"{loss.item():.5f} {scheduler.get_last_lr()[0]:.6f}")
"""
_LAST = Layer(
    torch="torch.optim.lr_scheduler.LRScheduler(optimizer, last_epoch=-1)",
    tf="LRScheduler(optimizer, last_epoch=-1)",
    args=(same("optimizer"), same("last_epoch")),
    helpers=(_BASE,),
    methods=_STEPPED,
    differs=_DIFFERS,
    words="learning rate schedule scheduler of one's own base class",
    cases=(script(_OWN, one_way=_ONE_WAY),),
)

_AVERAGED = Refusal(
    torch=(
        "torch.optim.swa_utils.SWALR",
        "torch.optim.swa_utils.AveragedModel",
        "torch.optim.swa_utils.update_bn",
    ),
    tf=(),
    differs="torch averages the weights in a second model that is updated by hand",
    instead="an optimizer of Keras with use_ema=True, whose finalize_variable_values sets the averages at the end",
    words="stochastic weight averaging swa ema",
)

RECORDS: tuple[Record, ...] = (*SCHEDULES, _LAST, _AVERAGED)
