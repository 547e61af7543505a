# model: Policy(4, 3)
# inputs: 4
import torch
import torch.nn.functional as F
from torch import nn


class Policy(nn.Module):
    """What to do in a state, and what that state is worth; one state at a time."""

    def __init__(self, observations, actions):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(observations, 8), nn.Tanh())
        self.actor = nn.Linear(8, actions)
        self.critic = nn.Linear(8, 1)

    def forward(self, state):
        hidden = F.dropout(self.hidden(state), 0.1, training=self.training)
        return F.softmax(self.actor(hidden), dim=-1), torch.relu(self.critic(hidden))
