# model: Dueling(4, 3)
# inputs: 5x4
import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F


class Dueling(nn.Module):
    def __init__(self, n_observations, n_actions):
        super().__init__()
        self.layer1 = nn.Linear(n_observations, 16)
        self.value = nn.Linear(16, 1)
        self.advantage = nn.Linear(16, n_actions)
        self.log_std = nn.Parameter(torch.ones(1, n_actions) * -0.5)
        self.memory = deque(maxlen=10)

    def forward(self, x):
        x = F.relu(self.layer1(x))
        v, a = self.value(x), self.advantage(x)
        q = v + (a - a.mean(dim=-1, keepdim=True))
        log_std = torch.clamp(self.log_std, -20, 2).expand_as(q)
        return q, log_std

    def act(self, state, epsilon):
        if random.random() > epsilon:
            with torch.no_grad():
                q, _ = self(state.unsqueeze(0))
                return q.max(1)[1].view(1, 1)
        return torch.tensor([[random.randrange(3)]], dtype=torch.long)

    def loss(self, states, actions, rewards, next_states, gamma=0.99):
        q = self(states)[0].gather(1, actions)
        target = self(next_states)[0].max(1)[0].detach()
        expected = rewards + gamma * target
        return F.smooth_l1_loss(q, expected.unsqueeze(1))
