import os
import tempfile

import numpy as np
import torch
from torch import nn, optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 1)

    def forward(self, x):
        return self.fc(x)


def make_net():
    net = Net()
    nn.init.constant_(net.fc.weight, 0.1)
    nn.init.zeros_(net.fc.bias)
    return net


rng = np.random.default_rng(2)
x = torch.tensor(rng.normal(size=(20, 3)), dtype=torch.float32)
y = x[:, :1] - 2 * x[:, 1:2]
path = os.path.join(tempfile.mkdtemp(), "checkpoint.pt")

net = make_net()
optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
loss_fn = nn.MSELoss()
best_loss, best_state = float("inf"), None
for epoch in range(4):
    optimizer.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    optimizer.step()
    if loss.item() < best_loss:
        best_loss = loss.item()
        best_state = {name: value.clone() for name, value in net.state_dict().items()}
    torch.save({
        "epoch": epoch,
        "model_state_dict": net.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": loss.item(),
    }, path)

# start anew from what is in the file
again = make_net()
restored = optim.SGD(again.parameters(), lr=0.05, momentum=0.9)
checkpoint = torch.load(path)
again.load_state_dict(checkpoint["model_state_dict"])
restored.load_state_dict(checkpoint["optimizer_state_dict"])
print(checkpoint["epoch"], f"{checkpoint['loss']:.5f}")
for epoch in range(checkpoint["epoch"] + 1, 7):
    restored.zero_grad()
    loss = loss_fn(again(x), y)
    loss.backward()
    restored.step()
    print(epoch, f"{loss.item():.5f}")

net.load_state_dict(best_state)
print(f"{best_loss:.5f}", f"{loss_fn(net(x), y).item():.5f}")
