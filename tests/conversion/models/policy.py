# model: ActorCritic(4, 3)
# inputs: 5x4
import torch
from torch import nn
from torch.distributions import Categorical, Normal


def layer_init(layer, std=1.4, bias_const=0.0):
    torch.nn.init.orthogonal_(layer.weight, std)
    torch.nn.init.constant_(layer.bias, bias_const)
    return layer


class ActorCritic(nn.Module):
    def __init__(self, obs, actions):
        super().__init__()
        self.critic = nn.Sequential(
            layer_init(nn.Linear(obs, 16)), nn.Tanh(), layer_init(nn.Linear(16, 1), std=1.0)
        )
        self.actor_mean = nn.Sequential(
            layer_init(nn.Linear(obs, 16)), nn.Tanh(), layer_init(nn.Linear(16, actions), std=0.01)
        )
        self.actor_logstd = nn.Parameter(torch.zeros(1, actions))

    def get_value(self, x):
        return self.critic(x)

    def forward(self, x):
        mean = self.actor_mean(x)
        logstd = self.actor_logstd.expand_as(mean)
        std = torch.exp(logstd)
        probs = Normal(mean, std)
        action = mean.detach() + 0.1
        kind = Categorical(logits=mean)
        choice = mean.argmax(-1)
        value = self.critic(x) + probs.log_prob(action).sum(1) + probs.entropy().sum(1)
        return value, kind.log_prob(choice), kind.entropy()
