"""The callbacks of `fit` as lines of its loop: `<val_loss>` stands for what was measured, `EPOCH` for its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from translator.rewrite import build
from translator.rewrite.fitting.fit import BOARD, PLATEAU, Fit, Hooks
from translator.rewrite.fitting.hooks import all_logs, count_of_parameters, of_functions, of_object
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import ObjectValue
from translator.source.values import CallbackValue, Items


def add(facts: Facts, text: Text, fit: Fit, given: cst.BaseExpression | None) -> None:
    """Put what the callbacks of a call do into its loop."""
    if given is None or literal_value(given) in ([], ()):
        return
    stopping: list[Hooks] = []
    for node, value in _listed(facts, given):
        if isinstance(value, ObjectValue):
            of_object(text, fit, node, value)
            continue
        one = _Callback(facts, text, fit, value.made)
        hooks = one.hooks()
        (stopping if one.name == "EarlyStopping" else fit.hooks).append(hooks)
    fit.hooks += stopping  # the other callbacks still see the last epoch


def _listed(
    facts: Facts, given: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, CallbackValue | ObjectValue]]:
    """The callbacks, each as the code that stands for it and as what it is."""
    value = facts.value(given)
    if isinstance(given, cst.List | cst.Tuple):
        parts = [(e.value, facts.value(e.value)) for e in given.elements]
    elif isinstance(value, Items):
        parts = [
            (build.expression(f"callbacks[{i}]", callbacks=given), part)
            for i, part in enumerate(value.items)
        ]
        if len({type(part) for part in value.items}) > 1:
            raise RefusedError("write out the list of these callbacks where fit is called")
    else:
        parts = [(given, value)]
    for node, part in parts:
        known = isinstance(part, ObjectValue) and not part.info.is_module
        if not known and not isinstance(part, CallbackValue):
            raise RefusedError("fit with these callbacks is not converted: write its loop by hand")
        assert isinstance(part, CallbackValue | ObjectValue)
        yield node, part


_ACCURATE = ("acc", "auc", "precision", "recall", "f1", "iou", "r2")


@dataclass(eq=False)
class _Callback:
    """One callback of Keras and the loop that it is put into."""

    facts: Facts
    text: Text
    fit: Fit
    made: cst.Call

    @property
    def name(self) -> str:
        """The name of its class."""
        func = self.made.func
        last = func.attr if isinstance(func, cst.Attribute) else func
        return last.value if isinstance(last, cst.Name) else ""

    def hooks(self) -> Hooks:
        """The lines of the callback."""
        write = _KINDS.get(self.name)
        if write is None:
            raise RefusedError(f"fit with {self.name} is not converted: write its loop by hand")
        kind, known = write
        for given in self.made.args:
            own = given.keyword.value if given.keyword is not None else known[0]
            if given.star or own not in known:
                raise RefusedError(f"{own} of {self.name} is not converted: write it by hand")
        return kind(self)

    def given(self, name: str, place: int = -1) -> cst.BaseExpression | None:
        """An argument of its constructor that is not None."""
        found = argument(self.made, place, name)
        return None if found is None or literal_value(found) is None else found

    def code(self, name: str, default: str, place: int = -1) -> str:
        """The text of an argument."""
        found = self.given(name, place)
        return default if found is None else self.text.hole(found)

    def key(self, place: int = -1) -> str:
        """What it watches."""
        found = self.given("monitor", place)
        key = "val_loss" if found is None else literal_value(found)
        measured = all_logs(self.fit)
        if not isinstance(key, str) or (key not in measured and not self.fit.own_step):
            shown = key if isinstance(key, str) else "what is not known here"
            raise RefusedError(f"{self.name} watches {shown}, which this fit does not measure")
        self.fit.logged.add(key)
        return key

    def rises(self, key: str) -> bool:
        """True where more is better."""
        mode = literal_value(self.given("mode")) if self.given("mode") is not None else "auto"
        if mode in ("min", "max"):
            return bool(mode == "max")
        return any(word in key.lower() for word in _ACCURATE)

    def better(self, key: str, best: str) -> tuple[str, str]:
        """The test for an improvement, and what is best before the first epoch."""
        delta = self.given("min_delta")
        by = "" if delta is None or literal_value(delta) in (0, 0.0) else self.text.hole(delta)
        if self.rises(key):
            return f"<{key}> > {best}" + (f" + {by}" if by else ""), "-float('inf')"
        return f"<{key}> < {best}" + (f" - {by}" if by else ""), "float('inf')"


def _early(one: _Callback) -> Hooks:
    """`EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)`."""
    key = one.key(0)
    best, wait = one.text.own("best"), one.text.own("wait")
    test, first = one.better(key, best)
    restore = one.given("restore_best_weights")
    restoring = False if restore is None else literal_value(restore)
    if not isinstance(restoring, bool):
        raise RefusedError("restore_best_weights of EarlyStopping is not known here")
    hooks = Hooks(before=[f"{best}, {wait} = {first}, 0"])
    lines = [f"if {test}:", f"    {best}, {wait} = <{key}>, 0"]
    if restoring:
        weights = one.text.own("best_weights")
        hooks.before.append(f"{weights} = {one.fit.model}.get_weights()")
        lines.append(f"    {weights} = {one.fit.model}.get_weights()")
        hooks.after.append(f"{one.fit.model}.set_weights({weights})")
    lines += [
        "else:",
        f"    {wait} += 1",
        f"    if {wait} >= {one.code('patience', '0')}:",
        "        break",
    ]
    start = one.given("start_from_epoch")
    if start is not None and literal_value(start) != 0:
        lines = [f"if EPOCH >= {one.text.hole(start)}:", *(f"    {line}" for line in lines)]
    hooks.epoch_end = lines
    return hooks


def _checkpoint(one: _Callback) -> Hooks:
    """`ModelCheckpoint("best.keras", save_best_only=True)`."""
    path = one.given("filepath", 0)
    if path is None:
        raise RefusedError("ModelCheckpoint without a file is not converted")
    frequency = one.given("save_freq")
    if frequency is not None and literal_value(frequency) != "epoch":
        raise RefusedError("save_freq of ModelCheckpoint is not converted: write it by hand")
    name = one.text.hole(path)
    stated = literal_value(path)
    if isinstance(stated, str) and "{" in stated:
        used = [key for key in all_logs(one.fit) if f"{{{key}" in stated]
        one.fit.logged |= set(used)
        values = ", ".join(f"{key}=<{key}>" for key in used)
        name = f"{name}.format(epoch=EPOCH + 1{', ' if values else ''}{values})"
    flags = {}
    for flag in ("save_best_only", "save_weights_only"):
        given = one.given(flag)
        flags[flag] = False if given is None else literal_value(given)
        if not isinstance(flags[flag], bool):
            raise RefusedError(f"{flag} of ModelCheckpoint is not known here")
    save = f"{one.fit.model}.{'save_weights' if flags['save_weights_only'] else 'save'}({name})"
    if not flags["save_best_only"]:
        return Hooks(epoch_end=[save])
    key = one.key(1)
    best = one.text.own("best_saved")
    test, first = one.better(key, best)
    return Hooks(
        [f"{best} = {first}"], epoch_end=[f"if {test}:", f"    {best} = <{key}>", f"    {save}"]
    )


def _plateau(one: _Callback) -> Hooks:
    """`ReduceLROnPlateau(factor=0.2, patience=5)`; both sides count the epochs that they wait differently."""
    key = one.key(0)
    scheduler = one.text.own("scheduler")
    patience, cooldown = one.given("patience"), one.given("cooldown")
    known = [
        10 if patience is None else literal_value(patience),
        0 if cooldown is None else literal_value(cooldown),
    ]
    if not all(isinstance(k, int) for k in known):
        raise RefusedError("patience and cooldown of ReduceLROnPlateau are not known here")
    options = [
        one.fit.compiled.optimizer_name,
        *(['mode="max"'] if one.rises(key) else []),
        f"factor={one.code('factor', '0.1')}",
        f"patience={max(known[0] - 1, 0)}",
        f"threshold={one.code('min_delta', '1e-4')}",
        'threshold_mode="abs"',
        *([f"cooldown={max(known[1] - 1, 0)}"] if known[1] > 1 else []),
        *([f"min_lr={one.code('min_lr', '0')}"] if one.given("min_lr") is not None else []),
    ]
    return Hooks(
        [f"{scheduler} = {PLATEAU}({', '.join(options)})"], epoch_end=[f"{scheduler}.step(<{key}>)"]
    )


def _schedule(one: _Callback) -> Hooks:
    """`LearningRateScheduler(lambda epoch, rate: ...)`."""
    given = one.given("schedule", 0)
    if given is None:
        raise RefusedError("LearningRateScheduler without a schedule is not converted")
    count = count_of_parameters(one.facts, given)
    if count not in (1, 2):
        raise RefusedError("what LearningRateScheduler calls is not known here")
    hooks = Hooks()
    function = one.text.hole(given)
    if not isinstance(given, cst.Name):
        name = one.text.own("schedule")
        hooks.before.append(f"{name} = {function}")
        function = name
    rate = f"{one.fit.compiled.optimizer_name}.learning_rate"
    new = f"{function}(EPOCH, {rate})" if count == 2 else f"{function}(EPOCH)"
    hooks.epoch_begin.append(f"{rate} = {new}")
    return hooks


def _csv(one: _Callback) -> Hooks:
    """`CSVLogger("log.csv")`."""
    named = all_logs(one.fit)
    one.fit.logged.add("")
    append = one.given("append")
    if append is not None and literal_value(append) is not False:
        raise RefusedError("append of CSVLogger is not converted: write it by hand")
    log, writer = one.text.own("log"), one.text.own("writer")
    separator = one.given("separator", 1)
    delimiter = "" if separator is None else f", delimiter={one.text.hole(separator)}"
    fields = ", ".join(f'"{key}"' for key in ["epoch", *sorted(named)])
    values = ", ".join(["EPOCH", *(f"<{key}>" for key in sorted(named))])
    return Hooks(
        [
            f'{log} = open({one.code("filename", "", 0)}, "w", newline="")',
            f"{writer} = csv.writer({log}{delimiter})",
            f"{writer}.writerow([{fields}])",
        ],
        epoch_end=[f"{writer}.writerow([{values}])", f"{log}.flush()"],
        after=[f"{log}.close()"],
    )


def _board(one: _Callback) -> Hooks:
    """`TensorBoard(log_dir="logs")`: the curves of the epochs."""
    named = all_logs(one.fit)
    one.fit.logged.add("")
    writer = one.text.own("board")
    log_dir = one.code("log_dir", '"logs"', 0)
    lines = []
    for key in named:
        kind = "validation" if key.startswith("val_") else "train"
        tag = f"{key.removeprefix('val_')}/{kind}"
        lines.append(f'{writer}.add_scalar("{tag}", <{key}>, EPOCH)')
    return Hooks([f"{writer} = {BOARD}({log_dir})"], epoch_end=lines, after=[f"{writer}.close()"])


def _nan(one: _Callback) -> Hooks:
    """`TerminateOnNaN()`."""
    loss = one.text.own("loss")
    lines = [f"if not math.isfinite({loss}.numpy()):", "    break"]
    return Hooks(batch_end=lines, epoch_end=lines)


def _nothing(one: _Callback) -> Hooks:
    """What shows or keeps what the loop shows and keeps itself."""
    return Hooks()


def _lambda(one: _Callback) -> Hooks:
    """`LambdaCallback(on_epoch_end=lambda epoch, logs: ...)`."""
    given = {a.keyword.value: a.value for a in one.made.args if a.keyword is not None}
    return of_functions(one.facts, one.text, one.fit, given)


_WATCHING = ("monitor", "mode", "min_delta", "patience", "verbose")
_EVENTS = tuple(
    "on_epoch_begin on_epoch_end on_train_begin on_train_end on_train_batch_begin on_train_batch_end "
    "on_batch_begin on_batch_end".split()
)
_KINDS: dict[str, tuple[Callable[[_Callback], Hooks], tuple[str, ...]]] = {
    "EarlyStopping": (_early, (*_WATCHING, "restore_best_weights", "start_from_epoch")),
    "ModelCheckpoint": (
        _checkpoint,
        (
            "filepath",
            "monitor",
            "mode",
            "verbose",
            "save_best_only",
            "save_weights_only",
            "save_freq",
        ),
    ),
    "ReduceLROnPlateau": (_plateau, (*_WATCHING, "factor", "cooldown", "min_lr")),
    "LearningRateScheduler": (_schedule, ("schedule", "verbose")),
    "CSVLogger": (_csv, ("filename", "separator", "append")),
    "TensorBoard": (
        _board,
        (
            "log_dir",
            "histogram_freq",
            "write_graph",
            "write_images",
            "update_freq",
            "profile_batch",
            "embeddings_freq",
            "write_steps_per_second",
        ),
    ),
    "TerminateOnNaN": (_nan, ("",)),
    "LambdaCallback": (_lambda, _EVENTS),
    "History": (_nothing, ("",)),
    "ProgbarLogger": (_nothing, ("",)),
}
