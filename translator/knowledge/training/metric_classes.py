"""Keras's metrics, objects that are updated batch by batch, as classes of a converted file."""

from __future__ import annotations

import textwrap

MEAN = '''
class Mean:
    """The mean of all values since the last reset; each sample counts once."""

    def __init__(self):
        self.reset_state()

    def reset_state(self):
        self.total, self.count = 0.0, 0.0

    def update_state(self, values, sample_weight=None):
        values = torch.as_tensor(values, dtype=torch.get_default_dtype()).detach()
        weight = torch.ones_like(values)
        if sample_weight is not None:
            weight = torch.as_tensor(sample_weight, dtype=values.dtype)
            if weight.dim() < values.dim():
                values = values.flatten(weight.dim()).mean(-1)
        share = len(values) / values.numel() if values.dim() else 1.0
        self.total += share * (weight * values).sum().item()
        self.count += share * weight.expand_as(values).sum().item()

    def result(self):
        return torch.tensor(self.total / self.count if self.count else 0.0)

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''

SUM = '''
class Sum:
    """The sum of all values since the last reset."""

    def __init__(self):
        self.reset_state()

    def reset_state(self):
        self.total = 0.0

    def update_state(self, values, sample_weight=None):
        values = torch.as_tensor(values).detach()
        if sample_weight is not None:
            sample_weight = torch.as_tensor(sample_weight)
            if values.dim() > sample_weight.dim():
                values = values.flatten(sample_weight.dim()).sum(-1)
            values = values * sample_weight
        self.total += values.sum().item()

    def result(self):
        return torch.tensor(self.total)

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''

MEASURE = '''
class Measure(Mean):
    """The mean of what is measured of each sample."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = torch.as_tensor(y_pred).detach()
        y_true = torch.as_tensor(y_true).detach().to(y_pred.dtype)
        if y_true.numel() == y_pred.numel():
            y_true = y_true.view_as(y_pred)
        super().update_state(self.of(y_true, y_pred), sample_weight)
'''

_OPTIONS = """
    def __init__(self, {parameters}):
{kept}
        super().__init__()
"""


def measure(name: str, says: str, body: str, parameters: str = "") -> str:
    """A metric that is a mean over the samples; `body` computes it of `y_true` and `y_pred`."""
    names = [part.partition("=")[0].strip() for part in parameters.split(",") if part]
    kept = "\n".join(f"        self.{option} = {option}" for option in names)
    made = _OPTIONS.format(parameters=parameters, kept=kept) if parameters else ""
    lines = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8)
    return (
        f'\nclass {name}(Measure):\n    """{says}"""\n{made}\n    def of(self, y_true, y_pred):\n'
        f"{lines}\n"
    )


ROOT = '''
class RootMeanSquaredError(Measure):
    """The root of the mean squared error."""

    def of(self, y_true, y_pred):
        return (y_pred - y_true) ** 2

    def result(self):
        return super().result().sqrt()
'''

CONFUSION = '''
class Confusion:
    """Counts of right and wrong answers above each of some thresholds."""

    def __init__(self, thresholds=None):
        several = isinstance(thresholds, (list, tuple))
        self.thresholds = thresholds if several else [0.5 if thresholds is None else thresholds]
        self.reset_state()

    def reset_state(self):
        zeros = torch.zeros(len(self.thresholds))
        self.true_positives, self.false_positives = zeros.clone(), zeros.clone()
        self.true_negatives, self.false_negatives = zeros.clone(), zeros.clone()

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = torch.as_tensor(y_pred).detach()
        positive = torch.as_tensor(y_true).detach().reshape(y_pred.shape).bool()
        weight = torch.ones_like(y_pred)
        if sample_weight is not None:
            given = torch.as_tensor(sample_weight).to(y_pred)
            missing = (1,) * (y_pred.dim() - given.dim())
            weight = weight * given.reshape(*given.shape, *missing)
        for at, threshold in enumerate(self.thresholds):
            said = y_pred > threshold
            self.true_positives[at] += weight[said & positive].sum()
            self.false_positives[at] += weight[said & ~positive].sum()
            self.true_negatives[at] += weight[~said & ~positive].sum()
            self.false_negatives[at] += weight[~said & positive].sum()

    def result(self):
        found = self.of_counts()
        return found[0] if len(self.thresholds) == 1 else found

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''


def counted(name: str, says: str, value: str) -> str:
    """A metric of the counts of right and wrong answers."""
    return f'\nclass {name}(Confusion):\n    """{says}"""\n\n    def of_counts(self):\n        return {value}\n'


AUC = '''
class AUC(Confusion):
    """The area under the curve of true against false positives, or of precision against recall."""

    def __init__(self, num_thresholds=200, curve="ROC"):
        inner = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        self.curve = curve
        super().__init__([-1e-7, *inner, 1 + 1e-7])

    def result(self):
        positives = self.true_positives + self.false_negatives
        recall = (self.true_positives / positives).nan_to_num(0.0)
        if self.curve == "ROC":
            negatives = self.false_positives + self.true_negatives
            wrong = (self.false_positives / negatives).nan_to_num(0.0)
            return ((wrong[:-1] - wrong[1:]) * (recall[:-1] + recall[1:]) / 2).sum()
        said = self.true_positives + self.false_positives
        gained = self.true_positives[:-1] - self.true_positives[1:]
        slope = (gained / (said[:-1] - said[1:]).clamp(min=0)).nan_to_num(0.0, 0.0, 0.0)
        intercept = self.true_positives[1:] - slope * said[1:]
        ratio = torch.where((said[:-1] > 0) & (said[1:] > 0), said[:-1] / said[1:], 1.0)
        area = slope * (gained + intercept * ratio.log())
        return (area / positives[1:].clamp(min=0)).nan_to_num(0.0, 0.0, 0.0).sum()
