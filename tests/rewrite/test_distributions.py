"""Distributions, which TensorFlow has in no package that is always there."""

from __future__ import annotations

from translator import convert

SOURCE = """
import torch
from torch import nn
from torch.distributions import Categorical
from torch.distributions.normal import Normal
from torch.distributions.kl import kl_divergence as kl


def act(model, state):
    choice = Categorical(model(state))
    action = choice.sample()
    return action.item(), choice.log_prob(action).sum(), choice.entropy().mean()


def apart(mu, sigma):
    return kl(Normal(mu, sigma), Normal(torch.zeros_like(mu), 1.0)).sum(-1)
"""


def test_a_class_with_the_same_methods_is_written():
    result = convert(SOURCE, to="tensorflow")
    assert result.complete, result.findings
    code = result.code
    assert "torch" not in code.replace("as torch's", "")
    assert code.count("class Categorical:") == code.count("class Normal:") == 1
    for line in (
        "choice = Categorical(probs=model(state))",
        "action = choice.sample()",
        "tf.reduce_sum(choice.log_prob(action)), tf.reduce_mean(choice.entropy())",
        "Normal(loc=mu, scale=sigma).kl_divergence(Normal(loc=tf.zeros_like(mu), scale=1.0))",
    ):
        assert line in code, code


def test_a_name_of_the_file_stays_its_own():
    code = convert(
        "import torch\n\nclass Normal:\n    pass\n\n"
        "def f(x: torch.Tensor):\n    return torch.distributions.Normal(x, 1.0).sample()\n",
        to="tensorflow",
    ).code
    assert "return Normal_(loc=x, scale=1.0).sample()" in code
