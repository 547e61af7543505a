# model: Running(4)
# inputs: 3x4
import torch
from torch import nn


class Running(nn.Module):
    """Normalises by means that are kept in a buffer."""

    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("count", torch.zeros(1))
        self.momentum = momentum
        self.fc = nn.Linear(n, 2)

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                batch = x.mean(0)
                self.mean = (1 - self.momentum) * self.mean + self.momentum * batch
                self.count += 1
        return self.fc(x - self.mean)