'''

F_BETA = '''
class FBetaScore:
    """The weighted harmonic mean of precision and recall."""

    def __init__(self, average=None, beta=1.0, threshold=None):
        self.average, self.beta, self.threshold = average, beta, threshold
        self.reset_state()

    def reset_state(self):
        self.right = self.said = self.true = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = torch.as_tensor(y_pred).detach()
        y_true = torch.as_tensor(y_true).detach().to(y_pred.dtype)
        if self.threshold is None:
            said = (y_pred >= y_pred.amax(-1, keepdim=True)) & (y_pred.abs() > 1e-9)
        else:
            said = y_pred > self.threshold
        said = said.to(y_pred.dtype)
        weight = torch.ones(len(y_pred)) if sample_weight is None else torch.as_tensor(sample_weight)
        weight = weight.to(y_pred).unsqueeze(1)
        axes = (0, 1) if self.average == "micro" else 0
        self.right = self.right + (weight * said * y_true).sum(axes)
        self.said = self.said + (weight * said).sum(axes)
        self.true = self.true + (weight * y_true).sum(axes)

    def result(self):
        square = self.beta**2
        precision = self.right / (self.said + 1e-7)
        recall = self.right / (self.true + 1e-7)
        score = (1 + square) * precision * recall / (square * precision + recall + 1e-7)
        if self.average == "weighted":
            return (score * self.true / (self.true.sum() + 1e-7)).sum()
        return score.mean() if self.average else score

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''
F1 = '''
class F1Score(FBetaScore):
    """The harmonic mean of precision and recall."""

    def __init__(self, average=None, threshold=None):
        super().__init__(average, 1.0, threshold)
'''

MEAN_IOU = '''
class MeanIoU:
    """The mean over the classes of what is right of all that was said or true."""

    def __init__(self, num_classes):
        self.num_classes = num_classes
        self.reset_state()

    def reset_state(self):
        self.counts = torch.zeros(self.num_classes, self.num_classes)

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = torch.as_tensor(y_true).detach().long().flatten()
        said = torch.as_tensor(y_pred).detach().long().flatten()
        weight = torch.ones(len(true))
        if sample_weight is not None:
            weight = weight * torch.as_tensor(sample_weight).flatten()
        self.counts.index_put_((true, said), weight.to(self.counts), accumulate=True)

    def result(self):
        right = self.counts.diagonal()
        union = self.counts.sum(0) + self.counts.sum(1) - right
        return (right[union > 0] / union[union > 0]).mean()

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''

R2 = '''
class R2Score:
    """The share of the variance of the targets that the outputs explain."""

    def __init__(self):
        self.reset_state()

    def reset_state(self):
        self.count = self.sums = self.squares = self.errors = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = torch.as_tensor(y_pred).detach()
        y_true = torch.as_tensor(y_true).detach().to(y_pred.dtype).view_as(y_pred)
        weight = torch.ones(len(y_pred)) if sample_weight is None else torch.as_tensor(sample_weight)
        weight = weight.to(y_pred).reshape(-1, 1).expand_as(y_pred)
        self.count = self.count + weight.sum(0)
        self.sums = self.sums + (weight * y_true).sum(0)
        self.squares = self.squares + (weight * y_true**2).sum(0)
        self.errors = self.errors + (weight * (y_true - y_pred) ** 2).sum(0)

    def result(self):
        total = self.squares - self.sums**2 / self.count
        scores = 1 - self.errors / total
        return torch.where(scores.isinf(), torch.zeros_like(scores), scores).mean()

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()
'''
